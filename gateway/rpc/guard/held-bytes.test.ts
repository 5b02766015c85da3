import { describe, expect, it } from 'vitest';
import { createHeldBytes } from './held-bytes.ts';

const LIMITS = { heldBytes: 100, heldBytesPerEntity: 40 };

describe('held bytes', () => {
  it('are bounded for each party and for all, and come back', () => {
    const held = createHeldBytes(LIMITS);
    expect(held.take('a', 30, 'frame')).toBe(true);
    expect(held.take('a', 11, 'frame')).toBe(false);
    expect(held.take('a', 10, 'frame')).toBe(true);
    for (const party of ['b', 'c']) expect(held.take(party, 30, 'frame')).toBe(true);
    expect(held.total).toBe(100);
    expect(held.take('b', 1, 'frame')).toBe(false);
    held.release('a', 40);
    expect([held.of('a'), held.total, held.peak]).toEqual([0, 60, 100]);
    expect(held.take('b', 10, 'frame')).toBe(true);
  });

  it('let a call in where streams wait, and one message of whoever holds nothing', () => {
    const held = createHeldBytes(LIMITS);
    held.force('a', 40);
    expect(held.take('a', 10, 'frame')).toBe(false);
    expect(held.take('a', 10, 'call')).toBe(true);
    expect(held.take('a', 1, 'call')).toBe(false);
    held.force('b', 60);
    expect(held.take('new', 50, 'frame')).toBe(true);
    expect(held.take('new', 1, 'frame')).toBe(false);
  });

  it('are given to those that wait in turns of parties, and to nobody who has given up', () => {
    const held = createHeldBytes({ heldBytes: 40, heldBytesPerEntity: 40 });
    const order: string[] = [];
    held.force('a', 20);
    held.force('b', 20);
    held.wait('a', 10, () => order.push('a1'));
    held.wait('a', 10, () => order.push('a2'));
    const forget = held.wait('b', 10, () => order.push('b1'));
    held.wait('b', 10, () => order.push('b2'));
    expect(held.take('a', 1, 'frame')).toBe(false);
    forget();
    held.release('a', 20);
    expect(order).toEqual(['a1', 'b2']);
    held.release('b', 20);
    expect(order).toEqual(['a1', 'b2', 'a2']);
    expect([held.waiting, held.total]).toEqual([0, 30]);
  });
});
