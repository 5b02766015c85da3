import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareNames,
  ID_KINDS,
  judgeRow,
  LIMITS,
  normaliseName,
  OUTCOMES,
  parseBirthDate,
  parseIdNumber,
  readRow,
  VERDICTS,
} from '../../../gateway/matching/index.ts';
import { repairsOf } from '../../../gateway/matching/name-repairs.ts';
import { createNameLetters, readName } from '../../../gateway/matching/read-name.ts';
import { anyText, fullDate, person, vietnameseName, written } from './arbitraries.ts';

/** Input that is made to hurt: no throw, bounded work, and nothing bought by it. */
const fill = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
const UNITS = [
  '&#',
  '&amp;',
  '&#7877;',
  '%',
  '%E1',
  '%25',
  '=E1',
  '\\u',
  '\\u1ec5',
  '+HsU-',
  '+A',
  '(',
  '()',
  ')',
  '([{',
  '<<',
  "'",
  "''a",
  '`',
  '"',
  '“',
  '0',
  '1a',
  'a1',
  '9',
  '123 ',
  '|',
  'aw',
  'aaa',
  'eexx',
  'ddd',
  'sfrxj',
  'owuw',
  'w',
  'a^',
  "a'",
  'a.',
  '.',
  '-',
  ' - ',
  '_',
  '?',
  '\ufffd',
  '? a ',
  'a?',
  'Ã',
  'Ã¡',
  'á»',
  'Ä',
  'Æ°',
  '¸',
  'µ¸',
  'A¸',
  '£Ô',
  'aù',
  'ö',
  'ñ',
  'Ì',
  'aÌ',
  '\u0301',
  'a\u0301\u0302',
  '\u200b',
  '\u00ad',
  'ông ',
  'con ',
  'họ và tên: ',
  'ong ba ',
  'Nguyễn ',
  'Nguyễn; ',
  'An An ',
  'N V ',
  'a b ',
  'ngh',
  'uyê',
  '\ud800',
  '\udc00',
  '😀',
  '\u0000',
  '\n',
  '½',
  'ß',
  'İ',
];

describe('names as long as may be', () => {
  const names = UNITS.flatMap((unit) => [
    fill(unit, LIMITS.name),
    `Nguyễn ${fill(unit, LIMITS.name - 10)} An`,
    fill(`Nguyeenx ${unit}`, LIMITS.name),
    `x${fill(`${unit} `, LIMITS.name - 1)}`,
  ]);

  test('are compared without a throw; a reading that goes back and forth would not end in the time of a test', () => {
    for (let i = 0; i < 1000; i++) {
      const name = names[i % names.length] ?? '';
      const found = compareNames(name, i % 2 === 0 ? 'Nguyễn Văn Dũng' : name.split('').reverse().join(''));
      expect(found.score).toBeLessThanOrEqual(99);
    }
  });

  test('give at most forty texts, none longer than a name', () => {
    for (const name of names) {
      const found = repairsOf(name, readName(name, createNameLetters()), 'Nguyễn Văn Dũng', 3);
      expect(found.length, name).toBeLessThanOrEqual(40);
      expect(Math.max(0, ...found.map(({ text }) => text.length))).toBeLessThanOrEqual(LIMITS.name);
    }
  });

  test('are nobody: nothing but signs and repetition agrees with a name', () => {
    for (const unit of UNITS)
      expect(compareNames(fill(unit, LIMITS.name), 'Nguyễn Văn Dũng').outcome, unit).not.toBe(OUTCOMES.TRUE);
  });
});

test('dates and numbers as long as may be are read to their end, and what is read is a date or a number, or why not', () => {
  for (let i = 0; i < 10; i++) {
    for (const unit of [
      ...UNITS,
      '1/',
      '1-1-',
      '12.',
      'ngày ',
      'tháng ',
      'E+',
      '9.9E',
      '0',
      'O',
      '1 1 ',
      '901085001234|',
    ]) {
      const date = parseBirthDate(fill(unit, LIMITS.birthDate));
      expect(date.value !== 0 || date.reasons !== 0 || date.problem !== undefined, unit).toBe(true);
      for (const text of [unit, `9${unit}`]) {
        const number = parseIdNumber(fill(text, LIMITS.idNumber));
        expect(number.kind === ID_KINDS.NONE, text).toBe(number.problem !== undefined);
      }
    }
  }
});

const damaged = fc
  .tuple(fc.oneof(anyText, vietnameseName), fc.constantFrom(...UNITS), fc.nat(40))
  .map(([name, unit, at]) => name.slice(0, at) + unit + name.slice(at));

describe('any row', () => {
  test('any cells are judged without a throw', () => {
    fc.assert(
      fc.property(damaged, damaged, damaged, damaged, (idNumber, name, birthDate, register) => {
        judgeRow(readRow({ idNumber, name, birthDate }), [person(register, 19850307)]);
      }),
      { numRuns: 500 },
    );
  });

  test('a key’s key is itself, whatever the text', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const { key } = normaliseName(text);
        expect(normaliseName(key).key).toBe(key);
      }),
      { numRuns: 500 },
    );
  });

  test('is never VERIFIED on a date that is absent, a stand-in or another one', () => {
    const noDate = fc.constantFrom(
      '',
      'không rõ',
      '01/01/1900',
      '1899-12-30',
      '01/01/1970',
      '0',
      '01/01/1985',
      '09/09/1950',
    );
    fc.assert(
      fc.property(vietnameseName, noDate, fullDate, (name, birthDate, date) => {
        fc.pre(![19850101, 19500909, 19700101].includes(date) && Math.floor(date / 10_000) !== 1950);
        const row = readRow({ idNumber: '901085001234', name, birthDate });
        for (const strictness of ['exact', 'standard', 'review'] as const)
          expect(judgeRow(row, [person(name, date)], strictness).verdict).not.toBe(VERDICTS.VERIFIED);
      }),
      { numRuns: 300 },
    );
  });

  test('with a guessed number is VERIFIED only where name and date are TRUE, and exact never guesses', () => {
    const guessed = fc.constantFrom('9O1085001234', '0901085001234', '901085001234;912345678', '90108500123');
    fc.assert(
      fc.property(guessed, damaged, vietnameseName, fullDate, fc.boolean(), (idNumber, name, register, date, right) => {
        const row = readRow({ idNumber, name: right ? register : name, birthDate: written(date) });
        const found = judgeRow(row, [person(register, date)]);
        if (found.verdict === VERDICTS.VERIFIED) expect([found.nameOutcome, found.birthOutcome]).toEqual([1, 1]);
        expect(judgeRow(row, [person(register, date)], 'exact').verdict).not.toBe(VERDICTS.VERIFIED);
      }),
      { numRuns: 300 },
    );
  });

  test('is answered alike, whatever rows came before it', () => {
    const cells = fc.record({
      idNumber: fc.constant('901085001234'),
      name: damaged,
      birthDate: fc.oneof(damaged, fullDate.map(written)),
    });
    fc.assert(
      fc.property(fc.array(cells, { minLength: 2, maxLength: 6 }), vietnameseName, (rows, register) => {
        const answer = (text: (typeof rows)[number]) => judgeRow(readRow(text), [person(register, 19850307)]);
        const there = rows.map(answer);
        expect(rows.toReversed().map(answer).toReversed()).toEqual(there);
      }),
      { numRuns: 100 },
    );
  });
});
