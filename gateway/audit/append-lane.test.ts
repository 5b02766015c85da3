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
