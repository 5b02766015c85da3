import type { GuardNews } from '../exchange/guard-port.ts';
import type { AppendItem, AppendOutcome, QuotaState } from '../exchange/log-port.ts';
import { countGuesses, type Guarded, guarded } from './count-guesses.ts';
import { Counters, type LimitsConnection, type Outcomes } from './take-quotas.ts';

/** What a group's limits came to: to be told once it is committed. */
export interface Settled {
  readonly news: readonly GuardNews[];
  readonly crossed: number;
  readonly quotasOf: (item: AppendItem) => QuotaState[];
}

/**
 * Quotas, people, guesses of a group's items, in this order of locks; items beyond a limit, and those judged too early, get their
 * outcome and leave nothing counted. Items that have one already are left alone.
 */
export async function settleLimits(
  tx: LimitsConnection,
  items: readonly AppendItem[],
  outcomes: Outcomes,
): Promise<Settled> {
  const at = new Map(items.map((item, i) => [item, i]));
  const open = () => items.filter((item, i) => outcomes[i] === undefined && item.limits !== undefined);
  const settle = (item: AppendItem, outcome: AppendOutcome) => {
    outcomes[at.get(item) ?? -1] = outcome;
  };
  const counters = await Counters.take(tx, open());
  for (const item of open()) {
    const refused = item.limits === undefined ? undefined : counters.admit(item, item.limits);
    if (refused !== undefined) settle(item, refused);
  }
  await counters.takeSubjects(tx, open(), settle);
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
  await counters.correct(tx);
  return { news, crossed, quotasOf: (item) => counters.statesOf(item) };
}
