/** An hour-long stream is not one old permission: what decides a chunk is the agreement as it is at that moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf, replaceAgreement, withoutGrants } from '../support/gateway-agreements.ts';
import { nowSeconds } from '../support/gateway-calls.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, resultsOf, rowOf, startJob } from '../support/gateway-stream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 5 });
});
afterAll(() => gateway?.stop());

/** Another name under a number that is there: a mismatch, which the fields tell where they are granted. */
const rows = [{ ...rowOf(crowdPerson(0)), name: 'Người Khác Hẳn' }];
/** Until the gateway has read a change: it looks twice a second. */
const READ_MS = 1500;

it('a chunk is decided under the agreement that is in force when it comes, on the stream of before', async () => {
  const mobifone = gateway.raw('mobifone');
  const job = await startJob(mobifone);
  const stream = openTestStream(mobifone, job);
  await stream.open();
  stream.chunk(1, chunkPayload(1, rows));
  expect(resultsOf(await stream.answer())).toMatchObject([{ verdict: 3, id: 1, name: 2 }]);
  const now = await agreementOf('mobifone');
  await replaceAgreement(gateway, { ...now, grants: withoutGrants(now) });
  await sleep(READ_MS);
  stream.chunk(0, chunkPayload(0, Array(256).fill(rows).flat()));
  expect(resultsOf(await stream.answer()).slice(0, 1)).toMatchObject([{ verdict: 10, id: 0, name: 0, reasons: [] }]);
  stream.cancel();
});

it('an agreement whose term ends while the stream stands decides no chunk after that, though nothing was changed', async () => {
  const now = await agreementOf('vinaphone');
  const ends = nowSeconds() + 5;
  await replaceAgreement(gateway, { ...now, valid_to: ends });
  await sleep(READ_MS);
  const vinaphone = gateway.raw('vinaphone');
  const job = await startJob(vinaphone);
  const stream = openTestStream(vinaphone, job);
  await stream.open();
  stream.chunk(0, chunkPayload(0, rows));
  await stream.answer();
  await sleep((ends - nowSeconds() + 2) * 1000);
  stream.chunk(1, chunkPayload(1, rows));
  expect((await stream.ended).reason).toBe('NOT_AGREED');
});
