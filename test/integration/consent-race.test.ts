/** A withdrawal is exact: against calls and chunks of two gateways, a reader who does not read, and a gateway that is frozen. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { MatterState } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { checkConsentLog } from '../support/consent/check-log.ts';
import { runStorm } from '../support/consent/storm.ts';
import { startTcpProxy } from '../support/faults/tcp-proxy.ts';
import { type GatewayProcess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { type Citizens, createCitizens } from '../support/gateway-persons.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

const USE = { recipient: 'bank-demo', purpose: 'customer-record' } as const;

let gateway: TestGateway;
let other: GatewayProcess;
let citizens: Citizens;
let callers: RawCaller[];
beforeAll(async () => {
  gateway = await startTestGateway({ people: [], crowd: 60 });
  other = await gateway.another();
  citizens = createCitizens(gateway);
  const identity = { ...gateway.identity('bank-demo'), purpose: USE.purpose };
  callers = [gateway.raw(identity), gateway.raw(identity, { port: other.port })];
});
afterAll(() => gateway?.stop());

const give = async (n: number) => {
  const person = await citizens.person(String(crowdPerson(n).id));
  const artefact = { recipients: [USE.recipient], purposes: [USE.purpose], fieldIds: [1, 2, 3] };
  expect((await citizens.grant(artefact, person)).reason).toBeUndefined();
  return person;
};

test('no answer that was asked for after the acknowledgement tells of the person, and the log has none after the withdrawal', async () => {
  const people = Array.from({ length: 12 }, (_, n) => n);
  const found = await runStorm({ seed: 20_261_129, callers, citizens, people, ...USE });
  expect(found.late).toBe(0);
  expect(found.answers).toBeGreaterThan(people.length);
  const keys = loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')));
  const log = await checkConsentLog(gateway.database.pool, keys, USE.purpose);
  expect(log).toMatchObject({ withdrawn: people.length, wrong: [] });
  expect(log.disclosed).toBeGreaterThan(0);
}, 60_000);

test('a reader who does not read is cut off: what the kernel had not taken never comes', async () => {
  const person = await give(20);
  const proxy = await startTcpProxy({ port: () => gateway.port });
  const caller = gateway.raw({ ...gateway.identity('bank-demo'), purpose: USE.purpose }, { port: proxy.port });
  const job = await startJob(caller, 4096);
  const stream = openTestStream(caller, job);
  await stream.open();
  // An answer of 90 KB, of which HTTP/2 lets 64 KB go before somebody has read.
  proxy.set({ kind: 'stall', direction: 'down', afterBytes: 20_000, ms: 8_000 });
  stream.chunk(
    0,
    chunkPayload(
      0,
      Array.from({ length: 4096 }, () => rowOf(crowdPerson(20))),
    ),
  );
  await expect.poll(() => proxy.struck, { timeout: 20_000 }).toBe(true);
  const { receipt } = await citizens.call('withdrawConsent', USE, person);
  expect(receipt?.state).toBe(MatterState.ACKNOWLEDGED);
  expect(await stream.next()).toBeUndefined();
  expect((await stream.ended).code).not.toBe(0);
  await proxy.close();
}, 60_000);

test('a frozen gateway is waited for until it was ended, and no longer', async () => {
  const person = await give(21);
  const { id, name, born } = crowdPerson(21);
  const asked = { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
  await callers[1]?.call(VerificationService.method.verifyPerson, asked);
  other.child.kill('SIGSTOP');
  const withdrawn = citizens.call('withdrawConsent', USE, person).then(({ receipt }) => receipt);
  expect(await Promise.race([withdrawn, sleep(3000, 'waits')])).toBe('waits');
  const receiptId = (await withdrawn)?.receiptId;
  const state = async () =>
    (await citizens.call('getReceipt', { receiptId }, await citizens.person(String(id)))).receipt?.state;
  await expect.poll(state, { timeout: 30_000, interval: 500 }).toBe(MatterState.ACKNOWLEDGED);
  expect(await other.stop()).toBe('SIGKILL');
}, 90_000);
