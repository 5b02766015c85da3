import { expect, test } from 'vitest';
import { BIRTH_GRADES, BIRTH_LEVELS } from './birth-levels.ts';
import { createBirthComparison } from './compare-birth-dates.ts';
import { compareNames, createNameComparison } from './compare-names.ts';
import { decide, ID_BITS, scoreOf, THRESHOLDS, weigh } from './evidence.ts';
import type { Candidate } from './judgement.ts';
import { nameBits } from './name-frequencies.ts';
import { NAME_GRADES, NAME_LEVELS } from './name-levels.ts';
import { STRICTNESS } from './profile.ts';
import { createNameLetters, readName } from './read-name.ts';
import { GUESSED_ID_TABLES, VERDICT_TABLES } from './verdict-table.ts';
import { VERDICTS } from './verdicts.ts';

const name = (label: keyof typeof NAME_LEVELS) => ({ ...createNameComparison(), level: NAME_LEVELS[label] });
const birth = (label: keyof typeof BIRTH_LEVELS) => ({ ...createBirthComparison(), level: BIRTH_LEVELS[label] });
const person: Candidate = {
  personNo: 1,
  idKind: 1,
  idStatus: 'current',
  currentId: 1,
  name: '',
  birthDate: 0,
  sex: 'M',
  personStatus: 'alive',
};

test('no weight passes the ceiling of the table, and none below a threshold reaches its verdict', () => {
  for (const strictness of STRICTNESS) {
    for (const table of [VERDICT_TABLES[strictness], GUESSED_ID_TABLES[strictness]]) {
      for (const n of Object.keys(NAME_LEVELS) as (keyof typeof NAME_LEVELS)[]) {
        for (const b of Object.keys(BIRTH_LEVELS) as (keyof typeof BIRTH_LEVELS)[]) {
          const most = table[NAME_LEVELS[n].grade][BIRTH_LEVELS[b].grade];
          expect(decide(table, strictness, name(n), birth(b), 1000)).toBe(most);
          let before = VERDICTS.VERIFIED as number;
          for (const bits of [40, 16, 15.9, 7.5, 7.4, 5, 4.9, -100]) {
            const verdict = decide(table, strictness, name(n), birth(b), bits);
            expect(verdict).toBeGreaterThanOrEqual(before);
            expect(verdict).toBeGreaterThanOrEqual(most);
            before = verdict;
          }
        }
      }
    }
  }
});

test('the thresholds are where they say', () => {
  const at = (bits: number) =>
    decide(VERDICT_TABLES.standard, 'standard', name('MARKS_MISSING'), birth('SAME_DATE'), bits);
  const { verified, probable } = THRESHOLDS.standard;
  expect([at(verified), at(verified - 0.01), at(probable), at(probable - 0.01)]).toEqual([1, 2, 2, 3]);
});

test('number, name and date each add their bits', () => {
  const whole = { ...name('IDENTICAL'), bits: 10 };
  expect(weigh(person, false, whole, birth('SAME_DATE'))).toBe(ID_BITS.current + 10 + BIRTH_LEVELS.SAME_DATE.bits);
  expect(weigh({ ...person, idStatus: 'contested' }, false, whole, birth('SAME_DATE'))).toBe(ID_BITS.old + 24.5);
  expect(weigh({ ...person, idKind: 2 }, true, whole, birth('DIFFERENT'))).toBe(ID_BITS.guessed + 1);
});

test('the score rises with the weight, from 0 to 99', () => {
  let before = 0;
  for (let bits = -60; bits <= 60; bits += 0.5) {
    expect(scoreOf(bits)).toBeGreaterThanOrEqual(before);
    before = scoreOf(bits);
  }
  expect([scoreOf(-60), scoreOf(60), scoreOf(Number.NEGATIVE_INFINITY)]).toEqual([0, 99, 0]);
});

test('grades of a worse level never weigh more among names', () => {
  const worst = (grade: string) =>
    Math.min(
      ...Object.values(NAME_LEVELS)
        .filter((l) => l.grade === grade)
        .map((l) => l.bits),
    );
  const best = (grade: string) =>
    Math.max(
      ...Object.values(NAME_LEVELS)
        .filter((l) => l.grade === grade)
        .map((l) => l.bits),
    );
  for (const [better, worse] of [
    ['same', 'damaged'],
    ['damaged', 'near'],
    ['near', 'close'],
    ['close', 'different'],
  ]) {
    expect(worst(better ?? '')).toBeGreaterThanOrEqual(best(worse ?? ''));
  }
  expect(NAME_GRADES.length * BIRTH_GRADES.length).toBe(48);
});

const bitsOf = (text: string): number => {
  const letters = createNameLetters();
  readName(text, letters);
  return nameBits(letters);
};

test('a rarer name weighs more, marks weigh nothing, and none weighs beyond the most', () => {
  expect(bitsOf("Kpă H'Lim")).toBeGreaterThan(bitsOf('Nguyễn Văn Hương'));
  expect(bitsOf('Nguyễn Tần')).toBeGreaterThan(bitsOf('Nguyễn Anh'));
  expect(bitsOf('NGUYEN VAN DUNG')).toBe(bitsOf('Nguyễn Văn Dũng'));
  expect(bitsOf('')).toBe(0);
  expect(bitsOf('Kpơr Xyzt Brưm Ksơr Hlăm Qwert')).toBe(16);
  expect(bitsOf('N V A')).toBeLessThan(bitsOf('Nguyễn Văn An'));
});

test('of two names the lighter one counts: more words make no more evidence', () => {
  expect(compareNames('An', 'Nguyễn Văn An').bits).toBeLessThan(bitsOf('Nguyễn Văn An'));
  expect(compareNames('Nguyễn Văn An', 'Nguyễn Văn An').bits).toBe(bitsOf('Nguyễn Văn An'));
});
