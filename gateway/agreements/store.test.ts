import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { agreementBytes } from '../policy/agreement.ts';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { loadAgreements, putAgreement } from './store.ts';
import { type AgreementsFixture, createFixture, emptyTables, type Officer, RULES, signatureOf } from './testing.ts';

const sample = sampleAgreement();
/** Order of P-256, for the second signature that everybody can write. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

let database: TestDatabase;
let fixture: AgreementsFixture;
let first: Officer;
let second: Officer;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  await emptyTables(database.pool);
  fixture = await createFixture(database.pool);
  first = await fixture.officer('officer-a');
  second = await fixture.officer('officer-b');
});
afterAll(() => database.drop());

const load = (seen?: ReadonlyMap<string, number>) => loadAgreements({ pool: database.pool, ...RULES }, seen);
/** As a gateway whose configuration names the keys of these officers. */
const pinning = (...officers: Officer[]) => ({
  pool: database.pool,
  ...RULES,
  pinned: new Set(officers.map(({ kid }) => kid)),
});

/** (r, n − s) of the same token. */
function twin(token: string): string {
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = ORDER - BigInt(`0x${bytes.toString('hex', 32)}`);
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  return `${header}.${payload}.${other.toString('base64url')}`;
}

describe('an agreement', () => {
  it('under two officers counts', async () => {
    const revision = await fixture.put(sample, [first, second]);
    const { data, refused, revision: loaded, seen } = await load();
    expect(data.agreements.sample?.sampling).toEqual(sample);
    expect(data.agencies).toEqual({ sample: { legal_entity: 'LE-1', status: 'active' } });
    expect([refused, BigInt(loaded), seen]).toEqual([[], revision, revision]);
  });

  it.each([
    ['of one officer', () => [signatureOf(first, sample)]],
    ['of the same officer twice', () => [signatureOf(first, sample), signatureOf(first, sample)]],
    ["of one officer and that signature's twin", () => [signatureOf(first, sample), twin(signatureOf(first, sample))]],
    [
      'of one officer under two names',
      () => [signatureOf(first, sample), signatureOf(first, sample, { claimedCode: second.code })],
    ],
    [
      'of two officers, one under a name that is not his',
      () => [signatureOf(first, sample), signatureOf(second, sample, { claimedCode: 'officer-c' })],
    ],
    [
      'over another body',
      () => [signatureOf(first, sample), signatureOf(second, sample, { body: Buffer.from('other') })],
    ],
    ['for another version', () => [signatureOf(first, sample), signatureOf(second, sample, { version: 2 })]],
    ['for another agreement', () => [signatureOf(first, sample), signatureOf(second, sample, { id: 'other' })]],
    [
      'for another deployment',
      () => [signatureOf(first, sample), signatureOf(second, sample, { deployment: 'register' })],
    ],
    ['of nobody', () => []],
    ['that are no tokens', () => [signatureOf(first, sample), 'x.y.z']],
  ])('with signatures %s is not stored, and does not count where it was written by hand', async (_, tokens) => {
    const signatures = tokens();
    const signed = { body: agreementBytes(sample), signatures };
    const refusal = { problems: [{ problem: 'NOT_SIGNED_BY_TWO' }] };
    await expect(putAgreement({ pool: database.pool, ...RULES }, signed)).rejects.toMatchObject(refusal);
    expect((await database.pool.query('SELECT FROM agreement')).rowCount).toBe(0);
    await fixture.insert(sample, signatures);
    const { data, refused } = await load();
    expect(data.agreements).toEqual({});
    expect(refused.map(({ problem }) => problem)).toEqual(['NOT_SIGNED_BY_TWO']);
  });

  it('of a second officer who was never enrolled does not count', async () => {
    const stranger = await fixture.officer('officer-c', false);
    await expect(fixture.put(sample, [first, stranger])).rejects.toMatchObject({ name: 'AgreementRefused' });
    await fixture.put(sample, [first, stranger, second]);
    expect((await load()).refused).toEqual([]);
  });

  it('counts once its second officer is enrolled, under the revision of that', async () => {
    const third = await fixture.officer('officer-c', false);
    await fixture.insert(sample, [signatureOf(first, sample), signatureOf(third, sample)]);
    expect((await load()).data.agreements).toEqual({});
    const jwk = createPublicKey(third.key).export({ format: 'jwk' });
    const enrolled = await fixture.enrolment.addOfficer({ code: 'officer-c', jwk });
    const { data, revision } = await load();
    expect([data.agreements.sample?.sampling, BigInt(revision)]).toEqual([sample, enrolled]);
  });

  it('of an officer barred since counts no longer, and calls in flight under it are told', async () => {
    const before = await fixture.put(sample, [first, second]);
    const barred = await fixture.enrolment.barOfficer(second.code);
    const { data, refused, revision } = await load();
    expect(data.agreements).toEqual({});
    expect(refused.map(({ problem }) => problem)).toEqual(['NOT_SIGNED_BY_TWO']);
    expect(BigInt(revision)).toBe(barred);
    const { rows } = await database.pool.query(
      'SELECT kind, subject FROM change WHERE revision > $1 ORDER BY revision',
      [before.toString()],
    );
    expect(rows).toEqual([
      { kind: 'officer', subject: 'officer-b' },
      { kind: 'agreement', subject: sample.id },
    ]);
  });

  it('altered in the table is ignored and reported, by its digest', async () => {
    await fixture.put(sample, [first, second]);
    const greedy = sampleAgreement({ grants: { ...sample.grants, existence: true } });
    await database.pool.query('UPDATE agreement SET body = $1', [Buffer.from(agreementBytes(greedy))]);
    const { data, refused } = await load();
    expect(data.agreements).toEqual({});
    expect(refused).toMatchObject([{ problem: 'NOT_SIGNED_BY_TWO', path: '' }]);
  });

  it('is believed by its signed bytes, not by the columns beside them', async () => {
    await fixture.put(sample, [first, second]);
    await fixture.enrolment.addAgency({ code: 'thief', legalEntity: 'LE-2', nameVi: 'x', nameEn: 'x' });
    await database.pool.query(`UPDATE agreement SET agency = 'thief', purpose = 'stealing', version = 99`);
    const { data } = await load();
    expect(Object.keys(data.agreements)).toEqual(['sample']);
    expect(data.agreements.sample?.sampling?.version).toBe(1);
  });

  it('of a barred agency belongs to a suspended one', async () => {
    await fixture.put(sample, [first, second]);
    const barred = await fixture.enrolment.barAgency('sample');
    const { data, revision } = await load();
    expect(data.agencies.sample?.status).toBe('suspended');
    expect(BigInt(revision)).toBe(barred);
  });
});

describe('where the configuration names the keys of the officers', () => {
  /** Two whom somebody enrolled who may write to the database, as `INSERT INTO officer` would. */
  const intruders = async () => [await fixture.officer('officer-c'), await fixture.officer('officer-d')] as const;
  const problems = async (rules: ReturnType<typeof pinning>) => (await loadAgreements(rules)).refused;

  it('what two of them signed counts', async () => {
    await fixture.put(sample, [first, second]);
    const { data, refused, unpinned } = await loadAgreements(pinning(first, second));
    expect([data.agreements.sample?.sampling, refused, unpinned]).toEqual([sample, [], 0]);
  });

  it('two officers who were merely written into the table sign for nothing, and are reported', async () => {
    const [third, fourth] = await intruders();
    await fixture.insert(sample, [signatureOf(third, sample), signatureOf(fourth, sample)]);
    // Without the names in the configuration they would count: that is what the list is for.
    expect((await load()).data.agreements.sample?.sampling).toEqual(sample);
    const { data, refused, unpinned } = await loadAgreements(pinning(first, second));
    expect([data.agreements, unpinned]).toEqual([{}, 2]);
    expect(refused.map(({ problem }) => problem)).toEqual(['SIGNER_NOT_PINNED']);
    const signed = { body: agreementBytes(sample), signatures: [third, fourth].map((one) => signatureOf(one, sample)) };
    await expect(putAgreement(pinning(first, second), signed)).rejects.toMatchObject({
      problems: [{ problem: 'SIGNER_NOT_PINNED' }],
    });
  });

  it('one of them and one other are not two', async () => {
    const [third] = await intruders();
    await fixture.insert(sample, [signatureOf(first, sample), signatureOf(third, sample)]);
    expect(await problems(pinning(first, second))).toMatchObject([{ problem: 'SIGNER_NOT_PINNED' }]);
    expect(await problems(pinning(first, third))).toEqual([]);
  });

  it("another key put under a named officer's code does not sign for him", async () => {
    await fixture.put(sample, [first, second]);
    const [third] = await intruders();
    const jwk = createPublicKey(third.key).export({ format: 'jwk' });
    await database.pool.query(`DELETE FROM officer WHERE code = 'officer-c'`);
    await database.pool.query(`UPDATE officer SET kid = $1, jwk = $2 WHERE code = $3`, [
      third.kid,
      JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }),
      second.code,
    ]);
    const forged = signatureOf(third, sample, { claimedCode: second.code });
    await database.pool.query('UPDATE agreement SET signatures = $1', [[signatureOf(first, sample), forged]]);
    expect(await problems(pinning(first, second))).toMatchObject([{ problem: 'SIGNER_NOT_PINNED' }]);
    expect((await load()).refused).toEqual([]);
  });
});

describe('versions', () => {
  const next = sampleAgreement({ version: 2, strictness: 'standard' });

  it('the newest counts; the same or an older one is not stored again', async () => {
    await fixture.put(sample, [first, second]);
    await fixture.put(next, [first, second]);
    const { data, superseded, versions } = await load();
    expect(data.agreements.sample?.sampling).toEqual(next);
    expect([superseded, versions.get(sample.id)]).toEqual([[0], 2]);
    await expect(fixture.put(next, [first, second])).rejects.toMatchObject({ kind: 'conflict' });
    await database.pool.query('DELETE FROM agreement WHERE version = 1');
    await expect(fixture.put(sample, [first, second])).rejects.toMatchObject({
      problems: [{ problem: 'VERSION_FELL' }],
    });
  });

  it('an older one is over, and no alarm, where the newer was seen and is still there', async () => {
    await fixture.put(sample, [first, second]);
    await fixture.put(next, [first, second]);
    const { versions } = await load();
    const { data, refused, superseded } = await load(versions);
    expect([data.agreements.sample?.sampling?.version, refused, superseded]).toEqual([2, [], [0]]);
  });

  it('an older one does not come back where the newer was seen and then deleted', async () => {
    await fixture.put(sample, [first, second]);
    await fixture.put(next, [first, second]);
    const { versions } = await load();
    await database.pool.query('DELETE FROM agreement WHERE version = 2');
    const { data, refused, versions: still } = await load(versions);
    expect([data.agreements, still]).toEqual([{}, versions]);
    expect(refused.map(({ problem }) => problem)).toEqual(['VERSION_FELL']);
  });
});

describe('what is no agreement', () => {
  it.each([
    ['not JSON', Buffer.from('{'), 'NOT_JSON'],
    ['another layout', Buffer.from(JSON.stringify(sample, null, 2)), 'NOT_CANONICAL'],
    ['a member too many', Buffer.from(JSON.stringify({ ...sample, admin: true })), 'UNKNOWN'],
    ['an unknown agency', Buffer.from(agreementBytes(sampleAgreement({ agency: 'nobody' }))), 'AGENCY_UNKNOWN'],
  ])('%s is refused by name', async (_, body, problem) => {
    const signatures = [first, second].map((officer) => signatureOf(officer, sample, { body }));
    const refusal = { problems: [{ problem }] };
    await expect(putAgreement({ pool: database.pool, ...RULES }, { body, signatures })).rejects.toMatchObject(refusal);
  });
});
