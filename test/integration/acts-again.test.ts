/** Bytes of a person's act that a channel has kept, or that another agency came by: they are the same request for a retry, and no look for ever. */
import { randomBytes } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MatterAct, matterActBytes } from '../../gateway/acts/matter-act.ts';
import { AdminService } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ConsentService, ObjectResponseSchema } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf, replaceAgreement } from '../support/gateway-agreements.ts';
import type { RawCaller, RawOutcome } from '../support/gateway-calls.ts';
import { officerOf, signatureOf } from '../support/gateway-officers.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { createCitizens } from '../support/gateway-persons.ts';

const { object } = ConsentService.method;
const MOH = { recipient: 'moh', purpose: 'patient-record', entryId: Buffer.alloc(16, 7) };

let gateway: TestGateway;
let channel: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 5 });
  channel = gateway.raw('citizen-page');
});
afterAll(() => gateway?.stop());

/** The bytes of an objection, as the channel sends them. */
async function objection(n: number, entryId = MOH.entryId): Promise<Uint8Array> {
  const citizens = createCitizens(gateway, channel);
  return citizens.request('object', { ...MOH, entryId }, [await citizens.person(String(crowdPerson(n).id))]);
}
const receiptIn = ({ message, reason }: RawOutcome) => {
  if (message === undefined) throw new Error(`refused: ${reason}`);
  return fromBinary(ObjectResponseSchema, message).receipt;
};
/** Answers are kept for so long for a retry: without one, what is asked is worked out anew. */
const forgetAnswers = () => gateway.database.pool.query('DELETE FROM request_key');

test('what officers decided later is not read by sending an old objection once more', async () => {
  const bytes = await objection(0);
  const receipt = receiptIn(await channel.sign(object, bytes));
  await forgetAnswers();
  expect(receiptIn(await channel.sign(object, bytes)), 'a retry').toMatchObject({ receiptId: receipt?.receiptId });

  const officer = officerOf(gateway, 'dev-officer-1');
  const body = matterActBytes({
    ...{ act: randomBytes(16).toString('base64url'), deployment: gateway.deployment.id, kind: 'matter.decide' },
    ...{ matter: Buffer.from(receipt?.receiptId ?? '').toString('base64url'), of: 'objection', outcome: 'rejected' },
    ...{ reason: 'statutory_duty', citation: 'Luật 91/2025, art. 19.1', text_vi: 'Bệnh viện cần.', text_en: 'Needed.' },
  } as MatterAct);
  const signature = signatureOf(officer, body);
  const decided = await officer.caller.attempt(AdminService.method.decideMatter, { body, signature });
  expect(decided.reason).toBeUndefined();
  await gateway.database.pool.query("UPDATE consent_matter SET recorded_at = recorded_at - interval '11 minutes'");
  await forgetAnswers();
  const later = await channel.sign(object, bytes);
  expect(later).toMatchObject({ reason: 'PERSON_PROOF_WRONG', message: undefined });
});

test('an objection to what was objected to before is the same request as well, and what it names is named once', async () => {
  const first = receiptIn(await channel.sign(object, await objection(2)));
  const bytes = await objection(2, Buffer.alloc(16, 8));
  for (let n = 0; n < 3; n++) expect(receiptIn(await channel.sign(object, bytes))).toEqual(first);
  // Of the act alone nothing more is made, whoever kept its bytes.
  await forgetAnswers();
  expect((await channel.sign(object, bytes)).reason).toBe('PERSON_PROOF_WRONG');
  const named = 'SELECT FROM consent_matter WHERE about_entry = $1';
  expect((await gateway.database.pool.query(named, [Buffer.alloc(16, 8)])).rowCount).toBe(1);
});

test('another agency with those bytes is told nothing of whom they are about', async () => {
  const bytes = await objection(1);
  expect(receiptIn(await channel.sign(object, bytes))?.recipient).toBe('moh');
  const rights = await agreementOf('citizen-page');
  await replaceAgreement(gateway, { ...rights, id: 'bank-demo-citizen-service', agency: 'bank-demo' });
  const bank = gateway.raw({ ...gateway.identity('bank-demo'), purpose: rights.purpose });
  const asks = async () => (await bank.sign(object, bytes)).reason;
  await expect.poll(asks, { timeout: 5000 }).not.toBe('NOT_AGREED');
  expect(await asks()).toBe('ASSERTION_INVALID');
});
