/** One officer's key in other hands, against a whole gateway: whoever has it ends the work of no other officer. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { administrationAgreement } from '../../gateway/admin/administration.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { type Agreement, agreementBytes } from '../../gateway/policy/agreement.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { AdminService, ProposalKind } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { fingerprintOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf } from '../support/gateway-agreements.ts';
import {
  actOf,
  agreementSignatureOf,
  approve,
  newHolder,
  type Officer,
  officerOf,
  officerWith,
  propose,
  revoke,
  together,
} from '../support/gateway-officers.ts';
import { PEOPLE } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

const { method } = AdminService;
const soon = { timeout: 15_000, interval: 50 };

let gateway: TestGateway;
let thief: Officer;
let profile: readonly string[];
let first: Officer;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  first = officerOf(gateway, 'dev-officer-1');
  thief = officerOf(gateway, 'dev-officer-2');
  profile = ['--profile', gateway.deployment.officers['dev-officer-1'] ?? ''];
});
afterAll(() => gateway?.stop());

const bar = (what: 'officer' | 'key' | 'certificate', subject: string, own: object = {}) =>
  actOf(gateway, { kind: 'bar', what, subject, ...own });
const answers = async ({ caller }: Officer) => (await caller.attempt(method.listOfficers, {})).code;

async function newOfficer(code: string): Promise<Officer> {
  const holder = await newHolder(gateway, 'officer', code);
  const { signingKey, der: certificate, proof } = holder;
  const person = randomBytes(32).toString('base64url');
  const roles = ['proposer', 'approver', 'security'] as const;
  const own = { code, person, roles, certificate, proof, key: signingKey.publicJwk };
  await together(first, thief, actOf(gateway, { kind: 'officer.create', ...own }));
  const officer = officerWith(gateway, code, holder);
  await vi.waitFor(async () => expect(await answers(officer)).toBe(0), soon);
  return officer;
}

async function put(agreement: Agreement, one: Officer, other: Officer) {
  const body = agreementBytes(agreement);
  const proposal = { kind: ProposalKind.AGREEMENT, body, signature: agreementSignatureOf(one, agreement) };
  const proposed = await one.caller.attempt(method.propose, proposal);
  if (proposed.code !== 0) return proposed.refusal?.violations.map(({ field, rule }) => `${field} ${rule}`);
  const approval = { digest: digestOf(body), signature: agreementSignatureOf(other, agreement) };
  return (await other.caller.attempt(method.approve, approval)).code;
}

test('a bar that names nothing in its spelling is not recorded, whoever signs it', async () => {
  for (const body of [
    bar('certificate', 'abcd'),
    bar('certificate', fingerprintOf(first.identity.certificate ?? '').toUpperCase()),
    bar('key', 'nobody'),
    bar('officer', `${thief.code}:1`),
  ]) {
    const { reason, refusal } = await revoke(first, body);
    expect([reason, refusal?.violations.map(({ field, rule }) => `${field} ${rule}`)]).toEqual([
      'PROPOSAL_WRONG',
      ['body.subject FORMAT'],
    ]);
  }
});

test('of two officers neither bars the other alone, by whatever name', async () => {
  for (const body of [
    bar('officer', first.code),
    bar('key', first.identity.signingKey.kid),
    bar('certificate', fingerprintOf(first.identity.certificate ?? '')),
    bar('officer', thief.code),
  ]) {
    expect((await revoke(thief, body)).reason).toBe('SECOND_OFFICER_NEEDED');
  }
  expect(await answers(first)).toBe(0);
});

test('the next version of the agreement of administration gives no less than the one that counts', async () => {
  const now = Math.floor(Date.now() / 1000);
  const current = administrationAgreement(now - 60);
  const next = { ...current, version: 2, valid_to: current.valid_to + 86_400 };
  const wrongs: [Partial<Agreement>, string][] = [
    [{ valid_from: now + 86_400 }, 'body.valid_from RANGE'],
    [{ valid_from: 1, valid_to: now - 1 }, 'body.valid_to RANGE'],
    [{ valid_to: now + 86_400 }, 'body.valid_to RANGE'],
    [{ methods: next.methods.slice(1) }, 'body.methods REQUIRED'],
    [{ demands: ['case_ref', 'officer_code'] }, 'body.demands UNSUPPORTED'],
    [{ limits: { ...next.limits, calls_per_minute: 0 } }, 'body.limits.calls_per_minute RANGE'],
    [{ agency: 'moh' }, 'body.agency INCONSISTENT'],
    [{ purpose: 'registration' }, 'body.purpose INCONSISTENT'],
    [{ id: 'another' }, 'body.id INCONSISTENT'],
  ];
  for (const [own, wrong] of wrongs) expect(await put({ ...next, ...own }, first, thief)).toEqual([wrong]);
  expect(await put(next, first, thief)).toBe(0);
  await vi.waitFor(async () => {
    const { message } = await first.caller.call(method.listAgreements, { agency: 'operator' });
    expect(message.agreements).toMatchObject([{ id: next.id, version: 2 }]);
  }, soon);
});

test('before an officer is barred it is said what ends with them, and afterwards that it ended so', async () => {
  const [fifth, sixth] = [await newOfficer('fifth'), await newOfficer('sixth')];
  await newOfficer('seventh');
  const now = await agreementOf('moh');
  expect(await put({ ...now, version: now.version + 1 }, fifth, sixth)).toBe(0);
  const listed = async () => (await first.caller.call(method.listAgreements, { agency: '' })).message;
  await vi.waitFor(async () => {
    const { agreements } = await listed();
    expect(agreements.find(({ id }) => id === now.id)?.standsOn).toEqual(['fifth', 'sixth']);
    expect(agreements.find(({ agency }) => agency === 'operator')?.standsOn).toEqual([]);
  }, soon);
  const barred = await runCaptured(['officer', 'bar', 'fifth', '--yes', ...profile]);
  expect([barred.code, barred.stderr]).toEqual([0, expect.stringContaining(now.id)]);
  await vi.waitFor(async () => expect((await listed()).agreements.some(({ id }) => id === now.id)).toBe(false), soon);
  expect((await listed()).ignored.filter(({ problem }) => problem === 'SIGNER_BARRED')).toHaveLength(1);
  const list = await runCaptured(['agreement', 'list', ...profile]);
  expect(list.stderr).toContain('count no longer');
  expect(list.stderr).not.toContain('past the officers');
  const status = JSON.parse((await runCaptured(['status', '--data', gateway.folder, '--json'])).stdout);
  expect(status).toMatchObject({ ignored_rows: 0, fallen_agreements: 1 });
  // Its next version is signed by two others, and nothing is left to do.
  expect(await put({ ...now, version: now.version + 2 }, first, thief)).toBe(0);
  await vi.waitFor(async () => expect((await listed()).ignored).toEqual([]), soon);
});

test('a version of next year leaves its agency the one of this year', async () => {
  const now = await agreementOf('bhxh');
  const caller = gateway.raw('bhxh');
  const mask = { paths: ['full_name'] };
  const read = () => caller.attempt(PersonService.method.getPerson, { personalId: '901085000017', readMask: mask });
  expect((await read()).code).toBe(0);
  const later = { ...now, version: now.version + 1, valid_from: Math.floor(Date.now() / 1000) + 86_400, fields: {} };
  expect(await put(later, first, thief)).toBe(0);
  await sleep(2_500);
  expect((await read()).code).toBe(0);
  const { message } = await first.caller.call(method.listAgreements, { agency: 'bhxh' });
  expect(message.agreements).toMatchObject([{ id: now.id, version: now.version }]);
  expect(message.coming).toMatchObject([{ id: now.id, version: later.version, validFrom: BigInt(later.valid_from) }]);
  const list = await runCaptured(['agreement', 'list', '--agency', 'bhxh', ...profile]);
  expect(list.stdout).toContain(`${now.id}:${later.version} is approved and begins on`);
  const elsewhere = await runCaptured(['agreement', 'list', '--agency', 'moh', '--json', ...profile]);
  expect(JSON.parse(elsewhere.stdout).coming).toEqual([]);
  const shown = (version: number) => runCaptured(['agreement', 'show', `${now.id}:${version}`, ...profile]);
  expect((await shown(now.version)).stdout).toContain(`${now.id}:${now.version} counts.`);
  expect((await shown(later.version)).stdout).toContain('until then the version before it counts');
  // It is there all the same: the next one is the one after it.
  expect(await put({ ...later, citation: 'x' }, first, thief)).toEqual(['body.version RANGE']);
});

test('while an officer is barred, on whom any agreement may stand, no call and no chunk of any agency fails', async () => {
  const leaver = await newOfficer('leaver');
  const [moh, viettel] = [gateway.raw('moh'), gateway.raw('viettel')];
  const mask = { paths: ['full_name'] };
  const rows = Array(256).fill(rowOf(PEOPLE.an));
  const job = await startJob(viettel, rows.length);
  const stream = openTestStream(viettel, job);
  await stream.open();
  let barred = false;
  const calls = Array.from({ length: 8 }, async () => {
    const reasons: (string | undefined)[] = [];
    while (!barred) {
      const outcome = await moh.attempt(PersonService.method.getPerson, { personalId: '901085000017', readMask: mask });
      reasons.push(outcome.reason);
    }
    return reasons;
  });
  const chunks = (async () => {
    let num = 0;
    for (; !barred; num += 1) {
      stream.chunk(num, chunkPayload(num, rows));
      expect((await stream.answer()).num).toBe(num);
    }
    return num;
  })();
  expect((await revoke(first, bar('officer', 'leaver'))).code).toBe(0);
  await vi.waitFor(async () => expect(await answers(leaver)).not.toBe(0), soon);
  // Agreements are looked at twice a second.
  await sleep(1_000);
  barred = true;
  const reasons = (await Promise.all(calls)).flat();
  expect(new Set(reasons)).toEqual(new Set([undefined]));
  expect([reasons.length > 8, (await chunks) > 1]).toEqual([true, true]);
  stream.cancel();
});

test('one who bars others alone is barred by two who are left, and cannot end their proposal; all goes on', async () => {
  const [third, fourth] = [await newOfficer('third'), await newOfficer('fourth')];
  for (const code of ['sixth', 'seventh']) await together(third, fourth, bar('officer', code));
  // It signed the agreement under which all of them call.
  expect((await revoke(thief, bar('officer', first.code))).code).toBe(0);
  await vi.waitFor(async () => expect(await answers(first)).not.toBe(0), soon);
  expect([await answers(third), await answers(fourth)]).toEqual([0, 0]);
  expect((await revoke(thief, bar('officer', third.code))).reason).toBe('SECOND_OFFICER_NEEDED');
  const early = { compromised_from: 1 };
  expect(
    (await revoke(thief, bar('key', first.identity.signingKey.kid, early))).refusal?.violations.map(
      ({ field }) => field,
    ),
  ).toEqual(['body.compromised_from']);

  const answer = bar('officer', thief.code);
  expect((await revoke(third, answer)).reason).toBe('SECOND_OFFICER_NEEDED');
  expect((await propose(third, answer)).code).toBe(0);
  expect((await thief.caller.attempt(method.reject, { digest: digestOf(answer) })).reason).toBe(
    'OFFICER_NOT_INDEPENDENT',
  );
  expect((await approve(fourth, answer)).code).toBe(0);
  await vi.waitFor(async () => expect(await answers(thief)).not.toBe(0), soon);
  await gateway.restart();
  // With both who signed the agreement of administration barred.
  expect([await answers(third), await answers(fourth)]).toEqual([0, 0]);
  const holder = await newHolder(gateway, 'agency', 'later');
  const admit = actOf(gateway, {
    ...{ kind: 'agency.admit', agency: 'later', legal_entity: 'LE-LATER', name_vi: 'x', name_en: 'x' },
    ...{ certificate: holder.der, key: holder.signingKey.publicJwk, proof: holder.proof },
  });
  await together(third, fourth, admit);
});
