/** Two officers against one: what takes two is not done by one, whatever that one signs, repeats, re-keys or writes by SQL. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { actBytes } from '../../gateway/acts/act.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { agreementBytes } from '../../gateway/policy/agreement.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import { AdminService, ListOfficersResponseSchema, ProposalKind } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { fingerprintOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf } from '../support/gateway-agreements.ts';
import { callOpen, contextOf, newRequestId } from '../support/gateway-calls.ts';
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
  signatureOf,
  together,
} from '../support/gateway-officers.ts';
import { openTestStream, startJob } from '../support/gateway-stream.ts';
import { withinLooks } from '../support/looks.ts';

const { method } = AdminService;

let gateway: TestGateway;
let first: Officer;
let second: Officer;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  first = officerOf(gateway, 'dev-officer-1');
  second = officerOf(gateway, 'dev-officer-2');
});
afterAll(() => gateway?.stop());

const mark = () => randomBytes(32).toString('base64url');

async function createAct(
  code: string,
  roles: readonly ('proposer' | 'approver' | 'auditor' | 'security')[],
  person = mark(),
) {
  const holder = await newHolder(gateway, 'officer', code);
  const { signingKey, der, proof } = holder;
  const body = actOf(gateway, {
    ...{ kind: 'officer.create', code, person, roles, certificate: der, proof },
    key: signingKey.publicJwk,
  });
  return { body, holder };
}

async function newOfficer(code: string, roles: readonly ('proposer' | 'approver' | 'auditor' | 'security')[]) {
  const { body, holder } = await createAct(code, roles);
  await together(first, second, body);
  const officer = officerWith(gateway, code, holder);
  await withinLooks(async () => expect((await officer.caller.attempt(method.listOfficers, {})).code).toBe(0));
  return officer;
}

async function admitAct(agency: string, certificateOf = agency) {
  const own = await newHolder(gateway, 'agency', agency);
  const holder = certificateOf === agency ? own : { ...own, ...(await newHolder(gateway, 'agency', certificateOf)) };
  const body = actOf(gateway, {
    ...{ kind: 'agency.admit', agency, legal_entity: 'LE-NEW', name_vi: 'Cơ quan mới', name_en: 'New agency' },
    ...{ certificate: holder.der, key: own.signingKey.publicJwk, proof: own.proof },
  });
  return { body, holder: { ...holder, signingKey: own.signingKey } };
}

const bar = (what: 'agency' | 'certificate' | 'key' | 'officer' | 'agreement', subject: string) =>
  actOf(gateway, { kind: 'bar', what, subject });
const logged = (event: string) =>
  gateway
    .logged()
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { event?: string; problem?: string })
    .filter((line) => line.event === event);

describe('what takes two', () => {
  test('an agency is admitted by two officers, and calls within two seconds', async () => {
    const { body, holder } = await admitAct('new-agency');
    const agency = gateway.raw({ ...gateway.identity('moh'), agency: 'new-agency', ...holder });
    expect((await agency.attempt(PersonService.method.getPerson, { personalId: '901085000017' })).reason).toBe(
      'CERTIFICATE_UNKNOWN',
    );
    await together(first, second, body);
    // It is let in, and has no agreement yet.
    await withinLooks(async () =>
      expect(
        (
          await agency.attempt(PersonService.method.getPerson, {
            personalId: '901085000017',
            readMask: { paths: ['full_name'] },
          })
        ).reason,
      ).toBe('NOT_AGREED'),
    );
    // Its certificate with another agency's key is nobody.
    const stolen = gateway.raw({ ...gateway.identity('moh'), certificate: holder.certificate, key: holder.key });
    expect((await stolen.attempt(PersonService.method.getPerson, { personalId: '901085000017' })).reason).toBe(
      'KEY_UNKNOWN',
    );
  });

  test('a further key overlaps, the old one retires, and a barred certificate is out within two seconds', async () => {
    const { body, holder } = await admitAct('rotating');
    await together(first, second, body);
    const call = (signingKey = holder.signingKey) =>
      gateway
        .raw({ ...gateway.identity('moh'), agency: 'rotating', ...holder, signingKey })
        .attempt(PersonService.method.getPerson, { personalId: '901085000017', readMask: { paths: ['full_name'] } });
    await withinLooks(async () => expect((await call()).reason).toBe('NOT_AGREED'));
    const next = await newHolder(gateway, 'agency', 'rotating');
    const inDays = (days: number) => Math.floor(Date.now() / 1000 + days * 86_400);
    const added = (one: typeof next, until: number) =>
      actOf(gateway, {
        ...({ kind: 'key.add', agency: 'rotating', key_until: until } as const),
        ...{ key: one.signingKey.publicJwk, proof: one.proof },
      });
    const ended = await newHolder(gateway, 'agency', 'rotating');
    await together(second, first, added(ended, inDays(0) + 10));
    await together(second, first, added(next, inDays(20)));
    await withinLooks(async () => expect((await call(next.signingKey)).reason).toBe('NOT_AGREED'));
    expect((await call()).reason).toBe('NOT_AGREED');
    const retired = actOf(gateway, { kind: 'key.retire', agency: 'rotating', kid: holder.signingKey.kid });
    expect((await revoke(first, retired)).code).toBe(0);
    await withinLooks(async () => expect((await call()).reason).toBe('KEY_UNKNOWN'));
    expect((await call(next.signingKey)).reason).toBe('NOT_AGREED');
    // Read before the one that counts. Of the ends to come its agency is told.
    await vi.waitFor(async () => expect((await call(ended.signingKey)).reason).toBe('KEY_UNKNOWN'), {
      timeout: 10_000,
    });
    const asker = gateway.raw({ ...gateway.identity('moh'), agency: 'rotating', ...holder });
    const { message: info } = await callOpen(asker, ServerService.method.getServerInfo, {});
    expect(info?.ending).toMatchObject([{ what: 'signing_key', subject: next.signingKey.kid, withinDays: 30 }]);
    const { message: agencies } = await first.caller.call(method.listAgencies, {});
    const untils = agencies.agencies.find(({ code }) => code === 'rotating')?.keys.map(({ until }) => until > 0n);
    expect(untils).toEqual([false, true, true]);
    expect((await revoke(first, bar('certificate', fingerprintOf(holder.certificate)))).code).toBe(0);
    await withinLooks(async () => expect((await call(next.signingKey)).reason).toBe('REVOKED'));
  });

  test.each([
    ['by its proposer', async (body: Uint8Array) => approve(first, body), 'OFFICER_NOT_INDEPENDENT'],
    [
      "with the proposer's own signature",
      async (body: Uint8Array) => approve(second, body, signatureOf(first, body)),
      'OFFICER_SIGNATURE_WRONG',
    ],
    [
      'with a signature over another digest',
      async (body: Uint8Array) => approve(second, body, signatureOf(second, body, { digest: mark() })),
      'OFFICER_SIGNATURE_WRONG',
    ],
    [
      "with a signature in the other's name",
      async (body: Uint8Array) => approve(second, body, signatureOf(second, body, { claimed: 'dev-officer-1' })),
      'OFFICER_SIGNATURE_WRONG',
    ],
    [
      'with an old signature',
      async (body: Uint8Array) =>
        approve(second, body, signatureOf(second, body, { iat: Math.floor(Date.now() / 1000) - 120 })),
      'OFFICER_SIGNATURE_WRONG',
    ],
  ])('a proposal is not approved %s', async (_, attempt, reason) => {
    const { body } = await admitAct(`never-${randomBytes(4).toString('hex')}`);
    expect((await propose(first, body)).code).toBe(0);
    expect((await attempt(body)).reason).toBe(reason);
    expect((await approve(second, body)).code).toBe(0);
  });

  test('an approval is good for one proposal, once', async () => {
    const [one, other] = [await admitAct('once-a'), await admitAct('once-b')];
    await together(first, second, one.body);
    expect((await approve(second, one.body)).reason).toBe('PROPOSAL_STATE');
    expect((await propose(first, other.body)).code).toBe(0);
    expect((await approve(second, other.body, signatureOf(second, one.body))).reason).toBe('OFFICER_SIGNATURE_WRONG');
    expect((await first.caller.attempt(method.reject, { digest: digestOf(other.body) })).code).toBe(0);
    expect((await approve(second, other.body)).reason).toBe('PROPOSAL_STATE');
    expect((await propose(first, other.body)).reason).toBe('PROPOSAL_STATE');
    expect((await approve(second, actOf(gateway, { kind: 'bar', what: 'key', subject: 'nobody' }))).reason).toBe(
      'PROPOSAL_UNKNOWN',
    );
  });

  test('what is proposed must be able to count: certificate, proof, deployment, state', async () => {
    const fields = async (body: Uint8Array) =>
      (await propose(first, body)).refusal?.violations.map(({ field, rule }) => `${field} ${rule}`);
    expect(await fields(new TextEncoder().encode('{"kind":"bar"}'))).toEqual(['body FORMAT']);
    expect(
      await fields(actBytes({ ...JSON.parse(Buffer.from(bar('key', 'x')).toString()), deployment: 'another-one' })),
    ).toEqual(['body.deployment INCONSISTENT']);
    // Spelt otherwise than calls are compared with it, a bar would bar nothing.
    for (const [what, subject] of [
      ...(['A'.repeat(64), 'a'.repeat(63), 'abcd'] as const).map((one) => ['certificate', one] as const),
      ...([
        ['key', 'xyz123'],
        ['agency', 'MOH'],
        ['agreement', 'A:1'],
      ] as const),
    ] as const) {
      expect(await fields(bar(what, subject)), `${what} ${subject}`).toEqual(['body.subject FORMAT']);
    }
    const now = Math.floor(Date.now() / 1000);
    const { signingKey, proof } = await newHolder(gateway, 'agency', 'moh');
    const ended = { kind: 'key.add', agency: 'moh', key: signingKey.publicJwk, proof, key_until: now - 1 } as const;
    expect(await fields(actOf(gateway, ended))).toEqual(['body.key_until RANGE']);
    const lost = { kind: 'bar', what: 'key', subject: signingKey.kid, compromised_from: now + 3600 } as const;
    expect(await fields(actOf(gateway, lost))).toEqual(['body.compromised_from RANGE']);
    const foreign = await newHolder(gateway, 'agency', 'proofless');
    const own = await newHolder(gateway, 'agency', 'other');
    const proofless = actOf(gateway, {
      ...{ kind: 'key.add', agency: 'proofless', key: foreign.signingKey.publicJwk, proof: own.proof },
    });
    expect(await fields(proofless)).toEqual(['body.proof INCONSISTENT']);
    // A certificate of the agency's own CA that names another agency.
    const { body } = await admitAct('not-mine', 'viettel');
    expect(await fields(body)).toEqual(['body.certificate INCONSISTENT']);
    const act = (own: Parameters<typeof actOf>[1]) => actOf(gateway, own);
    const roles = (code: string) => act({ kind: 'officer.roles', code, roles: ['support'] });
    expect(await fields(roles('nobody'))).toEqual(['body.code UNKNOWN_VALUE']);
    expect((await propose(first, roles(first.code))).reason).toBe('OFFICER_NOT_INDEPENDENT');
    const [one, again] = [await admitAct('there'), await admitAct('there')];
    // Found at the approval where it came in between.
    expect((await propose(first, again.body)).code).toBe(0);
    await together(first, second, one.body);
    expect(await fields((await admitAct('there')).body)).toEqual(['body.agency THERE_ALREADY']);
    expect((await approve(second, again.body)).refusal?.violations).toMatchObject([
      { field: 'body.agency', rule: 'THERE_ALREADY' },
    ]);
    expect((await revoke(first, bar('agency', 'there'))).code).toBe(0);
    const late = await newHolder(gateway, 'agency', 'there');
    const added = act({ kind: 'key.add', agency: 'there', key: late.signingKey.publicJwk, proof: late.proof });
    expect([await fields(added), await fields(bar('agency', 'there'))]).toEqual([
      ['body.agency OVER'],
      ['body.subject OVER'],
    ]);
  });
});

test('a stream that sends nothing ends within two seconds of its agency being barred', async () => {
  const mobifone = gateway.raw('mobifone');
  const stream = openTestStream(mobifone, await startJob(mobifone));
  await stream.open();
  expect((await revoke(second, bar('agency', 'mobifone'))).code).toBe(0);
  let end: object | undefined;
  stream.ended.then((ended) => {
    end = ended;
  });
  await withinLooks(async () => {
    // By calls of somebody else: the stream itself sends nothing.
    await first.caller.attempt(method.listOfficers, {});
    expect(end).toMatchObject({ reason: 'REVOKED' });
  });
});

test('what a key in other hands asked for proves nothing from then on, in the log’s report and of each call', async () => {
  const vinaphone = gateway.raw('vinaphone');
  const [before, after] = [newRequestId(), newRequestId()];
  const ask = (requestId: string) =>
    vinaphone.attempt(VerificationService.method.verifyPerson, {
      ...{ idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' },
      context: contextOf(vinaphone.identity, requestId),
    });
  expect((await ask(before)).code).toBe(0);
  await sleep(1_100);
  const since = Math.floor(Date.now() / 1000);
  expect((await ask(after)).code).toBe(0);
  const { kid } = vinaphone.identity.signingKey;
  const lost = actOf(gateway, { kind: 'bar', what: 'key', subject: kid, compromised_from: since });
  expect((await revoke(second, lost)).code).toBe(0);
  let askedSince = 1;
  await withinLooks(async () => {
    const { reason } = await ask(newRequestId());
    if (reason !== 'KEY_UNKNOWN') askedSince += 1;
    expect(reason).toBe('KEY_UNKNOWN');
  });

  const run = async (...args: string[]) => {
    const { stdout } = await runCaptured([...args, '--config', gateway.deployment.configPath]);
    return stdout;
  };
  const [report, text] = [await run('audit', 'verify', '--json'), await run('audit', 'verify')];
  expect(JSON.parse(report)).toMatchObject({
    findings: [],
    uncounted: [{ key: kid, agency: 'vinaphone', entries: askedSince }],
  });
  expect(text).toContain(`${askedSince} entries, from position`);
  const evidence = async (id: string) =>
    (JSON.parse(await run('request', 'show', id, '--json')) as { entries: { evidence: boolean }[] }).entries[0]
      ?.evidence;
  expect([await evidence(before), await evidence(after)]).toEqual([true, false]);
  expect(await run('request', 'show', after)).toContain('does not prove that vinaphone asked');
});

describe('officers', () => {
  test('an agency is no officer, and an officer calls under the own name and key', async () => {
    expect((await gateway.raw('moh').attempt(method.listOfficers, {})).reason).toBe('NOT_AGREED');
    const mixed = officerWith(gateway, 'dev-officer-2', {
      ...{ certificate: first.identity.certificate ?? '', key: first.identity.key ?? '' },
      signingKey: first.identity.signingKey,
    });
    expect((await mixed.caller.attempt(method.listOfficers, {})).reason).toBe('ROLE_MISSING');
    const borrowed = officerWith(gateway, 'dev-officer-1', {
      ...{ certificate: first.identity.certificate ?? '', key: first.identity.key ?? '' },
      signingKey: second.identity.signingKey,
    });
    expect((await borrowed.caller.attempt(method.listOfficers, {})).reason).toBe('KEY_UNKNOWN');
  });

  test('is one natural person, with the roles given and no others', async () => {
    const person = mark();
    const { body } = await createAct('person-a', ['auditor'], person);
    await together(first, second, body);
    const again = await createAct('person-b', ['auditor'], person);
    expect((await propose(first, again.body)).refusal?.violations).toMatchObject([
      { field: 'body.person', rule: 'REPEATED' },
    ]);
    const auditor = await newOfficer('only-auditor', ['auditor']);
    expect((await propose(auditor, bar('agency', 'bank-demo'))).reason).toBe('ROLE_MISSING');
    expect((await revoke(auditor, bar('agency', 'bank-demo'))).reason).toBe('ROLE_MISSING');
    const open = (await admitAct('for-roles')).body;
    expect((await propose(first, open)).code).toBe(0);
    expect((await approve(auditor, open)).reason).toBe('ROLE_MISSING');
    await together(first, second, actOf(gateway, { kind: 'officer.roles', code: 'only-auditor', roles: ['proposer'] }));
    expect((await propose(auditor, (await admitAct('by-auditor')).body)).code).toBe(0);
  });

  test('who created an officer does not count for two with them, nor who gave one a new key', async () => {
    const created = await newOfficer('created', ['proposer', 'approver']);
    const { body } = await admitAct('by-created');
    expect((await propose(created, body)).code).toBe(0);
    expect((await approve(first, body)).reason).toBe('OFFICER_NOT_INDEPENDENT');
    expect((await approve(second, body)).reason).toBe('OFFICER_NOT_INDEPENDENT');
    const { message } = await first.caller.call(method.listOfficers, {});
    expect(message.officers.find(({ code }) => code === 'created')?.notWith).toEqual([
      'dev-officer-1',
      'dev-officer-2',
    ]);
    // One who was made by the same two may: neither made the other.
    const peer = await newOfficer('peer', ['approver']);
    expect((await approve(peer, body)).code).toBe(0);

    const holder = await newHolder(gateway, 'officer', 'created');
    const rekey = actOf(gateway, {
      ...{ kind: 'officer.rekey', code: 'created', certificate: holder.der, proof: holder.proof },
      key: holder.signingKey.publicJwk,
    });
    expect((await propose(created, rekey)).reason).toBe('OFFICER_NOT_INDEPENDENT');
    const waiting = (await admitAct('by-old-key')).body;
    expect((await propose(created, waiting)).code).toBe(0);
    const body2 = actBytes({
      ...JSON.parse(Buffer.from(rekey).toString()),
      act: randomBytes(16).toString('base64url'),
    });
    await together(first, second, body2);
    const renewed = officerWith(gateway, 'created', holder);
    await withinLooks(async () => expect((await renewed.caller.attempt(method.listOfficers, {})).code).toBe(0));
    // What the old key signed does not count for whoever approves it now.
    expect((await approve(peer, waiting)).refusal?.violations).toMatchObject([
      { field: 'proposer', rule: 'SIGNED_NO_MORE' },
    ]);
    // The old certificate and key are no one's any more.
    expect((await created.caller.attempt(method.listOfficers, {})).reason).toBe('CERTIFICATE_UNKNOWN');
  });

  test('beyond five bars an hour one officer needs a second', async () => {
    const guard = await newOfficer('guard', ['security']);
    const lost = (n: number) => bar('key', Buffer.alloc(32, n).toString('base64url'));
    for (let n = 0; n < 5; n++) expect((await revoke(guard, lost(n))).code).toBe(0);
    const sixth = lost(5);
    expect((await revoke(guard, sixth)).reason).toBe('SECOND_OFFICER_NEEDED');
    expect((await propose(guard, sixth)).code).toBe(0);
    const peer = await newOfficer('guard-peer', ['approver']);
    expect((await approve(peer, sixth)).code).toBe(0);
  });
});

describe('agreements', () => {
  const ethnicity = () =>
    gateway.raw('moh').attempt(PersonService.method.getPerson, {
      personalId: '901085000017',
      readMask: { paths: ['ethnicity'] },
    });

  test('a version that two approved is in force within two seconds, and a bar ends it as fast', async () => {
    expect((await ethnicity()).reason).toBe('FIELD_NOT_GRANTED');
    const now = await agreementOf('moh');
    const statute = { use: ['release'], basis: 'statute', article: 'Luật 91/2025, art. 19.1' } as const;
    const agreement = { ...now, version: now.version + 1, fields: { ...now.fields, 9: statute } };
    const body = agreementBytes(agreement);
    const proposal = { kind: ProposalKind.AGREEMENT, body, signature: agreementSignatureOf(first, agreement) };
    await first.caller.call(method.propose, proposal);
    const approval = { digest: digestOf(body), signature: agreementSignatureOf(first, agreement) };
    expect((await first.caller.attempt(method.approve, approval)).reason).toBe('OFFICER_NOT_INDEPENDENT');
    // Signed as an act is not signed as an agreement.
    expect((await approve(second, body)).reason).toBe('OFFICER_SIGNATURE_WRONG');
    expect((await ethnicity()).reason).toBe('FIELD_NOT_GRANTED');
    const { message } = await second.caller.call(method.getProposal, { digest: digestOf(body) });
    expect(Buffer.from(message.current).equals(agreementBytes(now))).toBe(true);
    await second.caller.call(method.approve, { ...approval, signature: agreementSignatureOf(second, agreement) });
    await withinLooks(async () => expect((await ethnicity()).code).toBe(0));

    // Never edited in place.
    const edited = { ...agreement, citation: 'Luật 91/2025' };
    const again = await first.caller.attempt(method.propose, {
      ...{ kind: ProposalKind.AGREEMENT, body: agreementBytes(edited) },
      signature: agreementSignatureOf(first, edited),
    });
    expect(again.refusal?.violations).toMatchObject([{ field: 'body.version', rule: 'RANGE' }]);
    expect((await revoke(second, bar('agreement', agreement.id))).code).toBe(0);
    await withinLooks(async () => expect((await ethnicity()).reason).toBe('NOT_AGREED'));
  });
});

/** As somebody writes it into the tables: proposed by the first, decided by the second, whoever signed. */
async function insert(
  body: Uint8Array,
  kind: 'act' | 'agreement',
  one: string,
  other: string | null,
  outcome = 'approved',
) {
  const { pool } = gateway.database;
  await pool.query('INSERT INTO act (digest, kind, body, officer, signature) VALUES ($1, $2, $3, $4, $5)', [
    ...[digestOf(body), kind, Buffer.from(body), first.code, one],
  ]);
  await pool.query('INSERT INTO act_decision (digest, outcome, officer, signature) VALUES ($1, $2, $3, $4)', [
    ...[digestOf(body), outcome, second.code, other],
  ]);
}

describe('a limit of an agreement', () => {
  const ID = 'bhxh-insured-record';
  const part = { agreement: ID, version: 2, limit: 'rows_per_day' } as const;
  const until = () => Math.floor(Date.now() / 1000) + 3_600;
  const raise = (from: number, to: number, own: object = {}) =>
    actOf(gateway, { kind: 'limit.raise', ...part, from, to, until: until(), ...own });
  const read = () =>
    gateway.raw('bhxh').attempt(PersonService.method.getPerson, {
      ...{ personalId: '901085000017', readMask: { paths: ['full_name'] } },
    });
  const told = async () => {
    const { message } = await callOpen(gateway.raw('bhxh'), ServerService.method.getServerInfo, {});
    const [own] = message?.agreements ?? [];
    return { rows: Number(own?.rowsPerDay), changed: own?.changedLimits ?? [], ending: message?.ending ?? [] };
  };
  const wrongOf = async (body: Uint8Array) =>
    (await propose(first, body)).refusal?.violations.map(({ field, rule }) => `${field} ${rule}`);

  test('is lowered by one officer at once, raised by two within two seconds, and by nobody alone', async () => {
    const agreed = (await told()).rows;
    const limiter = await newOfficer('limiter', ['security', 'proposer', 'approver']);
    expect((await read()).quotas).toMatchObject({ DAY_ROWS: agreed - 1 });
    const lower = actOf(gateway, { kind: 'limit.lower', ...part, from: agreed, to: 1 });
    expect((await revoke(limiter, lower)).code).toBe(0);
    expect((await revoke(limiter, lower)).reason, 'the same act is done once').toBe('PROPOSAL_STATE');
    await withinLooks(async () => expect(await told()).toMatchObject({ rows: 1 }));
    await withinLooks(async () => expect((await read()).reason).toBe('LIMITED'));

    // One alone, by the call that takes away and by SQL; one twice; and two of whom one made the other.
    const alone = raise(1, agreed * 2);
    expect((await revoke(limiter, alone)).reason).toBe('SECOND_OFFICER_NEEDED');
    const [byOne, twice] = [raise(1, agreed * 2), raise(1, agreed * 2)];
    await insert(byOne, 'act', signatureOf(first, byOne), null, 'alone');
    await insert(twice, 'act', signatureOf(first, twice), signatureOf(first, twice));
    await withinLooks(async () => {
      const { message } = await first.caller.call(method.listAgreements, {});
      const problems = [byOne, twice].map(
        (body) => message.ignored.find(({ digest }) => digest === digestOf(body))?.problem,
      );
      expect(problems).toEqual(['NOT_ALONE', 'SAME_OFFICER']);
    });
    expect((await propose(limiter, alone)).code).toBe(0);
    expect((await approve(first, alone)).reason).toBe('OFFICER_NOT_INDEPENDENT');
    await sleep(1_200);
    expect([(await told()).rows, (await read()).reason]).toEqual([1, 'LIMITED']);

    const body = raise(1, 20);
    await together(first, second, body);
    await withinLooks(async () => expect((await read()).code).toBe(0));
    expect(await told()).toMatchObject({
      rows: 20,
      changed: [{ limit: 'rows_per_day', agreed: BigInt(agreed), most: 20n }],
      ending: [{ what: 'raised_limit', subject: `${ID}:${part.version} rows_per_day`, withinDays: 7 }],
    });
    const profile = gateway.deployment.profiles.bhxh ?? '';
    expect((await runCaptured(['quota', 'show', '--profile', profile])).stdout).toMatch(/rows_per_day is 20\s+until/);
    const { message } = await first.caller.call(method.listProposals, {});
    expect(message.proposals.find(({ digest }) => digest === digestOf(body))).toMatchObject({
      ...{ act: 'limit.raise', subject: `${ID}:${part.version} rows_per_day` },
    });
    expect(await wrongOf(raise(1, 30))).toEqual(['body.from INCONSISTENT']);
    expect((await approve(second, alone)).reason, 'what it was is not what it is').toBeDefined();
  });

  test('is proposed as it is, of what there is, for a time', async () => {
    const { rows } = await told();
    const later = { until: until() + 92 * 86_400 };
    expect(await wrongOf(raise(rows, rows * 2, { agreement: 'nobody' }))).toEqual(['body.agreement UNKNOWN_VALUE']);
    expect(await wrongOf(raise(rows, rows * 2, { version: 9 }))).toEqual(['body.version INCONSISTENT']);
    expect(await wrongOf(raise(rows + 1, rows * 2))).toEqual(['body.from INCONSISTENT']);
    expect(await wrongOf(raise(rows, rows * 2, later))).toEqual(['body.until RANGE']);
    expect(await wrongOf(raise(rows, rows, { until: until() - 3_500 }))).toEqual(['body.to RANGE']);
    expect(await wrongOf(raise(5, 500, { limit: 'wrong_values_per_field' }))).toEqual(['body FORMAT']);
    const away = actOf(gateway, {
      ...{ kind: 'limit.lower', ...part, agreement: 'operator-administration', from: 5, to: 0 },
    });
    expect((await revoke(first, away)).refusal?.violations).toMatchObject([{ field: 'body.agreement' }]);
  });
});

describe('an insider with SQL', () => {
  const lastProblem = () => logged('an act of officers was refused').map(({ problem }) => problem);

  test("and one officer's key admits nobody: every such row is ignored and reported", async () => {
    const own = loadSigningKey(await generateSigningJwk());
    const tries = [
      // Signed by one twice, by an invented key, by nobody else, and "alone".
      [(body: Uint8Array) => insert(body, 'act', signatureOf(first, body), signatureOf(first, body)), 'SAME_OFFICER'],
      [
        (body: Uint8Array) => insert(body, 'act', signatureOf(first, body), signatureOf(second, body, { key: own })),
        'NOT_SIGNED',
      ],
      [(body: Uint8Array) => insert(body, 'act', signatureOf(first, body), null), 'NOT_SIGNED'],
      [(body: Uint8Array) => insert(body, 'act', signatureOf(first, body), null, 'alone'), 'NOT_ALONE'],
    ] as const;
    for (const [attempt, problem] of tries) {
      const { body, holder } = await admitAct(`sql-${randomBytes(4).toString('hex')}`);
      await attempt(body);
      await vi.waitFor(() => expect(lastProblem()).toContain(problem), { timeout: 4000 });
      const agency = gateway.raw({ ...gateway.identity('moh'), ...holder });
      expect((await agency.attempt(PersonService.method.getPerson, { personalId: '901085000017' })).reason).toBe(
        'CERTIFICATE_UNKNOWN',
      );
    }
    const { message } = await first.caller.call(method.listAgreements, {});
    expect(message.ignored.map(({ problem }) => problem)).toEqual(
      expect.arrayContaining(['SAME_OFFICER', 'NOT_ALONE']),
    );
  });

  test('does not outrun the thirty days by dating a signature ahead', async () => {
    const created = await newOfficer('patient', ['proposer', 'approver']);
    const { body } = await admitAct('by-patient');
    const later = Math.floor(Date.now() / 1000) + 31 * 86_400;
    await insert(body, 'act', signatureOf(created, body, { iat: later }), signatureOf(first, body, { iat: later }));
    await vi.waitFor(
      async () => {
        const { message } = await first.caller.call(method.listAgreements, {});
        expect(message.ignored.find(({ digest }) => digest === digestOf(body))?.problem).toBe('NOT_SIGNED');
      },
      { timeout: 4000 },
    );
  });
});

test('every call of an officer stands in the log, refused ones too', async () => {
  const { outcome } = await first.caller.call(method.listOfficers, {});
  expect(outcome.claims?.leaf).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(fromBinary(ListOfficersResponseSchema, outcome.message ?? new Uint8Array()).officers.length).toBeGreaterThan(
    2,
  );
  expect((await gateway.raw('moh').attempt(method.listOfficers, {})).claims?.leaf).toBeDefined();
});
