import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { generateEncryptionJwk, loadDecryptionKey } from '../signing/encryption-key.ts';
import { generateSigningJwk, publicJwkOf } from '../signing/key-store.ts';
import { createEnrolment, type Enrolment } from './enrol.ts';
import { readDirectory } from './read-directory.ts';

let database: TestDatabase;
let enrolment: Enrolment;
const print = (n: number): string => n.toString(16).padStart(64, '0');
const newKey = async () => loadDecryptionKey(await generateEncryptionJwk());

beforeAll(async () => {
  database = await createTestDatabase();
  enrolment = createEnrolment({ pool: database.pool });
  const notAfter = new Date(Date.now() + 3_600_000);
  for (const [n, agency] of [
    [1, 'moh'],
    [2, 'bhxh'],
  ] as const) {
    await enrolment.addAgency({ code: agency, legalEntity: `LE-${agency}`, nameVi: agency, nameEn: agency });
    await enrolment.addCertificate({ agency, fingerprint: print(n), notAfter });
  }
});
afterAll(() => database.drop());

async function callerOf(n: number) {
  const caller = (await readDirectory(database.pool)).callers.get(print(n));
  if (caller === undefined || caller === 'barred') throw new Error('no such caller');
  return caller;
}

describe('the key that answers to an agency are encrypted to', () => {
  it('is the one added last, of its own; barred, the one before it; none where there is none', async () => {
    const [first, second] = [await newKey(), await newKey()];
    expect((await callerOf(1)).encryptionKey).toBeUndefined();
    for (const { publicJwk: jwk } of [first, second]) await enrolment.addEncryptionKey({ agency: 'moh', jwk });
    expect((await callerOf(1)).encryptionKey?.kid).toBe(second.kid);
    expect((await callerOf(2)).encryptionKey).toBeUndefined();
    await enrolment.barKey(second.kid);
    expect((await callerOf(1)).encryptionKey?.kid).toBe(first.kid);
    await enrolment.barKey(first.kid);
    expect((await callerOf(1)).encryptionKey).toBeUndefined();
  });

  it('verifies nothing, and is not taken of one that signs', async () => {
    const key = await newKey();
    await enrolment.addEncryptionKey({ agency: 'bhxh', jwk: key.publicJwk });
    const { keys, encryptionKey } = await callerOf(2);
    expect([encryptionKey?.kid, keys(key.kid)]).toEqual([key.kid, undefined]);
    const signing = publicJwkOf(await generateSigningJwk());
    await expect(enrolment.addEncryptionKey({ agency: 'bhxh', jwk: signing })).rejects.toMatchObject({
      reason: 'KEY_WRONG',
    });
  });

  it('is not a row whose key is another than its kid names, nor any row where only acts are believed', async () => {
    const [named, put] = [await newKey(), await newKey()];
    await database.pool.query(
      `INSERT INTO agency_encryption_key (kid, agency, jwk, state) VALUES ($1, 'bhxh', $2, 'active')`,
      [named.kid, JSON.stringify(put.publicJwk)],
    );
    expect((await callerOf(2)).encryptionKey?.kid).not.toBe(put.kid);
    expect((await readDirectory(database.pool)).unusable).toEqual([named.kid]);
    const officers = { deployment: 'dev-tests', pinned: undefined, actsOnly: true };
    const { rows } = await database.pool.query<{ n: number }>(
      'SELECT count(*)::float8 AS n FROM agency_encryption_key WHERE state = $1',
      ['active'],
    );
    const strict = await readDirectory(database.pool, undefined, officers);
    expect([strict.callers.size, strict.unsigned]).toEqual([0, 2 + (rows[0]?.n ?? 0)]);
  });
});
