/** An hour-long stream is not one old permission: what decides a chunk is the agreement as it is at that moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Agreement } from '../../gateway/policy/agreement.ts';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf, replaceAgreement, withoutGrants } from '../support/gateway-agreements.ts';
import { callOpen, nowSeconds, type RawCaller } from '../support/gateway-calls.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, resultsOf, rowOf, startJob } from '../support/gateway-stream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 5 });
});
afterAll(() => gateway?.stop());

/** Another name under a number that is there: a mismatch, which the fields tell where they are granted. */
const rows = [{ ...rowOf(crowdPerson(0)), name: 'Người Khác Hẳn' }];

/** A further version of the agreement, once calls are decided under it. */
async function replaced(caller: RawCaller, agreement: Agreement): Promise<void> {
  await replaceAgreement(gateway, agreement);
  const told = async () => (await callOpen(caller, ServerService.method.getServerInfo, {})).message?.agreements;
  await expect.poll(told).toMatchObject([{ version: agreement.version + 1 }]);
  // The directory catches up a moment later; until then an answer is refused as decided under the version before.
  const { id, name, born } = crowdPerson(1);
  const asked = { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
  const code = async () => (await caller.attempt(VerificationService.method.verifyPerson, asked)).code;
  await expect.poll(code).toBe(0);
}

it('a chunk is decided under the agreement that is in force when it comes, on the stream of before', async () => {
  const mobifone = gateway.raw('mobifone');
  const job = await startJob(mobifone);
  const stream = openTestStream(mobifone, job);
  await stream.open();
  stream.chunk(1, chunkPayload(1, rows));
  expect(resultsOf(await stream.answer())).toMatchObject([{ verdict: 3, id: 1, name: 2 }]);
  const now = await agreementOf('mobifone');
  await replaced(mobifone, { ...now, grants: withoutGrants(now) });
  stream.chunk(0, chunkPayload(0, Array(256).fill(rows).flat()));
  expect(resultsOf(await stream.answer()).slice(0, 1)).toMatchObject([{ verdict: 10, id: 0, name: 0, reasons: [] }]);
  stream.cancel();
});

it('an agreement whose term ends while the stream stands decides no chunk after that, though nothing was changed', async () => {
  const now = await agreementOf('vinaphone');
  const ends = nowSeconds() + 15;
  const vinaphone = gateway.raw('vinaphone');
  await replaced(vinaphone, { ...now, valid_to: ends });
  const job = await startJob(vinaphone);
  const stream = openTestStream(vinaphone, job);
  await stream.open();
  stream.chunk(0, chunkPayload(0, rows));
  await stream.answer();
  await sleep((ends - nowSeconds() + 2) * 1000);
  stream.chunk(1, chunkPayload(1, rows));
  expect((await stream.ended).reason).toBe('NOT_AGREED');
});
