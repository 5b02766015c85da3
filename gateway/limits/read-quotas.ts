import type { QuotaState, Transaction } from '../exchange/log-port.ts';
import type { Limits } from '../policy/decision.ts';
import { DAY, KINDS } from './limits-sql.ts';
import { QUOTAS } from './take-quotas.ts';

/** Counters of windows that run, and when they end. */
export interface UsedLimits {
  /** By agency, purpose and kind. */
  readonly used: ReadonlyMap<string, number>;
  readonly resets: Readonly<Record<keyof typeof QUOTAS, number>>;
}

const keyOf = (agency: string, purpose: string, kind: number) => `${agency}\0${purpose}\0${kind}`;

/** @param agency all of them where none is named */
export async function readUsed(db: Transaction, agency?: string): Promise<UsedLimits> {
  const { rows } = await db.query(
    `SELECT extract(epoch FROM date_trunc('minute', clock_timestamp()))::float8 AS minute,
            extract(epoch FROM ${DAY})::float8 AS day, party, purpose, kind, used::float8 AS used
     FROM (SELECT) AS one LEFT JOIN limit_counter ON kind <> ${KINDS.guesses} AND ($1::text IS NULL OR party = $1)
       AND window_start >= CASE kind WHEN ${KINDS.calls} THEN date_trunc('minute', clock_timestamp()) ELSE ${DAY} END`,
    [agency ?? null],
  );
  const used = new Map<string, number>();
  for (const { party, purpose, kind, used: count } of rows) {
    if (party !== null) used.set(keyOf(party as string, purpose as string, kind as number), count as number);
  }
  const [minute, today] = [rows[0]?.minute as number, rows[0]?.day as number];
  const resets = {
    [KINDS.calls]: minute + QUOTAS[KINDS.calls].seconds,
    [KINDS.rows]: today + QUOTAS[KINDS.rows].seconds,
    [KINDS.subjects]: today + QUOTAS[KINDS.subjects].seconds,
  };
  return { used, resets };
}

/** How the limits of one agreement stand. */
export function statesOf({ used, resets }: UsedLimits, agency: string, purpose: string, limits: Limits): QuotaState[] {
  return ([KINDS.calls, KINDS.rows, KINDS.subjects] as const).flatMap((kind) => {
    const { limit, name } = QUOTAS[kind];
    const most = limits[name];
    if (most === undefined) return [];
    return [{ limit, most, used: used.get(keyOf(agency, purpose, kind)) ?? 0, resetAt: resets[kind] }];
  });
}

const KEPT_MS = 1_000;
const MOST_KEPT = 10_000;

/** The same for whoever asks without a signature: read once a second an agency, however often he asks. */
export function createQuotaReader(db: Transaction, nowMs: () => number): (agency: string) => Promise<UsedLimits> {
  const kept = new Map<string, { readonly at: number; readonly read: Promise<UsedLimits> }>();
  return (agency) => {
    const last = kept.get(agency);
    if (last !== undefined && nowMs() - last.at < KEPT_MS) return last.read;
    const read = readUsed(db, agency);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(agency, { at: nowMs(), read });
    return read;
  };
}
