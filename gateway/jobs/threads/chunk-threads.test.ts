import { createSecretKey, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, describe, expect, test } from 'vitest';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { ChunkStreamRequestSchema } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { GUARD_KEYS, OPEN_RULES } from '../../exchange/guard.test-support.ts';
import type { RowRules } from '../../exchange/judge-rows.ts';
import type { MatchSet, RowLookup } from '../../exchange/lookup-port.ts';
import { NO_HABITS, VERDICTS } from '../../matching/index.ts';
import { GRANTS, type Grants } from '../../policy/decision.ts';
import { decodeResult } from '../../proof/result-bytes.ts';
import { StorageError } from '../../storage/errors.ts';
import { type ChunkThreads, createChunkThreads, type Thread } from './chunk-threads.ts';
import { serveChunks } from './serve-chunks.ts';

const MAN = { value: 901_085_000_017, personNo: 7, name: 'Nguyễn Văn An', birthDate: 19850327 };
const rules: RowRules = {
  grants: Object.fromEntries(GRANTS.map((name) => [name, true])) as Grants,
  strictness: 'standard',
  basis: 1,
  guard: OPEN_RULES,
};

function setOf(values: readonly number[]): MatchSet {
  const found = values.map((value) => value === MAN.value);
  const count = found.filter(Boolean).length;
  const starts = new Uint32Array(values.length + 1);
  found.forEach((is, row) => {
    starts[row + 1] = (starts[row] ?? 0) + (is ? 1 : 0);
  });
  return {
    asOf: 1_700_000_000,
    position: 1n,
    starts,
    personNo: new Float64Array(count).fill(MAN.personNo),
    idKind: new Uint8Array(count).fill(1),
    idStatus: new Uint8Array(count).fill(1),
    currentId: new Float64Array(count).fill(MAN.value),
    names: new Array<string>(count).fill(MAN.name),
    birthDate: new Uint32Array(count).fill(MAN.birthDate),
    sex: new Uint8Array(count).fill(1),
    personStatus: new Uint8Array(count).fill(1),
    logKeys: new Uint8Array(16 * count).fill(9),
  };
}

const register: RowLookup = {
  matchByIdentifier: async (values) => setOf(values),
  resolve: async (values) => setOf(values),
  matchByPerson: async (values) => setOf(values),
};

function chunk(names: readonly string[], num = 0): Uint8Array {
  const value = {
    num,
    ids: names.map(() => BigInt(MAN.value)),
    names: [...names],
    dates: names.map(() => MAN.birthDate),
    rowRefs: randomBytes(16 * names.length),
    blind: randomBytes(16),
  };
  return toBinary(ChunkStreamRequestSchema, create(ChunkStreamRequestSchema, { kind: { case: 'chunk', value } }));
}

/** A thread's two ends over a real channel: what crosses is cloned as between threads. */
class ChannelThread extends EventEmitter implements Thread {
  readonly port: MessagePort;
  constructor(lookup: RowLookup) {
    super();
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.on('message', (reply) => this.emit('message', reply));
    const keys = { 'log-key': createSecretKey(randomBytes(32)), evidence: createSecretKey(randomBytes(32)) };
    serveChunks(port2, { lookup, keys, guardKeys: GUARD_KEYS });
  }
  postMessage(...message: Parameters<Thread['postMessage']>): void {
    this.port.postMessage(message[0], [...(message[1] ?? [])]);
  }
  async terminate(): Promise<void> {
    this.port.close();
    this.emit('exit');
  }
}

let threads: ChunkThreads | undefined;
let started: ChannelThread[] = [];
let now = 0;

function open(lookup: RowLookup, count = 1): { threads: ChunkThreads; faults: unknown[] } {
  const faults: unknown[] = [];
  started = [];
  now = 0;
  threads = createChunkThreads({
    count,
    start: () => {
      const thread = new ChannelThread(lookup);
      started.push(thread);
      return thread;
    },
    nowMs: () => now,
    onFault: (error) => faults.push(error),
  });
  return { threads, faults };
}

afterEach(() => threads?.close());

describe('a chunk in a thread', () => {
  test('is read, looked up and judged there, and comes back as results and sealed leaves', async () => {
    const { threads } = open(register);
    const opened = await threads.open(chunk([MAN.name, 'Trần Thị Bích'], 5), 4096, NO_HABITS);
    expect([opened.num, opened.desk.count]).toEqual([5, 2]);
    expect(await opened.desk.read()).toEqual({ asOf: 1_700_000_000 });
    const judged = await opened.desk.judge(rules);
    const verdicts = [0, 22].map((at) => decodeResult(judged.results.subarray(at, at + 22)).verdict);
    expect(verdicts).toEqual([VERDICTS.VERIFIED, VERDICTS.MISMATCH]);
    expect(judged.people).toMatchObject({ count: 2, entryId: { length: 16 }, root: { length: 32 } });
    // Neither the person's number nor a value of theirs crosses but under the seal.
    expect(Object.keys(judged.people).sort()).toEqual(['count', 'entryId', 'root', 'stored']);
  });

  test('whose candidates no consent covers is judged without a value of theirs', async () => {
    let asked: readonly number[] = [];
    const { threads } = open({
      ...register,
      matchByPerson: async (values) => {
        asked = values;
        return setOf(values);
      },
    });
    const { desk } = await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    expect([...(await desk.resolve())]).toEqual([MAN.personNo]);
    await desk.read({ covered: new Set(), needed: [1, 2, 3], partly: new Map() });
    expect(asked).toEqual([0]);
    const judged = await desk.judge(rules);
    expect(decodeResult(judged.results).verdict).toBe(VERDICTS.CONSENT_MISSING);
  });

  test('that is none is refused by the rule it breaks, and its neighbours go on', async () => {
    const { threads } = open(register);
    const good = await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    await expect(threads.open(new Uint8Array(3), 4096, NO_HABITS)).rejects.toMatchObject({
      reason: ErrorReason.BAD_REQUEST,
    });
    await expect(threads.open(chunk(['a', 'b', 'c']), 2, NO_HABITS)).rejects.toMatchObject({
      facts: { violations: [{ field: 'chunk.ids', rule: 'TOO_MANY' }] },
    });
    await good.desk.read();
    expect((await good.desk.judge(rules)).judged).toBe(1);
  });

  test('a step out of order fails, and discloses nothing', async () => {
    const { threads } = open(register);
    const early = await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    await expect(early.desk.judge(rules)).rejects.toThrow('nothing was read');
    const twice = await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    await twice.desk.read();
    await twice.desk.judge(rules);
    await expect(twice.desk.judge(rules)).rejects.toThrow('no chunk lies under this ticket');
  });

  test('a database that fails there fails here, with its kind', async () => {
    const failing = async () => Promise.reject(new StorageError('unavailable', 'ECONNREFUSED', {}, undefined));
    const { threads } = open({ ...register, matchByIdentifier: failing });
    const { desk } = await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    await expect(desk.read()).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });
});

describe('threads', () => {
  test('share the chunks that are open, whoever gives one up', async () => {
    const { threads } = open(register, 2);

    const sent = [0, 0];
    started.forEach((thread, at) => {
      const post = thread.postMessage.bind(thread);
      thread.postMessage = (...message) => {
        if (message[0].op === 'open') sent[at] = (sent[at] ?? 0) + 1;
        post(...message);
      };
    });
    const first = await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    expect(sent).toEqual([1, 1]);
    first.close();
    first.close();
    await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    expect(sent).toEqual([2, 1]);
  });

  test('one that dies fails what lay there as unavailable, is told, and is started again, not in a circle', async () => {
    const { threads, faults } = open({ ...register, matchByIdentifier: () => new Promise(() => undefined) });
    const { desk } = await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    const reading = desk.read();
    started[0]?.emit('exit');
    await expect(reading).rejects.toMatchObject({ kind: 'unavailable', code: 'THREAD_ENDED' });
    await expect(threads.open(chunk([MAN.name]), 4096, NO_HABITS)).rejects.toMatchObject({ code: 'THREAD_ENDED' });
    expect([started.length, faults.length]).toEqual([1, 1]);
    now = 1000;
    await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    expect(started.length).toBe(2);
  });

  test('a chunk that lay in a dead thread is not asked for in the one that took its place', async () => {
    const { threads } = open(register);
    const { desk } = await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    started[0]?.emit('exit');
    now = 1000;
    await threads.open(chunk([MAN.name]), 4096, NO_HABITS);
    await expect(desk.read()).rejects.toMatchObject({ code: 'THREAD_ENDED' });
  });
});
