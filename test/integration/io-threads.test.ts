/** Two threads that hold connections are one gateway: whatever counts once counts once, wherever a call arrives. */
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEnrolment } from '../../gateway/development/enrol.ts';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import {
  JobState,
  VerificationService,
  VerifyPersonRequestSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { ToProcess } from '../support/faults/plan.ts';
import { fingerprintOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import {
  callOpen,
  callToken,
  contextOf,
  type Identity,
  newRequestId,
  pathOf,
  type RawCaller,
  requestBytes,
} from '../support/gateway-calls.ts';
import { crowd, jobOf } from '../support/gateway-jobs.ts';
import { crowdPerson, PEOPLE, printDate } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, resultsOf, rowOf, startJob } from '../support/gateway-stream.ts';

const { verifyPerson, closeJob, cancelJob } = VerificationService.method;
const METHOD = pathOf(verifyPerson);
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const UNAVAILABLE = 14;
const STREAMS = 3;
const [FALSE, NOT_AVAILABLE] = [2, 3];

let gateway: TestGateway;
/** A connection to the process's own thread, and one to the other. */
let first: RawCaller;
let second: RawCaller;
beforeAll(async () => {
  const limits = { ioThreads: 2, matchingThreads: 1, streamsPerEntity: STREAMS };
  gateway = await startTestGateway({ crowd: 600, armed: true, config: { limits, metrics: { port: 0 } } });
  [first, second] = [await callerAt(undefined), await callerAt(2)];
});
afterAll(() => gateway?.stop());

async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 200; i++) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(25);
  }
  throw new Error('it did not come');
}

/** The line that the log has of a call. */
const lineOf = (requestId: string) =>
  eventually(() =>
    gateway.process.lines
      .filter((line) => line.includes(requestId))
      .map((line) => JSON.parse(line) as { readonly thread?: number })
      .at(0),
  );

/** Connects until the kernel gives the connection to this thread. */
async function callerAt(thread: number | undefined, identity: string | Identity = 'viettel'): Promise<RawCaller> {
  for (let i = 0; i < 64; i++) {
    const caller = gateway.raw(identity);
    const requestId = newRequestId();
    await caller.call(verifyPerson, { ...AN, context: contextOf(caller.identity, requestId) });
    if ((await lineOf(requestId)).thread === thread) return caller;
    caller.close();
  }
  throw new Error('no connection came to that thread');
}

const bodyOf = () => requestBytes(first.identity, VerifyPersonRequestSchema, AN);

/** Entries of a kind (field 2 of an entry, at a fixed place behind the 16 bytes of its id). */
async function entries(kind: number): Promise<number> {
  const { rows } = await gateway.database.pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM log_entry WHERE get_byte(entry, 18) = 16 AND get_byte(entry, 19) = $1',
    [kind],
  );
  return rows[0]?.n ?? -1;
}
const [UNARY, REDELIVERY] = [1, 3];

describe('a call', () => {
  it('counts once, whichever threads its copies come to at the same time', async () => {
    const bytes = bodyOf();
    const signature = callToken(first.identity, METHOD, bytes);
    const before = await entries(UNARY);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? first : second).send(METHOD, bytes, signature)),
    );
    expect(outcomes.filter(({ code }) => code === 0)).toHaveLength(1);
    expect(outcomes.filter(({ reason }) => reason === 'REPLAYED')).toHaveLength(39);
    expect(await entries(UNARY)).toBe(before + 1);
  });

  it('that is made again in the other thread gets its stored answer, under an entry of its own', async () => {
    const bytes = bodyOf();
    const before = await entries(REDELIVERY);
    const answer = await first.sign(verifyPerson, bytes);
    const again = await second.sign(verifyPerson, bytes);
    expect(again.message).toEqual(answer.message);
    expect(again.claims).toBeDefined();
    expect(await entries(REDELIVERY)).toBe(before + 1);
    const other = await second.attempt(verifyPerson, {
      ...AN,
      fullName: 'Nguyễn Văn Bình',
      context: contextOf(first.identity, requestIdOf(bytes)),
    });
    expect(other.reason).toBe('CONTENT_CHANGED');
  });

  it('without a signature is answered by either thread about the one log', async () => {
    for (const caller of [first, second]) {
      const { message } = await callOpen(caller, AuditService.method.getTreeHead, {});
      const size = Number(message?.checkpoint.split('\n')[1]);
      expect(size).toBeGreaterThan(40);
      const info = await eventually(async () => {
        const told = (await callOpen(caller, ServerService.method.getServerInfo, {})).message;
        return Number(told?.logSize) >= size ? told : undefined;
      });
      expect(info.agency).toBe('viettel');
    }
  });
});

function requestIdOf(bytes: Uint8Array): string {
  const found = /[0-9a-f]{32}/.exec(Buffer.from(bytes).toString('latin1'));
  return found?.[0] ?? '';
}

describe('a job', () => {
  it('is one job over streams in both threads, and its receipt covers the chunks of both', async () => {
    const job = await startJob(second);
    const streams = [openTestStream(first, job), openTestStream(second, job)];
    for (const stream of streams) await stream.open();
    streams.forEach((stream, at) => {
      for (const num of [at, at + 2]) stream.chunk(num, chunkPayload(num, crowd(num * 256, num === 3 ? 20 : 256)));
    });
    const verdicts: number[] = [];
    for (const stream of streams) {
      for (let i = 0; i < 2; i++) {
        verdicts.push(...resultsOf(await stream.answer()).map(({ verdict }) => verdict));
      }
      stream.close();
      await stream.ended;
    }
    // The crowd is of 600.
    expect([verdicts.length, verdicts.filter((verdict) => verdict === 1).length]).toEqual([788, 600]);
    expect(await jobOf(first, job.jobId)).toMatchObject({ rows: 788n });
    const closed = await second.call(closeJob, { jobId: job.jobId, expectedChunks: 4, expectedRows: 788n });
    expect(closed.message.job?.state).toBe(JobState.DONE);
    expect(closed.message.receipt).not.toBe('');
    expect((await first.attempt(cancelJob, { jobId: job.jobId })).reason).toBe('JOB_STATE');
  });

  it('that is cancelled in one thread takes no chunk more in the other', async () => {
    const job = await startJob(first);
    const stream = openTestStream(first, job);
    await stream.open();
    stream.chunk(0, chunkPayload(0, [rowOf(PEOPLE.an)]));
    await stream.answer();
    await second.call(cancelJob, { jobId: job.jobId });
    stream.chunk(1, chunkPayload(1, [rowOf(PEOPLE.an)]));
    expect(await stream.ended).toMatchObject({ reason: 'JOB_STATE' });
  });

  it('holds streams in both threads together up to what its legal entity may have', async () => {
    const job = await startJob(first);
    const open = async (caller: RawCaller) => {
      const stream = openTestStream(caller, job);
      await stream.open();
      return stream;
    };
    const streams = [await open(first), await open(second), await open(first)];
    for (const caller of [first, second]) {
      const beyond = openTestStream(caller, job);
      expect(await beyond.ended).toMatchObject({ reason: 'LIMITED' });
    }
    streams[0]?.close();
    await streams[0]?.ended;
    const next = await eventually(() => open(second).catch(() => undefined));
    for (const stream of [...streams.slice(1), next]) {
      stream.close();
      await stream.ended;
    }
  });
});

it('a budget of wrong values is one, whichever threads are asked at once', async () => {
  const person = crowdPerson(77);
  const [whom, date] = [{ idNumber: String(person.id), fullName: person.name }, (n: number) => `2001-05-${10 + n}`];
  const answers = await Promise.all(
    Array.from({ length: 18 }, (_, n) =>
      (n % 2 === 0 ? first : second).call(verifyPerson, { ...whom, dateOfBirth: date(n) }),
    ),
  );
  const results = answers.map(({ message }) => message.birthDateResult);
  expect(results.filter((result) => result === FALSE)).toHaveLength(5);
  expect(results.filter((result) => result === NOT_AVAILABLE)).toHaveLength(13);
  for (const caller of [first, second]) {
    const { message } = await caller.call(verifyPerson, { ...whom, dateOfBirth: printDate(person.born) });
    expect(message.birthDateResult).toBe(NOT_AVAILABLE);
  }
});

it('a certificate that is revoked is refused in both threads, mid-stream as well', async () => {
  const { ca } = gateway.deployment.secrets;
  const enrolment = createEnrolment({ pool: gateway.database.pool });
  const own = await ca.issueClient('viettel');
  await enrolment.addCertificate({ agency: 'viettel', ...own });
  await sleep(1200);
  const identity = { ...gateway.identity('viettel'), ...own };
  const callers = [await callerAt(undefined, identity), await callerAt(2, identity)];
  const job = await startJob(first);
  const streams = await Promise.all(
    callers.map(async (caller) => {
      const stream = openTestStream(caller, job);
      await stream.open();
      return stream;
    }),
  );
  await enrolment.barCertificate(fingerprintOf(own.certificate));
  streams.forEach((stream, num) => {
    stream.chunk(num, chunkPayload(num, [rowOf(PEOPLE.an)]));
  });
  for (const stream of streams) expect(await stream.ended).toMatchObject({ reason: 'REVOKED' });
  for (const caller of callers) expect((await caller.attempt(verifyPerson, AN)).reason).toBe('REVOKED');
  expect((await second.attempt(verifyPerson, AN)).code).toBe(0);
});

const STRANGERS = 24;

/** Resolves when it was shown out. */
function comeWithoutCertificate(port: number): Promise<void> {
  const options = { host: 'localhost', port, ALPNProtocols: ['h2'], rejectUnauthorized: false };
  const socket = connect(options).on('error', () => undefined);
  socket.resume();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

it('what both threads count is one figure', async () => {
  const read = async (name: string) => {
    const text = await (await fetch(`http://127.0.0.1:${gateway.process.metricsPort}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${name} `) || each.startsWith(`${name}{`));
    return Number(line?.split(' ').at(-1));
  };
  const calls = `lienthong_calls_total{method="${METHOD}",outcome="OK"}`;
  const before = await read(calls);
  for (const caller of [first, second, second]) await caller.call(verifyPerson, AN);
  expect(await read(calls)).toBe(before + 3);
  expect(await read('lienthong_io_threads')).toBe(2);
  expect(await read('lienthong_matching_threads')).toBe(1);
  // Of strangers so many that each of the two listeners has some.
  const refused = 'lienthong_tls_handshakes_refused_total{why="NO_CERTIFICATE"}';
  expect(await read(refused)).toBe(0);
  await Promise.all(Array.from({ length: STRANGERS }, () => comeWithoutCertificate(gateway.process.port)));
  await expect.poll(() => read(refused)).toBe(STRANGERS);
});

it.skipIf(process.platform !== 'linux')('V8’s helper threads yield to the threads that hold connections', () => {
  const threads = `/proc/${gateway.process.child.pid}/task`;
  const found = readdirSync(threads).map((id) => ({
    name: readFileSync(`${threads}/${id}/comm`, 'utf8').trim(),
    niceness: getPriority(Number(id)),
  }));
  const ofName = (wanted: string) => new Set(found.filter(({ name }) => name === wanted).map((one) => one.niceness));
  expect(ofName('V8Worker')).toEqual(new Set([10]));
  expect(ofName('MainThread')).toEqual(new Set([getPriority()]));
});

describe('the end', () => {
  it('of a thread is the end of the gateway, and what it had recorded is found by whoever asks again', async () => {
    const arming: ToProcess = { arm: [{ point: 'sign', hit: 1, action: 'end-thread' }] };
    gateway.process.child.send(arming);
    // The other thread hears of it a moment later.
    const lost = await eventually(async () => {
      const bytes = bodyOf();
      const { code } = await second.sign(verifyPerson, bytes);
      return code === 0 ? undefined : { bytes, code };
    });
    expect(lost.code).toBe(UNAVAILABLE);
    // It ends by itself: this signal changes nothing.
    expect(await gateway.process.stop('SIGCONT')).toBe(1);
    expect(gateway.process.lines.some((line) => line.includes('a thread that serves calls ended'))).toBe(true);
    await gateway.restart();
    const before = await entries(REDELIVERY);
    expect((await gateway.raw('viettel').sign(verifyPerson, lost.bytes)).code).toBe(0);
    expect(await entries(REDELIVERY)).toBe(before + 1);
  });

  it('asked for: calls under way in both threads are answered, and the process ends in order', async () => {
    [first, second] = [await callerAt(undefined), await callerAt(2)];
    const job = await startJob(first);
    const streams = [openTestStream(first, job), openTestStream(second, job)];
    for (const stream of streams) await stream.open();
    streams.forEach((stream, num) => {
      stream.chunk(num, chunkPayload(num, crowd(num * 256, 256)));
      stream.close();
    });
    const gone = gateway.process.stop('SIGTERM');
    for (const stream of streams) {
      await stream.answer();
      expect((await stream.ended).code).toBe(0);
    }
    expect(await gone).toBe(0);
  });
});
