import { randomBytes } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Appender, AppendItem, AppendOutcome, LimitWatch } from '../../exchange/log-port.ts';
import { CallRefused } from '../../exchange/refused.ts';
import { StorageError } from '../../storage/errors.ts';
import { createRemoteAppender } from './remote-appender.ts';
import { serveAppends } from './serve-appends.ts';

const LOG = 'log:1';
const ROOM = { items: 100, bytes: 1e6 };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Both sides over a real channel; `append` is the appender's. */
function open(append: Appender['append'], most = ROOM, limitWatch?: Pick<LimitWatch, 'learn' | 'left'>) {
  const { port1, port2 } = new MessageChannel();
  closers.push(() => port1.close());
  const posted = { here: 0, there: 0 };
  const counted = (port: typeof port1, side: keyof typeof posted) => {
    const post = port.postMessage.bind(port);
    port.postMessage = (...message: Parameters<typeof post>) => {
      posted[side] += 1;
      post(...message);
    };
    return port;
  };
  const { learn } = serveAppends(counted(port2, 'there'), { append });
  const options = { port: counted(port1, 'here'), logRef: LOG, most, ...(limitWatch && { limitWatch }) };
  return { remote: createRemoteAppender(options), posted, learn };
}

const small: AppendItem = {
  agency: 'telco-a',
  entryId: randomBytes(16),
  salt: randomBytes(16),
  entry: new Uint8Array(randomBytes(40)),
  changeRevision: 2n ** 60n,
  standsOn: [],
};
const whole: AppendItem = {
  ...small,
  legalEntity: 'entity',
  decision: randomBytes(30),
  persons: randomBytes(100),
  personBodies: new Uint8Array(0),
  personLeaves: randomBytes(64),
  standsOn: ['agency:telco-a', 'key:k'],
  token: { issuer: 'telco-a', jti: randomBytes(16), iat: 1_700_000_000 },
  request: { requestId: 'a2345678', digest: randomBytes(32) },
  chunk: {
    jobId: randomBytes(16),
    num: 4,
    digest: randomBytes(32),
    rows: 2,
    rowRoot: randomBytes(32),
    totals: [0, 2],
    misses: 0,
    ackedThrough: 3,
    judged: 2,
    rowsPerJob: 10,
  },
  answer: randomBytes(50),
  limits: {
    ...{ purpose: 'p', calls: 0, rows: 2, most: { callsPerMinute: 5, rowsPerDay: 9, subjectsPerDay: undefined } },
    always: false,
    subjects: randomBytes(16),
    guard: {
      ...{ legalEntity: 'entity', bounds: { perField: 5, perName: 20 }, revision: 3, units: randomBytes(32) },
      ...{ tags: randomBytes(4), missUnits: randomBytes(8), missValues: randomBytes(8), missCrossings: randomBytes(8) },
      ...{ missFields: Uint8Array.of(3), missCounts: Uint8Array.of(5) },
    },
  },
  effects: [{ text: 'SELECT $1', values: [randomBytes(16), 7, 'x'], orRefuse: { reason: ErrorReason.JOB_STATE } }],
};

/** Bytes are compared as such, whatever they came in. */
function asBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(asBuffers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asBuffers(inner)]));
}

test('an item arrives as it was given, bytes for bytes', async () => {
  const arrived: AppendItem[] = [];
  const { remote, posted } = open(async (item) => {
    arrived.push(item);
    return { kind: 'recorded' };
  });
  await Promise.all([remote.append(whole), remote.append(small)]);
  expect(arrived.map(asBuffers)).toEqual([whole, small].map(asBuffers));
  // One turn, one message there; one group, one message back.
  expect(posted).toEqual({ here: 1, there: 1 });
});

test('what became of an item comes back with its kind, and stored answers as buffers', async () => {
  const outcomes: AppendOutcome[] = [
    { kind: 'repeated', entryId: small.entryId, answer: Buffer.from('answer') },
    { kind: 'refused', reason: ErrorReason.JOB_STATE, facts: { limits: ['JOBS'] } },
    { kind: 'replayed' },
  ];
  const { remote } = open(async () => outcomes.shift() ?? { kind: 'recorded' });
  const settled = await Promise.all([1, 2, 3, 4].map(() => remote.append(small)));
  expect(settled.map(({ kind }) => kind)).toEqual(['repeated', 'refused', 'replayed', 'recorded']);
  const [repeated] = settled;
  expect(repeated?.kind === 'repeated' && Buffer.isBuffer(repeated.answer) && repeated.answer.toString()).toBe(
    'answer',
  );
  expect(repeated?.kind === 'repeated' && repeated.entryId.equals(small.entryId)).toBe(true);
});

test('what an append found out of limits is known before the item that it is about is judged again', async () => {
  const heard: unknown[] = [];
  const news = { legalEntity: 'entity', from: 3, to: 4, near: [], hints: [{ unit: -7n, values: [1n, 2n] }] };
  const quotas = [{ limit: 'RATE', most: 5, used: 5, resetAt: 60 }] as const;
  const outcomes: AppendOutcome[] = [{ kind: 'overtaken' }, { kind: 'recorded', quotas }];
  const { remote, learn } = open(
    async () => {
      if (outcomes.length === 2) learn(news);
      return outcomes.shift() ?? { kind: 'recorded' };
    },
    ROOM,
    { learn: (one) => heard.push(one), left: (...left) => heard.push(left) },
  );
  expect((await remote.append(whole)).kind).toBe('overtaken');
  expect(heard).toEqual([news]);
  expect(await remote.append(whole)).toEqual({ kind: 'recorded', quotas });
  expect(heard).toEqual([news, ['telco-a', 'p', quotas]]);
});

test('failures keep their kind', async () => {
  const errors = [
    new CallRefused(ErrorReason.LOG_BROKEN),
    new StorageError('unavailable', 'ECONNREFUSED', {}, undefined),
    new TypeError('x'),
  ];
  const { remote } = open(() => Promise.reject(errors.shift()));
  await expect(remote.append(small)).rejects.toMatchObject({ reason: ErrorReason.LOG_BROKEN });
  await expect(remote.append(small)).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  await expect(remote.append(small)).rejects.toBeInstanceOf(TypeError);
});

test('no more is under way than may be: beyond, callers are told to wait, and a refusal still gets in', async () => {
  const held: ((outcome: AppendOutcome) => void)[] = [];
  const { remote } = open(() => new Promise((resolve) => held.push(resolve)), { items: 4, bytes: 1e6 });
  const answered = { ...small, answer: Buffer.alloc(10) };
  const first = Array.from({ length: 4 }, () => remote.append(answered));
  await expect(remote.append(answered)).rejects.toMatchObject({ reason: ErrorReason.LIMITED });
  const refusal = remote.append(small);
  await expect(remote.append(small)).rejects.toMatchObject({ reason: ErrorReason.LIMITED });
  while (held.length < 5) await new Promise((resolve) => setImmediate(resolve));
  for (const resolve of held) resolve({ kind: 'recorded' });
  await Promise.all([...first, refusal]);
  await expect(Promise.race([remote.append(answered), Promise.resolve('taken')])).resolves.toBe('taken');
});
