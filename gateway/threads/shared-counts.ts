import type { Counts } from '../exchange/admission.ts';
import { createPlaces, type SharedMemory } from './shared-names.ts';

/** Legal entities: an order of magnitude more than a country has of them. */
export const ENTITIES = 16_384;

/** What each name holds in all threads together, never above `most`, whoever counts at the same moment. */
export function createSharedCounts(memory: SharedMemory, most: number): Counts {
  const placeOf = createPlaces(memory);
  const held = new Int32Array(memory.cells);
  return {
    enter(name) {
      const place = placeOf(name);
      if (place === undefined) return false;
      for (let now = Atomics.load(held, place); now < most; ) {
        const before = Atomics.compareExchange(held, place, now, now + 1);
        if (before === now) return true;
        now = before;
      }
      return false;
    },
    leave(name) {
      const place = placeOf(name);
      if (place !== undefined) Atomics.sub(held, place, 1);
    },
  };
}
