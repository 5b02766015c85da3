import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runLoad } from './load.ts';

it('keeps so many calls in flight, never more, and counts those that end in time', async () => {
  let flying = 0;
  let most = 0;
  const indices = new Set<number>();
  const result = await runLoad({
    inFlight: 8,
    warmMs: 50,
    measureMs: 200,
    call: async (index) => {
      indices.add(index);
      most = Math.max(most, ++flying);
      await sleep(10);
      flying--;
    },
  });
  expect(most).toBe(8);
  // Of all calls, those of the warm-up are not counted.
  expect(result.calls).toBeGreaterThan(0);
  expect(result.calls).toBeLessThan(indices.size);
  expect(result.rate).toBeCloseTo(result.calls / 0.2);
  expect(result.p50).toBeGreaterThanOrEqual(9);
  expect(result.p99).toBeGreaterThanOrEqual(result.p50);
});

it('ends with the first failure', async () => {
  const failing = runLoad({
    inFlight: 2,
    warmMs: 0,
    measureMs: 10_000,
    call: async (index) => {
      await sleep(1);
      if (index === 3) throw new Error('refused');
    },
  });
  await expect(failing).rejects.toThrow('refused');
});
