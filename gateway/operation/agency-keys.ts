/** How many keys agencies sign with, and what became of the others. */
import { type ActBook, isBarred } from '../acts/book.ts';
import type { Database } from '../storage/pool.ts';

export type KeyState = 'active' | 'retired' | 'barred';

/**
 * Those that officers' acts admitted and, unless acts alone count, rows of the tables. One that has ended, or whose
 * agency is barred, verifies nothing and is not counted as active.
 *
 * @param now unix seconds
 * @throws {StorageError}
 */
export async function countAgencyKeys(
  db: Database,
  book: Pick<ActBook, 'keys' | 'barred'>,
  { actsOnly, now }: { readonly actsOnly: boolean; readonly now: number },
): Promise<Readonly<Record<KeyState, number>>> {
  const admitted = [...book.keys].map(([kid, { agency, state, until = Number.POSITIVE_INFINITY }]) => ({
    ...{ kid, agency },
    state: until > now ? state : 'retired',
  }));
  const known = new Set(admitted.map(({ kid }) => kid));
  const rows = actsOnly
    ? []
    : (await db.query<{ kid: string; agency: string; state: string }>('SELECT kid, agency, state FROM agency_key'))
        .rows;
  const counts = { active: 0, retired: 0, barred: 0 };
  for (const { kid, agency, state } of [...admitted, ...rows.filter((row) => !known.has(row.kid))]) {
    const barred = isBarred(book, 'key', kid) || isBarred(book, 'agency', agency) || state === 'barred';
    counts[barred ? 'barred' : state === 'active' ? 'active' : 'retired'] += 1;
  }
  return counts;
}
