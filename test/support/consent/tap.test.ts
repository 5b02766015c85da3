/** A tap knows to the byte what had left: by real sockets, read at once and not read at all. */
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callUnary, GET_PERSON, type RpcHarness, startRpc } from '../rpc-harness.ts';
import { judgeArrivals, type Moment } from './arrivals.ts';
import { readKernelQueues } from './kernel-queues.ts';
import { startTap, type Tap } from './tap.ts';
import { alignRecords, createRecordReader } from './tls-records.ts';

let harness: RpcHarness;
let tap: Tap;
let client: Client;
beforeAll(async () => {
  harness = await startRpc();
  const { agency, authority } = harness;
  let connections = 0;
  tap = await startTap({
    ...{ port: harness.port, ca: authority.ca, certificate: agency.cert, key: agency.key },
    connection: () => connections++,
  });
  client = new Client(`localhost:${tap.port}`, credentials.createInsecure(), {
    'grpc-node.flow_control_window': 4 << 20,
  });
});
afterAll(async () => {
  client?.close();
  await tap?.close();
  await harness?.stop();
});

const moment = (): Moment => ({ connections: new Map(tap.progress(readKernelQueues())) });
const acceptedIn = ({ connections }: Moment) => connections.get(0)?.accepted ?? 0;
const ask = async (bytes: Buffer) => (await callUnary(client, GET_PERSON, bytes)).message;
const tellsOf = (message: Buffer) => [message[0] ?? 0];
const findingsSince = (from: Moment, person: number) =>
  judgeArrivals(tap.arrivals(), new Map([[person, [{ from }]]]), tellsOf);

test('every message is there, whole, at its place in the connection', async () => {
  const asked = [Buffer.alloc(3, 1), Buffer.alloc(60_000, 2), Buffer.alloc(0), Buffer.alloc(17, 3)];
  for (const bytes of asked) expect(await ask(bytes)).toEqual(bytes);
  const arrivals = tap.arrivals();
  expect(arrivals.map(({ message }) => message)).toEqual(asked);
  const ends = arrivals.map(({ end }) => end);
  expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  expect(ends.at(-1)).toBeLessThanOrEqual(acceptedIn(moment()));
});

test('an answer that is given after a moment was handed after it, and one before was not', async () => {
  await ask(Buffer.of(4));
  const between = moment();
  await ask(Buffer.of(5));
  expect(findingsSince(between, 4)).toEqual({ handed: [], left: [] });
  expect(findingsSince(between, 5).handed).toHaveLength(1);
});

test('what the kernel has taken of an answer that nobody reads has left, whenever it is read', async () => {
  const before = moment();
  tap.stall();
  const answered = ask(Buffer.alloc(40_000, 6));
  await expect.poll(() => acceptedIn(moment()) - acceptedIn(before)).toBeGreaterThan(40_000);
  const taken = moment();
  tap.flow();
  await answered;
  const { handed, left } = findingsSince(taken, 6);
  expect([handed.length, left.length]).toEqual([0, 1]);
  expect(left[0]?.bytes).toBeGreaterThan(40_000);
  expect(findingsSince(before, 6).handed).toHaveLength(1);
});

test('records are read in pieces of any size, and those of a handshake are set apart', () => {
  const record = (type: number, plain: number) => {
    const body = Buffer.alloc(plain + 17);
    return Buffer.concat([Buffer.of(type, 3, 3, body.length >> 8, body.length & 255), body]);
  };
  const wire = Buffer.concat([record(22, 40), record(23, 60), record(23, 30), record(23, 10), record(23, 300)]);
  const reader = createRecordReader();
  for (const byte of wire) reader.push(Buffer.of(byte));
  expect(reader.records.map(({ plain }) => plain)).toEqual([60, 30, 10, 300]);
  expect(reader.records.at(-1)?.end).toBe(wire.length);
  expect(alignRecords(reader.records, [10, 300]).map(({ to }) => to)).toEqual([10, 310]);
  expect(alignRecords(reader.records, [40]).map(({ plain }) => plain)).toEqual([30, 10]);
  expect(() => alignRecords(reader.records, [11])).toThrow('do not add up');
});
