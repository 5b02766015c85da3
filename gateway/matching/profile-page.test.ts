import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BIRTH_GRADES, BIRTH_LEVELS, type BirthLevel } from './birth-levels.ts';
import { ID_BITS, THRESHOLDS } from './evidence.ts';
import { NAME_GRADES, NAME_LEVELS, type NameLevel } from './name-levels.ts';
import { PROFILE } from './profile.ts';
import { publishedProfile } from './published-profile.ts';
import { REASONS } from './reasons.ts';
import { CEILINGS, type VerdictTable } from './verdict-table.ts';
import { VERDICTS } from './verdicts.ts';

const page = readFileSync(new URL('../docs/design/matching-profile.md', import.meta.url), 'utf8');

/** The rows of the tables under a heading, cell by cell, without their heads. */
function rowsUnder(heading: RegExp): string[][] {
  const section = page.split(/^(?=#)/m).find((part) => heading.test(part.split('\n', 1)[0] ?? ''));
  const lines = (section ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the page names the version of the code', () => {
  expect(page).toContain(`\`${PROFILE.id}\`, version ${PROFILE.version}`);
});

test('the page lists the reasons of the code, and no others', () => {
  const listed = [/^### ID number/, /^### Name/, /^### Date of birth/].flatMap(rowsUnder);
  const known = Object.entries(REASONS).map(([name, r]) => [String(r.code), `\`${name}\``, r.kind, r.vi, r.en]);
  expect(listed).toEqual(known);
});

test('the page lists the levels of the code, in order, with what they weigh', () => {
  const names: NameLevel[] = Object.values(NAME_LEVELS);
  const births: BirthLevel[] = Object.values(BIRTH_LEVELS);
  expect(rowsUnder(/^## Levels of a name/)).toEqual(
    names.map((level) => [`\`${level.label}\``, level.grade, String(level.score ?? 'measured'), String(level.bits)]),
  );
  expect(rowsUnder(/^## Levels of a date/)).toEqual(
    births.map((level) => [`\`${level.label}\``, level.grade, String(level.score), String(level.bits)]),
  );
});

test('the page states the weights and thresholds of the code', () => {
  expect(rowsUnder(/^## What a number weighs/)).toEqual(
    Object.entries(ID_BITS).map(([how, bits]) => [how, String(bits)]),
  );
  expect(rowsUnder(/^## Thresholds/)).toEqual(
    (['standard', 'review'] as const).map((s) => [
      `\`${s}\``,
      String(THRESHOLDS[s].verified),
      String(THRESHOLDS[s].probable),
    ]),
  );
});

test('the profile as data is that of the code', () => {
  const file = readFileSync(new URL('../docs/design/matching-profile.json', import.meta.url), 'utf8');
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(publishedProfile())));
});

test.each<[RegExp, VerdictTable]>([
  [/^### `standard`/, CEILINGS.read.standard],
  [/^### `review`/, CEILINGS.read.review],
  [/^### `exact`/, CEILINGS.read.exact],
  [/^### A guessed number/, CEILINGS.guessed.standard],
  [/^### A number without its zeros/, CEILINGS.confirmed.standard],
])("the verdict table under %s is the code's", (heading, table) => {
  const nameOf = (code: number): string | undefined => Object.entries(VERDICTS).find(([, c]) => c === code)?.[0];
  expect(rowsUnder(heading)).toEqual(
    NAME_GRADES.map((grade) => [grade, ...BIRTH_GRADES.map((birth) => nameOf(table[grade][birth]))]),
  );
});

test('no verdict rests on a stand-in for a date, and none is better than its fields', () => {
  for (const table of Object.values(CEILINGS).flatMap((tables) => Object.values(tables))) {
    for (const name of NAME_GRADES) {
      for (const birth of BIRTH_GRADES) {
        const verified = table[name][birth] === VERDICTS.VERIFIED;
        if (verified)
          expect([name, birth].join()).toMatch(/^(same,(same|new-year|part|swapped)|damaged,(same|part|swapped))$/);
        if (birth === 'placeholder' || birth === 'absent') expect(verified).toBe(false);
        if (name === 'different' || birth === 'different') expect(table[name][birth]).toBe(VERDICTS.MISMATCH);
      }
    }
  }
});
