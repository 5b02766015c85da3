/** Writes the profile as data, and its tables into its page: `npm run profile` after a change of a table. */
import { readFileSync, writeFileSync } from 'node:fs';
import { BIRTH_GRADES, BIRTH_LEVELS } from '../../matching/birth-levels.ts';
import { ID_BITS, THRESHOLDS } from '../../matching/evidence.ts';
import { NAME_GRADES, NAME_LEVELS, type NameLevel } from '../../matching/name-levels.ts';
import { PROFILE } from '../../matching/profile.ts';
import { publishedProfile } from '../../matching/published-profile.ts';
import type { ReasonEntry } from '../../matching/reason-entry.ts';
import { REASONS } from '../../matching/reasons.ts';
import { CEILINGS, type VerdictTable } from '../../matching/verdict-table.ts';
import { VERDICTS } from '../../matching/verdicts.ts';

const FOLDER = new URL('./', import.meta.url);

type Cell = string | number;

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function ceilings(verdicts: VerdictTable): string {
  const nameOf = (code: number): string => Object.entries(VERDICTS).find(([, c]) => c === code)?.[0] ?? '';
  return table(
    ['name \\ date', ...BIRTH_GRADES],
    NAME_GRADES.map((grade) => [grade, ...BIRTH_GRADES.map((birth) => nameOf(verdicts[grade][birth]))]),
  );
}

function reasons(first: number, last: number): string {
  const entries = (Object.entries(REASONS) as [string, ReasonEntry][]).filter(
    ([, r]) => r.code >= first && r.code <= last,
  );
  return table(
    ['code', 'reason', 'kind', 'Tiếng Việt', 'English'],
    entries.map(([name, r]) => [r.code, `\`${name}\``, r.kind, r.vi, r.en]),
  );
}

/** Headings of the page and the table that stands under each. */
const TABLES: readonly (readonly [RegExp, string])[] = [
  [
    /^## Levels of a name/,
    table(
      ['level', 'grade', 'score', 'bits'],
      (Object.values(NAME_LEVELS) as NameLevel[]).map((l) => [
        `\`${l.label}\``,
        l.grade,
        l.score ?? 'measured',
        l.bits,
      ]),
    ),
  ],
  [
    /^## Levels of a date/,
    table(
      ['level', 'grade', 'score', 'bits'],
      Object.values(BIRTH_LEVELS).map((l) => [`\`${l.label}\``, l.grade, l.score, l.bits]),
    ),
  ],
  [/^## What a number weighs/, table(['number', 'bits'], Object.entries(ID_BITS))],
  [
    /^## Thresholds/,
    table(
      ['strictness', 'VERIFIED from', 'PROBABLE from'],
      (['standard', 'review'] as const).map((s) => [`\`${s}\``, THRESHOLDS[s].verified, THRESHOLDS[s].probable]),
    ),
  ],
  [/^### `standard`/, ceilings(CEILINGS.read.standard)],
  [/^### `review`/, ceilings(CEILINGS.read.review)],
  [/^### `exact`/, ceilings(CEILINGS.read.exact)],
  [/^### A guessed number/, ceilings(CEILINGS.guessed.standard)],
  [/^### A number without its zeros/, ceilings(CEILINGS.confirmed.standard)],
  [/^### ID number/, reasons(1, 31)],
  [/^### Name/, reasons(32, 63)],
  [/^### Date of birth/, reasons(64, 95)],
];

const page = readFileSync(new URL('matching-profile.md', FOLDER), 'utf8')
  .replace(/^# The matching profile .*$/m, `# The matching profile \`${PROFILE.id}\`, version ${PROFILE.version}`)
  .split(/^(?=#)/m)
  .map((section) => {
    const own = TABLES.find(([heading]) => heading.test(section))?.[1];
    return own === undefined ? section : section.replace(/^\|(?:.*\n\|)*.*/m, () => own);
  })
  .join('');
writeFileSync(new URL('matching-profile.md', FOLDER), page);
writeFileSync(new URL('matching-profile.json', FOLDER), `${JSON.stringify(publishedProfile(), null, 1)}\n`);
