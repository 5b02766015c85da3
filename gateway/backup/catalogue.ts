/** What the database holds, as its own catalogue says: a table that a later migration adds is copied without a word here. */
import type { Database } from '../storage/pool.ts';
import type { SequenceState } from './manifest.ts';

/** Leases of gateways: they are of processes, not of data. */
const NOT_COPIED = ['worker', 'schema_migration'];

export interface TableShape {
  readonly name: string;
  /** In the order of the table; without generated ones. */
  readonly columns: readonly string[];
}

/** Tables in such an order that what a table refers to stands before it. */
export async function listTables(db: Database): Promise<TableShape[]> {
  const { rows } = await db.query<TableShape>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> ALL ($1)
     GROUP BY c.relname ORDER BY c.relname`,
    [NOT_COPIED],
  );
  const { rows: references } = await db.query<{ from: string; to: string }>(
    `SELECT f.relname AS from, t.relname AS to FROM pg_constraint r
     JOIN pg_class f ON f.oid = r.conrelid JOIN pg_class t ON t.oid = r.confrelid
     WHERE r.contype = 'f' AND f.oid <> t.oid AND f.relnamespace = 'public'::regnamespace`,
  );
  return inOrder(rows, references);
}

function inOrder(tables: readonly TableShape[], references: readonly { from: string; to: string }[]): TableShape[] {
  const left = new Map(tables.map((table) => [table.name, table]));
  const ordered: TableShape[] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(
      ({ name }) => !references.some(({ from, to }) => from === name && left.has(to)),
    );
    if (free.length === 0) throw new Error('tables refer to each other in a circle');
    for (const table of free) left.delete(table.name);
    ordered.push(...free);
  }
  return ordered;
}

/** Sequences stand outside of any snapshot: read after it was taken, they are never behind it. */
export async function readSequences(db: Database): Promise<SequenceState[]> {
  const { rows } = await db.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  const states: SequenceState[] = [];
  for (const { name } of rows) {
    const state = await db.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${quoted(name)}`,
    );
    const [row] = state.rows;
    if (row !== undefined) states.push({ name, ...row });
  }
  return states;
}

/** The first of these tables that has a row; undefined where none has. */
export async function firstFilled(db: Database, tables: readonly string[]): Promise<string | undefined> {
  for (const table of tables) {
    const { rows } = await db.query<{ filled: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${quoted(table)}) AS filled`);
    if (rows[0]?.filled === true) return table;
  }
  return undefined;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
