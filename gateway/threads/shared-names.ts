/** Places in memory that threads share, one a name, the same in each thread. */
import { hash } from 'node:crypto';

const BYTES = BigInt64Array.BYTES_PER_ELEMENT;

/** So many names, and a cell of `cellBytes` for each: to be given to every thread that counts in it. */
export interface SharedMemory {
  readonly places: number;
  readonly keys: SharedArrayBuffer;
  readonly cells: SharedArrayBuffer;
}

export function createSharedMemory(places: number, cellBytes: 4 | 8): SharedMemory {
  return {
    places,
    keys: new SharedArrayBuffer(places * BYTES),
    cells: new SharedArrayBuffer(places * cellBytes),
  };
}

/**
 * Finds the place of a name, taking a free one at its first use; undefined where all are taken. A place is never given back: for
 * names that somebody has to enrol, not for such as a caller can make up. Two names share a place where the first 64 bits of
 * their hashes are the same, which is to say never.
 */
export function createPlaces({ places, keys: memory }: SharedMemory): (name: string) => number | undefined {
  const keys = new BigInt64Array(memory);
  const known = new Map<string, number>();

  function find(name: string): number | undefined {
    const key = hash('sha256', name, 'buffer').readBigInt64BE() || 1n;
    const first = Number(BigInt.asUintN(32, key)) % places;
    for (let step = 0; step < places; step++) {
      const at = (first + step) % places;
      const there = Atomics.compareExchange(keys, at, 0n, key);
      if (there === 0n || there === key) return at;
    }
    return undefined;
  }

  return (name) => {
    const place = known.get(name) ?? find(name);
    if (place !== undefined) known.set(name, place);
    return place;
  };
}
