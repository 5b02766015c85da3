/** Matters of persons that wait, counted for whoever runs the gateway by how near the end of their legal clock is: numbers, of nobody. */
import { ClockKind, MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { AHEAD_S, DAY_S } from '../exchange/viet-nam-day.ts';
import type { Database } from '../storage/pool.ts';
import { clockOf, PERIOD_OF, type TimedMatter } from './clocks.ts';

const KINDS = {
  withdrawal: MatterKind.WITHDRAWAL,
  restriction: MatterKind.RESTRICTION,
  objection: MatterKind.OBJECTION,
  provision: MatterKind.PROVISION,
  correction: MatterKind.CORRECTION,
  deletion: MatterKind.DELETION,
} as const;
export type OpenKind = keyof typeof KINDS;

/** `soon`: by the end of the second working day after today. */
export const DUE = ['overdue', 'soon', 'later'] as const;
export type Due = (typeof DUE)[number];

export interface OpenMatters {
  readonly counts: Readonly<Record<OpenKind, Readonly<Record<Due, number>>>>;
  /** End of the clock that ends first, unix seconds; undefined where nothing waits. */
  readonly nextDue: number | undefined;
}

/** By day and not by matter: one may wait for weeks, and there may be many. */
const OPEN = `SELECT kind, acknowledged, extended, min(started)::float8 AS started, count(*)::float8 AS n FROM (
  SELECT m.kind, false AS acknowledged, false AS extended, extract(epoch FROM m.recorded_at) AS started
  FROM consent_pending JOIN consent_matter m USING (receipt_id)
  UNION ALL
  SELECT o.kind, true, o.extended, extract(epoch FROM o.recorded_at) FROM matter_open o
  WHERE NOT EXISTS (SELECT FROM consent_pending p WHERE p.receipt_id = o.receipt_id)
) open GROUP BY kind, acknowledged, extended, floor((started + ${AHEAD_S}) / ${DAY_S})`;

interface OpenRow {
  readonly kind: TimedMatter;
  readonly acknowledged: boolean;
  readonly extended: boolean;
  readonly started: number;
  readonly n: number;
}

/**
 * A withdrawal or restriction waits until it is acknowledged; what officers decide then for its second clock, until it is decided or,
 * an objection, lifted. Of that clock the first end counts, unless an officer extended it.
 *
 * @param now unix seconds
 * @throws {StorageError}
 */
export async function readOpenMatters(db: Database, now: number): Promise<OpenMatters> {
  const { rows } = await db.query<OpenRow>(OPEN);
  const soon = clockOf(ClockKind.ACKNOWLEDGE, now).dueAt;
  const open = rows.map(({ kind, acknowledged, extended, started, n }) => {
    const clock = clockOf(acknowledged ? PERIOD_OF[kind] : ClockKind.ACKNOWLEDGE, started);
    const dueAt = extended ? clock.extendedDueAt : clock.dueAt;
    const due: Due = dueAt <= now ? 'overdue' : dueAt <= soon ? 'soon' : 'later';
    return { kind, dueAt, due, n };
  });
  const count = (kind: MatterKind, due: Due) =>
    open.reduce((sum, one) => sum + (one.kind === kind && one.due === due ? one.n : 0), 0);
  const ofKind = (kind: OpenKind) => Object.fromEntries(DUE.map((due) => [due, count(KINDS[kind], due)]));
  return {
    counts: Object.fromEntries((Object.keys(KINDS) as OpenKind[]).map((kind) => [kind, ofKind(kind)])),
    nextDue: open.length === 0 ? undefined : Math.min(...open.map(({ dueAt }) => dueAt)),
  } as OpenMatters;
}
