import type { GuardNews } from '../exchange/guard-port.ts';
import type { AppendItem, AppendOutcome, QuotaState } from '../exchange/log-port.ts';
import { countGuesses, type Guarded, guarded } from './count-guesses.ts';
import type { Counters, LimitsConnection, Outcomes } from './take-quotas.ts';

/** What a group's limits came to: to be told once it is committed. */
export interface Settled {
  readonly news: readonly GuardNews[];
  readonly crossed: number;
  readonly quotasOf: (item: AppendItem) => QuotaState[];
  /** Writes what is counted of those who were taken; nothing of the group hangs on the answer. */
  readonly write: () => Promise<unknown>;
}

/**
 * Quotas, people, guesses of a group's items, in this order of locks; items beyond a limit, and those judged too early, get their
 * outcome and leave nothing counted, nor do items that have one already.
 *
 * @param counters of all these items
 */
export async function settleLimits(
  tx: LimitsConnection,
  items: readonly AppendItem[],
  outcomes: Outcomes,
  counters: Counters,
): Promise<Settled> {
  const at = new Map(items.map((item, i) => [item, i]));
  const open = () => items.filter((item, i) => outcomes[i] === undefined && item.limits !== undefined);
  const settle = (item: AppendItem, outcome: AppendOutcome) => {
    outcomes[at.get(item) ?? -1] = outcome;
  };
  for (const [i, item] of items.entries()) {
    if (item.limits === undefined) continue;
    if (outcomes[i] === undefined) outcomes[i] = counters.admit(item, item.limits);
    else counters.drop(item);
  }
  counters.takeSubjects(open(), settle);
  const judged = open().flatMap((item): Guarded[] =>
    item.limits?.guard === undefined ? [] : [guarded(item, item.limits.guard)],
  );
  const { news, crossed } =
    judged.length === 0
      ? { news: [], crossed: 0 }
      : await countGuesses(tx, judged, counters, (item) => {
          counters.giveBack(item);
          settle(item, { kind: 'overtaken' });
        });
  return { news, crossed, quotasOf: (item) => counters.statesOf(item), write: () => counters.write(tx) };
}
