/** How many answers stand on a consent: counted with the answer, once, in the transaction that records it. */
import { numbersOf } from '../exchange/consents-used.ts';
import type { AppendItem } from '../exchange/log-port.ts';
import { int8Array } from '../storage/int8-array.ts';
import { readNumbers } from '../storage/read-numbers.ts';
import type { AppendConnection } from './append-group.ts';
import type { Outcomes } from './append-jobs.ts';
import * as sql from './append-sql.ts';

const NONE = new Float64Array(0);
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
    consents === undefined || outcomes[i] !== undefined ? NONE : numbersOf(consents.counted),
  );
  const all = new Set<number>();
  for (const numbers of wanted) for (const consentNo of numbers) all.add(consentNo);
  if (all.size === 0) return NOTHING_COUNTED;
  const { rows } = await tx.execute(sql.LOCK_USES, [int8Array(Float64Array.from(all).sort())]);
  const locked = readNumbers((rows[0]?.uses as string | null) ?? '');
  const left = new Map<number, number>();
  for (let at = 0; at < locked.length; at += 2) left.set(locked[at] ?? 0, locked[at + 1] ?? 0);
  const uses = new Map<AppendItem, Float64Array>();
  for (const [i, item] of items.entries()) {
    const numbers = wanted[i] ?? NONE;
    if (numbers.length === 0) continue;
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
        for (const consentNo of uses.get(item) ?? NONE) counts.set(consentNo, (counts.get(consentNo) ?? 0) + 1);
      }
      const columns = [counts.keys(), counts.values()].map((column) => int8Array(Float64Array.from(column)));
      if (counts.size > 0) await tx.execute(sql.COUNT_USES, columns);
    },
  };
}
