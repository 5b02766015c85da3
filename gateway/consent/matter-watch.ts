/** Finds decisions of matters that count for nothing, written past the officers or of officers who no longer count; and matters that no list had. */
import type { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { ActBook, ActProblem } from '../acts/book.ts';
import { createPoll } from '../storage/poll.ts';
import { tellFirst } from '../storage/tell-first.ts';
import {
  isFallen,
  judgeRows,
  type MatterActRow,
  type RecordedMatter,
  readStandings,
  type StandingDeps,
  standingOf,
} from './matter-standing.ts';
import { reopen } from './missed-matters.ts';

export interface IgnoredMatterAct {
  readonly matter: RecordedMatter;
  readonly digest: string;
  readonly problem: ActProblem;
}

interface CheckedRow extends MatterActRow {
  readonly seq: string;
  readonly kind: MatterKind;
  readonly recorded_at: number;
}

const PAGE = 500;
/** The ends of a table: a sequence begins at 1, and whoever writes by SQL does not have to. */
const [FIRST, LAST] = [-(2n ** 63n), 2n ** 63n - 1n];
const ROWS = `SELECT a.seq::text AS seq, a.receipt_id, a.digest, a.body, a.signature, a.entry_id, m.kind,
    extract(epoch FROM m.recorded_at)::float8 AS recorded_at
  FROM matter_act a JOIN consent_matter m USING (receipt_id) WHERE a.seq >= $1::bigint ORDER BY a.seq LIMIT ${PAGE}`;

/** Those from a place in the table on that count for nothing. @throws {StorageError} */
export async function ignoredMatterActs(deps: StandingDeps, from = FIRST): Promise<IgnoredMatterAct[]> {
  const ignored: IgnoredMatterAct[] = [];
  for (let next = from; ; ) {
    const { rows } = await deps.db.query<CheckedRow>(ROWS, [next.toString()]);
    const page = rows.map((row) => ({
      row,
      matter: { receiptId: row.receipt_id, kind: row.kind, recordedAt: row.recorded_at },
    }));
    for (const { row, matter, judged } of await judgeRows(deps, page)) {
      if (typeof judged === 'string') ignored.push({ matter, digest: row.digest, problem: judged });
    }
    const last = BigInt(rows.at(-1)?.seq ?? LAST);
    if (rows.length < PAGE || last === LAST) return ignored;
    next = last + 1n;
  }
}

export interface MatterWatchDeps extends Omit<StandingDeps, 'book'> {
  /** As it was last read: another one is a reason to look again. */
  readonly book: () => ActBook;
  /** As the database has it now: whoever decides may have become an officer a moment ago. */
  readonly readBook: () => Promise<ActBook>;
  /** Puts before the officers what no list had, and says how much; undefined: all there ever was, else seconds since the last time. */
  readonly takeUpMissed: (since: number | undefined) => Promise<number>;
  /** The same of one block of all there ever was, with what waits to be acknowledged; begins anew after what it gave as the last. */
  readonly putBackBlock: (
    after: Buffer | undefined,
  ) => Promise<{ readonly next: Buffer | undefined; readonly count: number }>;
  readonly log: { warn(fields: object, event: string): void };
  readonly onFault: (error: unknown) => void;
  readonly everyMs?: number;
}

const EVERY_MS = 2_000;
/** Looks from one counting of all rows to the next: a minute. Decisions are kept for ever, and what is new is found without it. */
const LOOKS_A_COUNT = 30;

/** Counts them, says each once, and opens again what only they had decided. */
export function createMatterWatch(deps: MatterWatchDeps) {
  const { db, log } = deps;
  const reported = new Set<string>();
  let ignored: readonly IgnoredMatterAct[] = [];
  let checked: { readonly book: ActBook | undefined; readonly last: string; readonly count: number } = {
    ...{ book: undefined, last: '0', count: 0 },
  };
  let looks = 0;
  /** When what no list has was last looked for. */
  let missedAt: number | undefined;
  /** Where the next block of all matters begins; undefined between two rounds. */
  let after: Buffer | undefined;

  async function look(): Promise<void> {
    if (looks % LOOKS_A_COUNT === 0) await lookForMissed();
    // A round takes a minute at least, and of many matters as many looks as they have blocks.
    if (looks % LOOKS_A_COUNT === 0 || after !== undefined) await lookAtBlock();
    const book = deps.book();
    const { rows } = await db.query<{ last: string; before: number | null; added: number }>(
      `SELECT coalesce((SELECT max(seq) FROM matter_act), 0)::text AS last, count(*)::integer AS added,
              CASE WHEN $2::boolean THEN (SELECT count(*)::integer FROM matter_act WHERE seq <= $1::bigint) END AS before
       FROM matter_act WHERE seq > $1::bigint`,
      [checked.last, looks % LOOKS_A_COUNT === 0],
    );
    const { last = '0', added = 0 } = rows[0] ?? {};
    const before = rows[0]?.before ?? checked.count;
    // A row that was slipped in beneath those that were checked changes their number.
    const same = book === checked.book && before === checked.count;
    if (same && added === 0) {
      looks += 1;
      return;
    }
    const now = await deps.readBook();
    const judging = { ...deps, book: () => now };
    const found = await ignoredMatterActs(judging, same ? BigInt(checked.last) + 1n : FIRST);
    for (const { digest, problem } of found) {
      if (!reported.has(digest)) log.warn({ problem }, 'an act of officers was refused');
      reported.add(digest);
    }
    await openAgain(judging, found);
    ignored = same ? [...ignored, ...found] : found;
    checked = { book, last, count: before + added };
    // Only now: what fails is looked at whole once more.
    looks += 1;
  }

  async function lookForMissed(): Promise<void> {
    const now = performance.now();
    tellMissed(await deps.takeUpMissed(missedAt === undefined ? undefined : (now - missedAt) / 1000));
    missedAt = now;
  }

  async function lookAtBlock(): Promise<void> {
    const { next, count } = await deps.putBackBlock(after);
    after = next;
    tellMissed(count);
  }

  function tellMissed(matters: number): void {
    if (matters > 0) log.warn({ matters }, 'matters of persons that no list had wait again');
  }

  const poll = createPoll(tellFirst(look, deps.onFault), deps.everyMs ?? EVERY_MS);
  return { start: poll.start, stop: poll.stop, ignored: () => ignored.filter((one) => !isFallen(one.problem)).length };
}

/** What waits for an officer again, because what decided or extended it counts for nothing. */
async function openAgain(deps: StandingDeps, ignored: readonly IgnoredMatterAct[]): Promise<void> {
  const matters = [
    ...new Map(ignored.map(({ matter }) => [matter.receiptId.toString('hex'), matter] as const)).values(),
  ];
  if (matters.length === 0) return;
  const standings = await readStandings(deps, matters);
  for (const { receiptId } of matters) {
    const { decision, extension } = standingOf(standings, receiptId);
    if (decision === undefined) await reopen(deps.db, receiptId, extension !== undefined);
  }
}
