/** Every row is answered exactly once, from its own candidates, with nothing that the agreement does not grant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createToldRow, SCORE_BAND, tellRow } from '../../gateway/exchange/grants.ts';
import { OPEN_RULES, UNITS } from '../../gateway/exchange/guard.test-support.ts';
import { judgeRows, type RowBatch, type RowRules } from '../../gateway/exchange/judge-rows.ts';
import type { MatchSet } from '../../gateway/exchange/lookup-port.ts';
import {
  createJudgement,
  createMatchRow,
  judgeRow,
  NO_HABITS,
  NO_SCORE,
  readRow,
  VERDICTS,
} from '../../gateway/matching/index.ts';
import { GRANTS, type Grants } from '../../gateway/policy/decision.ts';
import { rowLeaves } from '../../gateway/proof/batch.ts';
import { decodeResult, RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';

const NAMES = [
  'Nguyễn Văn An',
  'NGUYEN VAN AN',
  'Trần Thị Bích',
  'Lê Đức',
  '',
  'An',
  'Nguyễn Văn Ân',
  'x'.repeat(1500),
];
const DATES = [19850327, 19850300, 19850000, 19500101, 0, 20991231];

interface Row {
  readonly id: string;
  readonly name: string;
  readonly born: string;
  readonly candidates: readonly {
    personNo: number;
    kind: number;
    status: number;
    current: number;
    name: string;
    born: number;
    life: number;
  }[];
}

const candidate = fc.record({
  personNo: fc.integer({ min: 1, max: 5 }),
  kind: fc.constantFrom(1, 2),
  status: fc.integer({ min: 1, max: 4 }),
  current: fc.constantFrom(0, 902_000_000_001),
  name: fc.constantFrom(...NAMES.slice(0, 4)),
  born: fc.constantFrom(...DATES.slice(0, 5)),
  life: fc.integer({ min: 1, max: 3 }),
});
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.constantFrom('901085000017', '011000017', '', 'x', '901O85OOOO17'),
  name: fc.constantFrom(...NAMES),
  born: fc.constantFrom('1985-03-27', '27/03/1985', '03/1985', '1985', '', '31/02/1985', '01/01/1950'),
  candidates: fc.array(candidate, { maxLength: 4 }),
});
const grants: fc.Arbitrary<Grants> = fc.record(
  Object.fromEntries(GRANTS.map((name) => [name, fc.boolean()])) as Record<
    (typeof GRANTS)[number],
    fc.Arbitrary<boolean>
  >,
);
const strictness = fc.constantFrom('exact' as const, 'standard' as const, 'review' as const);
const ALL = Object.fromEntries(GRANTS.map((name) => [name, true])) as Grants;

function readRows(rows: readonly Row[]): RowBatch {
  const read = rows.map(({ id, name, born }) => {
    const into = createMatchRow();
    readRow({ idNumber: id, name, birthDate: born }, NO_HABITS, into);
    return { ...into };
  });
  return {
    count: rows.length,
    identifiers: read.map(({ idNumber }) => idNumber),
    idKinds: Uint8Array.from(read, ({ idKind }) => idKind),
    names: rows.map(({ name }) => name),
    birthDates: Uint32Array.from(read, ({ birthDate }) => birthDate),
    nameWidth: 0,
    idReasons: Int32Array.from(read, ({ idReasons }) => idReasons),
    birthReasons: Int32Array.from(read, ({ birthReasons }) => birthReasons),
    rowRefs: new Uint8Array(rows.length * 16).fill(7),
  } as RowBatch;
}

function matchesOf(rows: readonly Row[]): MatchSet {
  const all = rows.flatMap(({ candidates }) => candidates);
  let end = 0;
  return {
    asOf: 1,
    position: 1n,
    starts: Uint32Array.from([0, ...rows.map(({ candidates }) => (end += candidates.length))]),
    personNo: Float64Array.from(all, ({ personNo }) => personNo),
    idKind: Uint8Array.from(all, ({ kind }) => kind),
    idStatus: Uint8Array.from(all, ({ status }) => status),
    currentId: Float64Array.from(all, ({ current }) => current),
    names: all.map(({ name }) => name),
    birthDate: Uint32Array.from(all, ({ born }) => born),
    sex: new Uint8Array(all.length),
    personStatus: Uint8Array.from(all, ({ life }) => life),
    logKeys: new Uint8Array(all.length * 16).fill(3),
  } as MatchSet;
}

const judge = (rows: readonly Row[], rules: Omit<RowRules, 'guard'>) =>
  judgeRows(readRows(rows), matchesOf(rows), { ...rules, guard: OPEN_RULES }, UNITS);

describe('rows of a chunk', () => {
  it('each has one answer, the totals count each once, and the root is over exactly these', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), grants, strictness, (rows, given, how) => {
        const judged = judge(rows, { grants: given, strictness: how, basis: 1 });
        expect(judged.count).toBe(rows.length);
        expect(judged.results).toHaveLength(rows.length * RESULT_BYTES);
        const counted = new Array<number>(11).fill(0);
        for (let i = 0; i < rows.length; i++) {
          const { verdict } = decodeResult(judged.results.subarray(i * RESULT_BYTES, (i + 1) * RESULT_BYTES));
          counted[verdict] = (counted[verdict] ?? 0) + 1;
        }
        expect(judged.totals).toEqual(counted);
        expect(counted[0]).toBe(0);
        const leaves = rowLeaves(
          judged.proof?.seed ?? new Uint8Array(32),
          new Uint8Array(rows.length * 16).fill(7),
          judged.results,
        );
        expect(Buffer.from(judged.proof?.root ?? [])).toEqual(Buffer.from(treeRoot(leaves, NODE_TAGS.row)));
        // Somebody's leaf for each row at least, and for each candidate.
        expect(judged.people.count).toBeGreaterThanOrEqual(
          rows.reduce((sum, { candidates }) => sum + Math.max(1, candidates.length), 0),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('an answer depends on its own row and candidates, not on its neighbours, its place or the size of the chunk', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), grants, strictness, (rows, given, how) => {
        const rules = { grants: given, strictness: how, basis: 1 };
        const together = Buffer.from(judge(rows, rules).results).toString('hex');
        const alone = rows.map((one) => Buffer.from(judge([one], rules).results).toString('hex')).join('');
        expect(together).toBe(alone);
        const turned = Buffer.from(judge(rows.toReversed(), rules).results).toString('hex');
        expect(turned).toBe(
          rows
            .map((one) => Buffer.from(judge([one], rules).results).toString('hex'))
            .toReversed()
            .join(''),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is told', () => {
  /** A judgement as the matcher makes it, copied: the matcher keeps its own. */
  const judgementOf = (one: Row, how: 'exact' | 'standard' | 'review') => {
    const into = createMatchRow();
    readRow({ idNumber: one.id, name: one.name, birthDate: one.born }, NO_HABITS, into);
    into.name = one.name;
    const candidates = one.candidates.map(({ personNo, kind, status, current, name, born, life }) => ({
      personNo,
      idKind: kind,
      idStatus: (['current', 'current', 'superseded', 'cancelled', 'contested'] as const)[status],
      currentId: current,
      name,
      birthDate: born,
      sex: '',
      personStatus: (['alive', 'alive', 'deceased', 'missing'] as const)[life],
    }));
    return judgeRow(into, candidates as never, how, createJudgement());
  };
  /** Scores are told whole, in bands, or not at all. */
  const scoresOf = (all: { nameScore: number; score: number }, given: Grants) => {
    if (given.exact_score) return {};
    const band = (score: number) =>
      score === NO_SCORE || !given.score_band ? NO_SCORE : Math.floor(score / SCORE_BAND) * SCORE_BAND;
    return { nameScore: band(all.nameScore), score: band(all.score) };
  };
  /** The verdict is the judgement's own, or one that policy or consent put in its place. */
  const verdictOf = (own: number, instead: number) => (instead === 0 ? own : instead);
  const instead = fc.constantFrom(0, 0, 0, VERDICTS.CONSENT_MISSING, VERDICTS.NOT_PERMITTED, VERDICTS.LIMITED);

  it('⊆ granted: withholding a grant blanks what it covers and changes nothing else', () => {
    fc.assert(
      fc.property(row, grants, strictness, instead, (one, given, how, other) => {
        const judgement = judgementOf(one, how);
        const verdict = verdictOf(judgement.verdict, other);
        const told = { ...tellRow(judgement, verdict, given, createToldRow()) };
        const all = { ...tellRow(judgement, verdict, { ...ALL, existence: given.existence }, createToldRow()) };
        expect(told).toEqual({
          ...all,
          ...(given.field_results ? {} : { id: 0, name: 0, birth: 0 }),
          ...(given.reasons ? {} : { word0: 0, word1: 0, word2: 0 }),
          ...scoresOf(all, given),
          ...(given.notices ? {} : { notices: 0 }),
          ...(given.current_id ? {} : { currentId: 0 }),
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('scores in bands are the exact ones rounded down, and tell which band and no more', () => {
    fc.assert(
      fc.property(row, strictness, (one, how) => {
        const judgement = judgementOf(one, how);
        const tell = (given: Partial<Grants>) =>
          tellRow(judgement, judgement.verdict, { ...ALL, ...given }, createToldRow());
        const [exact, banded] = [{ ...tell({}) }, { ...tell({ exact_score: false }) }];
        for (const score of [banded.score, banded.nameScore]) expect([0, 20, 40, 60, 80, NO_SCORE]).toContain(score);
        for (const [whole, band] of [
          [exact.score, banded.score],
          [exact.nameScore, banded.nameScore],
        ] as const) {
          expect(band === NO_SCORE).toBe(whole === NO_SCORE);
          if (band !== NO_SCORE) expect(whole - band).toBeLessThan(SCORE_BAND);
          if (band !== NO_SCORE) expect(whole).toBeGreaterThanOrEqual(band);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('without `existence` everything that speaks of the register is told in the very same way', () => {
    const silent = { ...createToldRow(), verdict: VERDICTS.NOT_CONFIRMED };
    const speaks: readonly number[] = [
      VERDICTS.PROBABLE,
      VERDICTS.MISMATCH,
      VERDICTS.NOT_FOUND,
      VERDICTS.AMBIGUOUS,
      VERDICTS.CONSENT_MISSING,
    ];
    fc.assert(
      fc.property(row, grants, strictness, instead, (one, given, how, other) => {
        const judgement = judgementOf(one, how);
        const verdict = verdictOf(judgement.verdict, other);
        const told = tellRow(judgement, verdict, { ...given, existence: false }, createToldRow());
        if (speaks.includes(verdict)) expect(told).toEqual(silent);
        else expect(told.verdict).toBe(verdict);
      }),
      { numRuns: 1000 },
    );
  });

  it('notices and the current number come with VERIFIED only, scores with a FALSE only', () => {
    fc.assert(
      fc.property(row, grants, strictness, instead, (one, given, how, other) => {
        const judgement = judgementOf(one, how);
        const told = tellRow(judgement, verdictOf(judgement.verdict, other), given, createToldRow());
        if (told.verdict !== VERDICTS.VERIFIED) expect([told.notices, told.currentId]).toEqual([0, 0]);
        if (told.score !== NO_SCORE) {
          expect([judgement.idOutcome, judgement.nameOutcome, judgement.birthOutcome]).toContain(2);
        }
        if (told.nameScore !== NO_SCORE) expect(judgement.nameOutcome).toBe(2);
      }),
      { numRuns: 1000 },
    );
  });
});
