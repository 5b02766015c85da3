/** Agreements that change again and again while calls, openings and chunks are answered, by two threads: nobody's call fails of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withChanges } from '../../gateway/agencies/changes.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf } from '../support/gateway-agreements.ts';
import { PEOPLE } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

/** Fewer than a call is decided anew: however slow the machine is, none of them has to be told to come again. */
const CHANGES = 7;
const EVERY_MS = 300;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0, config: { limits: { ioThreads: 2, matchingThreads: 1 } } });
});
afterAll(() => gateway?.stop());

test('calls, openings, chunks and chunks given again are all answered while their agreements change', async () => {
  const ids = [(await agreementOf('moh')).id, (await agreementOf('viettel')).id];
  const rows = Array(256).fill(rowOf(PEOPLE.an));
  const job = await startJob(gateway.raw('viettel'), rows.length);
  const payload = chunkPayload(0, rows);
  let over = false;
  const calls = Array.from({ length: 4 }, async () => {
    const caller = gateway.raw('moh');
    const reasons: (string | undefined)[] = [];
    const ask = { personalId: '901085000017', readMask: { paths: ['full_name'] } };
    while (!over) reasons.push((await caller.attempt(PersonService.method.getPerson, ask)).reason);
    return reasons;
  });
  const streams = Array.from({ length: 4 }, async () => {
    const caller = gateway.raw('viettel');
    let opened = 0;
    for (; !over; opened += 1) {
      const stream = openTestStream(caller, job);
      await stream.open();
      stream.chunk(0, payload);
      expect((await stream.answer()).num).toBe(0);
      stream.close();
      expect((await stream.ended).reason).toBeUndefined();
    }
    return opened;
  });
  for (let n = 0; n < CHANGES; n++) {
    await withChanges(gateway.database.pool, async () =>
      ids.map((subject) => ({ kind: 'agreement', subject }) as const),
    );
    await sleep(EVERY_MS);
  }
  over = true;
  const reasons = (await Promise.all(calls)).flat();
  expect(new Set(reasons)).toEqual(new Set([undefined]));
  const opened = await Promise.all(streams);
  expect(opened.every((n) => n > 0)).toBe(true);
});
