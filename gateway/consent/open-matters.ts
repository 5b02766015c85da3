/** Matters of persons that wait, counted for whoever runs the gateway by how near the end of their legal clock is: numbers, of nobody. */
import { ClockKind, MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { Database } from '../storage/pool.ts';
import { clockOf } from './clocks.ts';

const KINDS = {
  withdrawal: MatterKind.WITHDRAWAL,
  restriction: MatterKind.RESTRICTION,
  objection: MatterKind.OBJECTION,
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

/** By day and not by matter: an objection may wait for weeks, and there may be many. */
const OPEN = `SELECT kind, acknowledged, min(started)::float8 AS started, count(*)::float8 AS n FROM (
  SELECT m.kind, false AS acknowledged, extract(epoch FROM m.recorded_at) AS started
  FROM consent_pending JOIN consent_matter m USING (receipt_id)
  UNION ALL
  SELECT ${MatterKind.OBJECTION}, true, extract(epoch FROM o.recorded_at) FROM consent_objected o
  WHERE NOT EXISTS (SELECT FROM consent_pending p WHERE p.receipt_id = o.receipt_id)
) open GROUP BY kind, acknowledged, floor((started + 25200) / 86400)`;

/**
 * A withdrawal or restriction waits until it is acknowledged; an objection then for its second clock, until it is lifted or decided.
 * Of a clock that can be extended the first end counts: an extension is said to the person before.
 *
 * @param now unix seconds
 * @throws {StorageError}
 */
export async function readOpenMatters(db: Database, now: number): Promise<OpenMatters> {
  const { rows } = await db.query<{ kind: MatterKind; acknowledged: boolean; started: number; n: number }>(OPEN);
  const soon = clockOf(ClockKind.ACKNOWLEDGE, now).dueAt;
  const open = rows.map(({ kind, acknowledged, started, n }) => {
    const { dueAt } = clockOf(acknowledged ? ClockKind.CARRY_OUT : ClockKind.ACKNOWLEDGE, started);
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
