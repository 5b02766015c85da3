import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResultRow } from '../../../connectors/kit/find-row.ts';
import { actionOf, resultCodec } from '../../../connectors/kit/result-lines.ts';
import { createToldRow, tellRow } from '../../exchange/grants.ts';
import {
  compareBirthDates,
  compareNames,
  judgeRow,
  NO_HABITS,
  readRow,
  type Strictness,
  VERDICTS,
} from '../../matching/index.ts';
import { GRANTS, type Grants } from '../../policy/decision.ts';
import { decodeResult, RESULT_BYTES, writeResult } from '../../proof/result-bytes.ts';
import { answerOf, fitsReading } from './answer.ts';
import { readingOf } from './reading.ts';
import { verdictPath } from './verdict-path.ts';

const NAMES = [
  ...[
    'Nguyễn Văn An',
    'NGUYEN VAN AN',
    'NguyÔn V¨n An',
    'Nguyễn  Văn An',
    'Nguyễn Văn Án',
    'Nguyễn An',
    'An Nguyễn Văn',
  ],
  ...[
    'Nguyễn V An',
    'Nguyễn Văn',
    'Nguyễn Văn Ann',
    'Nguyễn Văn Am',
    'Nguyễn Văn An (cũ)',
    'Nguy?n V?n An',
    'NguyễnVănAn',
  ],
  ...[
    'Trần Thị Bích',
    'Trân Thị Bích',
    'Kpă H-Lim',
    "Kpă H'Lim",
    'Nguyễn Ván Ấn',
    'Lê Hoàng',
    '',
    'Ng. V. An',
    'Hoàng Văn An',
    'Nguyễn An Văn',
  ],
];
const DATES = ['1985-03-27', '27/03/1985', '03/27/1985', '03/1985', '1985', '01/01/1985', '27/03/85', '', '28/03/1985'];
const BORN = [19850327, 19850300, 19850000, 19850101, 0, 19900501];
const IDS = ['901085000017', '901O85OOOO17', '12345678', '', '90108500001'];
const habits = { ...NO_HABITS, encoding: 'utf-8' } as const;
const ALL = Object.fromEntries(GRANTS.map((name) => [name, true])) as Grants;

const cases = fc.record({
  idNumber: fc.constantFrom(...IDS),
  name: fc.constantFrom(...NAMES),
  birthDate: fc.constantFrom(...DATES),
  holders: fc.array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      birthDate: fc.constantFrom(...BORN),
      idStatus: fc.constantFrom('current' as const, 'cancelled' as const, 'superseded' as const, 'contested' as const),
    }),
    { maxLength: 2 },
  ),
  strictness: fc.constantFrom<Strictness>('exact', 'standard', 'review'),
});
type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;

/** A case as the gateway judges it, and its line as the connector writes it. */
function answered({ holders, strictness, ...text }: Case, grants: Grants) {
  const row = readRow(text);
  const candidates = holders.map((holder, i) => ({
    ...{ personNo: i + 1, idKind: 1, currentId: 0, sex: '', personStatus: 'alive' as const, ...holder },
  }));
  const judgement = judgeRow(row, candidates as never, strictness);
  const told = tellRow(judgement, judgement.verdict, grants, createToldRow());
  const bytes = new Uint8Array(RESULT_BYTES);
  const fields = told.id | (told.name << 2) | (told.birth << 4);
  writeResult(
    ...([bytes, 0, told.verdict, fields, told.notices, told.nameScore, told.score] as const),
    ...([told.word0, told.word1, told.word2, told.currentId] as const),
  );
  const cells = resultCodec().print(decodeResult(bytes));
  const notices = cells.notices === '' ? [] : cells.notices.split('|');
  const line = { line: '2', row_id: '', msisdn: '', as_of: '', case_id: '', proof_ref: '0:0', ...cells };
  const result: ResultRow = { ...line, action: actionOf(cells.verdict, notices) };
  const reading = readingOf(text, habits);
  const answer = answerOf(result, reading, 'results.csv');
  return { row, judgement, chosen: candidates[judgement.chosen], reading, answer, path: verdictPath(answer, reading) };
}

describe('how a verdict comes about', () => {
  test.each([
    ['all grants', ALL],
    ['field results alone', { ...ALL, reasons: false, exact_score: false, score_band: false }],
  ])('%s: the true grades are among those concluded, and the ceilings hold', (_, grants) => {
    let exact = 0;
    fc.assert(
      fc.property(cases, (one) => {
        const { row, judgement, chosen, answer, path } = answered(one, grants);
        if (chosen === undefined || answer.verdict === 'AMBIGUOUS') {
          expect(path.nameGrades).toEqual([]);
          return;
        }
        const name = compareNames(row.name, chosen.name).level.grade;
        const date = compareBirthDates(row.birthDate, chosen.birthDate).level.grade;
        expect(path.nameGrades).toContain(name);
        expect(path.dateGrades).toContain(date);
        if (path.nameGrades.length === 1 && path.dateGrades.length === 1) exact++;
        const best = path.ceilings?.[one.strictness].map((verdict) => VERDICTS[verdict]) ?? [];
        expect(Math.min(...best)).toBeLessThanOrEqual(judgement.verdict);
      }),
      { numRuns: 600 },
    );
    if (grants.reasons) expect(exact).toBeGreaterThan(40);
  });

  test('a verdict below its ceiling is explained by its weight, or by a number that leads nowhere', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { judgement, path } = answered({ ...one, strictness: 'standard' }, ALL);
        if (path.ceilings === undefined || path.below !== undefined) return;
        expect(path.ceilings.standard.some((verdict) => VERDICTS[verdict] >= judgement.verdict)).toBe(true);
      }),
      { numRuns: 300 },
    );
    const cancelled = { idNumber: '901085000017', name: 'Nguyễn Văn An', birthDate: '1985-03-27' };
    const holders = [{ name: 'Nguyễn Văn An', birthDate: 19850327, idStatus: 'cancelled' as const }];
    expect(answered({ ...cancelled, holders, strictness: 'standard' }, ALL).path.below).toBe('NUMBER');
  });

  test('reading a row says what the gateway makes of it, whatever is granted', () => {
    const sets = fc.record(Object.fromEntries(GRANTS.map((name) => [name, fc.boolean()])));
    fc.assert(
      fc.property(cases, sets, (one, grants) => {
        const { answer, reading, path } = answered(one, grants as Grants);
        expect(fitsReading(answer, reading)).toBe(true);
        const told = { results: answer.results.told === 'TOLD', reasons: answer.reasons.told === 'TOLD' };
        if (!grants.field_results)
          expect([told.results, path.nameGrades, path.ceilings]).toEqual([false, [], undefined]);
        if (!grants.reasons) expect([told.reasons, answer.reasons.list]).toEqual([false, []]);
        // Where reasons are granted, nothing is said to be withheld.
        if (grants.reasons && answer.verdict !== 'NOT_CONFIRMED') expect(answer.reasons.told).not.toBe('NOT_GRANTED');
        if (grants.field_results && answer.verdict !== 'NOT_CONFIRMED') expect(told.results).toBe(true);
        if (grants.exact_score) expect([answer.score.told, answer.nameScore.told]).not.toContain('NOT_GRANTED');
      }),
      { numRuns: 500 },
    );
  });
});
