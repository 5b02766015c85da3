import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openTurns } from './matching-threads.ts';

/** Chunks of one party that are begun, of many that wait. */
async function begun(matchingThreads: number, ioThreads: number, beside: boolean): Promise<number> {
  const turns = openTurns({ matchingThreads, ioThreads, perSecond: 1000, othersCall: () => beside });
  let count = 0;
  for (let i = 0; i < 100; i++) void turns.enter('a', 1).then(() => (count += 1));
  await sleep(1);
  return count;
}

it('eight chunks a matching thread have a turn, and one beside calls of others; of several threads each has its part', async () => {
  expect([await begun(1, 1, false), await begun(1, 1, true)]).toEqual([8, 1]);
  expect([await begun(4, 1, false), await begun(4, 1, true)]).toEqual([32, 4]);
  expect([await begun(1, 2, false), await begun(1, 2, true)]).toEqual([4, 1]);
});
