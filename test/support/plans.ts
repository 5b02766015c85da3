/** How PostgreSQL would find what statements ask for: by a key, or by reading a table from end to end. */
import type { Database, Rows, Statement } from '../../gateway/storage/pool.ts';

export interface Planned {
  readonly text: string;
  /** Undefined: planned for any values, as a prepared statement may be. */
  readonly values?: readonly unknown[] | undefined;
}

interface PlanNode {
  readonly 'Node Type': string;
  /** `Outer` of what its parent takes rows from; others are worked out beside it. */
  readonly 'Parent Relationship'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Tables that a statement reads without a key, each once and in order: from end to end, or along an index without a condition on it.
 * The first rows of an index are no such reading. `db`: a connection that asks by index, or small tables are always read whole.
 */
export async function readWithoutKey(db: Database, { text, values }: Planned): Promise<string[]> {
  const options = values === undefined ? 'GENERIC_PLAN, FORMAT JSON' : 'FORMAT JSON';
  const { rows } = await db.query<{ 'QUERY PLAN': string | readonly { readonly Plan: PlanNode }[] }>(
    `EXPLAIN (${options}) ${text}`,
    values ?? [],
  );
  const answer = rows[0]?.['QUERY PLAN'] ?? [];
  const plans = typeof answer === 'string' ? (JSON.parse(answer) as { Plan: PlanNode }[]) : answer;
  if (plans.length === 0) throw new Error('a statement without a plan');
  return [...new Set(plans.flatMap(({ Plan }) => unkeyed(Plan)))].sort();
}

/** The same of all of these together. */
export async function unkeyedOf(db: Database, statements: readonly Planned[]): Promise<string[]> {
  const found = new Set<string>();
  for (const statement of statements) for (const table of await readWithoutKey(db, statement)) found.add(table);
  return [...found].sort();
}

function unkeyed(node: PlanNode, parent?: PlanNode): string[] {
  const below = (node.Plans ?? []).flatMap((child) => unkeyed(child, node));
  const table = node['Relation Name'];
  return table !== undefined && isUnkeyed(node, parent) ? [table, ...below] : below;
}

function isUnkeyed(node: PlanNode, parent: PlanNode | undefined): boolean {
  const first =
    parent?.['Node Type'] === 'Limit' && node['Parent Relationship'] === 'Outer' && node.Filter === undefined;
  switch (node['Node Type']) {
    // It changes what the nodes below it read.
    case 'ModifyTable':
      return false;
    case 'Index Scan':
    case 'Index Only Scan':
      return node['Index Cond'] === undefined && !first;
    case 'Bitmap Heap Scan':
      return !(node.Plans ?? []).every(isFound);
    default:
      return true;
  }
}

/** Of indexes that are put together, each must have its condition. */
const isFound = (node: PlanNode): boolean =>
  node['Node Type'] === 'Bitmap Index Scan' ? node['Index Cond'] !== undefined : (node.Plans ?? []).every(isFound);

/** The same database, and what was asked of it. */
export function recording(db: Database): { readonly db: Database; readonly asked: readonly Planned[] } {
  const asked: Planned[] = [];
  return {
    asked,
    db: {
      query<R>(statement: string | Statement, values?: readonly unknown[]): Promise<Rows<R>> {
        if (typeof statement === 'string') asked.push({ text: statement, values: values ?? [] });
        else
          asked.push({
            text: statement.text,
            ...(statement.name === undefined ? { values: statement.values ?? [] } : {}),
          });
        return db.query<R>(statement, values);
      },
    },
  };
}
