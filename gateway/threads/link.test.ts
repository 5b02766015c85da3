import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CallRefused } from '../exchange/refused.ts';
import { StorageError } from '../storage/errors.ts';
import { createLink, type Link } from './link.ts';

type Here = { readonly half: { readonly value: number; readonly result: number } };
type There = {
  readonly twice: { readonly value: number; readonly result: number };
  readonly fail: { readonly value: 'refused' | 'storage' | 'uncloneable'; readonly result: undefined };
  readonly hang: { readonly value: undefined; readonly result: undefined };
};

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const FAILURES = {
  refused: new CallRefused(ErrorReason.LIMITED, { retryAfterMs: 7 }),
  storage: new StorageError('unavailable', 'ECONNREFUSED', {}, undefined),
  uncloneable: Object.assign(new RangeError('x', { cause: () => undefined }), { hook: () => undefined }),
};

function open() {
  const { port1, port2 } = new MessageChannel();
  closers.push(() => port1.close());
  const back: Link<Here> = createLink<There, Here>(port2, {
    // Asked in turn while it is asked.
    twice: async (value): Promise<number> => value + 2 * (await back.ask('half', value)),
    fail: (value) => Promise.reject(FAILURES[value]),
    hang: () => new Promise(() => undefined),
  });
  return createLink<Here, There>(port1, { half: (value) => value / 2 });
}

test('both sides ask and are answered, many at once', async () => {
  const link = open();
  expect(await Promise.all([1, 2, 3].map((value) => link.ask('twice', value)))).toEqual([2, 4, 6]);
});

test('what the other side threw arrives with its kind, whatever hangs on it', async () => {
  const link = open();
  await expect(link.ask('fail', 'refused')).rejects.toMatchObject({
    reason: ErrorReason.LIMITED,
    facts: { retryAfterMs: 7 },
  });
  await expect(link.ask('fail', 'storage')).rejects.toBeInstanceOf(StorageError);
  const fault: unknown = await link.ask('fail', 'uncloneable').catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(RangeError);
  expect((fault as Error).stack).toContain('link.test.ts');
});

test('nobody waits for a side that has ended', async () => {
  const link = open();
  const asked = link.ask('hang', undefined);
  link.end();
  await expect(asked).rejects.toMatchObject({ kind: 'unavailable', code: 'THREAD_ENDED' });
  await expect(link.ask('twice', 1)).rejects.toMatchObject({ code: 'THREAD_ENDED' });
});
