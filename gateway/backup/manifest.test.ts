import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORMAT, MANIFEST, type Manifest, manifestBytes, readManifest, SIGNATURE, signManifest } from './manifest.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const MANIFEST_OF_ONE: Manifest = {
  format: FORMAT,
  made_at: '2026-11-28T17:00:00.000Z',
  deployment: { id: 'dev-tests', kind: 'development' },
  migrations: [{ name: '0001_register.sql', checksum: 'ab' }],
  log: { checkpoint: 'note', epoch: 3 },
  tables: [{ name: 'person', columns: ['person_no', 'full_name'], rows: 2, bytes: 40, sha256: 'a'.repeat(64) }],
  sequences: [{ name: 'person_no', last: '9007199254740993', called: true }],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(bytes: Uint8Array, signature: string): void {
  writeFileSync(join(folder, MANIFEST), bytes);
  writeFileSync(join(folder, SIGNATURE), signature);
}

test('these bytes are kept for years: their form does not change under this name', () => {
  expect(JSON.parse(manifestBytes(MANIFEST_OF_ONE).toString('utf8'))).toEqual(MANIFEST_OF_ONE);
  expect(manifestBytes(MANIFEST_OF_ONE).toString('utf8')).toMatch(/^\{\n "format": "lienthong-backup\/1",\n "made_at"/);
});

test('is read where a key of the log signed it, an earlier one as well', async () => {
  const bytes = manifestBytes(MANIFEST_OF_ONE);
  put(bytes, signManifest(bytes, privateKey));
  const { publicKey: next } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(await readManifest(folder, [next, publicKey])).toEqual(MANIFEST_OF_ONE);
});

test.each<[string, () => void, RegExp]>([
  [
    'signed by another key',
    () => {
      const bytes = manifestBytes(MANIFEST_OF_ONE);
      put(bytes, signManifest(bytes, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey));
    },
    /not signed/,
  ],
  [
    // What the key signs as a note of the log must not count here, whatever its text is.
    'signed as something else',
    () => {
      const bytes = manifestBytes(MANIFEST_OF_ONE);
      put(bytes, sign('sha256', bytes, privateKey).toString('base64'));
    },
    /not signed/,
  ],
  [
    'with a name that leads out of the folder',
    () => {
      const table = { ...MANIFEST_OF_ONE.tables[0], name: '../person' };
      const bytes = manifestBytes({ ...MANIFEST_OF_ONE, tables: [table] } as Manifest);
      put(bytes, signManifest(bytes, privateKey));
    },
    /names what is no table/,
  ],
  ['that is not there', () => rmSync(join(folder, MANIFEST)), /manifest\.json cannot be read/],
])('one %s is refused', async (_name, prepare, said) => {
  prepare();
  await expect(readManifest(folder, [publicKey])).rejects.toThrow(said);
});
