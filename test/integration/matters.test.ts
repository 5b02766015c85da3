/** Matters of persons from end to end: objected to or asked for, seen with its clock, extended, decided by one officer, read by the person. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { artefactKeyOf } from '../../gateway/consent/artefact-key.ts';
import { sealRequest } from '../../gateway/consent/logged-decisions.ts';
import { readOpenMatters } from '../../gateway/consent/open-matters.ts';
import { loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { seal, unseal } from '../../gateway/sealing/seal.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { AdminService, DecideMatterResponseSchema } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import {
  ClockKind,
  MatterKind,
  MatterOutcome,
  MatterReason,
  type Receipt,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { Verdict } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { kindsInLog } from '../support/entry-ids.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { attach } from '../support/gateway-jobs.ts';
import { BANK, entry, idText, MOH, mattersOf } from '../support/gateway-matters.ts';
import {
  actOf,
  newHolder,
  type Officer,
  officerOf,
  officerWith,
  revoke,
  signatureOf,
  together,
} from '../support/gateway-officers.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { type Citizens, createCitizens } from '../support/gateway-persons.ts';
import { chunkPayload, rowOf } from '../support/gateway-stream.ts';

const { method } = AdminService;
const DAY = 86_400;
const soon = { timeout: 5000, interval: 50 };

let gateway: TestGateway;
let citizens: Citizens;
let officer: Officer;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 30 });
  citizens = createCitizens(gateway);
  officer = officerOf(gateway, 'dev-officer-1');
});
afterAll(() => gateway?.stop());

const idOf = (n: number) => String(crowdPerson(n).id);
const { about, actOn, claimed, extension, objected, receiptOf, settle, waitingOf } = mattersOf(() => ({
  ...{ gateway, citizens, officer },
}));
const counts = async () => (await readOpenMatters(gateway.database.pool, Date.now() / 1000)).counts;
const openOf = async (kind: 'objection' | 'provision' | 'correction' | 'deletion') => {
  const { overdue, soon: due, later } = (await counts())[kind];
  return overdue + due + later;
};

const artefactKey = () =>
  artefactKeyOf(
    loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8'))).evidence,
  );
const waits = async ({ receiptId }: Receipt) =>
  (await run(['matter', 'list', '--json'])).includes(Buffer.from(receiptId).toString('base64'));
/** Rows that count for nothing, and decisions that fell with their officer. */
async function fallen(): Promise<[number, number]> {
  const status = JSON.parse((await runCaptured(['status', '--data', gateway.folder, '--json'])).stdout);
  return [status.ignored_rows, status.fallen_decisions];
}

async function officerNamed(code: string, roles: readonly ('proposer' | 'approver' | 'support')[], person: string) {
  const { signingKey, der, proof, certificate, key } = await newHolder(gateway, 'officer', code);
  const body = actOf(gateway, {
    ...{ kind: 'officer.create', code, person, roles, certificate: der, proof, key: signingKey.publicJwk },
  });
  await together(officer, officerOf(gateway, 'dev-officer-2'), body);
  const made = officerWith(gateway, code, { certificate, key, signingKey });
  await vi.waitFor(async () => expect((await made.caller.attempt(method.listOfficers, {})).code).toBe(0), soon);
  return made;
}

const dir = () => gateway.deployment.officers['dev-officer-1'] ?? '';
async function run(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await runCaptured([...args, '--profile', dir()], { input });
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

test('an objection is seen with its clock, extended, rejected for a reason that the person reads, and waits no more', async () => {
  const person = await citizens.person(idOf(0));
  const receipt = await objected(person);
  const listed = await run(['matter', 'list']);
  expect(listed).toContain(idText(receipt).slice(0, 12));
  expect(listed).toContain('patient-record');
  for (const told of [idOf(0), crowdPerson(0).name]) {
    expect(await run(['matter', 'list', '--json']), 'who it is, nobody is told').not.toContain(told);
  }
  expect(await run(['matter', 'list', '--person'], `${idOf(0)}\n`)).toContain(idText(receipt).slice(0, 12));
  expect(await run(['matter', 'list', '--person'], `${idOf(1)}\n`)).not.toContain(idText(receipt).slice(0, 12));
  const words = ['--vi', 'Đã hỏi Bộ Y tế.', '--en', 'The ministry was asked.'];
  const id = idText(receipt).slice(0, 8);
  expect(await run(['matter', 'extend', idText(receipt), '--reason', 'other_body_asked', '--yes', ...words])).toContain(
    'Extended: objection',
  );
  const extended = await receiptOf(receipt, person);
  expect(extended).toMatchObject({
    extension: { reason: MatterReason.OTHER_BODY_ASKED, textVi: 'Đã hỏi Bộ Y tế.' },
    clocks: [{ kind: ClockKind.ACKNOWLEDGE }, { kind: ClockKind.CARRY_OUT, metAt: 0n, extended: true }],
  });
  expect(await run(['matter', 'list', '--lang', 'vi'])).toContain('đã gia hạn');
  // For the operator its second end counts from now on.
  const inDays = async (n: number) =>
    (await readOpenMatters(gateway.database.pool, Date.now() / 1000 + n * DAY)).counts;
  expect([(await inDays(20)).objection.overdue, (await inDays(32)).objection.overdue]).toEqual([0, 1]);

  const decide = ['matter', 'decide', id, '--outcome', 'rejected', '--reason', 'statutory_duty', ...words];
  const asked = [...decide, '--citation', 'Luật 91/2025, art. 19.1', '--profile', dir()];
  expect((await runCaptured(asked)).stderr).toContain('--yes');
  const left = await runCaptured(asked, { input: 'n\n', asked: true });
  expect(left.code).toBe(130);
  for (const told of ['objection', 'patient-record', 'statutory_duty', 'Đã hỏi Bộ Y tế.', 'Nothing was signed.']) {
    expect(left.stdout).toContain(told);
  }
  expect(await openOf('objection')).toBe(1);
  const unfounded = await runCaptured([...decide, '--profile', dir()]);
  expect([unfounded.code, unfounded.stderr]).toEqual([2, expect.stringContaining('--citation')]);
  // Each mistake by its own name, in the officer's language; nothing is signed.
  const wrong = async (more: readonly string[]) => {
    const { code, stderr } = await runCaptured([...decide, ...more, '--yes', '--lang', 'vi', '--profile', dir()]);
    return [code, stderr.split('\n')[0]];
  };
  const cited = ['--citation', 'Luật 91/2025, art. 19.1'];
  expect(await wrong([])).toEqual([2, '--citation phải là căn cứ pháp lý.']);
  expect(await wrong([...cited, '--vi', ''])).toEqual([2, expect.stringMatching(/^--vi phải có nội dung.*1000/)]);
  expect(await wrong([...cited, '--en', 'a\nb'])).toEqual([2, expect.stringMatching(/^--en phải có nội dung/)]);
  expect(await wrong([...cited, '--reason', 'x'])).toEqual([
    2,
    expect.stringMatching(/phải là một trong grounds_hold/),
  ]);
  expect(await wrong([...cited, '--outcome', 'refused'])).toEqual([
    2,
    expect.stringMatching(/^--outcome phải là upheld \/ rejected với phản đối/),
  ]);
  expect(await wrong([...cited, '--reason', 'not_held'])).toEqual([2, 'not_held không phải lý do cho rejected.']);
  // What a program reads of the list names the matter, in either alphabet.
  const listedJson = JSON.parse(await run(['matter', 'list', '--json']));
  const [named] = listedJson.filter((one: { id: string }) => one.id === idText(receipt));
  expect(named.receipt_id).toBe(Buffer.from(receipt.receiptId).toString('base64'));
  decide[2] = named.receipt_id;
  const said = await run([...decide, '--citation', 'Luật 91/2025, art. 19.1', '--yes', '--lang', 'vi']);
  expect(said).toContain('không chấp nhận');
  const decided = await receiptOf(receipt, person);
  expect(decided).toMatchObject({
    decision: { outcome: MatterOutcome.REJECTED, reason: MatterReason.STATUTORY_DUTY, textVi: 'Đã hỏi Bộ Y tế.' },
    continuing: [{ agency: 'moh', basis: 'statute' }],
  });
  expect(decided.clocks.every(({ metAt }) => metAt > 0n)).toBe(true);
  expect(await openOf('objection')).toBe(0);
  const { rows } = await gateway.database.pool.query('SELECT FROM log_entry WHERE entry_id = $1', [
    Buffer.from(decided.decision?.entryId ?? []),
  ]);
  expect(rows).toHaveLength(1);
  // What officers wrote about somebody stands nowhere in clear.
  const clear = 'SELECT FROM matter_act WHERE position($1::bytea IN body) > 0';
  expect((await gateway.database.pool.query(clear, [Buffer.from('Bộ Y tế')])).rows).toEqual([]);
});

test('an upheld objection stops what stands on consent, and no new consent covers until the person lifts it', async () => {
  const person = await citizens.person(idOf(2));
  const consent = { recipients: [BANK.recipient], purposes: [BANK.purpose], fieldIds: [1, 2, 3, 4] };
  expect((await citizens.grant(consent, person)).code).toBe(0);
  const bank = gateway.raw({ ...gateway.identity('bank-demo'), purpose: BANK.purpose });
  const { stream } = await attach(bank);
  let num = 0;
  const verdict = async () => {
    stream.chunk(num, chunkPayload(num++, Array(256).fill(rowOf(crowdPerson(2)))));
    return (await stream.answer()).results[0];
  };
  expect(await verdict()).toBe(Verdict.VERIFIED);
  const receipt = await objected(person, BANK);
  const upheld = { outcome: 'upheld', reason: 'consent_only', citation: 'Luật 91/2025' };
  const outcome = await settle(actOn(receipt, upheld));
  expect(outcome.reason).toBeUndefined();
  expect(fromBinary(DecideMatterResponseSchema, outcome.message ?? Buffer.alloc(0)).matter).toMatchObject({
    decision: { outcome: MatterOutcome.UPHELD },
    clocks: [{}, { kind: ClockKind.CARRY_OUT, extended: false }],
  });
  expect(await verdict()).toBe(Verdict.CONSENT_MISSING);
  expect((await citizens.grant(consent, person)).code).toBe(0);
  expect(await verdict()).toBe(Verdict.CONSENT_MISSING);
  await citizens.call('restrict', { ...BANK, lift: true }, person);
  expect(await verdict()).toBe(Verdict.VERIFIED);
  stream.cancel();
});

test('a copy, a correction and a deletion are asked for, each with its clock, and decided; nothing else is asked for so', async () => {
  const person = await citizens.person(idOf(3));
  const wrongly = (act: object) => citizens.attempt('claimRight', act, person);
  expect((await wrongly({ kind: MatterKind.CORRECTION })).refusal?.violations[0]).toMatchObject({ rule: 'REQUIRED' });
  expect((await wrongly({ kind: MatterKind.WITHDRAWAL })).reason).toBe('BAD_REQUEST');
  expect((await wrongly({ kind: MatterKind.DELETION, fields: { paths: ['shoe_size'] } })).reason).toBe('BAD_REQUEST');
  const weak = await citizens.person(idOf(3), { assurance: 1 });
  expect((await citizens.attempt('claimRight', { kind: MatterKind.PROVISION }, weak)).reason).toBe('ASSURANCE_TOO_LOW');
  // The register is no recipient from whom something could be taken back.
  expect((await citizens.attempt('object', { recipient: '', purpose: '' }, person)).reason).toBe('NOTHING_TO_WITHDRAW');

  const copy = await claimed(person, MatterKind.PROVISION);
  const correction = await claimed(person, MatterKind.CORRECTION, ['permanent_address', 'full_name']);
  const deletion = await claimed(person, MatterKind.DELETION, ['contact.mobile']);
  expect((await citizens.attempt('object', { recipient: '', purpose: '' }, person)).reason).toBe('NOTHING_TO_WITHDRAW');
  const days = ({ clocks }: Receipt) =>
    clocks.map(({ dueAt, extendedDueAt, startedAt }) =>
      [dueAt, extendedDueAt].map((end) => (Number(end - startedAt) / DAY) | 0),
    );
  expect([days(copy)[1], days(correction)[1], days(deletion)[1]]).toEqual([
    [10, 20],
    [10, 20],
    [20, 40],
  ]);
  const { receipts } = await citizens.call('listConsents', {}, person);
  expect(receipts.map(({ kind, recipient, fields }) => [kind, recipient, fields?.paths]).sort()).toEqual([
    [MatterKind.PROVISION, '', []],
    [MatterKind.CORRECTION, '', ['full_name', 'permanent_address']],
    [MatterKind.DELETION, '', ['contact.mobile']],
  ]);
  expect(await receiptOf(correction, person)).toEqual(correction);
  const other = await citizens.person(idOf(4));
  expect((await citizens.attempt('getReceipt', { receiptId: copy.receiptId }, other)).reason).toBe('CONSENT_UNKNOWN');
  expect([await openOf('provision'), await openOf('correction'), await openOf('deletion')]).toEqual([1, 1, 1]);

  const refused = { of: 'deletion', outcome: 'refused', reason: 'kept_by_law', citation: 'Luật Căn cước, art. 9' };
  expect((await settle(actOn(deletion, { ...refused, of: 'correction' }))).reason).toBe('PROPOSAL_WRONG');
  expect((await settle(actOn(deletion, refused))).code).toBe(0);
  const done = { of: 'provision', outcome: 'carried_out', reason: 'as_asked' };
  expect((await settle(actOn(copy, done))).code).toBe(0);
  expect((await receiptOf(deletion, person)).decision).toMatchObject({
    ...{ outcome: MatterOutcome.REFUSED, reason: MatterReason.KEPT_BY_LAW, citation: 'Luật Căn cước, art. 9' },
  });
  expect([await openOf('provision'), await openOf('correction'), await openOf('deletion')]).toEqual([0, 1, 0]);
});

test('what is asked again while it waits is one matter, and another one once it was decided or is about other fields', async () => {
  const person = await citizens.person(idOf(14));
  const first = await claimed(person, MatterKind.CORRECTION, ['full_name', 'permanent_address']);
  const again = await claimed(person, MatterKind.CORRECTION, ['permanent_address', 'full_name']);
  expect(again).toEqual(first);
  const others = await Promise.all([
    claimed(person, MatterKind.CORRECTION, ['full_name']),
    claimed(person, MatterKind.DELETION, ['full_name', 'permanent_address']),
    claimed(await citizens.person(idOf(15)), MatterKind.CORRECTION, ['full_name', 'permanent_address']),
  ]);
  const ids = () => others.map(idText);
  expect(new Set([idText(first), ...ids()]).size).toBe(4);

  // At the same moment: one is recorded, and whoever was refused is given its receipt when they send it again.
  const asked = () => citizens.attempt('claimRight', { kind: MatterKind.PROVISION }, person);
  const outcomes = await Promise.all(Array.from({ length: 8 }, asked));
  const refused = outcomes.filter(({ code }) => code !== 0);
  expect(refused.every(({ reason }) => reason === 'STORAGE_UNAVAILABLE')).toBe(true);
  const copy = await claimed(person, MatterKind.PROVISION);
  const { receipts } = await citizens.call('listConsents', {}, person);
  expect(receipts.filter(({ kind }) => kind === MatterKind.PROVISION)).toEqual([copy]);

  // What is over is no answer to who asks anew.
  for (const [one, of] of [[first, 'correction'] as const, [copy, 'provision'] as const]) {
    expect((await settle(actOn(one, { of, outcome: 'carried_out', reason: 'as_asked' }))).code).toBe(0);
  }
  expect(idText(await claimed(person, MatterKind.PROVISION))).not.toBe(idText(copy));
});

describe('who objects to a use again while that waits', () => {
  const hexOf = (...entries: number[]) => entries.map((n) => entry(n).toString('hex'));

  test('has one matter, whichever accesses they name, and officers see all of these', async () => {
    const person = await citizens.person(idOf(17));
    const before = await openOf('objection');
    const first = await about(person, entry(1));
    for (const n of [1, 2, 3, 2]) expect(await about(person, entry(n))).toEqual(first);
    expect(await about(person, Buffer.alloc(0))).toEqual(first);
    expect(await openOf('objection')).toBe(before + 1);
    expect(await waitingOf(idOf(17))).toEqual([[idText(first), hexOf(1, 2, 3)]]);
    const { receipts } = await citizens.call('listConsents', {}, person);
    expect(receipts).toEqual([first]);

    // Another use is another matter; so is this one, once it was decided or lifted.
    expect(idText(await objected(person, BANK))).not.toBe(idText(first));
    expect((await settle(actOn(first))).code).toBe(0);
    const second = await about(person, entry(4));
    expect(await waitingOf(idOf(17))).toContainEqual([idText(second), hexOf(4)]);
    await citizens.call('restrict', { ...MOH, lift: true }, person);
    const third = await about(person, entry(5));
    expect(new Set([first, second, third].map(idText)).size).toBe(3);
    expect(await waitingOf(idOf(17))).toContainEqual([idText(third), hexOf(5)]);
  });

  test('is understood as one person, whichever of their records it waits under', async () => {
    const [old, living] = await Promise.all([citizens.person(idOf(19)), citizens.person(idOf(20))]);
    const first = await about(old, entry(1));
    await gateway.database.pool.query(
      `UPDATE person SET merged_into = (SELECT person_no FROM identifier WHERE value = $2::bigint)
       WHERE person_no = (SELECT person_no FROM identifier WHERE value = $1::bigint)`,
      [idOf(19), idOf(20)],
    );
    expect(await about(living, entry(2))).toEqual(first);
    expect(await waitingOf(idOf(20))).toEqual([[idText(first), hexOf(1, 2)]]);
  });
});

describe('a matter is not decided', () => {
  test('by an officer without the role, by anybody’s other key, nor by whose own matter it is', async () => {
    const person = await citizens.person(idOf(5));
    const receipt = await objected(person);
    const clerk = await officerNamed('clerk', ['proposer', 'approver'], randomBytes(32).toString('base64url'));
    expect((await settle(actOn(receipt), clerk)).reason).toBe('ROLE_MISSING');
    expect((await clerk.caller.attempt(method.listMatters, {})).reason).toBe('ROLE_MISSING');
    const body = actOn(receipt);
    expect((await settle(body, officer, signatureOf(clerk, body))).reason).toBe('OFFICER_SIGNATURE_WRONG');
    const { message } = await officer.caller.call(method.markPerson, { personalId: idOf(5) });
    const self = await officerNamed('own', ['support'], message.mark);
    expect((await settle(actOn(receipt), self)).reason).toBe('OFFICER_NOT_INDEPENDENT');
    expect((await settle(actOn(receipt, { outcome: 'upheld', reason: 'grounds_hold' }), self)).reason).toBe(
      'OFFICER_NOT_INDEPENDENT',
    );
    expect((await receiptOf(receipt, person)).decision).toBeUndefined();
    // Somebody else's is theirs to decide.
    const others = await objected(await citizens.person(idOf(6)));
    expect((await settle(actOn(others), self)).code).toBe(0);
  });

  test('twice, after it was lifted, by a withdrawal’s name, or under another deployment’s; nor is it extended twice or late', async () => {
    const person = await citizens.person(idOf(7));
    const receipt = await objected(person);
    expect((await settle(extension(receipt))).code).toBe(0);
    expect((await settle(extension(receipt))).reason).toBe('MATTER_STATE');
    expect((await settle(actOn(receipt, { deployment: 'another-one' }))).reason).toBe('PROPOSAL_WRONG');
    expect((await settle(actOn(receipt))).code).toBe(0);
    expect((await settle(actOn(receipt))).reason).toBe('MATTER_STATE');
    expect((await settle(extension(receipt))).reason).toBe('MATTER_STATE');

    const lifted = await objected(await citizens.person(idOf(8)));
    await citizens.call('restrict', { ...MOH, lift: true }, await citizens.person(idOf(8)));
    expect((await settle(actOn(lifted))).reason).toBe('MATTER_STATE');

    const consent = { recipients: [BANK.recipient], purposes: [BANK.purpose], fieldIds: [1] };
    expect((await citizens.grant(consent, await citizens.person(idOf(9)))).code).toBe(0);
    const withdrawn = await citizens.call('withdrawConsent', BANK, await citizens.person(idOf(9)));
    expect((await settle(actOn(withdrawn.receipt as Receipt))).reason).toBe('MATTER_STATE');
    const nobodys = { ...receipt, receiptId: randomBytes(16) };
    expect((await settle(actOn(nobodys))).reason).toBe('MATTER_UNKNOWN');

    const late = await objected(await citizens.person(idOf(10)));
    await gateway.database.pool.query(
      `UPDATE consent_matter SET recorded_at = recorded_at - interval '17 days' WHERE receipt_id = $1`,
      [Buffer.from(late.receiptId)],
    );
    expect((await settle(extension(late))).reason).toBe('MATTER_STATE');
    expect((await settle(actOn(late))).code).toBe(0);
  });

  test('by what somebody writes into the database: it is ignored and reported', async () => {
    const { pool } = gateway.database;
    const person = await citizens.person(idOf(11));
    const receipt = await objected(person);
    const helper = await officerNamed('helper', ['support'], randomBytes(32).toString('base64url'));
    const body = actOn(receipt);
    // All that whoever has the database and even its keys can do: an officer's name over a key of the intruder's.
    const intruder = await newHolder(gateway, 'officer', 'helper');
    const digest = digestOf(body);
    await pool.query(
      `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id) VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        ...[digest, Buffer.from(receipt.receiptId), seal(artefactKey(), Buffer.from(digest), body)],
        ...['helper', signatureOf(helper, body, { key: intruder.signingKey }), randomBytes(16)],
      ],
    );
    await pool.query('DELETE FROM matter_open WHERE receipt_id = $1', [Buffer.from(receipt.receiptId)]);
    expect((await receiptOf(receipt, person)).decision).toBeUndefined();
    const reports = () => gateway.logged().filter((line) => line.includes('an act of officers was refused')).length;
    await vi.waitFor(() => expect(reports()).toBe(1), soon);
    await vi.waitFor(async () => expect(await waits(receipt)).toBe(true), soon);
    expect(await fallen()).toEqual([1, 0]);

    // The officer's own decision counts.
    expect((await settle(actOn(receipt), helper)).code).toBe(0);
    expect((await receiptOf(receipt, person)).decision?.outcome).toBe(MatterOutcome.REJECTED);
    expect(await waits(receipt)).toBe(false);
  });
});

test('what stood in the log before its officer was barred stays decided, unless the key was lost by then; what is written later is not', async () => {
  const { pool } = gateway.database;
  const person = await citizens.person(idOf(12));
  const receipt = await objected(person);
  const leaver = await officerNamed('leaver', ['support'], randomBytes(32).toString('base64url'));
  const before = Math.floor(Date.now() / 1000);
  expect((await settle(actOn(receipt), leaver)).code).toBe(0);
  const [ignored, fell] = await fallen();
  const later = await objected(await citizens.person(idOf(13)));
  expect((await revoke(officer, actOf(gateway, { kind: 'bar', what: 'officer', subject: 'leaver' }))).code).toBe(0);
  await vi.waitFor(async () => expect((await leaver.caller.attempt(method.listMatters, {})).code).not.toBe(0), soon);

  // Signed by the barred officer, dated before, and put beside the entry, and the request, of what they did decide.
  const body = actOn(later);
  const digest = digestOf(body);
  const { rows } = await pool.query<{ digest: string; request: Buffer; entry_id: Buffer }>(
    'SELECT digest, request, entry_id FROM matter_act WHERE receipt_id = $1',
    [Buffer.from(receipt.receiptId)],
  );
  const [own] = rows;
  const request = unseal(artefactKey(), Buffer.from(`${own?.digest}:request`), own?.request ?? Buffer.alloc(0));
  await pool.query(
    `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id, request) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      ...[digest, Buffer.from(later.receiptId), seal(artefactKey(), Buffer.from(digest), body), 'leaver'],
      ...[signatureOf(leaver, body, { iat: before }), own?.entry_id],
      sealRequest(artefactKey(), digest, request ?? Buffer.alloc(0)),
    ],
  );
  await pool.query('DELETE FROM matter_open WHERE receipt_id = $1', [Buffer.from(later.receiptId)]);
  await vi.waitFor(async () => expect(await waits(later)).toBe(true), soon);
  expect((await receiptOf(later, await citizens.person(idOf(13)))).decision).toBeUndefined();
  const decided = await receiptOf(receipt, person);
  expect(decided.decision?.outcome).toBe(MatterOutcome.REJECTED);
  expect(decided.clocks.every(({ metAt }) => metAt > 0n)).toBe(true);
  expect(await waits(receipt)).toBe(false);
  expect(await fallen()).toEqual([ignored, fell + 1]);

  // Others may have had the key since before it was decided.
  const { kid } = leaver.identity.signingKey;
  const lost = { kind: 'bar', what: 'key', subject: kid, compromised_from: before - 1 } as const;
  expect((await revoke(officer, actOf(gateway, lost))).code).toBe(0);
  await vi.waitFor(async () => expect((await receiptOf(receipt, person)).decision).toBeUndefined(), soon);
  await vi.waitFor(async () => expect(await waits(receipt)).toBe(true), soon);
  expect(await fallen()).toEqual([ignored, fell + 2]);
  expect((await settle(actOn(receipt, { outcome: 'upheld', reason: 'grounds_hold' }))).code).toBe(0);
  expect((await receiptOf(receipt, person)).decision?.outcome).toBe(MatterOutcome.UPHELD);
});

test('however many wait, what ends first comes first, all are listed, and each is found by how its id begins', async () => {
  const { pool } = gateway.database;
  const own = await claimed(await citizens.person(idOf(12)), MatterKind.DELETION);
  // One person's, recorded before the other's and due after it: more than two pages.
  const { rows } = await pool.query<{ receipt_id: Buffer }>(
    `WITH m AS (
       INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
       SELECT uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), kind, scope_no, '{}', 0, entry_id, recorded_at
       FROM consent_matter, generate_series(1, 450) WHERE receipt_id = $1 RETURNING *
     )
     INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
     SELECT receipt_id, scope_no, kind, recorded_at FROM m RETURNING receipt_id`,
    [Buffer.from(own.receiptId)],
  );
  const correction = await claimed(await citizens.person(idOf(13)), MatterKind.CORRECTION, ['full_name']);
  const first = await officer.caller.call(method.listMatters, { openOnly: true });
  const kinds = first.message.matters.map(({ kind }) => kind);
  expect(kinds).toHaveLength(200);
  expect(kinds.indexOf(MatterKind.CORRECTION)).toBeLessThan(kinds.indexOf(MatterKind.DELETION));
  const listed: string[] = JSON.parse(await run(['matter', 'list', '--json'])).map(({ id }: { id: string }) => id);
  const wanted = [own, correction].map(idText).concat(rows.map((row) => row.receipt_id.toString('base64url')));
  expect(listed).toEqual(expect.arrayContaining(wanted));
  expect(new Set(listed).size).toBe(listed.length);
  expect((await run(['matter', 'list'])).split('\n').length).toBeGreaterThan(listed.length);
  expect(await run(['matter', 'list', '--all', '--json'])).toContain(listed.at(-1));

  const last = listed.at(-1) ?? '';
  expect(wanted).toContain(last);
  const said = ['--reason', 'many_requests', '--vi', 'Nhiều yêu cầu.', '--en', 'Many.', '--yes', '--json'];
  expect(JSON.parse(await run(['matter', 'extend', last.slice(0, 10), ...said])).id).toBe(last);

  const asked = (request: object) => officer.caller.attempt(method.listMatters, request);
  for (const wrong of [{ pageToken: Buffer.alloc(3) }, { receiptPrefix: 'a b' }, { receiptPrefix: 'abc' }]) {
    expect((await asked(wrong)).reason).toBe('BAD_REQUEST');
  }
});

test('an objection names an entry of the log or none, and nothing else is kept in its place', async () => {
  const person = await citizens.person(idOf(25));
  for (const bytes of [3, 15, 17, 60_000]) {
    const outcome = await citizens.attempt('object', { ...MOH, entryId: randomBytes(bytes) }, person);
    expect(outcome.reason).toBe('BAD_REQUEST');
    expect(outcome.refusal?.violations).toMatchObject([{ field: 'act.entry_id', rule: 'LENGTH' }]);
  }
  expect((await citizens.call('listConsents', {}, person)).receipts).toEqual([]);
  expect((await citizens.attempt('object', MOH, person)).reason).toBeUndefined();
});

test('what is taken back or objected to names an agency and a purpose as agreements write them, and no member of all objects', async () => {
  const person = await citizens.person(idOf(26));
  const odd = ['\0', 'a\0b', 'x'.repeat(50_000), '__proto__', 'a\u202eb', "';--"];
  for (const name of ['object', 'restrict', 'withdrawConsent'] as const) {
    for (const text of odd) {
      const ofRecipient = await citizens.attempt(name, { ...MOH, recipient: text }, person);
      expect(ofRecipient.refusal?.violations).toMatchObject([{ field: 'act.recipient', rule: 'FORMAT' }]);
      const ofPurpose = await citizens.attempt(name, { ...MOH, purpose: text, lift: true }, person);
      expect(ofPurpose.refusal?.violations).toMatchObject([{ field: 'act.purpose', rule: 'FORMAT' }]);
    }
    const nobody = await citizens.attempt(name, { ...MOH, recipient: 'constructor' }, person);
    expect(nobody.reason, name).toBe('NOTHING_TO_WITHDRAW');
  }
  const given = await citizens.grant({ recipients: ['__proto__'], purposes: ['constructor'], fieldIds: [1] }, person);
  expect(given.reason).toBe('CONSENT_NOT_AGREED');
  expect((await citizens.call('listConsents', {}, person)).receipts).toEqual([]);
});

test('the ids of what persons asked and officers decided begin with its time', async () => {
  const { all, untimely } = await kindsInLog(gateway.database.pool);
  for (const kind of ['WITHDRAWAL', 'ACKNOWLEDGEMENT', 'UNARY']) expect(all).toContain(kind);
  expect(untimely).toEqual(new Set());
});
