import { CATALOGUE, REASONS, reasonName } from './catalogue.ts';
import { GRPC_CODES } from './codes.ts';
import { FIELD_RULES, LIMITS } from './rules.ts';

/** The tables of `gateway/docs/design/errors.md`, Markdown. A test keeps page and code the same. */
export function errorsTables(): string {
  const reasons = REASONS.map((reason) => {
    const row = CATALOGUE[reason];
    const cells = [`\`${reasonName(reason)}\``, `${row.code} (${GRPC_CODES[row.code]})`, row.example];
    return line([...cells, `${row.en} ${row.nextEn}`, `${row.vi} ${row.nextVi}`]);
  });
  return [
    ...table(['Reason', 'Code', 'Example', 'English', 'Tiếng Việt'], reasons),
    '',
    'Rules that a field can break (`BadRequest`, written `RULE: sentence`):',
    '',
    ...table(['Rule', 'English', 'Tiếng Việt'], sentences(FIELD_RULES)),
    '',
    'Limits that can be used up (`QuotaFailure.subject`):',
    '',
    ...table(['Limit', 'English', 'Tiếng Việt'], sentences(LIMITS)),
  ].join('\n');
}

function sentences(rows: Readonly<Record<string, { en: string; vi: string }>>): string[] {
  return Object.entries(rows).map(([name, { en, vi }]) => line([`\`${name}\``, en, vi]));
}

function table(head: readonly string[], rows: readonly string[]): string[] {
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
