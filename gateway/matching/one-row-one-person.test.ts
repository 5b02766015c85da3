import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullDate, vietnameseName, withoutMarks } from '../../test/golden/matching/arbitraries.ts';
import { judgeRow } from './judge-row.ts';
import type { Candidate } from './judgement.ts';
import { readRow } from './match-row.ts';
import { normaliseName } from './normalise-name.ts';
import { parseBirthDate } from './parse-birth-date.ts';
import { parseIdNumber } from './parse-id-number.ts';
import { VERDICTS } from './verdicts.ts';

/**
 * An attacker knows this profile and a victim's number, and fills one row with many guesses: then one query would try
 * them all. A cell says one thing or nothing.
 */
const ID = '901085001234';

function person(name: string, birthDate: number): Candidate {
  return {
    personNo: 1,
    idKind: 1,
    idStatus: 'current',
    currentId: Number(ID),
    name,
    birthDate,
    sex: 'F',
    personStatus: 'alive',
  };
}

function verdict(name: string, birthDate: string, victim: Candidate): number {
  return judgeRow(readRow({ idNumber: ID, name, birthDate }), [victim], 'review').verdict;
}

const written = (packed: number): string =>
  [packed % 100, Math.floor(packed / 100) % 100, Math.floor(packed / 10_000)].join('/');

const given = (name: string): string => normaliseName(withoutMarks(name)).key.split(' ').at(-1) ?? '';

describe('many names in one cell', () => {
  const separators = ['; ', ', ', ' / ', '|', ' - ', '\n', ' ', ' + ', ' (', ') [', ' = ', ' con ', '. ', ' 1 ', '\\'];
  // A word said twice is taken for a slip, so that such a name is one more name of the cell.
  const name = vietnameseName.filter((text) => !/(?<!\S)(\S+) \1(?!\S)/u.test(text));
  const packed = fc
    .tuple(
      name,
      fc.array(name, { minLength: 1, maxLength: 8 }),
      fc.nat(8),
      fc.constantFrom(...separators),
      fc.constantFrom(
        (n: string) => n,
        withoutMarks,
        (n: string) => n.toUpperCase(),
        encodeURI,
      ),
    )
    // Nobody else of the given name: the first and the last word of a cell would be the victim's by right.
    .filter(([victim, others]) => others.every((other) => given(other) !== given(victim)));

  test('are no name: the one that is right among them is not found', () => {
    fc.assert(
      fc.property(packed, fullDate, ([victim, others, at, separator, write], date) => {
        // Behind a note word ("con") stands somebody else by right: there the name is the first, whatever follows.
        const place = separator === ' con ' ? 1 + (at % others.length) : at % (others.length + 1);
        const cell = write(others.toSpliced(place, 0, victim).join(separator));
        fc.pre(cell.length <= 200);
        // Whoever is alike to the victim by the first name alone is for a person to look at, with or without the others.
        fc.pre(verdict(others[0] ?? '', written(date), person(victim, date)) === VERDICTS.MISMATCH);
        expect(verdict(cell, written(date), person(victim, date)), cell).toBe(VERDICTS.MISMATCH);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    'Trần Thị Bình; Nguyễn Văn Dũng',
    'Nguyễn Văn Dũng; Trần Thị Bình',
    'Nguyễn Văn Dũng (Trần Thị Bình)',
    'Trần Thị Bình (Nguyễn Văn Dũng)',
    'Trần Thị Bình [Lê Văn Cường] (Nguyễn Văn Dũng)',
    'Trần Thị B, Nguyễn Văn Dũng, Lê Văn C',
    'Tran Thi Binh Nguyen Van Dung Le Van Cuong',
    'Nguyễn Văn An; Trần Thị Bình; Lê Văn Dũng',
    'Nguyễn An Bình Cường Đức Dũng',
    'Trần Thị B&#236;nh; Nguy&#7877;n V&#259;n D&#361;ng',
    'TrÇn ThÞ B×nh; NguyÔn V¨n Dòng',
    'Traàn Thò Bình; Nguyeãn Vaên Duõng',
    'Traanf Thij Binhf; Nguyeenx Vawn Dungx',
    'Nguyễn Văn Hùng/Dũng/Cường',
    'Văn Hùng, Văn Dũng, Văn Cường',
    'Hùng Dũng Cường Bình An',
    '?????? ??? D????',
    'N? V? D?',
    '??? ???????? V?n D?ng',
    'N****** V** D***',
    'N V D',
  ])('%j is not the victim', (cell) => {
    expect(verdict(cell, '07/03/1985', person('Nguyễn Văn Dũng', 19850307))).toBe(VERDICTS.MISMATCH);
  });

  // Two writings of one name are one name; the first is what the row says.
  test.each([
    ['Nguyễn Văn Dung (Nguyễn Văn Dũng)', VERDICTS.PROBABLE],
    ['Nguyễn Văn Dụng; Nguyễn Văn Dũng; Nguyễn Văn Dùng', VERDICTS.PROBABLE],
    ['Nguyễn Văn Dũng An', VERDICTS.PROBABLE],
    ['Nguyễn Văn Dũng (chủ hộ)', VERDICTS.VERIFIED],
    ['Nguyễn Văn Dũng - Nguyễn Văn Dũng', VERDICTS.VERIFIED],
  ])('%j is judged by its first writing', (cell, expected) => {
    expect(verdict(cell, '07/03/1985', person('Nguyễn Văn Dũng', 19850307))).toBe(expected);
  });
});

describe('many dates in one cell', () => {
  test.each([
    '07/03/1985 08/04/1985',
    '08/04/1985 07/03/1985',
    '07/03/1985; 08/04/1985; 09/05/1985',
    '07/03/1985 hoặc 08/04/1985',
    '07/03/1985 (08/04/1986)',
    '1985-03-07|1986-04-08',
    '07031985 08041986',
    '1985 1986 1987',
    '1984/1985/1986',
    '07-08-09/03/1985',
    '7,8,9/3/1985',
  ])('%j is no date', (cell) => {
    expect(parseBirthDate(cell).value).toBe(0);
    expect(verdict('Nguyễn Văn Dũng', cell, person('Nguyễn Văn Dũng', 19850307))).toBe(VERDICTS.INVALID);
  });

  test('of a birth and what followed it by a childhood, only the first is read', () => {
    expect(parseBirthDate('07/03/1985 cấp 08/04/2010').value).toBe(19850307);
    expect(parseBirthDate('08/04/2010 07/03/1985').value).toBe(0);
  });
});

describe('many numbers in one cell', () => {
  test.each([
    '901085001234 901085001235',
    '901085001235;901085001234;901085001236',
    'CCCD 901085001234, 901085001235',
    '912345678 912345679',
    '912345678/912345679/912345670',
    '901085001234901085001235',
    '90108500123?',
    '90108500123*',
  ])('%j is no number', (cell) => {
    expect(parseIdNumber(cell).value).toBe(0);
  });

  test('of a personal ID and an old card the ID is tried, as a guess that name and date must confirm', () => {
    const r = readRow({ idNumber: '912345678; 901085001234', name: 'Trần Thị Bình', birthDate: '07/03/1985' });
    expect(r.idNumber).toBe(901085001234);
    expect(judgeRow(r, [person('Nguyễn Văn Dũng', 19850307)], 'review').verdict).toBe(VERDICTS.MISMATCH);
  });
});
