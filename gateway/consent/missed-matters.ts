/**
 * Matters that wait and that no list of what waits has. Both lists are derived of what was recorded, and a gateway's own role may delete
 * from them; a gateway of before, which serves on beside a migration, takes objections and writes no list. Whatever is found is put back,
 * or nobody would ever see it.
 */
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { ActBook } from '../acts/book.ts';
import { MATTERS } from '../acts/matter-act.ts';
import type { Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { lockAcknowledging } from './acknowledging.ts';
import { type JudgedActs, type JudgingDeps, judgeActs } from './judged-acts.ts';
import { lockMatter, type RecordedMatter, readStandings, type StandingDeps, standingOf } from './matter-standing.ts';

/** A transaction that began before the last look may have been committed after it. */
const BACK_SECONDS = 3_600;
/** Matters that one statement looks at. */
const BLOCK = 500;
const FIRST = Buffer.alloc(0);

const DECIDED = Object.values(MATTERS).join(', ');
const SETTLED = [MatterKind.WITHDRAWAL, MatterKind.RESTRICTION, MatterKind.OBJECTION].join(', ');
/** Counted, as decisions are: of each that may be missed it is asked by key, however many others there are. */
const LIFTINGS = `(SELECT count(*) FROM consent_matter l
  WHERE l.scope_no = m.scope_no AND l.kind = ${MatterKind.LIFTING} AND l.revision >= m.revision)`;
/** The register's own scope has nothing that is lifted, whatever somebody writes there. */
const RUNS_ON = `m.kind IN (${DECIDED}) AND (m.kind <> ${MatterKind.OBJECTION} OR ${LIFTINGS} = 0)`;
/** What stands in `matter_act` was an officer's to see: whether that counts is judged by its signature. */
const waits = (more: string) => `SELECT m.receipt_id FROM consent_matter m WHERE ${RUNS_ON} ${more}
  AND NOT EXISTS (SELECT FROM matter_open o WHERE o.receipt_id = m.receipt_id)
  AND (SELECT count(*) FROM matter_act a WHERE a.receipt_id = m.receipt_id) = 0`;
const RECENT = 'AND m.recorded_at > now() - make_interval(secs => $1::float8)';
const GIVEN_BACK = `DELETE FROM matter_open o USING consent_matter m
  WHERE o.kind = ${MatterKind.OBJECTION} AND m.receipt_id = o.receipt_id AND ${LIFTINGS} > 0`;

/**
 * What no officer ever did anything about.
 * @param since seconds since the last look; undefined for the first, which reads all
 * @returns how many were put before the officers
 * @throws {StorageError}
 */
export async function takeUpMissed(pool: Pool, since: number | undefined): Promise<number> {
  await pool.query(GIVEN_BACK);
  const { rows } = await (since === undefined
    ? pool.query<{ receipt_id: Buffer }>(waits(''))
    : pool.query<{ receipt_id: Buffer }>(waits(RECENT), [since + BACK_SECONDS]));
  for (const { receipt_id: receiptId } of rows) await inTransaction(pool, (tx) => takeUp(tx, receiptId));
  return rows.length;
}

/** Under the lock of decisions: one that is being recorded just now has the matter closed for good. */
async function takeUp(tx: Database, receiptId: Buffer): Promise<void> {
  await tx.query(lockMatter(receiptId));
  await tx.query(
    `INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
     SELECT receipt_id, scope_no, kind, recorded_at FROM consent_matter
     WHERE receipt_id = $1 AND NOT EXISTS (SELECT FROM matter_act WHERE receipt_id = $1) ON CONFLICT DO NOTHING`,
    [receiptId],
  );
}

/**
 * Of the matters after a receipt, by their key: whether it waits for an officer and is not in the list of these, or is there as extended
 * otherwise than officers may have it; and whether it waits to be carried out and is in no list of these.
 */
const BLOCK_AFTER = `SELECT m.receipt_id, m.kind, extract(epoch FROM m.recorded_at)::float8 AS recorded_at,
    CASE WHEN ${RUNS_ON} THEN (SELECT count(*) FROM matter_open o WHERE o.receipt_id = m.receipt_id
      AND NOT (o.extended AND (SELECT count(*) FROM matter_act a WHERE a.receipt_id = m.receipt_id) = 0)) = 0 ELSE false END AS unlisted,
    m.kind IN (${SETTLED}) AND (SELECT count(*) FROM consent_acknowledgement a WHERE a.receipt_id = m.receipt_id) = 0
      AND (SELECT count(*) FROM consent_pending p WHERE p.receipt_id = m.receipt_id) = 0 AS unacknowledged
  FROM (SELECT * FROM consent_matter WHERE receipt_id > $1 ORDER BY receipt_id LIMIT ${BLOCK}) m ORDER BY m.receipt_id`;

interface BlockRow {
  readonly receipt_id: Buffer;
  readonly kind: MatterKind;
  readonly recorded_at: number;
  readonly unlisted: boolean;
  readonly unacknowledged: boolean;
}

export interface Block {
  /** Where the next begins; undefined where there are no more. */
  readonly next: Buffer | undefined;
  /** Waits for an officer, by the book as it was last read. */
  readonly unlisted: readonly RecordedMatter[];
  /** Receipts. */
  readonly unacknowledged: readonly Buffer[];
}

/** What is in neither list though it should be, of one block of all there ever was. @throws {StorageError} */
export async function readBlock(deps: StandingDeps, after: Buffer = FIRST): Promise<Block> {
  const { rows } = await deps.db.query<BlockRow>(BLOCK_AFTER, [after]);
  const out = rows
    .filter(({ unlisted }) => unlisted)
    .map(({ receipt_id: receiptId, kind, recorded_at: recordedAt }) => ({ receiptId, kind, recordedAt }));
  const standings = out.length === 0 ? new Map() : await readStandings(deps, out);
  return {
    next: rows.length < BLOCK ? undefined : rows.at(-1)?.receipt_id,
    // Most are not there because they are decided.
    unlisted: out.filter(({ receiptId }) => standingOf(standings, receiptId).decision === undefined),
    unacknowledged: rows.filter((row) => row.unacknowledged).map(({ receipt_id: receiptId }) => receiptId),
  };
}

/**
 * All that some list lacks, in one statement: what no decision that counts ($1, of those that were judged) has answered and nobody is
 * to see, and what waits to be carried out. Where rows stand about a matter that were not judged as a decision, it is not sure.
 */
const ALL_MISSED = `WITH loose AS MATERIALIZED (
    SELECT m.receipt_id, m.scope_no, m.kind, m.revision FROM consent_matter m LEFT JOIN matter_open o USING (receipt_id)
    WHERE m.kind IN (${DECIDED}) AND (o.receipt_id IS NULL OR o.extended)
      AND NOT EXISTS (SELECT FROM matter_act a WHERE a.receipt_id = m.receipt_id AND a.seq <@ $1::int8multirange)
  ), unlisted AS (
    SELECT m.receipt_id, NOT acted AS sure FROM (
      SELECT *, (SELECT count(*) FROM matter_act a WHERE a.receipt_id = m.receipt_id) > 0 AS acted FROM loose m) m
    WHERE ${RUNS_ON} AND NOT (acted AND (SELECT count(*) FROM matter_open o WHERE o.receipt_id = m.receipt_id) > 0)
  ), unacknowledged AS (
    SELECT m.receipt_id, true AS sure FROM consent_matter m WHERE m.kind IN (${SETTLED})
      AND NOT EXISTS (SELECT FROM consent_acknowledgement a WHERE a.receipt_id = m.receipt_id)
      AND NOT EXISTS (SELECT FROM consent_pending p WHERE p.receipt_id = m.receipt_id)
  ), missed AS (
    SELECT receipt_id, bool_or(sure) AS sure FROM (SELECT * FROM unlisted UNION ALL SELECT * FROM unacknowledged) u GROUP BY receipt_id
  )
  SELECT count(*) FILTER (WHERE sure)::integer AS sure, array_agg(receipt_id) FILTER (WHERE NOT sure) AS unsure FROM missed`;

/**
 * How many there are in all.
 * @param judged what officers decided, where somebody judged it already
 * @throws {StorageError}
 */
export async function countMissed(deps: JudgingDeps, judged?: JudgedActs): Promise<number> {
  const { deciding } = judged ?? (await judgeActs(deps));
  const { rows } = await deps.db.query<{ sure: number; unsure: Buffer[] | null }>(ALL_MISSED, [deciding]);
  let count = rows[0]?.sure ?? 0;
  const unsure = rows[0]?.unsure ?? [];
  for (let at = 0; at < unsure.length; at += BLOCK) {
    const { rows: matters } = await deps.db.query<RecordedMatter>(MATTERS_OF, [unsure.slice(at, at + BLOCK)]);
    // Decided since they were judged, or merely extended.
    const standings = await readStandings(deps, matters);
    count += matters.filter(({ receiptId }) => standingOf(standings, receiptId).decision === undefined).length;
  }
  return count;
}

const MATTERS_OF = `SELECT receipt_id AS "receiptId", kind, extract(epoch FROM recorded_at)::float8 AS "recordedAt"
  FROM consent_matter WHERE receipt_id = ANY ($1::bytea[])`;

export interface PutBackDeps extends Omit<StandingDeps, 'db'> {
  readonly db: Pool;
  /** As the database has it now: whoever decides may have become an officer a moment ago. */
  readonly readBook: () => Promise<ActBook>;
}

/**
 * Puts back what one block lacks.
 * @returns where the next block begins, and how many were put back
 * @throws {StorageError}
 */
export async function putBackBlock(
  deps: PutBackDeps,
  after: Buffer | undefined,
): Promise<{ readonly next: Buffer | undefined; readonly count: number }> {
  const { next, unlisted, unacknowledged } = await readBlock(deps, after);
  const back = new Set<string>();
  const book = unlisted.length === 0 ? undefined : await deps.readBook();
  for (const matter of book === undefined ? [] : unlisted) {
    const judging = { ...deps, book: () => book as ActBook };
    const put = await inTransaction(deps.db, (tx) => putBeforeOfficers({ ...judging, db: tx }, matter));
    if (put) back.add(matter.receiptId.toString('hex'));
  }
  for (const receiptId of unacknowledged) {
    await inTransaction(deps.db, (tx) => putBeforeGateways(tx, receiptId));
    back.add(receiptId.toString('hex'));
  }
  return { next, count: back.size };
}

async function putBeforeOfficers(deps: StandingDeps, matter: RecordedMatter): Promise<boolean> {
  const { receiptId } = matter;
  await deps.db.query(lockMatter(receiptId));
  const { decision, extension } = standingOf(await readStandings(deps, [matter]), receiptId);
  if (decision === undefined) await reopen(deps.db, receiptId, extension !== undefined);
  return decision === undefined;
}

/** Where nobody acknowledged it meanwhile: to be acknowledged twice would fail at every look. */
async function putBeforeGateways(tx: Database, receiptId: Buffer): Promise<void> {
  await tx.query(lockAcknowledging(receiptId));
  await tx.query(
    `INSERT INTO consent_pending (receipt_id, revision) SELECT receipt_id, revision FROM consent_matter m
     WHERE receipt_id = $1 AND NOT EXISTS (SELECT FROM consent_acknowledgement a WHERE a.receipt_id = m.receipt_id)
     ON CONFLICT DO NOTHING`,
    [receiptId],
  );
}

/** Has a matter wait for an officer again, unless the person lifted it. @throws {StorageError} */
export async function reopen(db: Database, receiptId: Buffer, extended: boolean): Promise<void> {
  await db.query(
    `INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at, extended)
     SELECT m.receipt_id, m.scope_no, m.kind, m.recorded_at, $2 FROM consent_matter m WHERE m.receipt_id = $1 AND ${RUNS_ON}
     ON CONFLICT (receipt_id) DO UPDATE SET extended = excluded.extended`,
    [receiptId, extended],
  );
}
