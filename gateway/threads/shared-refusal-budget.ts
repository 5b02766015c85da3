import type { RefusalBudget } from '../exchange/refusal-budget.ts';
import { createPlaces, type SharedMemory } from './shared-names.ts';

/** Certificates of all agencies, those that were exchanged while the gateway ran included. */
export const CERTIFICATES = 65_536;

const A_MINUTE = 60;
const MINUTE_MS = 60_000;
/** A cell is the minute above, and how many were refused in it below. */
const MINUTE_BITS = 32n;
const COUNT_MASK = 2n ** MINUTE_BITS - 1n;

/**
 * `onSkipped` is told how many were not logged, once their minute is over and the certificate calls again: in one thread. `nowMs`
 * must be a clock that all of them share.
 */
export function createSharedRefusalBudget(
  memory: SharedMemory,
  options: {
    readonly nowMs: () => number;
    readonly onSkipped: (count: number) => void;
    readonly perMinute?: number;
  },
): RefusalBudget {
  const { nowMs, onSkipped, perMinute = A_MINUTE } = options;
  const placeOf = createPlaces(memory);
  const cells = new BigInt64Array(memory.cells);
  return {
    take(certificate) {
      const place = placeOf(certificate);
      if (place === undefined) return false;
      // From one on: a cell that nobody has touched is of no minute.
      const minute = BigInt(Math.floor(nowMs() / MINUTE_MS) + 1);
      for (let now = Atomics.load(cells, place); ; ) {
        const begun = now >> MINUTE_BITS === minute;
        const used = begun ? (now & COUNT_MASK) + 1n : 1n;
        const before = Atomics.compareExchange(cells, place, now, (minute << MINUTE_BITS) | used);
        if (before !== now) {
          now = before;
          continue;
        }
        const skipped = Number(now & COUNT_MASK) - perMinute;
        if (!begun && skipped > 0) onSkipped(skipped);
        return used <= BigInt(perMinute);
      }
    },
  };
}
