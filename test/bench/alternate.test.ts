import { expect, it } from 'vitest';
import { alternate } from './alternate.ts';

it('works both sides in turns, and counts no round in which they get warm', () => {
  const order: string[] = [];
  const side = (name: string, units: number) => ({
    units,
    pass: () => {
      order.push(name);
      return 1;
    },
  });
  const rates = alternate({ a: side('a', 10), b: side('b', 1) }, { rounds: 2, roundMs: 0, warmRounds: 1 });
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(rates).toHaveLength(2);
  for (const round of rates) expect(Object.keys(round)).toEqual(['a', 'b']);
});

it('counts every unit of every pass', () => {
  let passes = 0;
  const started = process.cpuUsage();
  const pass = (): number => {
    passes++;
    const end = performance.now() + 1;
    while (performance.now() < end);
    return 0;
  };
  const [round] = alternate({ a: { units: 7, pass } }, { rounds: 1, roundMs: 20, warmRounds: 0 });
  const { user, system } = process.cpuUsage(started);
  // Of a shorter time than that around it, the rate is no smaller.
  expect(round?.a).toBeGreaterThanOrEqual((passes * 7 * 1_000_000) / (user + system));
  expect(passes).toBeGreaterThan(1);
});
