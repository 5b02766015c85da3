import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Candidate,
  compareBirthDates,
  compareNames,
  formatIdNumber,
  judgeRow,
  listReasons,
  NO_HABITS,
  NOTICES,
  OUTCOMES,
  parseBirthDate,
  parseIdNumber,
  type Reason,
  readRow,
  STRICTNESS,
  type Strictness,
  VERDICTS,
} from '../../../gateway/matching/index.ts';

function table<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as T;
}

function codeName(codes: Record<string, number>, code: number): string | undefined {
  return Object.keys(codes).find((name) => codes[name] === code);
}

const sorted = (reasons: readonly string[]): string[] => [...reasons].sort();
const ofId = (word0: number): Reason[] => listReasons({ word0, word1: 0, word2: 0 });
const ofName = (word1: number): Reason[] => listReasons({ word0: 0, word1, word2: 0 });
const ofBirth = (word2: number): Reason[] => listReasons({ word0: 0, word1: 0, word2 });

type NameCase = [row: string, register: string, level: string, reasons: Reason[]];
const names = Object.entries(table<Record<string, NameCase[] | string>>('names')).filter(
  (entry): entry is [string, NameCase[]] => Array.isArray(entry[1]),
);
describe.each(names)('names: %s', (_, cases) => {
  test.each(cases)('%j against %j: %s', (row, register, level, reasons) => {
    const found = compareNames(row, register);
    expect({ level: found.level.label, reasons: sorted(ofName(found.reasons)) }).toEqual({
      level,
      reasons: sorted(reasons),
    });
  });
});

type DateCase = [text: string, value: number | null, reasons: Reason[]];
type DateTable = {
  read: DateCase[];
  'month first': DateCase[];
  'new year unknown': DateCase[];
  compare: [row: number, register: number, level: string, reasons: Reason[]][];
};
const dates = table<DateTable>('birth-dates');
describe('dates of birth', () => {
  const readings = [
    ...dates.read.map((c) => ['', NO_HABITS, ...c] as const),
    ...dates['month first'].map(
      (c) => ['month first', { ...NO_HABITS, dateOrder: 'month-first' as const }, ...c] as const,
    ),
    ...dates['new year unknown'].map((c) => ['new year', { ...NO_HABITS, newYearMeansUnknown: true }, ...c] as const),
  ];
  test.each(readings)('read %s %o %j as %s', (_, habits, text, value, reasons) => {
    const found = parseBirthDate(text, habits);
    expect({ value: found.value, reasons: sorted(ofBirth(found.reasons)) }).toEqual({
      value: value ?? 0,
      reasons: sorted(reasons),
    });
    // A date that is missing or a default is no date, and yet no mistake.
    const unknown = reasons.some((reason) => reason === 'BIRTH_DATE_MISSING' || reason === 'BIRTH_DATE_PLACEHOLDER');
    expect(found.problem).toBe(value === null && !unknown ? reasons[0] : undefined);
  });
  test.each(dates.compare)('%d against %d: %s', (row, register, level, reasons) => {
    const found = compareBirthDates(row, register);
    expect({ level: found.level.label, reasons: sorted(ofBirth(found.reasons)) }).toEqual({
      level,
      reasons: sorted(reasons),
    });
  });
});

type IdCase = [text: string, kind: number, written: string | null, reasons: Reason[]];
test.each(table<{ cases: IdCase[] }>('id-numbers').cases)('ID number %j', (text, kind, written, reasons) => {
  const found = parseIdNumber(text);
  expect({ kind: found.kind, reasons: sorted(ofId(found.reasons)) }).toEqual({ kind, reasons: sorted(reasons) });
  if (written === null) expect(found).toMatchObject({ value: 0, problem: reasons[0] });
  else expect(formatIdNumber(found.kind, found.value)).toBe(written);
});

type RowCase = {
  why: string;
  row: [idNumber: string, name: string, birthDate: string];
  candidates: {
    name: string;
    birth: number;
    kind?: 2;
    no?: number;
    status?: Candidate['idStatus'];
    person?: Candidate['personStatus'];
    currentId?: number;
  }[];
  fields: string[];
  reasons: Reason[];
  notices: string[];
  currentId?: number;
  chosen?: number;
  tied?: number[];
} & Record<Strictness, string>;

describe('rows', () => {
  test.each(table<{ cases: RowCase[] }>('rows').cases)('$why', (expected) => {
    const [idNumber, name, birthDate] = expected.row;
    const row = readRow({ idNumber, name, birthDate });
    const candidates = expected.candidates.map(
      (c, i): Candidate => ({
        personNo: c.no ?? i + 1,
        idKind: c.kind ?? 1,
        idStatus: c.status ?? 'current',
        currentId: c.currentId ?? row.idNumber,
        name: c.name,
        birthDate: c.birth,
        sex: 'M',
        personStatus: c.person ?? 'alive',
      }),
    );
    const verdicts = Object.fromEntries(
      STRICTNESS.map((s) => [s, codeName(VERDICTS, judgeRow(row, candidates, s).verdict)]),
    );
    expect(verdicts).toEqual({ exact: expected.exact, standard: expected.standard, review: expected.review });
    const found = judgeRow(row, candidates, 'standard');
    expect([found.idOutcome, found.nameOutcome, found.birthOutcome].map((c) => codeName(OUTCOMES, c))).toEqual(
      expected.fields,
    );
    expect(sorted(listReasons(found))).toEqual(sorted(expected.reasons));
    expect(
      Object.entries(NOTICES)
        .filter(([, bit]) => found.notices & bit)
        .map(([n]) => n),
    ).toEqual(expected.notices);
    if (expected.currentId !== undefined) expect(found.currentId).toBe(expected.currentId);
    if (expected.chosen !== undefined) expect(found.chosen).toBe(expected.chosen);
    expect(found.tied).toEqual(expected.tied ?? []);
  });
});
