/** ListAccesses against a whole gateway: by the person's own act, complete, provable, and gone once the person is unlinked. */

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findPostings } from '../../../gateway/accesses/find-postings.ts';
import { accessKeys } from '../../../gateway/accesses/keys.ts';
import { LIST_ACCESSES } from '../../../gateway/accesses/list-accesses.ts';
import { openPersons } from '../../../gateway/accesses/people-of-entry.ts';
import { unlinkPerson } from '../../../gateway/accesses/unlink-person.ts';
import { verifyLog } from '../../../gateway/audit/verify-log.ts';
import { readGatewayConfig } from '../../../gateway/config/read-config.ts';
import { checkAccessProof, type LogTrust } from '../../../gateway/proof/browser/check-access.ts';
import { AdminService } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import {
  AccessOutcome,
  AuditService,
  EntrySchema,
  ListAccessesActSchema,
} from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { FieldBasis } from '../../../proto/gen/lienthong/audit/v1/decision_pb.js';
import { ConsentService, MatterKind } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { PersonService } from '../../../proto/gen/lienthong/person/v1/person_pb.js';
import { AssuranceLevel, Representation } from '../../../proto/gen/lienthong/type/v1/type_pb.js';
import { VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { agreementOf, replaceAgreement } from '../../support/gateway-agreements.ts';
import { contextOf, pathOf, type RawCaller } from '../../support/gateway-calls.ts';
import { officerOf } from '../../support/gateway-officers.ts';
import { type ActingCitizen, type Citizens, createCitizens } from '../../support/gateway-persons.ts';
import { chunkPayload, openTestStream, startJob } from '../../support/gateway-stream.ts';

const { listAccesses } = AuditService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const MOTHER = '902090000046';
const CONSENTS = '/lienthong.consent.v1.ConsentService';
const LIST_CONSENTS = `${CONSENTS}/ListConsents`;
const GET_RECEIPT = `${CONSENTS}/GetReceipt`;
/** The agency whose channel people act through. */
const CHANNEL = 'moh';

let gateway: TestGateway;
let [channel, viettel]: RawCaller[] = [];
let citizens: Citizens;
let an: ActingCitizen;

beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 20, config: { accesses: { index: true } } });
  const moh = await agreementOf(CHANNEL);
  await replaceAgreement(gateway, { ...moh, methods: [...moh.methods, LIST_ACCESSES, LIST_CONSENTS] });
  [channel, viettel] = [gateway.raw(CHANNEL), gateway.raw('viettel')];
  citizens = createCitizens(gateway, channel);
  an = await signIn(AN.idNumber);
  const read = () =>
    asChannel().call(PersonService.method.getPerson, {
      personalId: AN.idNumber,
      readMask: { paths: ['full_name', 'date_of_birth'] },
    });
  await vi.waitFor(
    async () => expect((await read()).outcome.claims?.rev?.agreement).toBe(`${moh.id}:${moh.version + 1}`),
    { timeout: 10_000 },
  );
  const context = { ...contextOf((viettel as RawCaller).identity), caseRef: 'HS-2026-17', unitCode: 'VTT-HUE' };
  await (viettel as RawCaller).call(VerificationService.method.verifyPerson, { ...AN, context });
  await gateway.raw('bank-demo').call(VerificationService.method.verifyPerson, AN);
});
afterAll(() => gateway?.stop());

/** Somebody who has just signed in at the channel. */
const signIn = (personalId: string, changes: Parameters<Citizens['person']>[1] = {}) =>
  citizens.person(personalId, { audienceAgency: CHANNEL, ...changes });
const asChannel = () => channel as RawCaller;
type Act = MessageInitShape<typeof ListAccessesActSchema>;
const actBytes = (act: Act = {}) =>
  toBinary(ListAccessesActSchema, create(ListAccessesActSchema, { blind: randomBytes(16), ...(act as object) }));
const requestOf = (who: ActingCitizen, act?: Act) => {
  const bytes = actBytes(act);
  return { act: bytes, persons: [{ assertion: who.assertion, proof: who.prove(listAccesses, bytes) }] };
};
const ask = async (who: ActingCitizen, act?: Act) =>
  (await asChannel().call(listAccesses, requestOf(who, act))).message;
const refusedFor = async (request: MessageInitShape<typeof listAccesses.input>, by = asChannel()) =>
  (await by.attempt(listAccesses, request)).reason;
/** Until everything that was appended before is in the index. */
async function settled(who: ActingCitizen, act?: Act) {
  const { rows } = await gateway.database.pool.query<{ size: number }>('SELECT size::float8 AS size FROM log_head');
  await expect
    .poll(async () => (await ask(who)).logPosition, { timeout: 10_000 })
    .toBeGreaterThanOrEqual(rows[0]?.size ?? 0);
  return ask(who, act);
}

describe('the list', () => {
  it('names agency, unit, officer by pseudonym, purpose, case, fields, basis and outcome of every use', async () => {
    const { accesses, delayed, nextPageToken, completeUntilMs } = await settled(an);
    const told = accesses.filter(({ method }) => method !== LIST_ACCESSES);
    const [bank, telco, ...reads] = told;
    expect(reads.map(({ agency, released, outcome }) => [agency, released?.paths, outcome])).toContainEqual([
      CHANNEL,
      ['full_name', 'date_of_birth'],
      AccessOutcome.RELEASED,
    ]);
    expect(telco).toMatchObject({
      agency: 'viettel',
      agencyVi: 'Tập đoàn Công nghiệp - Viễn thông Quân đội',
      unitCode: 'VTT-HUE',
      caseRef: 'HS-2026-17',
      purpose: 'subscriber-verification',
      basis: FieldBasis.STATUTE,
      outcome: AccessOutcome.COMPARED,
      compared: { paths: ['personal_id', 'full_name', 'date_of_birth'] },
      released: { paths: [] },
      times: 1,
    });
    expect(telco?.officerPseudonym).toHaveLength(16);
    expect(Buffer.from(telco?.officerPseudonym ?? []).includes('VTT-NV-0001')).toBe(false);
    // It had no consent, so nothing stands on one.
    expect(bank).toMatchObject({
      ...{ agency: 'bank-demo', compared: { paths: [] }, released: { paths: [] } },
      ...{ basis: FieldBasis.UNSPECIFIED, outcome: AccessOutcome.REFUSED },
    });
    expect(delayed).toBe(0);
    expect(nextPageToken).toHaveLength(0);
    expect(Number(completeUntilMs)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('comes in pages of the log as the first page saw it, and by time', async () => {
    const all = await settled(an);
    const seen: bigint[] = [];
    let pageToken: Uint8Array = new Uint8Array();
    do {
      const page = await ask(an, { pageSize: 2, pageToken });
      expect(page.accesses.length).toBeLessThanOrEqual(2);
      seen.push(...page.accesses.map(({ entries }) => entries[0]?.logPosition ?? -1n));
      pageToken = page.nextPageToken;
    } while (pageToken.length > 0);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(all.accesses.length);
    expect((await ask(an, { until: 1n })).accesses).toEqual([]);
    expect((await ask(an, { from: BigInt(Math.floor(Date.now() / 1000) + 60) })).accesses).toEqual([]);
  });

  it('is a use itself: the person sees that it was asked for', async () => {
    await ask(an);
    const own = (await settled(an)).accesses.find(({ method }) => method === LIST_ACCESSES);
    expect(own).toMatchObject({ agency: CHANNEL, basis: FieldBasis.STATUTE });
    expect(own?.times).toBeGreaterThan(1);
  });
});

describe('who may ask', () => {
  it('the person and a representative; nobody else, and nobody who is not known surely', async () => {
    const represented = [{ personalId: AN.idNumber, relation: Representation.PARENT }];
    const mother = await signIn(MOTHER, { represented });
    expect((await ask(mother, { about: AN.idNumber })).accesses.length).toBeGreaterThan(2);
    const neighbour = await signIn('901070000033');
    expect(await refusedFor(requestOf(neighbour, { about: AN.idNumber }))).toBe('NOT_REPRESENTED');
    const remote = await signIn(AN.idNumber, { assurance: AssuranceLevel.ONE });
    expect(await refusedFor(requestOf(remote))).toBe('ASSURANCE_TOO_LOW');
  });

  it('not the channel alone, not by another act, not twice, and not through another agency', async () => {
    const request = requestOf(an);
    expect(await refusedFor({ ...request, persons: [] })).toBe('ASSERTION_INVALID');
    expect(await refusedFor({ ...request, act: actBytes({ pageSize: 200 }) })).toBe('PERSON_PROOF_WRONG');
    await asChannel().call(listAccesses, request);
    expect(await refusedFor(request)).toBe('PERSON_PROOF_WRONG');
    expect(await refusedFor(requestOf(an), viettel)).toBe('NOT_AGREED');
  });

  it('refuses what breaks a rule by its place', async () => {
    const { refusal } = await asChannel().attempt(
      listAccesses,
      requestOf(an, { pageSize: 51, withProofs: true, about: 'x' }),
    );
    expect(refusal?.violations.map(({ field }) => field)).toEqual(['act.about', 'act.page_size']);
  });
});

/** The person in a chunk, whose answer is not acknowledged. */
async function answeredInJob(): Promise<void> {
  const stream = openTestStream(viettel as RawCaller, await startJob(viettel as RawCaller));
  await stream.open();
  stream.chunk(0, chunkPayload(0, [{ id: AN.idNumber, name: AN.fullName, born: AN.dateOfBirth }]));
  await stream.answer();
  stream.cancel();
}

describe('what is known of a person’s consents', () => {
  it('is shown as looked at: by their own act once a day, and by a recipient each time', async () => {
    await citizens.call('listConsents', {}, an);
    await citizens.call('listConsents', {}, an);
    const bank = gateway.raw({ ...gateway.identity('bank-demo'), purpose: 'customer-record' });
    const check = { personalId: AN.idNumber, fields: { paths: ['full_name'] } };
    await bank.call(ConsentService.method.checkConsent, check);
    // Whoever asks of nobody leaves as many leaves.
    await bank.call(ConsentService.method.checkConsent, { ...check, personalId: '901085999999' });
    const { accesses } = await settled(an);
    const of = (path: string) => accesses.filter(({ method }) => method === path);
    expect(of(LIST_CONSENTS)).toMatchObject([
      { agency: CHANNEL, times: 2, outcome: AccessOutcome.RELEASED, basis: FieldBasis.STATUTE },
    ]);
    expect(of(`${CONSENTS}/CheckConsent`)).toMatchObject([
      { agency: 'bank-demo', times: 1, outcome: AccessOutcome.REFUSED, basis: FieldBasis.UNSPECIFIED },
    ]);
    const { rows } = await gateway.database.pool.query<{ entry: Buffer }>('SELECT entry FROM log_entry');
    const counts = rows
      .map(({ entry }) => fromBinary(EntrySchema, entry))
      .filter(({ method }) => method === `${CONSENTS}/CheckConsent`)
      .map(({ people }) => people);
    expect(counts).toEqual([4, 4]);
  });

  it('and by officers who list the matters of a number, each time; as much of one that is nobody’s', async () => {
    const officer = officerOf(gateway, 'dev-officer-1');
    const { listMatters } = AdminService.method;
    const path = pathOf(listMatters);
    for (const personalId of [AN.idNumber, AN.idNumber, '901085999999', '']) {
      await officer.caller.call(listMatters, { openOnly: true, personalId });
    }
    const { accesses } = await settled(an);
    const line = { agency: 'operator', times: 1, outcome: AccessOutcome.RELEASED, basis: FieldBasis.STATUTE };
    const told = accesses.filter(({ method }) => method === path);
    expect(told).toMatchObject([line, line]);
    expect(told[0]?.agencyVi).not.toBe('');
    expect(told[0]?.officerPseudonym).toHaveLength(16);
    expect(told[0]?.released?.paths).toEqual([]);
    const { rows } = await gateway.database.pool.query<{ entry: Buffer }>(
      'SELECT entry FROM log_entry JOIN log_index USING (entry_id) ORDER BY idx',
    );
    const counts = rows.map(({ entry }) => fromBinary(EntrySchema, entry)).filter(({ method }) => method === path);
    expect(counts.map(({ people }) => people)).toEqual([4, 4, 4, 0]);
  });

  it('and of an acknowledgement as well, by whatever channel it is fetched', async () => {
    const page = 'citizen-page';
    const own = createCitizens(gateway);
    const self = await own.person(AN.idNumber, { audienceAgency: page });
    const use = { recipient: 'bank-demo', purpose: 'customer-record' };
    await own.grant({ recipients: [use.recipient], purposes: [use.purpose], fieldIds: [1, 2] }, self);
    const { receipt } = await own.call('withdrawConsent', use, self);
    for (let n = 0; n < 2; n += 1) await own.call('getReceipt', { receiptId: receipt?.receiptId }, self);
    const { accesses } = await settled(an);
    expect(accesses.filter(({ method }) => method === GET_RECEIPT)).toMatchObject([
      { agency: page, times: 2, outcome: AccessOutcome.RELEASED, basis: FieldBasis.STATUTE },
    ]);
  });

  it('and by each act for them, also of who represents them', async () => {
    const page = 'citizen-page';
    const own = createCitizens(gateway);
    const acts = ['grantConsent', 'restrict', 'object', 'withdrawConsent', 'claimRight'] as const;
    const paths: readonly string[] = acts.map((name) => pathOf(ConsentService.method[name]));
    const before = (await settled(an)).accesses.filter(({ method }) => paths.includes(method)).length;
    const represented = [{ personalId: AN.idNumber, relation: Representation.PARENT }];
    const mother = await own.person(MOTHER, { represented });
    const self = await own.person(AN.idNumber);
    const use = { recipient: 'bank-demo', purpose: 'customer-record', about: AN.idNumber };
    // A consent of the second in which one was taken back counts as given before.
    await sleep(1000);
    const given = await own.grant({ recipients: [use.recipient], purposes: [use.purpose], fieldIds: [1, 2] }, self);
    expect(given.code).toBe(0);
    await own.call('restrict', use, mother);
    await own.call('object', use, mother);
    await own.call('withdrawConsent', use, mother);
    for (let n = 0; n < 2; n += 1) {
      await own.call('claimRight', { about: AN.idNumber, kind: MatterKind.PROVISION }, mother);
    }
    const { accesses } = await settled(an, { withProofs: true });
    const told = accesses.filter(({ method }) => paths.includes(method));
    expect(told).toHaveLength(before + acts.length + 1);
    expect(new Set(told.map(({ method }) => method))).toEqual(new Set(paths));
    for (const { agency, basis, times, entries } of told) {
      expect([agency, basis, times, entries[0]?.proof.length]).toEqual([
        page,
        FieldBasis.STATUTE,
        1,
        expect.any(Number),
      ]);
      expect(entries[0]?.proof.length).toBeGreaterThan(0);
    }
  });
});

describe('erasure', () => {
  it('leaves proofs that verify, and nothing that says whose they are', async () => {
    const { pool } = gateway.database;
    const config = await readGatewayConfig(gateway.deployment.configPath, process.env);
    await answeredInJob();
    const { accesses } = await settled(an, { withProofs: true });
    const proofs = accesses.flatMap(({ entries }) => entries.map(({ proof }) => proof));
    expect(proofs.length).toBeGreaterThan(3);
    const { origin, keys: own } = config.log;
    const trust: LogTrust = { origin, logKeys: [own.publicKey.export({ format: 'der', type: 'spki' })] };
    for (const proof of proofs) expect(await checkAccessProof(proof, trust)).toMatchObject({ holds: true });

    const { rows } = await pool.query<{ person_no: number; log_key: Buffer }>(
      'SELECT person_no::float8 AS person_no, log_key FROM person WHERE personal_id = $1',
      [AN.idNumber],
    );
    const { person_no: personNo = 0, log_key: logKey } = rows[0] ?? {};
    const { postings } = await findPostings(pool, accessKeys(config.keys.evidence), [personNo]);
    const answersKept = async () =>
      (
        await pool.query<{ calls: number; chunks: number }>(
          `SELECT count(*) FILTER (WHERE c.entry_id IS NULL)::int AS calls, count(c.entry_id)::int AS chunks
           FROM stored_answer a JOIN log_index i USING (entry_id) LEFT JOIN job_chunk c USING (entry_id)
           WHERE i.idx = ANY ($1::bigint[])`,
          [postings.map(({ position }) => position)],
        )
      ).rows[0];
    const before = await answersKept();
    expect(before?.calls).toBeGreaterThan(0);
    expect(before?.chunks).toBe(1);
    const done = await unlinkPerson({ pool, evidence: config.keys.evidence, settleMs: 0 }, personNo);
    expect(done.keyDestroyed).toBe(true);
    expect(done.entries).toBeGreaterThan(3);
    // A chunk's answer tells verdicts by row, and its job may still have to fetch it.
    expect(await answersKept()).toEqual({ calls: 0, chunks: 1 });

    for (const proof of proofs) expect(await checkAccessProof(proof, trust)).toMatchObject({ holds: true });
    const { rows: keys } = await pool.query(
      `SELECT 1 FROM person WHERE log_key = $1 UNION ALL SELECT 1 FROM person_match WHERE log_key = $1`,
      [logKey],
    );
    expect(keys).toEqual([]);
    // Nor does what every key of the gateway opens: neither the entries nor the index.
    const { rows: entries } = await pool.query<{ entry_id: Buffer; persons: Buffer }>(
      'SELECT entry_id, persons FROM log_entry WHERE persons IS NOT NULL',
    );
    for (const { entry_id: entryId, persons } of entries) {
      expect(openPersons(config.keys.evidence, entryId, persons)).not.toContain(personNo);
    }
    expect((await findPostings(pool, accessKeys(config.keys.evidence), [personNo])).postings).toEqual([]);
    expect((await verifyLog(pool)).findings).toEqual([]);
    expect((await ask(an)).accesses).toEqual([]);
    // What comes later is theirs again.
    await (viettel as RawCaller).call(VerificationService.method.verifyPerson, AN);
    const later = (await settled(an)).accesses.filter(({ agency }) => agency !== CHANNEL);
    expect(later.map(({ agency }) => agency)).toEqual(['viettel']);
  });
});
