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

  it('begin a chunk of one who has to hold back only where few are worked on, and of the others meanwhile', async () => {
    let back = true;
    const turns = createTurns({
      atOnce: (party) => (party === 'back' && back ? 1 : 3),
      perSecond: 1_000_000,
      nowMs: () => 0,
    });
    const inside: [party: string, leave: () => void][] = [];
    const enter = (party: string) => void turns.enter(party, 1).then((leave) => inside.push([party, leave]));
    const parties = async () => {
      await sleep(1);
      return inside.map(([party]) => party);
    };
    for (const party of ['back', 'back', 'back', 'other', 'other']) enter(party);
    expect(await parties()).toEqual(['back', 'other', 'other']);
    inside[0]?.[1]();
    inside[1]?.[1]();
    expect(await parties()).toEqual(['back', 'other', 'other']);
    inside[2]?.[1]();
    expect(await parties()).toEqual(['back', 'other', 'other', 'back']);
    back = false;
    inside[3]?.[1]();
    expect([await parties(), turns.waiting]).toEqual([['back', 'other', 'other', 'back', 'back'], 0]);
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
