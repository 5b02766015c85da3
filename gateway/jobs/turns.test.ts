import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createTurns } from './turns.ts';

const MB = 1024 * 1024;

/** Lets every chunk in that may begin, one at a time, and gives the order. */
async function served(wanted: readonly (readonly [party: string, bytes: number])[]): Promise<string[]> {
  const turns = createTurns({ atOnce: () => 1, perSecond: 1_000_000, nowMs: () => 0 });
  const order: string[] = [];
  const hold = await turns.enter('nobody', 1);
  const all = wanted.map(async ([party, bytes]) => {
    const leave = await turns.enter(party, bytes);
    order.push(party);
    leave();
  });
  hold();
  await Promise.all(all);
  return order;
}

describe('turns', () => {
  it('put the single chunk of one party before the many of another that were there first', async () => {
    const order = await served([...Array.from({ length: 700 }, () => ['many', MB] as const), ['one', MB]]);
    expect(order.indexOf('one')).toBeLessThan(3);
  });

  it('are of bytes: small chunks get as many as make up a large one', async () => {
    const order = await served(
      Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? (['large', MB] as const) : (['small', 64 * 1024] as const))),
    );
    const before = order.slice(0, order.indexOf('large'));
    expect(before.length).toBeGreaterThan(8);
    expect(before.length).toBeLessThan(20);
  });

  it('let in so many at a time, and a chunk of a row is not free', async () => {
    let most = 2;
    const turns = createTurns({ atOnce: () => most, perSecond: 1_000_000, nowMs: () => 0 });
    const inside: (() => void)[] = [];
    for (let i = 0; i < 5; i++) void turns.enter('a', 1).then((leave) => inside.push(leave));
    await sleep(1);
    expect([inside.length, turns.waiting]).toEqual([2, 3]);
    inside[0]?.();
    inside[0]?.();
    await sleep(1);
    expect([inside.length, turns.waiting]).toEqual([3, 2]);
    most = 5;
    inside[1]?.();
    await sleep(1);
    expect([inside.length, turns.waiting]).toEqual([5, 0]);
    const order = await served([
      ...Array.from({ length: 20 }, () => ['crumbs', 1] as const),
      ...Array.from({ length: 5 }, () => ['honest', 16 * 1024] as const),
    ]);
    expect(order.lastIndexOf('honest')).toBeLessThan(12);
  });

  it('hold all back where one who waits has to, and give that one as much as the others', async () => {
    const turns = createTurns({
      atOnce: (party) => (party === 'back' ? 1 : 3),
      perSecond: 1_000_000,
      nowMs: () => 0,
    });
    const begun: string[] = [];
    let inside = 0;
    let most = 0;
    const enter = async (party: string) => {
      const leave = await turns.enter(party, 128 * 1024);
      begun.push(party);
      inside += 1;
      // Until nobody of those who hold back waits any more.
      if (begun.filter((one) => one === 'back').length < 40) most = Math.max(most, inside);
      await sleep(0);
      inside -= 1;
      leave();
    };
    const hold = await turns.enter('nobody', 1);
    const all = ['back', 'other'].flatMap((party) => Array.from({ length: 40 }, () => enter(party)));
    hold();
    await Promise.all(all);
    expect(most).toBe(1);
    const early = begun.slice(0, 40).filter((party) => party === 'back').length;
    expect(early).toBeGreaterThan(15);
    expect(early).toBeLessThan(25);
  });

  it('are looked at again while a chunk hangs: whoever held others back has fallen silent', async () => {
    vi.useFakeTimers();
    try {
      let most = 1;
      const turns = createTurns({ atOnce: () => most, perSecond: 1_000_000, nowMs: () => 0 });
      let begun = 0;
      for (let i = 0; i < 4; i++) void turns.enter('a', 1).then(() => (begun += 1));
      await vi.advanceTimersByTimeAsync(10_000);
      expect(begun).toBe(1);
      most = 3;
      await vi.advanceTimersByTimeAsync(1_000);
      expect([begun, turns.waiting]).toEqual([3, 1]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keep each party to its pace, and nobody else', async () => {
    vi.useFakeTimers();
    try {
      const turns = createTurns({ atOnce: () => 100, perSecond: 10, nowMs: () => performance.now() });
      const begun: string[] = [];
      const enter = async (party: string) => {
        const leave = await turns.enter(party, 1);
        begun.push(party);
        leave();
      };
      for (let i = 0; i < 35; i++) void enter('crumbs');
      await vi.advanceTimersByTimeAsync(0);
      expect(begun.length).toBe(10);
      void enter('honest');
      await vi.advanceTimersByTimeAsync(0);
      expect(begun.at(-1)).toBe('honest');
      await vi.advanceTimersByTimeAsync(1000);
      expect(begun.length).toBeGreaterThanOrEqual(20);
      expect(begun.length).toBeLessThanOrEqual(22);
      await vi.advanceTimersByTimeAsync(2000);
      expect([begun.length, turns.waiting]).toEqual([36, 0]);
    } finally {
      vi.useRealTimers();
    }
  });
});
