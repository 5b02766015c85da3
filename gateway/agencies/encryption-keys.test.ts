import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { actBytes } from '../acts/act.ts';
import { signAct } from '../acts/officer-token.ts';
import { proveKey } from '../acts/possession.ts';
import { createCertificateAuthority, loadCertificateAuthority } from '../development/certificates.ts';
import { createEnrolment, type Enrolment } from '../development/enrol.ts';
import { digestOf } from '../signing/digest.ts';
import { generateEncryptionJwk, loadDecryptionKey } from '../signing/encryption-key.ts';
import { generateSigningJwk, loadSigningKey, publicJwkOf } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import { readDirectory } from './read-directory.ts';

let database: TestDatabase;
let enrolment: Enrolment;
const print = (n: number): string => n.toString(16).padStart(64, '0');
const signing = async () => loadSigningKey(await generateSigningJwk());
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

  it('of an agency that officers admitted is not one that somebody wrote beside it', async () => {
    const deployment = 'dev-tests';
    const [one, other, own] = [await signing(), await signing(), await signing()];
    const signatures: string[] = [];
    const ca = await loadCertificateAuthority(await createCertificateAuthority(deployment));
    const possessed = { deployment, of: 'agency', holder: 'tax', key: own.publicJwk } as const;
    const iat = Math.floor(Date.now() / 1000) - 5;
    const { key, kid } = own;
    const body = actBytes({
      ...{ act: 'AAAAAAAAAAAAAAAAAAAAAA', deployment, kind: 'agency.admit', agency: 'tax', legal_entity: 'LE-TAX' },
      ...{ name_vi: 'Thuế', name_en: 'Tax', key: own.publicJwk },
      certificate: (await ca.issueClient('tax')).certificate.replaceAll(/-----[^-]+-----|\s/g, ''),
      proof: proveKey(createSigner({ key, kid, issuer: 'tax' }), possessed, iat),
    });
    for (const [code, officer] of [['officer-a', one] as const, ['officer-b', other] as const]) {
      await enrolment.addOfficer({ code, jwk: officer.publicJwk });
      const signer = createSigner({ key: officer.key, kid: officer.kid, issuer: 'gateway' });
      signatures.push(signAct(signer, { digest: digestOf(body), officer: code, deployment, iat }));
    }
    const { pool } = database;
    await pool.query(
      `INSERT INTO act (digest, kind, body, officer, signature) VALUES ($1, 'act', $2, 'officer-a', $3)`,
      [...[digestOf(body), Buffer.from(body), signatures[0]]],
    );
    await pool.query(
      `INSERT INTO act_decision (digest, outcome, officer, signature) VALUES ($1, 'approved', 'officer-b', $2)`,
      [digestOf(body), signatures[1]],
    );
    const planted = await newKey();
    await enrolment.addAgency({ code: 'tax', legalEntity: 'LE-TAX', nameVi: 'Thuế', nameEn: 'Tax' });
    await enrolment.addEncryptionKey({ agency: 'tax', jwk: planted.publicJwk });
    const officers = { deployment, pinned: undefined, actsOnly: true };
    const { callers } = await readDirectory(pool, undefined, officers);
    expect([...callers.values()]).toMatchObject([{ agency: 'tax', encryptionKey: undefined }]);
  });
});
