/** What each statement of a migration holds up while it runs: the rules of PostgreSQL's manual, "Explicit Locking" and ALTER TABLE. */
import { leadingComment, splitStatements } from './sql-statements.ts';

/**
 * What others notice of a statement:
 * - `NONE`: nothing; a table that is new in the same run counts here.
 * - `SHORT`: everything on the table waits, for the moment that the catalogue takes.
 * - `ONLINE`: works for long beside reads and writes.
 * - `ROWS`: works for long and holds the rows that it changes.
 * - `BLOCKS_WRITES`: writes wait for as long as the table is read.
 * - `BLOCKS_ALL`: reads and writes wait for as long as the table is read or written anew.
 * - `BREAKS`: what is still asked for by its name is there no more: whatever uses it fails from then on.
 * - `UNKNOWN`: not judged: take it for the worst until somebody has read it.
 */
export type LockRisk = 'NONE' | 'SHORT' | 'ONLINE' | 'ROWS' | 'BLOCKS_WRITES' | 'BLOCKS_ALL' | 'BREAKS' | 'UNKNOWN';

export interface MigrationStep {
  /** First words. Example: "ALTER TABLE". */
  readonly statement: string;
  /** Empty where it concerns none. */
  readonly table: string;
  readonly risk: LockRisk;
}

interface Rule {
  /** Group 1, where there is one, is the table. */
  readonly pattern: RegExp;
  readonly statement: string;
  readonly risk: LockRisk;
}

const NAME = String.raw`(?:ONLY\s+)?(?:public\.)?"?(\w+)"?`;
const rule = (pattern: string, statement: string, risk: LockRisk): Rule => ({
  pattern: new RegExp(`^${pattern}`, 'is'),
  statement,
  risk,
});
const alter = String.raw`ALTER TABLE (?:IF EXISTS )?${NAME}\s.*`;

/** The first that fits counts; a statement with several parts is judged by its worst, so the worst stand first. */
const RULES: readonly Rule[] = [
  rule(`CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?${NAME}`, 'CREATE TABLE', 'NONE'),
  rule(String.raw`CREATE (?:UNIQUE )?INDEX CONCURRENTLY .*?\bON ${NAME}`, 'CREATE INDEX CONCURRENTLY', 'ONLINE'),
  rule(String.raw`CREATE (?:UNIQUE )?INDEX .*?\bON ${NAME}`, 'CREATE INDEX', 'BLOCKS_WRITES'),
  // What is dropped of a column, and not the column itself, stands behind ALTER, or is a constraint.
  rule(String.raw`${alter}\bDROP (?!(?:CONSTRAINT|DEFAULT|NOT NULL|EXPRESSION|IDENTITY)\b)`, 'ALTER TABLE', 'BREAKS'),
  rule(String.raw`${alter}\bRENAME (?!CONSTRAINT\b)`, 'ALTER TABLE', 'BREAKS'),
  rule(String.raw`${alter}\bALTER (?:COLUMN )?\S+ (?:SET DATA )?TYPE\b`, 'ALTER TABLE', 'BLOCKS_ALL'),
  rule(String.raw`${alter}\bADD (?:COLUMN )?.*\bGENERATED\b`, 'ALTER TABLE', 'BLOCKS_ALL'),
  // A default that is computed a row writes the table anew; a constant does not, nor does now().
  rule(String.raw`${alter}\bDEFAULT (?!now\(\))[\w.]+\(`, 'ALTER TABLE', 'BLOCKS_ALL'),
  rule(String.raw`${alter}\bSET NOT NULL\b`, 'ALTER TABLE', 'BLOCKS_ALL'),
  rule(
    String.raw`${alter}\bADD (?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b(?!.*NOT VALID)`,
    'ALTER TABLE',
    'BLOCKS_ALL',
  ),
  rule(`ALTER TABLE (?:IF EXISTS )?${NAME} VALIDATE CONSTRAINT`, 'VALIDATE CONSTRAINT', 'ONLINE'),
  rule(`ALTER TABLE (?:IF EXISTS )?${NAME}`, 'ALTER TABLE', 'SHORT'),
  rule('DROP INDEX CONCURRENTLY', 'DROP INDEX CONCURRENTLY', 'ONLINE'),
  rule(`DROP TABLE (?:IF EXISTS )?${NAME}`, 'DROP TABLE', 'BREAKS'),
  rule(`DROP (?:MATERIALIZED )?VIEW (?:IF EXISTS )?${NAME}`, 'DROP VIEW', 'BREAKS'),
  rule('DROP (?:INDEX|TRIGGER)', 'DROP', 'SHORT'),
  rule(String.raw`CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*?\bON ${NAME}`, 'CREATE TRIGGER', 'SHORT'),
  rule(`UPDATE ${NAME}`, 'UPDATE', 'ROWS'),
  rule(`DELETE FROM ${NAME}`, 'DELETE', 'ROWS'),
  rule(`INSERT INTO ${NAME}`, 'INSERT', 'NONE'),
  rule('CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE|SEQUENCE|TYPE|DOMAIN|VIEW|ROLE)', 'CREATE', 'NONE'),
  rule(String.raw`(?:GRANT|REVOKE)\b`, 'GRANT', 'NONE'),
  rule(String.raw`COMMENT ON\b`, 'COMMENT', 'NONE'),
];

const CONCURRENTLY = /^(?:CREATE (?:UNIQUE )?INDEX|DROP INDEX) CONCURRENTLY\b/i;

/** True for a statement that PostgreSQL refuses inside a transaction. */
export function mustStandAlone(statement: string): boolean {
  return CONCURRENTLY.test(statement.replaceAll(/\s+/g, ' '));
}

/** One migration as `migrate --plan` tells of it. */
export interface MigrationPlan {
  readonly name: string;
  /** What its file says it does. */
  readonly does: string;
  /** false: index by index, each on its own, beside the work of others. */
  readonly transaction: boolean;
  readonly steps: readonly MigrationStep[];
}

/** What these migrations will do and hold up, in order. Tables that one of them makes are nobody's yet. */
export function planMigrations(
  migrations: readonly { readonly name: string; readonly sql: string }[],
): MigrationPlan[] {
  const fresh = new Set<string>();
  return migrations.map(({ name, sql }) => {
    const statements = splitStatements(sql);
    return {
      name,
      does: leadingComment(sql),
      transaction: !statements.some(mustStandAlone),
      steps: statements.map((statement) => stepOf(statement.replaceAll(/\s+/g, ' '), fresh)),
    };
  });
}

function stepOf(statement: string, fresh: Set<string>): MigrationStep {
  for (const { pattern, statement: words, risk } of RULES) {
    const match = pattern.exec(statement);
    if (match === null) continue;
    const table = match[1] ?? '';
    if (words === 'CREATE TABLE') fresh.add(table);
    return { statement: words, table, risk: fresh.has(table) ? 'NONE' : risk };
  }
  return { statement: statement.split(' ', 1)[0]?.toUpperCase() ?? '', table: '', risk: 'UNKNOWN' };
}
