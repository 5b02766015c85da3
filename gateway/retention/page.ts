import { RETENTION, type RetentionRow } from './table.ts';

const UNITS = [
  [365 * 86_400, 'years', 2],
  // Of a few days people say the hours: that is when it ends.
  [86_400, 'days', 7],
  [3_600, 'hours', 2],
  [60, 'minutes', 2],
] as const;

/** A period in the largest unit that gives a whole number worth saying. Example: "72 hours". */
export function periodText(seconds: number | undefined): string {
  if (seconds === undefined) return 'kept';
  const [unit, name] = UNITS.find(([size, , least]) => seconds % size === 0 && seconds / size >= least) ?? [1, 's'];
  return `${seconds / unit} ${name}`;
}

/** The table of `gateway/docs/retention.md`, Markdown. A test keeps page and code the same. */
export function retentionTable(): string {
  const rows = Object.entries<RetentionRow>(RETENTION).map(
    ([kind, { en, tables, seconds, by, source }]) =>
      `| \`${kind}\` | ${en} | ${tables.map((table) => `\`${table}\``).join(' ')} | ${periodText(seconds)} | ${by ?? 'nobody'} | ${source} |`,
  );
  return ['| Kind | What | Where | How long | Enforced by | Source |', '|---|---|---|---|---|---|', ...rows].join('\n');
}
