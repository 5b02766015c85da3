/** In the place of `exchange/guard-rows.ts` where a benchmark leaves the guard out: nothing is spent, nothing is counted. */
import type { createRowGuard as Guarded } from '../../gateway/exchange/guard-rows.ts';

export const SPENT = { name: 1, birth: 2 } as const;

const NOTHING = new Uint8Array(0);

export const createRowGuard: typeof Guarded = ({ legalEntity, bounds, revision }) => ({
  spentOf: () => 0,
  note: () => undefined,
  finish: () => ({
    ...{ legalEntity, bounds, revision, units: NOTHING, tags: NOTHING },
    ...{ missUnits: NOTHING, missValues: NOTHING, missFields: NOTHING, missCounts: NOTHING, missCrossings: NOTHING },
  }),
});
