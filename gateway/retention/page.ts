import { RETENTION, type RetentionRow } from './table.ts';

const UNITS = [
  [365 * 86_400, { en: 'years', vi: 'năm' }, 2],
  // Of a few days people say the hours: that is when it ends.
  [86_400, { en: 'days', vi: 'ngày' }, 7],
  [3_600, { en: 'hours', vi: 'giờ' }, 2],
  [60, { en: 'minutes', vi: 'phút' }, 2],
] as const;
const SECOND = [1, { en: 's', vi: 'giây' }] as const;
const KEPT = { en: 'kept', vi: 'giữ lại' } as const;

/** A period in the largest unit that gives a whole number worth saying. Example: "72 hours". */
export function periodText(seconds: number | undefined, language: 'en' | 'vi'): string {
  if (seconds === undefined) return KEPT[language];
  const [unit, name] = UNITS.find(([size, , least]) => seconds % size === 0 && seconds / size >= least) ?? SECOND;
  return `${seconds / unit} ${name[language]}`;
}

/** The table of `gateway/docs/retention.md`, Markdown. A test keeps page and code the same. */
export function retentionTable(): string {
  const rows = Object.entries<RetentionRow>(RETENTION).map(
    ([kind, { en, tables, seconds, by, source }]) =>
      `| \`${kind}\` | ${en} | ${tables.map((table) => `\`${table}\``).join(' ')} | ${periodText(seconds, 'en')} | ${by ?? 'nobody'} | ${source} |`,
  );
  return ['| Kind | What | Where | How long | Enforced by | Source |', '|---|---|---|---|---|---|', ...rows].join('\n');
}
