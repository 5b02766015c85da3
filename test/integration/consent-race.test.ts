/**
 * A withdrawal is exact: against calls and chunks of two gateways, a reader who does not read, and a gateway that is frozen. The short
 * form of the withdrawals in `npm run soak`.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultPoint } from '../../gateway/faults/point.ts';
import { RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
import {
  Verdict,
  VerificationService,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import seeds from '../soak/seeds.json' with { type: 'json' };
import { createInsistence } from '../support/consent/insist.ts';
import { judgeLog, movedBefore, unseenIn } from '../support/consent/judge-log.ts';
import type { LogEvent } from '../support/consent/log-events.ts';
import { MANY, problemsOf, runStorm } from '../support/consent/storm.ts';
import { hold, isStopped } from '../support/consent/storm-freeze.ts';
import { openStormWorld, type StormWorld } from '../support/consent/storm-world.ts';
import { startTap } from '../support/consent/tap.ts';
import { type GatewayProcess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { type ActingCitizen, type Citizens, createCitizens } from '../support/gateway-persons.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

const { verifyPerson } = VerificationService.method;
const STORM = 9;
/** Met only by what hangs: a storm waits for what it is made of, and gives up by itself before. */
const STORM_TIMEOUT = 300_000;
const KEPT = seeds.filter(({ scenario }) => scenario === 'withdrawals');

let gateway: TestGateway;
let world: StormWorld;
let citizens: Citizens;
let insistence: ReturnType<typeof createInsistence>;
let people = 0;
beforeAll(async () => {
  gateway = await startTestGateway({ people: [], crowd: 40 + KEPT.length * MANY, armed: true });
  world = await openStormWorld(gateway);
  const channel = gateway.raw('citizen-page');
  citizens = createCitizens(gateway, channel);
  insistence = createInsistence({ citizens, channel });
});
afterAll(() => world?.close());

/** So many of the crowd whom nobody had before. */
const some = (count: number): number[] => Array.from({ length: count }, () => people++);
const recipient = () => ({ ...gateway.identity(world.use.recipient), purpose: world.use.purpose });
/** One more, who has given a consent. */
async function another(): Promise<{ n: number; person: ActingCitizen }> {
  const [n = 0] = some(1);
  const person = await citizens.person(String(crowdPerson(n).id));
  const { recipient: to, purpose } = world.use;
  expect((await citizens.grant({ recipients: [to], purposes: [purpose], fieldIds: [1, 2, 3] }, person)).code).toBe(0);
  return { n, person };
}
function verifyBytes({ identity }: RawCaller, n: number): Uint8Array {
  const { id, name, born } = crowdPerson(n);
  const asked = { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
  return requestBytes(identity, verifyPerson.input, asked);
}
/** So many rows, all of this person. */
const rowsOf = (n: number, count: number) => Array.from({ length: count }, () => rowOf(crowdPerson(n)));

/** Freezes a gateway at a place by asking it of this person; with what was asked there. */
async function holdAt(point: FaultPoint, process: GatewayProcess, n: number) {
  const caller = gateway.raw(recipient(), { port: process.port });
  const holding = hold({ point, hit: 1 }, process, () => false);
  for (;;) {
    // A thread may not have heard yet where it is to stand.
    const answer = caller.sign(verifyPerson, verifyBytes(caller, n));
    const held = await Promise.race([holding, answer.then(() => undefined)]);
    if (held !== undefined) return { held, answer };
  }
}

test(
  'nothing that tells of a person is asked for, handed to the kernel or logged after the acknowledgement',
  async () => {
    const storm = await runStorm(world, { seed: 20_261_157, people: some(STORM), freeze: 'for a moment' });
    expect(problemsOf(storm)).toEqual([]);
    const { withdrawConsent, restrict, object, lifted } = storm.taken;
    // Everybody once, and again who had given it back; of each kind there is one at least, whatever the seed.
    const taken = STORM + lifted;
    expect(withdrawConsent + restrict + object).toBe(taken);
    expect([restrict, object, lifted]).not.toContain(0);
    const { events, found } = await world.lookAtLog();
    expect(found).toMatchObject({ taken, pending: 0, wrong: [] });
    expect(unseenIn(events)).toEqual([]);
  },
  STORM_TIMEOUT,
);

test.each(KEPT)(
  'nor in the storm of seed $seed: $found',
  async ({ seed }) => {
    const storm = await runStorm(world, { seed, people: some(MANY), freeze: 'for good' });
    expect(problemsOf(storm)).toEqual([]);
    await world.revive();
    expect((await world.lookAtLog()).found).toMatchObject({ pending: 0, wrong: [] });
  },
  STORM_TIMEOUT,
);

describe('the log is read as what happened', () => {
  const ways = ['withdrawConsent', 'restrict', 'object'] as const;

  test.each(ways)('and a disclosure after “%s” would be found, also one that is given again', async (way) => {
    await world.lookAtLog();
    const { n, person } = await another();
    const caller = gateway.raw(recipient());
    const call = verifyBytes(caller, n);
    const job = await startJob(caller);
    const stream = openTestStream(caller, job);
    await stream.open();
    const chunk = chunkPayload(0, rowsOf(n, 3));
    const callOnce = async () => expect((await caller.sign(verifyPerson, call)).message).toBeDefined();
    const chunkOnce = async () => {
      stream.chunk(0, chunk);
      await stream.answer();
    };
    for (const ask of [callOnce, callOnce, chunkOnce, chunkOnce, chunkOnce]) await ask();
    await insistence.acknowledged(person, (await insistence.insist(way, world.use, person)).receipt);
    for (const ask of [callOnce, chunkOnce]) await ask();
    stream.cancel();

    const { events, found } = await world.lookAtLog();
    expect(found).toMatchObject({ pending: 0, wrong: [] });
    const took = way === 'withdrawConsent' ? 'withdrawn' : 'rested';
    const [given, called, calledAgain, chunked, marked, markedAgain, taken, acknowledged, lessCalled, lessChunked] =
      events as [LogEvent, ...LogEvent[]];
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['given', 'told', 'told again', 'told', 'told again', 'told again'],
      ...[took, 'acknowledged', 'told again', 'told again'],
    ]);
    const { person: personNo } = given as Extract<LogEvent, { kind: 'given' }>;
    expect([called, chunked]).toEqual([
      expect.objectContaining({ people: [personNo] }),
      expect.objectContaining({ people: [personNo] }),
    ]);
    const digestOf = (event?: LogEvent) => (event as Extract<LogEvent, { kind: 'told' | 'told again' }>).digest;
    expect(digestOf(calledAgain)).toBe(digestOf(called));
    expect(digestOf(markedAgain)).toBe(digestOf(marked));
    expect([digestOf(called), digestOf(marked)]).not.toContain(digestOf(lessCalled));
    expect([digestOf(chunked), digestOf(marked)]).not.toContain(digestOf(lessChunked));

    for (const late of [called, calledAgain, chunked, markedAgain] as LogEvent[]) {
      const { wrong } = judgeLog(movedBefore(events, taken as LogEvent, late));
      expect(wrong[0]).toEqual({ idx: late.idx, fault: 'NOT_COVERED' });
    }
    expect(judgeLog(movedBefore(events, acknowledged as LogEvent, taken as LogEvent))).toMatchObject({
      ...{ pending: 1, wrong: [{ fault: 'NOTHING_ACKNOWLEDGED' }] },
    });
  });

  test('and people who do not open are found', async () => {
    const connection = await gateway.database.pool.connect();
    try {
      await connection.query('BEGIN');
      expect(judgeLog(await world.readWholeLog(connection)).wrong).toEqual([]);
      await connection.query("UPDATE log_entry SET persons = persons || '\\x00' WHERE agency = 'bank-demo'");
      const { wrong } = judgeLog(await world.readWholeLog(connection));
      expect(new Set(wrong.map(({ fault }) => fault))).toEqual(new Set(['SEALED']));
    } finally {
      await connection.query('ROLLBACK');
      connection.release();
    }
  });
});

test('an answer that was made before the withdrawal and is recorded after it says that consent is missing', async () => {
  const { n, person } = await another();
  const [, other] = world.processes();
  const { held, answer } = await holdAt('leaves', other, n);
  const taking = insistence.insist('withdrawConsent', world.use, person);
  const waits = async () => (await gateway.database.pool.query('SELECT FROM consent_pending')).rows.length;
  await expect.poll(waits, { timeout: 30_000 }).toBe(1);
  await held.release();
  const { message } = await answer;
  // None where the gateway was frozen for so long that it was ended.
  const verdict = message && fromBinary(VerifyPersonResponseSchema, message).verdict;
  expect([undefined, Verdict.CONSENT_MISSING]).toContain(verdict);
  await insistence.acknowledged(person, (await taking).receipt);
  await world.revive();
  expect((await world.lookAtLog()).found).toMatchObject({ pending: 0, wrong: [] });
});

/** A stream whose answers nobody reads from its first chunk on, which is about this person. */
async function openStanding(n: number) {
  const { ca, certificate = '', key = '' } = recipient();
  const tap = await startTap({ ...{ port: gateway.port, ca, certificate, key }, connection: () => 0 });
  const caller = gateway.raw(recipient(), { port: tap.port, clear: true });
  const job = await startJob(caller, 4096);
  const stream = openTestStream(caller, job);
  await stream.open();
  // An answer of 90 KB, of which HTTP/2 lets 64 KB go before somebody has read.
  tap.stall(20_000);
  stream.chunk(0, chunkPayload(0, rowsOf(n, 4096)));
  await expect.poll(() => tap.stalled, { timeout: 20_000 }).toBe(true);
  return { tap, job, stream };
}

test('a reader who does not read is cut off: what the kernel had not taken never comes', async () => {
  const { n, person } = await another();
  const { tap, stream } = await openStanding(n);
  const { receipt } = await insistence.insist('withdrawConsent', world.use, person);
  await insistence.acknowledged(person, receipt);
  tap.flow();
  expect(await stream.next()).toBeUndefined();
  expect((await stream.ended).code).not.toBe(0);
  await tap.close();
});

test('not so where the answers are of others; what waits behind them, recorded before, leaves without the person', async () => {
  const [read, { n, person }] = [await another(), await another()];
  const { tap, job, stream } = await openStanding(read.n);
  stream.chunk(1, chunkPayload(1, [...rowsOf(read.n, 1), ...rowsOf(n, 1)]));
  const recorded = async () => {
    const jobId = Buffer.from(job.jobId, 'hex');
    return (await gateway.database.pool.query('SELECT FROM job_chunk WHERE job_id = $1', [jobId])).rows.length;
  };
  await expect.poll(recorded, { timeout: 20_000 }).toBe(2);
  const { receipt } = await insistence.insist('withdrawConsent', world.use, person);
  await insistence.acknowledged(person, receipt);
  tap.flow();
  const verdicts = ({ results }: { results: Uint8Array }) => [results[0], results.at(-RESULT_BYTES)];
  expect(verdicts(await stream.answer())).not.toContain(Verdict.CONSENT_MISSING);
  const behind = await stream.answer();
  expect(behind.redelivery).toBe(true);
  expect(verdicts(behind)).toEqual([Verdict.VERIFIED, Verdict.CONSENT_MISSING]);
  stream.cancel();
  await tap.close();
  expect((await world.lookAtLog()).found).toMatchObject({ pending: 0, wrong: [] });
});

test('a gateway that is frozen with the log in its hands lets go of it, is waited for until it was ended, and no longer', async () => {
  const { n, person } = await another();
  const [, other] = world.processes();
  await holdAt('append-commit', other, n);
  const stoodWhenTold: boolean[] = [];
  world.onAcknowledged(() => stoodWhenTold.push(isStopped(other)));
  const { receipt } = await insistence.insist('withdrawConsent', world.use, person);
  await insistence.acknowledged(person, receipt);
  await expect.poll(() => stoodWhenTold).toEqual([false]);
  expect(await other.stop()).toBe('SIGKILL');
}, 120_000);
