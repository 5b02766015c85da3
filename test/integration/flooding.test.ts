/** Who fills what is kept for years: one person, for whom the e-ID signs whatever they ask, and an agency that opens jobs all day. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminService } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ConsentState, MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller, RawOutcome } from '../support/gateway-calls.ts';
import { BANK, MOH } from '../support/gateway-matters.ts';
import { type Officer, officerOf } from '../support/gateway-officers.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { type ActingCitizen, type Citizens, createCitizens } from '../support/gateway-persons.ts';

const consentTo = ({ recipient, purpose }: typeof BANK) => ({
  recipients: [recipient],
  purposes: [purpose],
  fieldIds: [1, 2, 3, 4],
});

let gateway: TestGateway;
let citizens: Citizens;
let officer: Officer;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 10, config: { limits: { jobsPerAgency: 2 } } });
  citizens = createCitizens(gateway);
  officer = officerOf(gateway, 'dev-officer-1');
});
afterAll(() => gateway?.stop());

const idOf = (n: number) => String(crowdPerson(n).id);
const saidOf = ({ code, reason, refusal }: RawOutcome) =>
  code === 0 ? 'recorded' : [reason, ...(refusal?.limits ?? [])].join(' ');
const TOO_MANY = 'LIMITED MATTERS';

/** So many objections of somebody's, to uses that nobody has, recorded two days ago; as the gateway records them. */
async function objectedBefore(personalId: string, count: number, { waiting }: { waiting: boolean }): Promise<void> {
  await gateway.database.pool.query(
    `WITH uses AS (
       INSERT INTO consent_use (recipient, purpose) SELECT 'moh', $1::text || '-' || n FROM generate_series(1, $2::integer) n RETURNING use_no
     ), scopes AS (
       INSERT INTO consent_scope (person_no, use_no)
       SELECT (SELECT person_no FROM identifier WHERE value = $1::bigint), use_no FROM uses RETURNING scope_no
     ), matters AS (
       INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
       SELECT decode(md5(scope_no::text), 'hex'), decode(md5(scope_no::text), 'hex'), ${MatterKind.OBJECTION}, scope_no, '{}', 0,
         decode(md5(scope_no::text), 'hex'), now() - CASE WHEN $3 THEN interval '2 days' ELSE interval '1 minute' END
       FROM scopes RETURNING receipt_id, scope_no, kind, recorded_at, entry_id
     ), acknowledged AS (
       INSERT INTO consent_acknowledgement (receipt_id, entry_id) SELECT receipt_id, entry_id FROM matters
     )
     INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at) SELECT receipt_id, scope_no, kind, recorded_at FROM matters WHERE $3`,
    [personalId, count, waiting],
  );
}

describe('a person fills the list of the officers', () => {
  const objects = (person: ActingCitizen, purpose: string) =>
    citizens.attempt('object', { recipient: 'moh', purpose }, person).then(saidOf);
  const claims = (person: ActingCitizen, ...paths: string[]) =>
    citizens.attempt('claimRight', { kind: MatterKind.CORRECTION, fields: { paths } }, person).then(saidOf);

  test('with purposes that nobody has and ever other fields, up to as many as a page of it', async () => {
    const person = await citizens.person(idOf(0));
    await objectedBefore(idOf(0), 198, { waiting: true });
    expect(await objects(person, 'made-up')).toBe('recorded');
    expect(await claims(person, 'full_name')).toBe('recorded');
    expect(await objects(person, 'made-up-too')).toBe(TOO_MANY);
    expect(await claims(person, 'full_name', 'date_of_birth')).toBe(TOO_MANY);
    // What waits already is neither new nor too much; whoever else asks is heard.
    expect(await objects(person, 'made-up')).toBe('recorded');
    expect(await claims(person, 'full_name')).toBe('recorded');
    expect(await objects(await citizens.person(idOf(1)), 'patient-record')).toBe('recorded');
    // Every use can still be stopped.
    expect((await citizens.grant(consentTo(BANK), person)).code).toBe(0);
    expect((await citizens.attempt('restrict', BANK, person)).code).toBe(0);
    expect((await citizens.attempt('withdrawConsent', BANK, person)).code).toBe(0);
    // One that is over leaves room for another.
    expect(
      await citizens.attempt('restrict', { recipient: 'moh', purpose: 'made-up', lift: true }, person).then(saidOf),
    ).toBe('recorded');
    expect(await objects(person, 'made-up-too')).toBe('recorded');
  });

  test('with accesses named one after the other: officers see each that is taken', async () => {
    const person = await citizens.person(idOf(2));
    const entry = (n: number) => Buffer.from(n.toString(16).padStart(32, '0'), 'hex');
    const names = (n: number) => citizens.attempt('object', { ...MOH, entryId: entry(n) }, person).then(saidOf);
    expect(await names(0)).toBe('recorded');
    await gateway.database.pool.query(
      `INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, about_entry, entry_id, recorded_at)
       SELECT decode(lpad(to_hex(n + 4096), 32, '0'), 'hex'), decode(lpad(to_hex(n + 4096), 32, '0'), 'hex'), 0, m.scope_no, '{}', m.revision,
         decode(lpad(to_hex(n), 32, '0'), 'hex'), m.entry_id, now() FROM consent_matter m, generate_series(1, 198) n WHERE m.about_entry = $1`,
      [entry(0)],
    );
    expect(await names(199)).toBe('recorded');
    expect(await names(200)).toBe(TOO_MANY);
    expect([await names(0), await names(7), await names(199)]).toEqual(['recorded', 'recorded', 'recorded']);
    const { message } = await officer.caller.call(AdminService.method.listMatters, {
      personalId: idOf(2),
      openOnly: true,
    });
    const seen = message.matters.flatMap(({ aboutEntryId, furtherEntryIds }) => [aboutEntryId, ...furtherEntryIds]);
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect(seen.map(hex).toSorted()).toEqual(Array.from({ length: 200 }, (_, n) => hex(entry(n))));
  });
});

test('whoever gives, restricts, lifts, objects and asks all day is stopped, save in withdrawing', async () => {
  const person = await citizens.person(idOf(3));
  expect((await citizens.grant(consentTo(BANK), person)).code).toBe(0);
  await objectedBefore(idOf(3), 498, { waiting: false });
  const restrict = (lift: boolean) => citizens.attempt('restrict', { ...BANK, lift }, person).then(saidOf);
  expect(await restrict(false)).toBe('recorded');
  for (const outcome of [
    await restrict(true),
    await restrict(false),
    await citizens.attempt('object', MOH, person).then(saidOf),
    await citizens.attempt('claimRight', { kind: MatterKind.PROVISION }, person).then(saidOf),
    await citizens.grant(consentTo(BANK), person).then(saidOf),
  ]) {
    expect(outcome).toBe(TOO_MANY);
  }
  expect((await citizens.attempt('withdrawConsent', BANK, person)).code).toBe(0);
  expect((await citizens.attempt('object', MOH, await citizens.person(idOf(4)))).code).toBe(0);
});

describe('what a person is shown is not cut where it still counts', () => {
  /** So many consents of somebody's, each as the one that they gave; over, or not. */
  async function gaveAsWell(personalId: string, count: number, over: boolean): Promise<void> {
    await gateway.database.pool.query(
      `INSERT INTO consent (consent_id, scope_no, field_ids, vocabulary_version, valid_from, expires_at, use_quota, issuer, issued_at, granted_at, entry_id, artefact)
       SELECT decode(md5(n || '/' || $1::text || $3::boolean), 'hex'), c.scope_no, c.field_ids, c.vocabulary_version, c.valid_from,
         CASE WHEN $3::boolean THEN c.issued_at - 1 ELSE c.expires_at END, 0, c.issuer, c.issued_at, now() - interval '2 days', c.entry_id, c.artefact
       FROM (SELECT c.* FROM consent c JOIN consent_scope USING (scope_no)
         WHERE person_no = (SELECT person_no FROM identifier WHERE value = $1::bigint) LIMIT 1) c, generate_series(1, $2::integer) n`,
      [personalId, count, over],
    );
  }

  test('a consent behind hundreds that are over, and a request behind hundreds that were answered', async () => {
    const person = await citizens.person(idOf(5));
    expect((await citizens.grant(consentTo(BANK), person)).code).toBe(0);
    const asked = await citizens.call('claimRight', { kind: MatterKind.PROVISION }, person);
    await gaveAsWell(idOf(5), 210, true);
    await objectedBefore(idOf(5), 210, { waiting: false });
    await gateway.database.pool.query(
      "UPDATE consent_matter SET recorded_at = recorded_at + interval '1 minute' WHERE kind = $1",
      [MatterKind.OBJECTION],
    );
    const { consents, receipts } = await citizens.call('listConsents', {}, person);
    expect([consents.length, receipts.length]).toEqual([200, 200]);
    expect(consents.filter(({ state }) => state === ConsentState.IN_FORCE)).toHaveLength(1);
    expect(receipts.map(({ receiptId }) => receiptId)).toContainEqual(asked.receipt?.receiptId);
    expect(consents.at(-1)?.state, 'the newest first all the same').toBe(ConsentState.IN_FORCE);
    expect(receipts.map(({ recordedAt }) => Number(recordedAt))).toEqual(
      receipts.map(({ recordedAt }) => Number(recordedAt)).toSorted((one, other) => other - one),
    );
  });

  test('nobody has more consents in force than they are shown, until they take some back', async () => {
    const person = await citizens.person(idOf(6));
    expect((await citizens.grant(consentTo(BANK), person)).code).toBe(0);
    await gaveAsWell(idOf(6), 199, false);
    expect(await citizens.grant(consentTo(BANK), person).then(saidOf)).toBe(TOO_MANY);
    expect((await citizens.attempt('withdrawConsent', BANK, person)).code).toBe(0);
    expect(
      await citizens
        .grant({ ...consentTo(BANK), issuedAt: BigInt(Math.floor(Date.now() / 1000) + 2) }, person)
        .then(saidOf),
    ).toBe('recorded');
  });
});

test('an agency that opens jobs and cancels them, again and again, is stopped; another is not', async () => {
  const { startJob, cancelJob, listJobs } = VerificationService.method;
  const columns = ['id_number', 'full_name', 'date_of_birth'];
  const opened = async (agency: RawCaller) => {
    const outcome = await agency.attempt(startJob, { chunkRows: 256, columns, fileDigest: Buffer.alloc(32) });
    if (outcome.code !== 0) return saidOf(outcome);
    const { message } = await agency.call(listJobs, {});
    await agency.call(cancelJob, { jobId: message.jobs[0]?.jobId ?? '' });
    return 'opened';
  };
  const agency = gateway.raw('viettel');
  const outcomes: string[] = [];
  while (outcomes.length < 30 && outcomes.at(-1) !== 'LIMITED JOBS') outcomes.push(await opened(agency));
  expect(outcomes).toEqual([...Array.from({ length: 20 }, () => 'opened'), 'LIMITED JOBS']);
  expect(await opened(gateway.raw('mobifone'))).toBe('opened');
  await gateway.database.pool.query(
    "UPDATE job SET started_at = started_at - interval '1 day' WHERE agency = 'viettel'",
  );
  expect(await opened(agency)).toBe('opened');
});
