/** How many answers stand on a consent: counted with the answer, once, in the transaction that records it. */
import { numbersOf } from '../exchange/consents-used.ts';
import type { AppendItem } from '../exchange/log-port.ts';
import type { AppendConnection } from './append-group.ts';
import type { Outcomes } from './append-jobs.ts';
import * as sql from './append-sql.ts';

const NOTHING_COUNTED = { count: async () => undefined };

/**
 * Locks what the items count. One that finds a consent used up by another was overtaken: judged again it will not find the consent.
 * `count` writes what was recorded in the end.
 */
export async function lockUses(
  tx: Pick<AppendConnection, 'execute'>,
  items: readonly AppendItem[],
  outcomes: Outcomes,
): Promise<{ count(recorded: readonly AppendItem[]): Promise<void> }> {
  const wanted = items.map(({ consents }, i) =>
    consents === undefined || outcomes[i] !== undefined ? undefined : numbersOf(consents.counted),
  );
  const all = [...new Set(wanted.flatMap((numbers) => (numbers === undefined ? [] : [...numbers])))];
  if (all.length === 0) return NOTHING_COUNTED;
  const { rows } = await tx.execute(sql.LOCK_USES, [all]);
  const left = new Map(rows.map((row) => [row.consent_no as number, row.left as number]));
  const uses = new Map<AppendItem, Float64Array>();
  for (const [i, item] of items.entries()) {
    const numbers = wanted[i];
    if (numbers === undefined || numbers.length === 0) continue;
    if (numbers.some((consentNo) => (left.get(consentNo) ?? 0) < 1)) {
      outcomes[i] = { kind: 'overtaken' };
      continue;
    }
    for (const consentNo of numbers) left.set(consentNo, (left.get(consentNo) ?? 0) - 1);
    uses.set(item, numbers);
  }
  return {
    async count(recorded) {
      const counts = new Map<number, number>();
      for (const item of recorded) {
        for (const consentNo of uses.get(item) ?? []) counts.set(consentNo, (counts.get(consentNo) ?? 0) + 1);
      }
      if (counts.size > 0) await tx.execute(sql.COUNT_USES, [[...counts.keys()], [...counts.values()]]);
    },
  };
}
