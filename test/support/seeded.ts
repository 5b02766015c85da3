/** Random numbers that come again from the same seed, everywhere. */
export interface Seeded {
  /** 0 ≤ x < 1. */
  part(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
}

/** mulberry32: enough for picking places and moments. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  function part(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const whole = (from: number, to: number) => from + Math.floor(part() * (to - from + 1));
  return { part, whole, pick: (list) => list[whole(0, list.length - 1)] as (typeof list)[number] };
}
