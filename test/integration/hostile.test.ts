import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { Client, credentials, type StatusObject } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRPC_CODES } from '../../gateway/errors/codes.ts';
import type { TurnedAway } from '../../gateway/telemetry/edge-usage.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { Verdict, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callToken, pathOf, type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { PEOPLE } from '../support/gateway-people.ts';
import {
  chunkPayload,
  type OpenedJob,
  openingFrame,
  openTestStream,
  rowOf,
  startJob,
  VERIFY_CHUNKS,
} from '../support/gateway-stream.ts';
import {
  CONTINUATION,
  framed,
  HEADERS,
  http2Frame,
  openAndReset,
  PING,
  PREFACE,
  rawCall,
  rawConnect,
  rawTls,
  SETTINGS,
} from '../support/raw-http2.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const LIMITS = {
  ...{ callsPerEntity: 32, streamsPerEntity: 8, jobsPerAgency: 16, chunksPerSecond: 40 },
  ...{ heldBytes: 3_000_000, heldBytesPerEntity: 1_000_000, heldWaitMs: 1, messageMs: 3_000 },
  ...{
    connectionsPerEntity: 16,
    requestsPerEntity: 300,
    refusalsPerSecond: 1000,
    noiseBytes: 65_536,
    handshakesPerAddress: 30,
  },
};

let gateway: TestGateway;
let hostile: RawCaller;
let other: RawCaller;
let job: OpenedJob;
let calling = true;
let honest: Promise<number[]>;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0, config: { limits: LIMITS, metrics: { port: 0 } } });
  hostile = gateway.raw('viettel');
  other = gateway.raw('mobifone');
  job = await startJob(hostile);
  honest = keepCalling();
});
afterAll(async () => {
  calling = false;
  await honest;
  await gateway?.stop();
});

/** Another agency's calls, one after the other, through all that follows. */
async function keepCalling(): Promise<number[]> {
  const codes: number[] = [];
  for (; calling; await sleep(5)) codes.push((await other.attempt(verifyPerson, AN)).code);
  return codes;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${gateway.process.metricsPort}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ')[1]);
}
const turnedAway = (why: TurnedAway) => metric(`lienthong_turned_away_total{why="${why}"}`);
const residentBytes = () => metric('process_resident_memory_bytes');
const rawOf = ({ identity: { ca, certificate = '', key = '' } }: RawCaller) => ({ ca, cert: certificate, key });
const connectRaw = () => rawConnect(gateway.port, rawOf(hostile));

const othersAreServed = async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => other.call(verifyPerson, AN)));
  expect(answers.every(({ message }) => message.verdict === Verdict.VERIFIED)).toBe(true);
};

describe('an agency that takes all it can get', () => {
  it('has so many calls at once; the others of a flood are refused, signed, with the time to wait', async () => {
    const flood = Array.from({ length: 240 }, () => hostile.attempt(verifyPerson, AN));
    await othersAreServed();
    const outcomes = await Promise.all(flood);
    const refused = outcomes.filter(({ code }) => code !== 0);
    expect(refused.length).toBeGreaterThan(0);
    expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(LIMITS.callsPerEntity);
    for (const { code, reason, refusal, claims } of refused) {
      expect([code, reason]).toEqual([GRPC_CODES.RESOURCE_EXHAUSTED, 'LIMITED']);
      expect(refusal).toMatchObject({ retryAfterMs: 500, limits: ['RATE'] });
      expect(claims?.code).toBe(code);
    }
    expect((await hostile.attempt(verifyPerson, AN)).code).toBe(0);
  });

  it('has so many streams, idle ones too, and may open another when it has closed one', async () => {
    const idle = Array.from({ length: LIMITS.streamsPerEntity }, () => openTestStream(hostile, job));
    for (const stream of idle) await stream.open();
    const ninth = await openTestStream(hostile, job).ended;
    expect(ninth).toMatchObject({ code: GRPC_CODES.RESOURCE_EXHAUSTED, reason: 'LIMITED' });
    expect(ninth.refusal).toMatchObject({ retryAfterMs: 5000, limits: ['STREAMS'] });
    const theirs = openTestStream(other, await startJob(other));
    await theirs.open();
    theirs.close();
    for (const stream of idle) stream.close();
    await Promise.all([...idle, theirs].map((stream) => stream.ended));
    const again = openTestStream(hostile, job);
    await again.open();
    again.close();
    await again.ended;
  });

  it('has so many open jobs, until it closes or cancels one', async () => {
    const { startJob: start, cancelJob } = VerificationService.method;
    const columns = ['id_number', 'full_name', 'date_of_birth'];
    const open = () => hostile.attempt(start, { chunkRows: 256, columns, fileDigest: Buffer.alloc(32) });
    let outcome = await open();
    for (let n = 0; n < LIMITS.jobsPerAgency && outcome.code === 0; n++) outcome = await open();
    expect(outcome).toMatchObject({ code: GRPC_CODES.RESOURCE_EXHAUSTED, reason: 'LIMITED' });
    expect(outcome.refusal).toMatchObject({ retryAfterMs: 60_000, limits: ['JOBS'] });
    const { message } = await hostile.call(VerificationService.method.listJobs, {});
    await hostile.call(cancelJob, { jobId: message.jobs[0]?.jobId ?? '' });
    expect((await open()).code).toBe(0);
    await startJob(other);
  });

  it('gets nothing for a mask of thousands of paths but a refusal', async () => {
    const paths = Array.from({ length: 3000 }, (_, n) => `full_name_${n}`);
    const outcome = await gateway.raw('moh').attempt(PersonService.method.getPerson, {
      personalId: AN.idNumber,
      readMask: { paths },
    });
    expect(outcome.code).not.toBe(0);
    await othersAreServed();
  });

  it('does not fill the memory with a message that swells when it is inflated', async () => {
    const { identity } = hostile;
    const bytes = requestBytes(identity, verifyPerson.input, AN);
    const bomb = new Client(
      `localhost:${gateway.port}`,
      credentials.createSsl(
        Buffer.from(identity.ca),
        Buffer.from(identity.key ?? ''),
        Buffer.from(identity.certificate ?? ''),
      ),
      { 'grpc.default_compression_algorithm': 2, 'grpc.max_send_message_length': -1 },
    );
    const swollen = Buffer.alloc(96 * 1024 * 1024);
    const before = await residentBytes();
    expect(gzipSync(swollen).length).toBeLessThan(256 * 1024);
    const status = await new Promise<StatusObject>((resolve) => {
      const asIs = (message: Buffer) => message;
      bomb
        .makeUnaryRequest(pathOf(verifyPerson), asIs, asIs, swollen, () => {})
        .on('status', (given: StatusObject) => resolve(given));
    });
    bomb.close();
    expect(status.code).toBe(GRPC_CODES.RESOURCE_EXHAUSTED);
    expect((await residentBytes()) - before).toBeLessThan(swollen.length / 2);
    await othersAreServed();
    expect(
      (await hostile.send(pathOf(verifyPerson), bytes, callToken(identity, pathOf(verifyPerson), bytes))).code,
    ).toBe(0);
  });

  it('does not get many such messages inflated by sending them small and at once', async () => {
    const { session } = connectRaw();
    const bomb = framed(gzipSync(Buffer.alloc(8_000_000)), { compressed: true });
    const calls = Array.from({ length: 200 }, () =>
      rawCall(session, pathOf(verifyPerson), { 'grpc-encoding': 'gzip' }),
    );
    for (const { http2 } of calls) http2.end(bomb);
    for (const { ended } of calls) {
      const { code, refusal } = await ended;
      expect([code, refusal?.retryAfterMs, refusal?.limits]).toEqual([8, 500, ['BYTES']]);
    }
    session.destroy();
  });

  it('cannot hoard: a stream beyond its bytes is not read, then refused with the time to wait', async () => {
    const { session } = connectRaw();
    const streams = Array.from({ length: 6 }, () => rawCall(session, VERIFY_CHUNKS));
    for (const { http2 } of streams) {
      http2.write(openingFrame(hostile.identity, job));
      // All of a large message but its end.
      http2.write(framed(Buffer.alloc(300_000), { bytes: 400_000 }));
    }
    const ends = await Promise.all(
      streams.slice(0, 4).map(async () => Promise.race(streams.map(({ ended }) => ended))),
    );
    for (const { code, refusal } of ends) {
      expect([code, refusal?.retryAfterMs, refusal?.limits]).toEqual([8, 5000, ['BYTES']]);
    }
    expect(await metric('lienthong_held_bytes')).toBeLessThan(1_100_000);
    session.destroy();
    await expect.poll(() => metric('lienthong_held_waiting')).toBe(0);
  });

  it('is kept to its pace where it sends the smallest chunks, and all of them are answered', async () => {
    const stream = openTestStream(hostile, job);
    await stream.open();
    const rows = Array(256).fill(rowOf(PEOPLE.an));
    for (let num = 0; num < 60; num++) stream.chunk(num, chunkPayload(num, rows));
    await expect.poll(() => metric('lienthong_chunks_in_flight')).toBeGreaterThan(0);
    await othersAreServed();
    for (let n = 0; n < 60; n++) await stream.answer();
    stream.close();
    expect((await stream.ended).code).toBe(0);
  });

  it('is not served calls that it opens and leaves, dribbles, or does not read the answers of', async () => {
    const { session } = connectRaw();
    session.settings({ initialWindowSize: 0 });
    const left = Array.from({ length: 100 }, () => rawCall(session, pathOf(verifyPerson)));
    for (const { http2 } of left.slice(0, 50)) http2.write(Buffer.alloc(3));
    const bytes = requestBytes(hostile.identity, verifyPerson.input, AN);
    const unread = rawCall(session, pathOf(verifyPerson), {
      'lt-signature': callToken(hostile.identity, pathOf(verifyPerson), bytes),
    });
    unread.http2.end(framed(bytes));
    for (const { ended } of left) expect((await ended).refusal).toMatchObject({ limits: ['BYTES'], retryAfterMs: 500 });
    expect(await unread.ended).toMatchObject({ reset: 11, received: 0 });
    expect(await turnedAway('SLOW')).toBeGreaterThanOrEqual(101);
    session.destroy();
  });

  it('has so many calls open whatever it does in them', async () => {
    const connections = [connectRaw(), connectRaw()];
    const calls = connections.flatMap(({ session }) =>
      Array.from({ length: 200 }, () => rawCall(session, pathOf(verifyPerson))),
    );
    const { code, refusal } = await Promise.race(calls.map(({ ended }) => ended));
    expect([code, refusal?.retryAfterMs, refusal?.limits]).toEqual([8, 500, ['RATE']]);
    expect(await metric('lienthong_open_requests')).toBeLessThan(LIMITS.requestsPerEntity + 50);
    for (const { session } of connections) session.destroy();
    await expect.poll(() => metric('lienthong_open_requests')).toBeLessThan(20);
  });

  it('has so many connections', async () => {
    const many = Array.from({ length: LIMITS.connectionsPerEntity + 1 }, connectRaw);
    await Promise.race(many.map(({ closed }) => closed));
    expect(await turnedAway('CONNECTIONS')).toBeGreaterThan(0);
    for (const { session } of many) session.destroy();
    await expect.poll(() => metric('lienthong_connections')).toBeLessThan(6);
  });

  it('is cut off where it opens and resets calls without end', async () => {
    const socket = await rawTls(gateway.port, rawOf(hostile));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(Buffer.concat([PREFACE, http2Frame(SETTINGS, 0, 0)]));
    let stream = 1;
    const again = setInterval(() => {
      const calls = Array.from({ length: 200 }, (_, i) => openAndReset(stream + 2 * i, pathOf(verifyPerson)));
      stream += 2 * calls.length;
      socket.write(Buffer.concat(calls));
    }, 20);
    await closed;
    clearInterval(again);
    await othersAreServed();
  });

  it.each([
    ['pings', Buffer.concat(Array.from({ length: 2000 }, () => http2Frame(PING, 0, 0, Buffer.alloc(8))))],
    ['settings', Buffer.concat(Array.from({ length: 2000 }, () => http2Frame(SETTINGS, 0, 0, Buffer.alloc(6))))],
    [
      'a head without an end',
      // A literal field that is not kept, again and again.
      Buffer.concat([
        http2Frame(HEADERS, 0, 1, Buffer.from([0])),
        ...Array.from({ length: 200 }, () => http2Frame(CONTINUATION, 0, 1, Buffer.alloc(16_000))),
      ]),
    ],
  ])('is cut off where it sends nothing but %s', async (_name, flood) => {
    const socket = await rawTls(gateway.port, rawOf(hostile));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(Buffer.concat([PREFACE, http2Frame(SETTINGS, 0, 0)]));
    const again = setInterval(() => socket.write(flood), 20);
    await closed;
    clearInterval(again);
  });

  it('does not bring the decoder down with groups in groups', async () => {
    const known = requestBytes(hostile.identity, verifyPerson.input, AN);
    const outcome = await hostile.sign(verifyPerson, Buffer.concat([known, Buffer.alloc(60_000, 0x7b)]));
    expect(outcome).toMatchObject({ code: 3, reason: 'BAD_REQUEST' });
  });

  it('and strangers are closed before their handshakes where one address opens too many', async () => {
    const { ca } = hostile.identity;
    const before = await turnedAway('HANDSHAKES');
    const began = performance.now();
    const strangers = Array.from({ length: 400 }, () =>
      connectTls({ port: gateway.port, host: '127.0.0.1', ca, servername: 'localhost', ALPNProtocols: ['h2'] }).on(
        'error',
        () => undefined,
      ),
    );
    await Promise.all(strangers.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    const seconds = (performance.now() - began) / 1000;
    // All but those of four seconds at once and those of each second while they came, which the gateway times by itself.
    const least = strangers.length - LIMITS.handshakesPerAddress * (4 + seconds) - 20;
    expect((await turnedAway('HANDSHAKES')) - before).toBeGreaterThan(Math.max(0, least));
    await othersAreServed();
  });

  it('and all the while another agency was answered, and no more was held than may be', async () => {
    calling = false;
    const codes = await honest;
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.filter((code) => code !== 0)).toEqual([]);
    expect(await metric('lienthong_held_bytes_peak')).toBeLessThan(1.25 * LIMITS.heldBytesPerEntity + 100_000);
    await expect.poll(() => metric('lienthong_held_bytes')).toBe(0);
  });
});
