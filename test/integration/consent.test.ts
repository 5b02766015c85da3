/** Consent from end to end: given, looked up per field and person, used as often as was agreed, withdrawn exactly. */
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedIssuer } from '../../gateway/acts/issuers.ts';
import { withChanges } from '../../gateway/agencies/changes.ts';
import { CHANGES_LOCK } from '../../gateway/audit/append-sql.ts';
import { readOpenMatters } from '../../gateway/consent/open-matters.ts';
import { rowLeaves, treeRoot } from '../../gateway/proof/batch.ts';
import { NODE_TAGS } from '../../gateway/proof/tree.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import {
  ConsentManner,
  ConsentService,
  ConsentState,
  MatterKind,
  MatterState,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { GetPersonResponseSchema, PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { AssuranceLevel, Representation } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import {
  Verdict,
  VerificationService,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { kindsInLog } from '../support/entry-ids.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawCaller, type RawOutcome, requestBytes } from '../support/gateway-calls.ts';
import { attach, totalsOf } from '../support/gateway-jobs.ts';
import { actOf, type NewKey, newKey, officerOf, revoke, signatureOf, together } from '../support/gateway-officers.ts';
import { crowdPerson, printDate, type TestPerson } from '../support/gateway-people.ts';
import { type Citizens, createCitizens } from '../support/gateway-persons.ts';
import { chunkPayload, rowOf } from '../support/gateway-stream.ts';

const { getPerson } = PersonService.method;
const { verifyPerson } = VerificationService.method;
const USE = { recipients: ['bank-demo'], purposes: ['customer-record'] };
const ALL = [1, 2, 3, 4];
const CHILD: TestPerson = {
  id: 903_216_000_001,
  name: 'Trần Bé Na',
  born: new Date().getUTCFullYear() * 10_000 - 100_000 + 101,
};

let gateway: TestGateway;
let bank: RawCaller;
let citizens: Citizens;
/** Born ten years ago as their numbers say it; the register knows no date of one, and of the other the year alone. */
const TENTH_YEAR = new Date().getUTCFullYear() - 10;
const DATELESS: readonly TestPerson[] = [
  { id: 904_300_000_017 + (TENTH_YEAR % 100) * 1_000_000, name: 'Giàng Thị Mai', born: 0 },
  { id: 904_300_000_025 + (TENTH_YEAR % 100) * 1_000_000, name: 'Giàng Thị Mỷ', born: TENTH_YEAR * 10_000 },
];
const DATELESS_ADULT: TestPerson = { id: 904_180_000_031, name: 'Giàng Thị Sua', born: 0 };
beforeAll(async () => {
  gateway = await startTestGateway({ people: [CHILD, ...DATELESS, DATELESS_ADULT], crowd: 40 });
  bank = gateway.raw({ ...gateway.identity('bank-demo'), purpose: 'customer-record' });
  citizens = createCitizens(gateway);
});
afterAll(() => gateway?.stop());

const idOf = (n: number) => String(crowdPerson(n).id);
const asked = (n: number) => {
  const { id, name, born } = crowdPerson(n);
  return { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
};
const verify = async (n: number) => (await bank.call(verifyPerson, asked(n))).message.verdict;
const give = async (n: number, more: object = {}): Promise<void> => {
  const outcome = await citizens.grant({ ...USE, fieldIds: ALL, ...more }, await citizens.person(idOf(n)));
  expect(outcome.reason).toBeUndefined();
};
const withdraw = async (n: number) =>
  (
    await citizens.call(
      'withdrawConsent',
      { recipient: 'bank-demo', purpose: 'customer-record' },
      await citizens.person(idOf(n)),
    )
  ).receipt;
const entries = async () =>
  (
    await gateway.database.pool.query<{ entry: Buffer }>(
      'SELECT entry FROM log_index JOIN log_entry USING (entry_id) ORDER BY idx',
    )
  ).rows.map(({ entry }) => fromBinary(EntrySchema, entry));

describe('a consent', () => {
  test('opens what was closed, shows, and is withdrawn with a receipt; what follows is refused, the old yes too', async () => {
    const read = () =>
      bank.attempt(getPerson, { personalId: idOf(0), readMask: { paths: ['full_name', 'date_of_birth'] } });
    const before = await read();
    expect([before.reason, before.refusal?.violations.map(({ field, rule }) => [field, rule])]).toEqual([
      'CONSENT_MISSING',
      [
        ['full_name', 'NO_CONSENT'],
        ['date_of_birth', 'NO_CONSENT'],
      ],
    ]);
    const person = await citizens.person(idOf(0));
    const early = citizens.issuer.issue({
      ...USE,
      personalId: idOf(0),
      fieldIds: ALL,
      textShown: 'Ngân hàng được đọc.',
    });
    const kept = citizens.issuer.issue({ ...USE, personalId: idOf(0), fieldIds: ALL });
    expect((await citizens.call('grantConsent', { artefact: early }, person)).consent).toMatchObject({
      state: ConsentState.IN_FORCE,
      fields: { paths: ['personal_id', 'full_name', 'date_of_birth', 'sex'] },
    });
    const told = fromBinary(GetPersonResponseSchema, (await read()).message ?? new Uint8Array());
    expect(told.person?.fullName).toBe(crowdPerson(0).name);
    expect((await citizens.attempt('grantConsent', { artefact: early }, person)).reason).toBe('CONSENT_USED');

    const listed = await citizens.call('listConsents', {}, person);
    expect(listed.consents.map(({ textShown, state }) => [textShown, state])).toEqual([
      ['Ngân hàng được đọc.', ConsentState.IN_FORCE],
    ]);
    const receipt = await withdraw(0);
    expect(receipt).toMatchObject({ kind: MatterKind.WITHDRAWAL, state: MatterState.ACKNOWLEDGED, continuing: [] });
    expect(receipt?.clocks.map(({ metAt, dueAt }) => [metAt > 0n, dueAt > metAt])).toEqual([
      [true, true],
      [true, true],
    ]);
    expect((await read()).reason).toBe('CONSENT_MISSING');
    expect((await citizens.attempt('grantConsent', { artefact: kept }, person)).reason).toBe('CONSENT_WITHDRAWN');
    const again = await citizens.attempt(
      'withdrawConsent',
      { recipient: 'bank-demo', purpose: 'customer-record' },
      person,
    );
    expect(again.reason).toBe('NOTHING_TO_WITHDRAW');
    const shown = await citizens.call('getReceipt', { receiptId: receipt?.receiptId }, person);
    expect(shown.receipt?.revision).toBe(receipt?.revision);
    const other = await citizens.attempt(
      'getReceipt',
      { receiptId: receipt?.receiptId },
      await citizens.person(idOf(1)),
    );
    expect(other.reason).toBe('CONSENT_UNKNOWN');

    // In the log: given, used, taken back, acknowledged, in this order.
    const log = await entries();
    const at = (id: Uint8Array | undefined) =>
      log.findIndex(({ entryId }) => Buffer.compare(entryId, id ?? Buffer.alloc(0)) === 0);
    const [taken, acknowledged] = [at(receipt?.entryId), at(receipt?.acknowledgementEntryId)];
    expect([log[taken]?.kind, log[acknowledged]?.kind]).toEqual([EntryKind.WITHDRAWAL, EntryKind.ACKNOWLEDGEMENT]);
    expect(at(listed.consents[0]?.entryId)).toBeLessThan(taken);
    expect(taken).toBeLessThan(acknowledged);
    // Nothing that the person said or showed stands in the database in clear.
    const { rows } = await gateway.database.pool.query(
      'SELECT FROM consent WHERE position($1::bytea IN artefact) > 0',
      [Buffer.from('Ngân hàng')],
    );
    expect(rows).toEqual([]);
  });

  test.each([
    ['two purposes', { purposes: ['customer-record', 'account-opening'] }, 'CONSENT_BUNDLED'],
    ['no end', { expiresAt: 0n }, 'CONSENT_OPEN_ENDED'],
    ['an end in ten years', { expiresAt: BigInt(Math.floor(Date.now() / 1000) + 3650 * 86_400) }, 'CONSENT_OPEN_ENDED'],
    ['a box ticked beforehand', { manner: ConsentManner.PRE_TICKED }, 'CONSENT_NOT_FREE'],
    ['a purpose without an agreement', { purposes: ['advertising'] }, 'CONSENT_NOT_AGREED'],
    ['a purpose that rests on statute', { recipients: ['moh'], purposes: ['patient-record'] }, 'CONSENT_NOT_AGREED'],
    ['a field that no agreement lists', { fieldIds: [2, 11] }, 'CONSENT_FIELDS_NOT_AGREED'],
    ['the issuer as its recipient', { recipients: ['vneid-dev'] }, 'CONSENT_ISSUER_IS_RECIPIENT'],
    ['a text that is not there', { textShown: ' ' }, 'CONSENT_INVALID'],
    ['another person', { personalId: idOf(3) }, 'NOT_REPRESENTED'],
  ])('is refused for what is wrong with it: %s', async (_, { manner, ...changes }: Record<string, unknown>, reason) => {
    const person = await citizens.person(idOf(2));
    const own = { personalId: idOf(2), manner: manner ?? ConsentManner.ACTIVE, assurance: AssuranceLevel.TWO };
    const artefact = { ...USE, fieldIds: ALL, acts: [own], ...changes } as Parameters<Citizens['grant']>[0];
    expect((await citizens.grant(artefact, person)).reason).toBe(reason);
  });

  test('is given by the person alone: no other channel, no older session, no other act, no weak identity, nothing twice', async () => {
    const grant = (person: Awaited<ReturnType<Citizens['person']>>) =>
      citizens.grant({ ...USE, fieldIds: ALL }, person);
    expect((await grant(await citizens.person(idOf(2), { audienceAgency: 'viettel' }))).reason).toBe(
      'ASSERTION_INVALID',
    );
    const past = BigInt(Math.floor(Date.now() / 1000) - 400);
    const late = await citizens.person(idOf(2), { issuedAt: past, expiresAt: past + 300n });
    expect((await grant(late)).reason).toBe('ASSERTION_EXPIRED');
    expect((await grant(await citizens.person(idOf(2), { assurance: AssuranceLevel.ONE }))).reason).toBe(
      'ASSURANCE_TOO_LOW',
    );
    const [one, two] = [await citizens.person(idOf(2)), await citizens.person(idOf(3))];
    expect((await grant({ ...one, prove: two.prove })).reason).toBe('PERSON_PROOF_WRONG');
    // A signature that was good for one call is none for the next, whoever carries it.
    let used = '';
    const recording = { ...one, prove: (...of: Parameters<typeof one.prove>) => (used ||= one.prove(...of)) };
    const act = { blind: Buffer.alloc(16, 7) };
    await citizens.call('listConsents', act, recording);
    expect((await citizens.attempt('listConsents', act, recording)).reason).toBe('PERSON_PROOF_WRONG');
    expect((await citizens.attempt('listConsents', { about: idOf(3) }, one)).reason).toBe('NOT_REPRESENTED');
  });

  test('of a child takes the child and the representative; either takes it back', async () => {
    const id = String(CHILD.id);
    const represented = [{ personalId: id, relation: Representation.PARENT, ownActNeeded: true }];
    const [child, mother] = [await citizens.person(id), await citizens.person(idOf(5), { represented })];
    const act = (personalId: string) => ({ personalId, manner: ConsentManner.ACTIVE, assurance: AssuranceLevel.TWO });
    const acts = [act(id), act(idOf(5))];
    const grant = (...persons: (typeof child)[]) => {
      const theirs = acts.filter(({ personalId }) => persons.some((person) => person.personalId === personalId));
      return citizens.grant({ ...USE, personalId: id, fieldIds: ALL, acts: theirs }, ...persons);
    };
    expect((await grant(child)).reason).toBe('SECOND_ACT_NEEDED');
    expect((await grant(mother)).reason).toBe('SECOND_ACT_NEEDED');
    expect((await grant(child, await citizens.person(idOf(6)))).reason).toBe('NOT_REPRESENTED');
    expect((await grant(child, mother)).reason).toBeUndefined();
    expect(
      (await bank.call(verifyPerson, { idNumber: id, fullName: CHILD.name, dateOfBirth: printDate(CHILD.born) }))
        .message.verdict,
    ).toBe(Verdict.VERIFIED);
    const { receipt } = await citizens.call(
      'withdrawConsent',
      { about: id, recipient: 'bank-demo', purpose: 'customer-record' },
      mother,
    );
    expect(receipt?.state).toBe(MatterState.ACKNOWLEDGED);
  });

  test('of somebody without a whole date of birth goes by the number; what is given is taken back, and objected to, alone', async () => {
    const adult = await citizens.person(String(DATELESS_ADULT.id));
    expect((await citizens.grant({ ...USE, fieldIds: ALL }, adult)).reason).toBeUndefined();
    for (const { id } of DATELESS) {
      const personalId = String(id);
      const represented = [{ personalId, relation: Representation.PARENT, ownActNeeded: true }];
      const [child, mother] = [await citizens.person(personalId), await citizens.person(idOf(5), { represented })];
      const acts = [personalId, idOf(5)].map((one) => ({
        ...{ personalId: one, manner: ConsentManner.ACTIVE, assurance: AssuranceLevel.TWO },
      }));
      const grant = { ...USE, personalId, fieldIds: ALL };
      expect((await citizens.grant({ ...grant, acts: acts.slice(0, 1) }, child)).reason).toBe('SECOND_ACT_NEEDED');
      expect((await citizens.grant({ ...grant, acts }, child, mother)).reason).toBeUndefined();
      const use = { recipient: 'bank-demo', purpose: 'customer-record' };
      expect((await citizens.attempt('withdrawConsent', use, child)).reason).toBeUndefined();
      expect((await citizens.attempt('object', use, child)).reason).toBeUndefined();
      // That consents count again takes those who could give one.
      const lift = { about: personalId, ...use, lift: true };
      expect((await citizens.attempt('restrict', lift, child)).reason).toBe('SECOND_ACT_NEEDED');
      expect((await citizens.attempt('restrict', lift, child, mother)).reason).toBeUndefined();
    }
  });
});

describe('what a consent covers', () => {
  test('is asked field by field, and a recipient is told of its own alone', async () => {
    await give(7, { fieldIds: [2] });
    const mask = { paths: ['full_name', 'date_of_birth'] };
    const { message } = await bank.call(getPerson, { personalId: idOf(7), readMask: mask, allowPartial: true });
    expect([message.person?.fullName, message.person?.dateOfBirth]).toEqual([crowdPerson(7).name, undefined]);
    expect(message.refused).toMatchObject([{ path: 'date_of_birth', reason: 'NO_CONSENT' }]);
    expect((await bank.attempt(getPerson, { personalId: idOf(7), readMask: mask })).reason).toBe('CONSENT_MISSING');
    const row = (await bank.call(verifyPerson, asked(7))).message;
    expect([row.verdict, row.idResult, row.nameResult, row.birthDateResult]).toEqual([
      Verdict.CONSENT_MISSING,
      3,
      0,
      3,
    ]);
    // A second consent adds what the first lacked.
    await give(7, { fieldIds: [1, 3] });
    expect(await verify(7)).toBe(Verdict.VERIFIED);
    const check = { personalId: idOf(7), fields: { paths: ['full_name', 'sex'] } };
    const { checkConsent } = ConsentService.method;
    const covered = (await bank.call(checkConsent, check)).message;
    expect([covered.covered?.paths, covered.missing?.paths]).toEqual([['full_name'], ['sex']]);
    expect((await gateway.raw('viettel').attempt(checkConsent, check)).reason).toBe('NOT_AGREED');
  });

  test('a bound on its uses is counted once an answer, not for a retry, in calls and chunks alike', async () => {
    await give(8, { useQuota: 2 });
    const bytes = requestBytes(bank.identity, verifyPerson.input, asked(8));
    const verdictOf = ({ message }: RawOutcome) =>
      fromBinary(VerifyPersonResponseSchema, message ?? Buffer.alloc(0)).verdict;
    for (let n = 0; n < 3; n++) expect(verdictOf(await bank.sign(verifyPerson, bytes))).toBe(Verdict.VERIFIED);
    const { stream, job } = await attach(bank);
    const payload = chunkPayload(0, [rowOf(crowdPerson(8)), rowOf(crowdPerson(8))]);
    for (let n = 0; n < 2; n++) {
      stream.chunk(0, payload);
      expect(await stream.answer()).toMatchObject({ rows: 2, redelivery: n > 0 });
    }
    expect(await totalsOf(bank, job.jobId)).toEqual({ [Verdict.VERIFIED]: 2 });
    expect(await verify(8)).toBe(Verdict.CONSENT_MISSING);
    // Many at once for the last one: as many as are left get it.
    await give(9, { useQuota: 3 });
    const verdicts = await Promise.all(Array.from({ length: 8 }, () => verify(9)));
    expect(verdicts.filter((verdict) => verdict === Verdict.VERIFIED)).toHaveLength(3);
  });

  test('is of each person alone, where many are asked about at the same moment', async () => {
    await give(30);
    await give(31, { fieldIds: [2] });
    await give(32, { useQuota: 1 });
    const people = [30, 31, 32, 33];
    const asked = Array.from({ length: 24 }, (_, n) => people[n % people.length] ?? 0);
    const verdicts = await Promise.all(asked.map(verify));
    const verified = people.map((n) => asked.filter((one, i) => one === n && verdicts[i] === Verdict.VERIFIED).length);
    expect(verified).toEqual([6, 0, 1, 0]);
  });

  test('what was answered before is given again without what was withdrawn since: calls, chunks, totals and root', async () => {
    for (const n of [10, 11]) await give(n);
    const bytes = requestBytes(bank.identity, verifyPerson.input, asked(10));
    expect((await bank.sign(verifyPerson, bytes)).code).toBe(0);
    const { stream, job } = await attach(bank);
    const rowRefs = Buffer.alloc(48, 9);
    const payload = chunkPayload(
      0,
      [10, 11, 12].map((n) => rowOf(crowdPerson(n))),
      { rowRefs },
    );
    stream.chunk(0, payload);
    const first = await stream.answer();
    const verdicts = (answer: typeof first) => [0, 1, 2].map((row) => answer.results[row * 22]);
    expect(verdicts(first)).toEqual([Verdict.VERIFIED, Verdict.VERIFIED, Verdict.CONSENT_MISSING]);

    await withdraw(10);
    // Somebody's new consent adds nothing to an old answer.
    await give(12);
    const retried = await bank.sign(verifyPerson, bytes);
    expect(fromBinary(VerifyPersonResponseSchema, retried.message ?? Buffer.alloc(0)).verdict).toBe(
      Verdict.CONSENT_MISSING,
    );
    for (let n = 0; n < 2; n++) {
      stream.chunk(0, payload);
      const again = await stream.answer();
      expect(verdicts(again)).toEqual([Verdict.CONSENT_MISSING, Verdict.VERIFIED, Verdict.CONSENT_MISSING]);
      expect(
        Buffer.compare(again.rowRoot, treeRoot(rowLeaves(first.rowSeed, rowRefs, again.results), NODE_TAGS.row)),
      ).toBe(0);
      expect(await totalsOf(bank, job.jobId)).toEqual({ [Verdict.VERIFIED]: 1, [Verdict.CONSENT_MISSING]: 2 });
    }
    const kinds = (await entries())
      .filter(({ jobId }) => Buffer.from(jobId).toString('hex') === job.jobId)
      .map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === EntryKind.REDELIVERY)).toHaveLength(2);
  });

  test('nor where the number has led to nobody since', async () => {
    for (const n of [34, 35]) await give(n);
    const bytes = requestBytes(bank.identity, verifyPerson.input, asked(34));
    expect((await bank.sign(verifyPerson, bytes)).code).toBe(0);
    const { stream, job } = await attach(bank);
    const payload = chunkPayload(
      0,
      [34, 35].map((n) => rowOf(crowdPerson(n))),
      { rowRefs: Buffer.alloc(32, 9) },
    );
    stream.chunk(0, payload);
    expect((await stream.answer()).results[0]).toBe(Verdict.VERIFIED);
    await withdraw(34);
    // As an import does it, of a number that the person has no more.
    const gone = await gateway.database.pool.query('DELETE FROM person_match WHERE value = $1', [idOf(34)]);
    expect(gone.rowCount).toBe(1);
    const retried = await bank.sign(verifyPerson, bytes);
    expect(fromBinary(VerifyPersonResponseSchema, retried.message ?? Buffer.alloc(0)).verdict).toBe(Verdict.NOT_FOUND);
    stream.chunk(0, payload);
    const { redelivery, results } = await stream.answer();
    expect([redelivery, results[0], results[22]]).toEqual([true, Verdict.NOT_FOUND, Verdict.VERIFIED]);
    expect(await totalsOf(bank, job.jobId)).toEqual({ [Verdict.VERIFIED]: 1, [Verdict.NOT_FOUND]: 1 });
  });

  test('rests while it is restricted or objected to, and covers again when that is lifted', async () => {
    await give(13);
    const person = await citizens.person(idOf(13));
    const use = { recipient: 'bank-demo', purpose: 'customer-record' };
    expect((await citizens.call('restrict', use, person)).receipt?.state).toBe(MatterState.ACKNOWLEDGED);
    expect(await verify(13)).toBe(Verdict.CONSENT_MISSING);
    expect((await citizens.call('listConsents', {}, person)).consents[0]?.state).toBe(ConsentState.RESTRICTED);
    await citizens.call('restrict', { ...use, lift: true }, person);
    expect(await verify(13)).toBe(Verdict.VERIFIED);
    const { receipt } = await citizens.call('object', { ...use, entryId: Buffer.alloc(16, 1) }, person);
    const objections = async () => (await readOpenMatters(gateway.database.pool, Date.now() / 1000)).counts.objection;
    expect(receipt?.clocks.map(({ metAt }) => metAt > 0n)).toEqual([true, false]);
    expect(await verify(13)).toBe(Verdict.CONSENT_MISSING);
    // What rests on statute can be objected to, and goes on.
    const moh = await citizens.call('object', { recipient: 'moh', purpose: 'patient-record' }, person);
    expect(moh.receipt?.continuing).toMatchObject([{ agency: 'moh', purpose: 'patient-record', basis: 'statute' }]);
    // For the operator each waits until it is lifted, and the person sees its clock stop then.
    expect(await objections()).toEqual({ overdue: 0, soon: 0, later: 2 });
    await citizens.call('restrict', { ...use, lift: true }, person);
    expect(await objections()).toEqual({ overdue: 0, soon: 0, later: 1 });
    const lifted = (await citizens.call('getReceipt', { receiptId: receipt?.receiptId }, person)).receipt;
    expect(lifted?.clocks.map(({ metAt }) => metAt > 0n)).toEqual([true, true]);
  });
});

describe('what was restricted last counts', () => {
  const use = { recipient: 'bank-demo', purpose: 'customer-record' };
  /** As if the clock had been ahead when the person's last matter of this kind was recorded. */
  const ahead = (n: number, kind: MatterKind) =>
    gateway.database.pool.query(
      `UPDATE consent_matter SET recorded_at = recorded_at + interval '1 hour' WHERE kind = $2 AND scope_no IN (
         SELECT scope_no FROM consent_scope JOIN identifier USING (person_no) WHERE value = $1::bigint)`,
      [idOf(n), kind],
    );

  test('where the clock stepped back after a lifting: a new consent rests', async () => {
    await give(37);
    const person = await citizens.person(idOf(37));
    await citizens.call('restrict', use, person);
    await citizens.call('restrict', { ...use, lift: true }, person);
    await ahead(37, MatterKind.LIFTING);
    await citizens.call('restrict', use, person);
    await give(37);
    expect(await verify(37)).toBe(Verdict.CONSENT_MISSING);
    expect((await citizens.call('listConsents', {}, person)).consents[0]?.state).toBe(ConsentState.RESTRICTED);
  });

  test('where it stepped back before a lifting: what was given covers, and the objection is over', async () => {
    await give(38);
    const person = await citizens.person(idOf(38));
    const { receipt } = await citizens.call('object', { ...use, entryId: Buffer.alloc(16, 1) }, person);
    await ahead(38, MatterKind.OBJECTION);
    await citizens.call('restrict', { ...use, lift: true }, person);
    expect((await citizens.call('listConsents', {}, person)).consents[0]?.state).toBe(ConsentState.IN_FORCE);
    expect((await citizens.attempt('restrict', { ...use, lift: true }, person)).reason).toBe('NOTHING_TO_WITHDRAW');
    const lifted = (await citizens.call('getReceipt', { receiptId: receipt?.receiptId }, person)).receipt;
    expect(lifted?.clocks.map(({ metAt }) => metAt > 0n)).toEqual([true, true]);
  });
});

describe('an issuer is whom officers’ acts name', () => {
  const issuer = 'vneid-dev';
  const officers = () => [officerOf(gateway, 'dev-officer-1'), officerOf(gateway, 'dev-officer-2')] as const;
  const furtherKey = ({ signingKey, proof }: NewKey) =>
    actOf(gateway, { kind: 'issuer.key', issuer, key: signingKey.publicJwk, proof });
  /** Why what its key signs is refused, of a consent and of somebody's word for who they are; undefined where neither is. */
  async function refusals(by: Citizens, n: number): Promise<(string | undefined)[]> {
    const consent = await by.grant({ ...USE, fieldIds: ALL }, await citizens.person(idOf(n)));
    return [consent.reason, (await by.attempt('listConsents', {}, await by.person(idOf(n)))).reason];
  }
  const REFUSED = ['CONSENT_INVALID', 'ASSERTION_INVALID'];
  let further: Citizens;
  let key: NewKey;
  beforeAll(async () => {
    key = await newKey(gateway, 'issuer', issuer);
    further = createCitizens(gateway, undefined, key.signingKey);
  });

  test('and nobody whom somebody writes into the database: it counts for nothing, and is reported', async () => {
    const body = furtherKey(key);
    const [first, second] = officers();
    // Of two officers that exist, by a key of the intruder's: all that whoever can write SQL can do.
    const [proposal, approval] = [first, second].map((one) => signatureOf(one, body, { key: key.signingKey }));
    const { pool } = gateway.database;
    await pool.query(`INSERT INTO act (digest, kind, body, officer, signature) VALUES ($1, 'act', $2, $3, $4)`, [
      ...[digestOf(body), Buffer.from(body), first.code, proposal],
    ]);
    await pool.query(`INSERT INTO act_decision (digest, outcome, officer, signature) VALUES ($1, 'approved', $2, $3)`, [
      ...[digestOf(body), second.code, approval],
    ]);
    await expect
      .poll(() => gateway.logged().some((line) => line.includes('an act of officers was refused')))
      .toBe(true);
    expect(await refusals(further, 20)).toEqual(REFUSED);
  });

  test('with each of its keys; what one signed while others may have had it covers nothing, what came before does', async () => {
    const [first, second] = officers();
    await together(first, second, furtherKey(key));
    await expect.poll(() => refusals(further, 21)).toEqual([undefined, undefined]);
    const since = Math.floor(Date.now() / 1000) + 1;
    await expect.poll(async () => Date.now() / 1000).toBeGreaterThan(since);
    expect(await refusals(further, 22)).toEqual([undefined, undefined]);
    await give(23);
    for (const n of [21, 22, 23]) expect(await verify(n)).toBe(Verdict.VERIFIED);
    const { kid } = key.signingKey;
    const stolen = { kind: 'bar', what: 'key', subject: kid, compromised_from: since } as const;
    expect((await revoke(second, actOf(gateway, stolen))).code).toBe(0);
    await expect.poll(() => verify(22)).toBe(Verdict.CONSENT_MISSING);
    for (const n of [21, 23]) expect(await verify(n)).toBe(Verdict.VERIFIED);
    expect(await refusals(further, 24)).toEqual(REFUSED);
    const stateOf = async (n: number) =>
      (await citizens.call('listConsents', {}, await citizens.person(idOf(n)))).consents.map(({ state }) => state);
    expect([await stateOf(21), await stateOf(22)]).toEqual([[ConsentState.IN_FORCE], [ConsentState.UNPROVEN]]);
  });

  test('also of what was on its way when they ended it: that is not recorded', async () => {
    const person = await citizens.person(idOf(26));
    const { pool } = gateway.database;
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = ${CHANGES_LOCK}
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    /** Judged by what is known before the change, and to be recorded after it. */
    async function overtaken(attempt: () => Promise<RawOutcome>): Promise<string | undefined> {
      let sent: Promise<RawOutcome> | undefined;
      await withChanges(pool, async () => {
        sent = attempt();
        await expect.poll(async () => (await pool.query(waiting)).rowCount).toBeGreaterThan(0);
        return [{ kind: 'key', subject: changedIssuer(issuer) }];
      });
      return (await sent)?.reason;
    }
    const use = { recipient: 'bank-demo', purpose: 'customer-record' };
    expect(await overtaken(() => citizens.attempt('listConsents', {}, person))).toBe('REVOKED');
    expect(await overtaken(() => citizens.attempt('restrict', use, person))).toBe('REVOKED');
    expect(await overtaken(() => citizens.grant({ ...USE, fieldIds: ALL }, person))).toBe('REVOKED');
    await expect.poll(() => refusals(citizens, 26)).toEqual([undefined, undefined]);
  });

  test('until they retire it: nothing more is taken from it, and what it signed before stays good', async () => {
    const [first] = officers();
    const person = await citizens.person(idOf(25));
    expect((await revoke(first, actOf(gateway, { kind: 'issuer.retire', issuer }))).code).toBe(0);
    await expect.poll(() => refusals(citizens, 25)).toEqual(REFUSED);
    // Also somebody who signed in before.
    expect((await citizens.attempt('listConsents', {}, person)).reason).toBe('ASSERTION_INVALID');
    for (const n of [21, 23]) expect(await verify(n)).toBe(Verdict.VERIFIED);
  });
});

test('the ids of what a consent leaves in the log begin with its time, whichever part of the gateway wrote it', async () => {
  const { all, untimely } = await kindsInLog(gateway.database.pool);
  for (const kind of ['CONSENT', 'WITHDRAWAL', 'ACKNOWLEDGEMENT', 'REFUSAL', 'UNARY']) expect(all).toContain(kind);
  expect(untimely).toEqual(new Set());
});
