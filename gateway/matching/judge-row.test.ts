import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText, fullDate, vietnameseName, withoutMarks } from '../../test/golden/matching/arbitraries.ts';
import { compareBirthDates } from './compare-birth-dates.ts';
import { compareNames } from './compare-names.ts';
import { judgeRow } from './judge-row.ts';
import { type Candidate, createJudgement } from './judgement.ts';
import { createMatchRow, type MatchRow, readRow } from './match-row.ts';
import { NO_HABITS } from './profile.ts';
import { bitOf, KIND_MASKS } from './reasons.ts';
import { NO_SCORE, OUTCOMES, VERDICTS } from './verdicts.ts';

const ID = 901085001234;

function row(name: string, birthDate: number, more: Partial<MatchRow> = {}): MatchRow {
  return { ...createMatchRow(), idKind: 1, idNumber: ID, name, birthDate, ...more };
}

function person(name: string, birthDate: number, more: Partial<Candidate> = {}): Candidate {
  const base = { personNo: 1, idKind: 1, idStatus: 'current', currentId: ID, sex: 'F', personStatus: 'alive' } as const;
  return { ...base, name, birthDate, ...more };
}

const anyDate = fc.tuple(fullDate, fc.constantFrom(1, 100, 10_000)).map(([d, unit]) => d - (d % unit));
const anyName = fc.oneof(
  vietnameseName,
  vietnameseName.map(withoutMarks),
  vietnameseName.map((n) => n.replace('ỷ', 'ỷ')),
  anyText,
);
const anyCandidate = fc.record({
  personNo: fc.constantFrom(1, 2, 3n),
  idKind: fc.constantFrom(1 as const, 2 as const),
  idStatus: fc.constantFrom('current' as const, 'superseded' as const, 'cancelled' as const, 'contested' as const),
  currentId: fc.constantFrom(0, ID, 901085009999n),
  name: anyName,
  birthDate: fc.oneof(anyDate, fc.constant(0)),
  sex: fc.constant('F'),
  personStatus: fc.constantFrom('alive' as const, 'deceased' as const, 'missing' as const),
});
/** Rows and candidates that often agree: candidates borrow the row's name and date. */
const anyCase = fc
  .tuple(
    anyName,
    anyDate,
    fc.array(fc.tuple(anyCandidate, fc.boolean(), fc.boolean()), { maxLength: 4 }),
    fc.constantFrom(0, bitOf('ID_LEADING_ZEROS_LOST')),
  )
  .map(([name, birthDate, drawn, idReasons]) => ({
    row: row(name, birthDate, { idReasons }),
    candidates: drawn.map(
      ([c, n, d]): Candidate => ({ ...c, name: n ? name : c.name, birthDate: d ? birthDate : c.birthDate }),
    ),
  }));

describe('judgeRow', () => {
  test('notices, current ID and scores appear only where the protocol allows them', () => {
    fc.assert(
      fc.property(anyCase, ({ row: r, candidates }) => {
        const found = judgeRow(r, candidates);
        const verified = found.verdict === VERDICTS.VERIFIED;
        if (!verified) expect([found.notices, found.currentId]).toEqual([0, 0]);
        if (verified) expect([found.idOutcome, found.nameOutcome, found.birthOutcome]).toEqual([1, 1, 1]);
        expect(found.nameScore !== NO_SCORE).toBe(found.nameOutcome === OUTCOMES.FALSE);
        expect(found.tied.length > 0).toBe(found.verdict === VERDICTS.AMBIGUOUS);
        expect((found.word0 & KIND_MASKS.problem.word0) !== 0 || (found.word1 & KIND_MASKS.problem.word1) !== 0).toBe(
          found.verdict === VERDICTS.INVALID,
        );
        if (found.chosen >= 0) expect(found.chosen).toBeLessThan(candidates.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('the order of the candidates changes nothing but the indexes', () => {
    fc.assert(
      fc.property(anyCase, ({ row: r, candidates }) => {
        const there = judgeRow(r, candidates);
        const back = judgeRow(r, candidates.toReversed());
        expect(back.verdict).toBe(there.verdict);
        const people = (tied: readonly number[], of: readonly Candidate[]): number[] =>
          tied.map((at) => Number(of[at]?.personNo)).sort();
        const several = people(there.tied, candidates);
        expect(people(back.tied, candidates.toReversed())).toEqual(several);
        // Whoever agrees by two entries of one number agrees once.
        expect(new Set(several).size).toBe(several.length);
        if (there.verdict !== VERDICTS.VERIFIED && there.verdict !== VERDICTS.PROBABLE) return;
        expect(candidates.toReversed()[back.chosen]?.personNo).toBe(candidates[there.chosen]?.personNo);
      }),
      { numRuns: 1000 },
    );
  });

  test('a stricter agreement never answers better', () => {
    fc.assert(
      fc.property(anyCase, ({ row: r, candidates }) => {
        if (candidates.length !== 1) return;
        const exact = judgeRow(r, candidates, 'exact').verdict;
        const standard = judgeRow(r, candidates, 'standard').verdict;
        const review = judgeRow(r, candidates, 'review').verdict;
        if (exact <= VERDICTS.MISMATCH) {
          expect(standard).toBeLessThanOrEqual(exact);
          expect(review).toBeLessThanOrEqual(standard);
          expect(exact).not.toBe(VERDICTS.PROBABLE);
        }
        // What a review adds is work for a person, never an identity.
        expect(review === VERDICTS.VERIFIED).toBe(standard === VERDICTS.VERIFIED);
      }),
      { numRuns: 1000 },
    );
  });

  test('the short cut of clean rows gives what the long way gives', () => {
    fc.assert(
      fc.property(vietnameseName, fullDate, (name, birthDate) => {
        const clean = judgeRow(row(name.toUpperCase(), birthDate), [person(name, birthDate)]);
        // A second entry of the same person turns the short cut off.
        const long = judgeRow(row(name.toUpperCase(), birthDate), [person(name, birthDate), person('Khác', 19000202)]);
        const { score: _, ...rest } = long;
        expect(clean).toMatchObject(rest);
      }),
      { numRuns: 300 },
    );
  });

  test('a name longer than the width that a file states was not cut by it', () => {
    const ofWidth = (name: string, nameWidth: number) => ({ ...row(name, 19850327), nameWidth });
    const judged = (one: MatchRow) => judgeRow(one, [person('Nguyễn Thị Ngọc Hương Giang', 19850327)]).verdict;
    expect(judged(ofWidth('Nguyễn Thị Ngọc', 15))).toBe(VERDICTS.VERIFIED);
    expect(judged(ofWidth('Nguyễn Thị Ngọc H', 15))).not.toBe(VERDICTS.VERIFIED);
    expect(judged(ofWidth('Nguyễn Thị Ngọc Hương Giang', 15))).toBe(VERDICTS.VERIFIED);
  });

  test('a guessed number needs a name and a date that agree', () => {
    fc.assert(
      fc.property(anyCase, ({ row: r, candidates }) => {
        if (r.idReasons === 0) return;
        const found = judgeRow(r, candidates);
        expect(found.word0 & r.idReasons).toBe(r.idReasons);
        if (found.verdict === VERDICTS.PROBABLE) expect(found.birthOutcome).toBe(OUTCOMES.TRUE);
        if (found.verdict === VERDICTS.MISMATCH) expect(found.word0 & bitOf('ID_REPAIR_NOT_CONFIRMED')).not.toBe(0);
        expect(judgeRow(r, candidates, 'exact').verdict).not.toBe(VERDICTS.VERIFIED);
      }),
      { numRuns: 500 },
    );
  });

  test('a damaged name never rests on a date that stands in for an unknown one, whatever the file says of it', () => {
    fc.assert(
      fc.property(vietnameseName, fullDate, fc.boolean(), (name, birthDate, known) => {
        const year = Math.floor(birthDate / 10_000);
        const text = { idNumber: String(ID), name: withoutMarks(name), birthDate: `01/01/${year}` };
        const holder = person(name, known ? birthDate : year * 10_000);
        for (const newYearMeansUnknown of [false, true]) {
          const read = readRow(text, { ...NO_HABITS, newYearMeansUnknown });
          if (birthDate % 10_000 === 101 && known) continue;
          expect(judgeRow(read, [holder]).verdict).toBe(VERDICTS.PROBABLE);
        }
        const whole = readRow({ ...text, name }, { ...NO_HABITS, newYearMeansUnknown: true });
        expect(judgeRow(whole, [holder]).verdict).toBe(VERDICTS.VERIFIED);
      }),
      { numRuns: 300 },
    );
  });

  test('a kept judgement carries nothing over from the row before', () => {
    fc.assert(
      fc.property(anyCase, anyCase, (before, { row: r, candidates }) => {
        const kept = createJudgement();
        judgeRow(before.row, before.candidates, 'review', kept);
        expect(judgeRow(r, candidates, 'standard', kept)).toEqual(judgeRow(r, candidates, 'standard'));
      }),
      { numRuns: 300 },
    );
  });

  test('any three cells are read and judged without throwing', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (idNumber, name, birthDate) => {
        const r = readRow({ idNumber, name, birthDate });
        judgeRow(r, [person('Nguyễn Văn An', 19850307)]);
        expect((r.idKind === 0) === (r.idNumber === 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('different people are not verified, whatever their cells share', () => {
    fc.assert(
      fc.property(vietnameseName, vietnameseName, fullDate, fullDate, (a, b, d, e) => {
        if (d === e || Math.floor(d / 10_000) === Math.floor(e / 10_000)) return;
        expect(judgeRow(row(a, d), [person(b, e)]).verdict).not.toBe(VERDICTS.VERIFIED);
        // A year typed wrongly, a day before New Year or a program's default may have one name for a person to look at.
        if (compareBirthDates(d, e).level.grade !== 'different' && compareNames(a, b).level.grade !== 'different')
          return;
        expect(judgeRow(row(a, d), [person(b, e)]).verdict).toBe(VERDICTS.MISMATCH);
      }),
      { numRuns: 500 },
    );
  });
});
