import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createSharedCounts } from './shared-counts.ts';
import { createPlaces, createSharedMemory } from './shared-names.ts';
import { createSharedRefusalBudget } from './shared-refusal-budget.ts';

test('a name has the same place for whoever looks, another name another, and there is an end', () => {
  const memory = createSharedMemory(3, 4);
  const [here, there] = [createPlaces(memory), createPlaces(memory)];
  const places = ['a', 'b', 'c'].map(here);
  expect(new Set(places).size).toBe(3);
  expect(['c', 'b', 'a'].map(there)).toEqual(places.toReversed());
  expect([here('d'), there('d'), here('a')]).toEqual([undefined, undefined, places[0]]);
});

test('a certificate has its budget a minute in all threads together, and what went beyond is told once', () => {
  let now = 0;
  const skipped: number[] = [];
  const memory = createSharedMemory(16, 8);
  const options = { nowMs: () => now, onSkipped: (count: number) => skipped.push(count), perMinute: 3 };
  const [here, there] = [createSharedRefusalBudget(memory, options), createSharedRefusalBudget(memory, options)];
  expect([here, there, here, there, here].map((budget) => budget.take('a'))).toEqual([true, true, true, false, false]);
  expect(there.take('b')).toBe(true);
  now = 60_000;
  expect([here.take('a'), there.take('a')]).toEqual([true, true]);
  expect(skipped).toEqual([2]);
});

test('what threads count at the same moment is counted once each and never goes above the most', async () => {
  const memory = createSharedMemory(16, 4);
  const counts = createSharedCounts(memory, 5);
  const program = `
    const { workerData, parentPort } = require('node:worker_threads');
    import(workerData.module).then(({ createSharedCounts }) => {
      const counts = createSharedCounts(workerData.memory, 5);
      let most = 0;
      // Counted are the times that it came in: while the other one is held up in there, this one only tries.
      for (let entered = 0; entered < 10000; ) {
        if (!counts.enter('entity')) continue;
        entered++;
        most = Math.max(most, Atomics.load(new Int32Array(workerData.memory.cells), workerData.place));
        counts.leave('entity');
      }
      parentPort.postMessage(most);
    });`;
  const place = createPlaces(memory)('entity');
  const module = new URL('./shared-counts.ts', import.meta.url).href;
  // Four are held here, so that the threads fight for the last.
  expect(Array.from({ length: 4 }, () => counts.enter('entity'))).not.toContain(false);
  const seen = await Promise.all(
    [1, 2].map(
      () =>
        new Promise<number>((resolve, reject) => {
          new Worker(program, { eval: true, workerData: { memory, module, place } })
            .once('message', resolve)
            .once('error', reject);
        }),
    ),
  );
  expect(seen).toEqual([5, 5]);
  expect([counts.enter('entity'), counts.enter('entity')]).toEqual([true, false]);
  for (let i = 0; i < 5; i++) counts.leave('entity');
  expect(Atomics.load(new Int32Array(memory.cells), place ?? 0)).toBe(0);
});
