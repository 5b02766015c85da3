import { describe, expect, test } from 'vitest';
import { isTest, readSources } from './source.ts';

/** The stages of the pipeline: file, class, and the type under which others know it. */
const STAGES = [
  ['authenticate', 'AuthenticatedCall', 'Authenticated'],
  ['verify-call', 'VerifiedCall', 'Verified'],
  ['decide', 'DecidedCall', 'Decided'],
  ['verify-chunk', 'VerifiedChunkMessage', 'VerifiedChunk'],
  ['consent', 'ConsentedWork', 'Consented'],
  ['fetch', 'FetchedWork', 'Fetched'],
  ['filter', 'FilteredWork', 'Filtered'],
  ['record', 'RecordedAnswer', 'Recorded'],
  ['sign', 'SignedAnswer', 'Signed'],
] as const;

const sources = readSources('gateway', 'connectors').filter(({ path }) => !isTest(path));

describe.each(STAGES)('stage %s', (file, className, typeName) => {
  const source = sources.find(({ path }) => path === `gateway/exchange/${file}.ts`);

  test('is a class that its module keeps to itself, with a private member, so that no other value fits its type', () => {
    expect(source?.text).toMatch(new RegExp(`\\nclass ${className} \\{\\n  readonly #stage`));
    expect(source?.text).toContain(`export type ${typeName} = ${className};`);
    expect(source?.text).not.toMatch(new RegExp(`export (class|\\{[^}]*\\b)${className}`));
  });

  test('is made in its own module only', () => {
    const makers = sources.filter(({ text }) => text.includes(`new ${className}(`)).map(({ path }) => path);
    expect(makers).toEqual([`gateway/exchange/${file}.ts`]);
  });

  test('nobody casts to it', () => {
    const casts = sources.filter(({ text }) => new RegExp(`\\bas (unknown as )?${typeName}\\b`).test(text));
    expect(casts.map(({ path }) => path)).toEqual([]);
  });
});

test('each stage holds the one before it', () => {
  const holds = (file: string, member: string) =>
    expect(sources.find(({ path }) => path === `gateway/exchange/${file}.ts`)?.text).toContain(member);
  holds('verify-call', 'readonly authenticated: Authenticated;');
  holds('decide', 'readonly verified: Verified;');
  holds('verify-chunk', 'readonly opening: Decided;');
  holds('consent', 'readonly grounds: Grounds;');
  holds('fetch', 'readonly consented: Consented;');
  holds('filter', 'readonly fetched: Fetched;');
  holds('record', 'readonly grounds: Grounds;');
  holds('sign', 'readonly recorded: Recorded;');
});

/** Where a bare hash is right: of messages, entries, files and keys. Never of a number, a name or a date of a person. */
const HASHERS: Readonly<Record<string, string>> = {
  'gateway/exchange/entry-parts.ts': 'digests of answers',
  'gateway/exchange/seal-decision.ts': 'digests of salted decisions',
  'gateway/signing/digest.ts': 'digests of message bytes',
  'gateway/signing/public-key.ts': 'thumbprints of keys',
  'gateway/signing/concat-kdf.ts': 'keys out of an agreed secret',
  'gateway/development/certificates.ts': 'fingerprints of certificates',
  'gateway/development/profile.ts': 'fingerprints of certificates',
  'gateway/rpc/peers.ts': 'fingerprints of certificates',
  'gateway/threads/shared-names.ts': 'places of legal entities and certificates in shared memory',
  'gateway/policy/revision.ts': 'digest of the compiled rules',
  'gateway/register/import/source.ts': 'digest of a whole file of people',
  'gateway/storage/migrate.ts': 'checksums of migrations',
  'gateway/cli/report/html.ts': 'digest of the style that a page allows itself',
  'gateway/backup/table-file.ts': 'digests of whole files of a backup',
  'connectors/kit/file-digest.ts': 'digest of a whole file, for the opening of its job',
};

test('bare hashes stand only where the list says why', () => {
  const hashing = /\b(createHash|hash)\(\s*'sha256'/;
  const found = sources.filter(({ path, text }) => hashing.test(text) && !path.startsWith('gateway/proof/'));
  const unlisted = found.map(({ path }) => path).filter((path) => HASHERS[path] === undefined);
  expect(unlisted).toEqual([]);
});
