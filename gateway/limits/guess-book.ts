import { GUARD_FIELDS, type Guard, type GuardHint, type GuardNews, type GuardRules } from '../exchange/guard-port.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { createNearTable } from '../exchange/near-table.ts';
import { KINDS, NEAR_SINCE } from './limits-sql.ts';

interface OfEntity {
  revision: number;
  table: ReturnType<typeof createNearTable>;
  /** Of answers that were overtaken: they are judged again at once. */
  hints: Map<bigint, { readonly hint: GuardHint; readonly until: number }>;
}

const HINT_MS = 5_000;
const MOST_HINTS = 1_000;

/**
 * The units near their bounds, by legal entity, in memory. It may be behind the database: whatever was judged by it is held against
 * the database when it is appended, and the book learns from what was found. Never ahead of it, save for units whose days are over,
 * until the next `reload`.
 */
export function createGuessBook({ db, nowMs }: { readonly db: Transaction; readonly nowMs: () => number }) {
  let entities = new Map<string, OfEntity>();

  function of(legalEntity: string, among = entities): OfEntity {
    let entity = among.get(legalEntity);
    if (entity === undefined) {
      entity = { revision: 0, table: createNearTable(), hints: new Map() };
      among.set(legalEntity, entity);
    }
    return entity;
  }

  async function read(into: Map<string, OfEntity>): Promise<void> {
    // The counters first: what is read after them is complete up to them at least.
    const { rows } = await db.query(
      `SELECT party, used::float8 AS revision FROM limit_counter WHERE kind = ${KINDS.guesses}`,
    );
    const behind = rows.map((row) => ({
      entity: of(row.party as string, into),
      party: row.party,
      to: row.revision as number,
    }));
    const late = behind.filter(({ entity, to }) => to > entity.revision);
    if (late.length === 0) return;
    const { rows: near } = await db.query(NEAR_SINCE.text, [
      late.map(({ party }) => party),
      late.map(({ entity }) => entity.revision),
    ]);
    for (const row of near) {
      const unit = { unit: BigInt(row.unit as string), count: row.count as number, field: row.field as number };
      put(of(row.entity as string, into), unit);
    }
    for (const { entity, to } of late) entity.revision = Math.max(entity.revision, to);
  }

  const put = ({ table }: OfEntity, { unit, count, field }: GuardNews['near'][number]) =>
    table.put({ unit, count, tagged: field === GUARD_FIELDS.number });

  const book: Guard & { refresh(): Promise<void>; reload(): Promise<void> } = {
    rulesFor(legalEntity, bounds): GuardRules {
      const { revision, table, hints } = of(legalEntity);
      for (const [unit, { until }] of hints) if (until < nowMs()) hints.delete(unit);
      return { legalEntity, bounds, revision, table: table.buffer, hints: [...hints.values()].map(({ hint }) => hint) };
    },

    learn({ legalEntity, from, to, near, hints }) {
      const entity = of(legalEntity);
      for (const unit of near) put(entity, unit);
      // Only what joins on is complete: what lies between is read by the next `refresh`.
      if (from <= entity.revision) entity.revision = Math.max(entity.revision, to);
      if (entity.hints.size + hints.length > MOST_HINTS) entity.hints.clear();
      for (const hint of hints) entity.hints.set(hint.unit, { hint, until: nowMs() + HINT_MS });
    },

    /** Reads what others have added. */
    refresh: () => read(entities),

    /** Begins anew, without the units whose days are over. */
    async reload() {
      const anew = new Map<string, OfEntity>();
      await read(anew);
      entities = anew;
    },
  };
  return book;
}
