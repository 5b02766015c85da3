/** Starts OPA's server and the naive gateway over the register of the benchmark. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadProfile } from '../../../connectors/kit/profile.ts';
import { freePort } from '../../../gateway/cli/stack/free-port.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../../../gateway/fields/vocabulary.ts';
import type { Agreement } from '../../../gateway/policy/agreement.ts';
import { readAgreementFiles } from '../../../gateway/policy/files.ts';
import { policyVocabulary } from '../../../gateway/policy/vocabulary.ts';
import { generateSigningJwk } from '../../../gateway/signing/key-store.ts';
import { type PublicJwk, readPublicJwk } from '../../../gateway/signing/public-key.ts';
import { createPool } from '../../../gateway/storage/pool.ts';
import { type Child, ROOT, startChild, startProgram } from '../child.ts';
import type { Cleanup } from '../cleanup.ts';
import type { TlsFiles } from '../tls.ts';
import { cpuOfTree } from '../usage.ts';
import type { NaiveSetup } from './setup.ts';

export interface RunningNaive {
  readonly address: string;
  /** Key that its answers are signed with. */
  readonly serverKey: PublicJwk;
  cpu(): number | undefined;
  cpuOfOpa(): number | undefined;
  stop(): Promise<void>;
}

const POLICIES = join(ROOT, 'policies');

/** Where `go install` puts it, or wherever the shell finds it. */
export function findOpa(): string | undefined {
  const folders = [
    process.env.GOBIN,
    process.env.GOPATH && join(process.env.GOPATH, 'bin'),
    join(homedir(), 'go', 'bin'),
  ];
  const places = folders.flatMap((folder) => (folder ? [join(folder, 'opa')] : []));
  const there = places.find((place) => existsSync(place));
  if (there !== undefined) return there;
  try {
    execFileSync('opa', ['version'], { stdio: 'ignore' });
    return 'opa';
  } catch {
    return undefined;
  }
}

export async function startNaive(options: {
  opa: string;
  /** Profile folder of the agency that calls. */
  profile: string;
  databaseUrl: string;
  tls: TlsFiles;
  scratch: string;
  cleanup: Cleanup;
}): Promise<RunningNaive> {
  const { opa, databaseUrl, tls, scratch, cleanup } = options;
  const { agency, deployment, signingKey } = await loadProfile(options.profile);
  const { agencies, agreements } = await readAgreementFiles(POLICIES);
  const data = { agencies, agreements: byPurpose(agreements), vocabulary: vocabulary() };
  const opaProcess = await startOpa(opa, data, scratch, cleanup);
  const undoTable = await makeTable(databaseUrl, cleanup);
  const jwk = await generateSigningJwk();
  const setup: NaiveSetup = {
    tls,
    databaseUrl,
    opaUrl: opaProcess.url,
    deployment,
    legalEntity: agencies[agency]?.legal_entity ?? '',
    certificate: 'ab'.repeat(32),
    agencyKey: signingKey.publicJwk,
    serverKey: jwk,
  };
  const setupPath = join(scratch, 'naive.json');
  writeFileSync(setupPath, JSON.stringify(setup), { mode: 0o600 });
  const server = startProgram(join(import.meta.dirname, 'server.ts'), [setupPath], { cleanup });
  const { port } = await server.event('listening');
  const { kty, crv, x, y } = jwk;
  const serverKey = readPublicJwk({ kty, crv, x, y });
  if (serverKey === undefined) throw new Error('the naive server has no key');
  return {
    address: `localhost:${String(port)}`,
    serverKey,
    cpu: () => cpuOfTree(server.pid),
    cpuOfOpa: () => cpuOfTree(opaProcess.child.pid),
    async stop() {
      await server.stop();
      await opaProcess.child.stop();
      await undoTable();
    },
  };
}

const vocabulary = () => policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION);

function byPurpose(agreements: readonly Agreement[]): Record<string, Record<string, Agreement>> {
  const tree: Record<string, Record<string, Agreement>> = {};
  for (const agreement of agreements) {
    tree[agreement.agency] = { ...tree[agreement.agency], [agreement.purpose]: agreement };
  }
  return tree;
}

async function startOpa(
  opa: string,
  data: object,
  scratch: string,
  cleanup: Cleanup,
): Promise<{ child: Child; url: string }> {
  const dataPath = join(scratch, 'opa-data.json');
  writeFileSync(dataPath, JSON.stringify(data));
  const rules = readdirSync(POLICIES).filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'));
  const address = `127.0.0.1:${await freePort(0)}`;
  const child = startChild({
    command: opa,
    args: [
      ...['run', '--server', '--addr', address, '--log-level', 'error', '--disable-telemetry'],
      ...rules.map((name) => join(POLICIES, name)),
      dataPath,
    ],
    cleanup,
  });
  let ended = false;
  void child.ended.then(() => {
    ended = true;
  });
  for (let tries = 0; tries < 100 && !ended; tries++) {
    const healthy = await fetch(`http://${address}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return { child, url: `http://${address}` };
    await sleep(100);
  }
  throw new Error(`opa did not start: ${child.complaint()}`);
}

/** Beside the register's own tables, in a schema that is dropped at the end. */
async function makeTable(url: string, cleanup: Cleanup): Promise<() => Promise<void>> {
  const run = async (sql: string): Promise<void> => {
    const pool = createPool({ url, max: 1 });
    await pool.query(sql).finally(() => pool.end());
  };
  await run(`DROP SCHEMA IF EXISTS bench_naive CASCADE;
    CREATE SCHEMA bench_naive;
    CREATE TABLE bench_naive.log (
      entry      uuid PRIMARY KEY,
      issuer     text NOT NULL,
      jti        text NOT NULL,
      request_id text NOT NULL,
      digest     text NOT NULL,
      person_no  bigint,
      verified   boolean NOT NULL,
      at         timestamptz NOT NULL DEFAULT now(),
      UNIQUE (issuer, jti)
    )`);
  return cleanup.add(() => run('DROP SCHEMA IF EXISTS bench_naive CASCADE'));
}
