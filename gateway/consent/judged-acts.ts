/**
 * All that officers ever decided of matters, judged at the price of what changed since the last time. A page of the table counts as it
 * was judged for as long as its rows, their matters, the log where it was asked, and the officers who signed are the same: what is
 * remembered of it names them by their digest, sealed under a key that nobody has who has the database alone. So whoever writes there
 * cannot have anything believed; what is lost or put back from before costs time and nothing else.
 */
import { hash } from 'node:crypto';
import { type ActBook, barredSince } from '../acts/book.ts';
import { MATTER_ROLE } from '../acts/matter-act.ts';
import { seal, unseal } from '../sealing/seal.ts';
import type { Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { isFallen, judgeRows, type MatterActRow, type RecordedMatter, type StandingDeps } from './matter-standing.ts';

export interface JudgedActs {
  /** Rows that nobody signed for. */
  readonly ignored: number;
  /** Rows that fell with their officer or the key. */
  readonly fallen: number;
  /** The `seq` of all decisions that count, as an int8multirange. */
  readonly deciding: string;
}

export interface JudgingDeps extends Omit<StandingDeps, 'db'> {
  readonly db: Pool;
}

/** A page has 1,024 places, whichever of them are taken: whatever is slipped in changes its own page alone. */
const BITS = 10;
const PLACES = 1 << BITS;
const OF_PAGE = `a.seq BETWEEN $1::bigint << ${BITS} AND ($1::bigint << ${BITS}) + ${PLACES - 1}`;
const FROM = 'FROM matter_act a JOIN consent_matter m USING (receipt_id)';
const ROWS = `SELECT (a.seq & ${PLACES - 1})::integer AS place, a.receipt_id, a.digest, a.body, a.signature, a.entry_id, m.kind,
    extract(epoch FROM m.recorded_at)::float8 AS recorded_at ${FROM} WHERE ${OF_PAGE} ORDER BY a.seq`;

/** All that a verdict hangs on beside the book; of pages of which the log was asked ($1) what it said. Sent as the server sends rows: no two are alike. */
const DIGEST = `encode(sha256(string_agg(
    sha256(record_send(ROW(a.seq, a.digest, a.receipt_id, a.body, a.signature, a.entry_id, m.kind, m.recorded_at)))
    || CASE WHEN a.seq >> ${BITS} = ANY ($LOGGED::bigint[]) THEN coalesce(
      (SELECT sha256(record_send(ROW(a.request, e.salt, e.entry, i.leaf))) FROM log_entry e JOIN log_index i USING (entry_id)
       WHERE e.entry_id = a.entry_id), '') ELSE '' END,
    '' ORDER BY a.seq)), 'base64')`;
const DIGESTS = `SELECT (a.seq >> ${BITS})::text AS page, ${DIGEST.replace('$LOGGED', '$1')} AS digest ${FROM} GROUP BY a.seq >> ${BITS}`;
const DIGEST_OF_PAGE = `SELECT ${DIGEST.replace('$LOGGED', '$2')} AS digest ${FROM} WHERE ${OF_PAGE}`;

interface Page {
  readonly digest: string;
  /** Who signed it; null where it takes a look at all officers. */
  readonly signers: readonly string[] | null;
  readonly officers: string;
  /** Whether the log was asked. */
  readonly logged: boolean;
  readonly fallen: number;
  /** First and last place of each run of decisions that count. */
  readonly deciding: readonly (readonly [number, number])[];
}

/** @throws {StorageError} */
export async function judgeActs(deps: JudgingDeps): Promise<JudgedActs> {
  const remembered = await readRemembered(deps);
  const logged = [...remembered].filter(([, page]) => page.logged).map(([page]) => page);
  const { rows } = await deps.db.query<{ page: string; digest: string }>(DIGESTS, [logged]);
  const book = deps.book();
  let [ignored, fallen] = [0, 0];
  const runs: string[] = [];
  for (const { page, digest } of rows) {
    const known = remembered.get(page);
    const same = known?.digest === digest && known.officers === printOf(book, known.signers);
    const judged = same ? { ...known, ignored: 0 } : await judgePage({ ...deps, book: () => book }, page);
    ignored += judged.ignored;
    fallen += judged.fallen;
    const first = BigInt(page) << BigInt(BITS);
    for (const [from, to] of judged.deciding) runs.push(`[${first + BigInt(from)},${first + BigInt(to)}]`);
  }
  return { ignored, fallen, deciding: `{${runs.join(',')}}` };
}

const nameOf = (page: string) => Buffer.from(`judged acts of matters:${page}`);

async function readRemembered({ db, artefactKey }: JudgingDeps): Promise<ReadonlyMap<string, Page>> {
  const { rows } = await db.query<{ page: string; sealed: Buffer }>(
    'SELECT page::text AS page, sealed FROM matter_act_judged',
  );
  return new Map(
    rows.flatMap(({ page, sealed }) => {
      const opened = unseal(artefactKey, nameOf(page), sealed);
      return opened === undefined ? [] : [[page, JSON.parse(opened.toString()) as Page] as const];
    }),
  );
}

/** In one snapshot, so that what is remembered is of what was judged. */
async function judgePage(deps: JudgingDeps, page: string): Promise<Page & { readonly ignored: number }> {
  const judged = await inTransaction(deps.db, (tx) => judgeIn({ ...deps, db: tx }, page), {
    isolation: 'REPEATABLE READ',
  });
  const { ignored, ...remembered } = judged;
  // What nobody signed for is looked at each time: it may be dated ahead, and it is an alarm until somebody sees to it.
  if (ignored === 0) await remember(deps, page, remembered);
  return judged;
}

interface PlacedRow extends MatterActRow {
  readonly place: number;
  readonly kind: RecordedMatter['kind'];
  readonly recorded_at: number;
}

async function judgeIn(deps: StandingDeps, page: string): Promise<Page & { readonly ignored: number }> {
  const { rows } = await deps.db.query<PlacedRow>(ROWS, [page]);
  const judged = await judgeRows(
    deps,
    rows.map((row) => ({
      row,
      matter: { receiptId: row.receipt_id, kind: row.kind, recordedAt: row.recorded_at },
    })),
  );
  const book = deps.book();
  let [ignored, fallen] = [0, 0];
  const signers = new Set<string>();
  const deciding: [number, number][] = [];
  judged.forEach(({ judged: one }, at) => {
    if (typeof one === 'string') {
      if (isFallen(one)) fallen += 1;
      else ignored += 1;
      return;
    }
    signers.add(one.officer);
    if (one.act.kind !== 'matter.decide') return;
    const place = rows[at]?.place ?? 0;
    const last = deciding.at(-1);
    if (last?.[1] === place - 1) last[1] = place;
    else deciding.push([place, place]);
  });
  // Of whoever was barred, or whose key was, it was the log that said when.
  const logged = fallen > 0 || [...signers].some((code) => isBarredOrLost(book, code));
  const named = fallen > 0 ? null : [...signers].sort();
  const digest = await digestOfPage(deps.db, page, logged);
  return { ...{ digest, signers: named, officers: printOf(book, named), logged, fallen, deciding }, ignored };
}

async function digestOfPage(db: Database, page: string, logged: boolean): Promise<string> {
  const { rows } = await db.query<{ digest: string }>(DIGEST_OF_PAGE, [page, logged ? [page] : []]);
  return rows[0]?.digest ?? '';
}

/** Where it cannot be kept, as on a database that only follows another, the next time is as dear as this one. */
async function remember({ db, artefactKey }: JudgingDeps, page: string, judged: Page): Promise<void> {
  const sealed = seal(artefactKey, nameOf(page), Buffer.from(JSON.stringify(judged)));
  await db
    .query(
      `INSERT INTO matter_act_judged (page, sealed) VALUES ($1, $2)
       ON CONFLICT (page) DO UPDATE SET sealed = excluded.sealed`,
      [page, sealed],
    )
    .catch(() => undefined);
}

/** What of these officers and their keys makes an act of a matter count, or not; with what it was judged by. */
function printOf(book: ActBook, codes: readonly string[] | null): string {
  const officers = (codes ?? [...book.officers.keys()].sort()).map((code) => {
    const officer = book.officers.get(code);
    const bar = barredSince(book, 'officer', code) ?? null;
    return [code, officer?.counts, officer?.barred, bar, officer?.everHeld.has(MATTER_ROLE), keysOf(book, code)];
  });
  return hash('sha256', JSON.stringify([JUDGED_BY, book.deployment, officers]), 'base64url');
}

/** Raised with whatever changes a verdict: what the program of before remembered is then judged anew. */
const JUDGED_BY = 1;

const keysOf = (book: ActBook, code: string) =>
  [...book.officerKeys]
    .filter(([, { officer }]) => officer === code)
    .map(([kid, { until }]) => [kid, until, barredSince(book, 'key', kid) ?? null, book.compromised.get(kid)])
    .sort();

const isBarredOrLost = (book: ActBook, code: string): boolean =>
  book.officers.get(code)?.barred === true ||
  keysOf(book, code).some(([, , bar, lost]) => bar !== null || lost !== undefined);
