import { expect, test } from 'vitest';
import { StorageError, type StorageErrorKind } from '../storage/errors.ts';
import { createLane } from './append-lane.ts';
import type { Waiting } from './append-queue.ts';
import type { AppenderDeps } from './appender.ts';
import { KnownHeads } from './known-heads.ts';

test.each([
  ['unavailable', 1],
  ['denied', 1],
  ['untrusted', 1],
  // An item of it may be bad: halves, and halves of these.
  ['internal', 7],
] as const)('a group of four that meets a database that is %s is tried %i times', async (kind: StorageErrorKind, times) => {
  let tried = 0;
  const connect = async () => {
    tried += 1;
    throw new StorageError(kind, '', {}, undefined);
  };
  const refused: unknown[] = [];
  const waiting = { resolve: () => undefined, reject: (error: unknown) => refused.push(error) } as unknown as Waiting;
  const groups = [Array.from({ length: 4 }, () => waiting)];
  const state = { known: new KnownHeads(undefined), stopped: undefined };
  const lane = createLane({ connect, workerId: '' } as unknown as AppenderDeps, state, () => groups.pop() ?? []);
  lane.wake();
  await lane.close();
  expect([refused.length, tried]).toEqual([4, times]);
});

test('a group that does not end lets its callers and those behind it go, and is no harm when it ends after all', async () => {
  const { promise: connected, reject: fail } = Promise.withResolvers<never>();
  const told: unknown[] = [];
  const waiting = () =>
    ({
      item: {},
      resolve: () => told.push('done'),
      reject: (error: unknown) => told.push(error),
    }) as unknown as Waiting;
  const groups = [[waiting(), waiting()], [waiting()], [waiting()]];
  const deps = { connect: () => connected, workerId: '', patienceMs: 5 } as unknown as AppenderDeps;
  const lane = createLane(deps, { known: new KnownHeads(undefined), stopped: undefined }, () => groups.shift() ?? []);
  lane.wake();
  await expect.poll(() => told).toHaveLength(4);
  expect(told.every((error) => error instanceof StorageError && error.kind === 'unavailable')).toBe(true);
  // Whoever comes then is not left waiting either.
  groups.push([waiting()]);
  await expect.poll(() => told).toHaveLength(5);
  fail(new StorageError('unavailable', '', {}, undefined));
  await lane.close();
  expect(told, 'the first two once more, to nobody').toHaveLength(7);
});
