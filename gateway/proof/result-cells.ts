/**
 * A row's result as the cells of results.csv and back. The two are exact inverses, so that every change of a cell changes the
 * result bytes or is refused: lists stand in ascending order of their codes, numbers without leading zeros, IDs with 12 digits.
 */
import { ProofError } from './errors.ts';
import { FIELD_RESULTS, type FieldResult, NOTICE_BITS, REASON_CODES, type RowResult } from './result-bytes.ts';

/** The tables of names, name → code; they live with the matching profile and are only ever appended. */
export interface ResultNames {
  readonly verdicts: Readonly<Record<string, number>>;
  /** Notice name → bit number. */
  readonly notices: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
}

/** The cells a result is printed in, named as the columns of results.csv. */
export const RESULT_COLUMNS = [
  'verdict',
  'id_result',
  'name_result',
  'dob_result',
  'name_score',
  'score',
  'reasons',
  'notices',
  'current_id',
] as const;
export type ResultCells = Readonly<Record<(typeof RESULT_COLUMNS)[number], string>>;

export interface CellCodec {
  /** Throws UNKNOWN_NAME if a code has no name in the tables. */
  print(result: RowResult): ResultCells;
  /** Throws UNKNOWN_NAME, RANGE or NOT_CANONICAL for every cell that `print` cannot have written. */
  parse(cells: ResultCells): RowResult;
}

const FIELD_RESULT_NAMES = ['', 'TRUE', 'FALSE', 'NOT_AVAILABLE'] as const;
const SCORE = /^(0|[1-9][0-9]?)$/;
const PERSONAL_ID = /^[0-9]{12}$/;

/** Reads the tables once. Throws INCONSISTENT if two names share a code. */
export function createCellCodec(names: ResultNames): CellCodec {
  const verdictNames = invert(names.verdicts, 255, 'verdicts');
  const noticeNames = invert(names.notices, NOTICE_BITS - 1, 'notices');
  const reasonNames = invert(names.reasons, REASON_CODES - 1, 'reasons');
  const verdictCodes = new Map(Object.entries(names.verdicts));
  const noticeCodes = new Map(Object.entries(names.notices));
  const reasonCodes = new Map(Object.entries(names.reasons));
  return {
    print: (result) => ({
      verdict: nameOf(verdictNames, result.verdict, 'verdict'),
      id_result: FIELD_RESULT_NAMES[result.id],
      name_result: FIELD_RESULT_NAMES[result.name],
      dob_result: FIELD_RESULT_NAMES[result.birthDate],
      name_score: result.nameScore === undefined ? '' : String(result.nameScore),
      score: result.score === undefined ? '' : String(result.score),
      reasons: printList(result.reasons, reasonNames, 'reasons'),
      notices: printList(result.notices, noticeNames, 'notices'),
      current_id: result.currentId === 0 ? '' : String(result.currentId).padStart(12, '0'),
    }),
    parse: (cells) => ({
      verdict: codeOf(verdictCodes, cells.verdict, 'verdict'),
      id: parseFieldResult(cells.id_result, 'id_result'),
      name: parseFieldResult(cells.name_result, 'name_result'),
      birthDate: parseFieldResult(cells.dob_result, 'dob_result'),
      nameScore: parseScore(cells.name_score, 'name_score'),
      score: parseScore(cells.score, 'score'),
      reasons: parseList(cells.reasons, reasonCodes, 'reasons'),
      notices: parseList(cells.notices, noticeCodes, 'notices'),
      currentId: parseId(cells.current_id),
    }),
  };
}

function invert(codes: Readonly<Record<string, number>>, last: number, where: string): Map<number, string> {
  const byCode = new Map<number, string>();
  for (const [name, code] of Object.entries(codes)) {
    if (!Number.isInteger(code) || code < 0 || code > last) throw new ProofError('RANGE', where);
    if (byCode.has(code)) throw new ProofError('INCONSISTENT', where);
    byCode.set(code, name);
  }
  return byCode;
}

function nameOf(names: ReadonlyMap<number, string>, code: number, where: string): string {
  const name = names.get(code);
  if (name === undefined) throw new ProofError('UNKNOWN_NAME', where);
  return name;
}

function codeOf(codes: ReadonlyMap<string, number>, name: string, where: string): number {
  const code = codes.get(name);
  if (code === undefined) throw new ProofError('UNKNOWN_NAME', where);
  return code;
}

function parseFieldResult(cell: string, where: string): FieldResult {
  const code = (FIELD_RESULT_NAMES as readonly string[]).indexOf(cell);
  if (code < 0) throw new ProofError('UNKNOWN_NAME', where);
  return code as FieldResult;
}

function parseScore(cell: string, where: string): number | undefined {
  if (cell === '') return undefined;
  if (!SCORE.test(cell)) throw new ProofError('NOT_CANONICAL', where);
  return Number(cell);
}

function parseId(cell: string): number {
  if (cell === '') return FIELD_RESULTS.NONE;
  // 000000000000 would be the same number as no ID.
  if (!PERSONAL_ID.test(cell) || Number(cell) === 0) throw new ProofError('NOT_CANONICAL', 'current_id');
  return Number(cell);
}

function printList(codes: readonly number[], names: ReadonlyMap<number, string>, where: string): string {
  return [...new Set(codes)]
    .sort((a, b) => a - b)
    .map((code) => nameOf(names, code, where))
    .join('|');
}

function parseList(cell: string, codes: ReadonlyMap<string, number>, where: string): number[] {
  if (cell === '') return [];
  const list = cell.split('|').map((name) => codeOf(codes, name, where));
  if (list.some((code, index) => index > 0 && code <= list[index - 1]!)) throw new ProofError('NOT_CANONICAL', where);
  return list;
}
