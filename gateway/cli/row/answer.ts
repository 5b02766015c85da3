import type { ResultRow } from '../../../connectors/kit/find-row.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import { type Action, actionOf, resultCodec } from '../../../connectors/kit/result-lines.ts';
import type { Notice, Reason, Verdict } from '../../matching/index.ts';
import { ProofError } from '../../proof/errors.ts';
import type { RowReading } from './reading.ts';

/** What the gateway answered to one row, from its line in results.csv, and what of it the agreement withholds. Pure. */

/**
 * - `TOLD`: it stands there. `NONE`: there is nothing to tell.
 * - `NOT_GRANTED`: there is something, and the agreement does not grant it.
 * - `NONE_OR_NOT_GRANTED`: the cell is empty, and nothing tells which.
 * - `NOT_WITH_VERDICT`: this verdict does not speak of the comparison.
 */
export type Told = 'TOLD' | 'NONE' | 'NOT_GRANTED' | 'NONE_OR_NOT_GRANTED' | 'NOT_WITH_VERDICT';
export type FieldOutcome = 'TRUE' | 'FALSE' | 'NOT_AVAILABLE' | '';

export interface RowAnswer {
  readonly verdict: Verdict;
  readonly action: Action;
  readonly results: {
    readonly told: Told;
    readonly number: FieldOutcome;
    readonly name: FieldOutcome;
    readonly date: FieldOutcome;
  };
  readonly nameScore: { readonly told: Told; readonly value: number | undefined };
  readonly score: { readonly told: Told; readonly value: number | undefined };
  readonly reasons: { readonly told: Told; readonly list: readonly Reason[] };
  readonly notices: { readonly told: Told; readonly list: readonly Notice[] };
  /** A number now in use was told. It stands in the results, and is not repeated: it is the register's. */
  readonly newNumber: boolean;
  readonly asOf: string;
  /** The job that was asked about it, where the row was carried from earlier results. */
  readonly carriedFrom?: string;
}

/** Verdicts of the comparison; the others come from policy, consent or quotas, or stand for several. */
const COMPARED: ReadonlySet<Verdict> = new Set([
  'VERIFIED',
  'PROBABLE',
  'MISMATCH',
  'NOT_FOUND',
  'AMBIGUOUS',
  'INVALID',
]);

/** Throws KitError RESULTS_CHANGED for cells that this program cannot have written. */
export function answerOf(row: ResultRow, reading: RowReading, path: string): RowAnswer {
  const cells = parse(row, path);
  const { verdict } = cells;
  const compared = COMPARED.has(verdict);
  const results = { number: cells.number, name: cells.name, date: cells.date };
  const outcomes = Object.values(results);
  const resultsTold: Told = outcomes.some((outcome) => outcome !== '')
    ? 'TOLD'
    : compared
      ? 'NOT_GRANTED'
      : 'NOT_WITH_VERDICT';
  const scoreTold = (value: number | undefined, differs: boolean): Told => {
    if (value !== undefined) return 'TOLD';
    if (!compared) return 'NOT_WITH_VERDICT';
    const scored = verdict === 'PROBABLE' || verdict === 'MISMATCH';
    if (!scored) return 'NONE';
    if (resultsTold !== 'TOLD') return 'NONE_OR_NOT_GRANTED';
    return differs ? 'NOT_GRANTED' : 'NONE';
  };
  return {
    verdict,
    action: cells.action,
    results: { told: resultsTold, ...results },
    nameScore: { told: scoreTold(cells.nameScore, results.name === 'FALSE'), value: cells.nameScore },
    score: { told: scoreTold(cells.score, outcomes.includes('FALSE')), value: cells.score },
    reasons: { told: reasonsTold(cells, reading), list: cells.reasons },
    notices: {
      told: cells.notices.length > 0 ? 'TOLD' : verdict === 'VERIFIED' ? 'NONE_OR_NOT_GRANTED' : 'NOT_WITH_VERDICT',
      list: cells.notices,
    },
    newNumber: cells.newNumber,
    asOf: row.as_of,
    ...(row.carried_from === undefined ? {} : { carriedFrom: row.carried_from }),
  };
}

/** Verdicts about one person, with whom every field that both sides have is compared. */
const OF_ONE: ReadonlySet<Verdict> = new Set(['VERIFIED', 'PROBABLE', 'MISMATCH']);

type Uncompared = { readonly name: boolean; readonly date: boolean };

/**
 * Which fields the row has, though none was compared with the person, and no reason says that the register has none: it has
 * none, or a limit of wrong values is used up.
 */
export function uncomparedOf(
  {
    verdict,
    name,
    date,
    reasons,
  }: Pick<RowAnswer, 'verdict'> & Pick<RowAnswer['results'], 'name' | 'date'> & { readonly reasons: readonly Reason[] },
  reading: RowReading,
): Uncompared {
  const open = (outcome: FieldOutcome, absent: Reason): boolean =>
    OF_ONE.has(verdict) && outcome === 'NOT_AVAILABLE' && !reasons.includes(absent);
  return {
    name: reading.name.key !== '' && open(name, 'NAME_NOT_IN_REGISTER'),
    date: reading.date.known !== 'NOTHING' && open(date, 'BIRTH_DATE_NOT_IN_REGISTER'),
  };
}

/**
 * Every verdict but VERIFIED has a reason, and what reading number and date had to undo always is one; but of a field that was not
 * compared there is none.
 */
function reasonsTold(answer: Parameters<typeof uncomparedOf>[0], reading: RowReading): Told {
  const { number, date, shifted } = reading;
  const { reasons, verdict } = answer;
  if (reasons.length > 0) return 'TOLD';
  if (!COMPARED.has(verdict)) return 'NOT_WITH_VERDICT';
  const uncompared = uncomparedOf(answer, reading);
  if (uncompared.name || uncompared.date) return 'NONE_OR_NOT_GRANTED';
  if (verdict !== 'VERIFIED') return 'NOT_GRANTED';
  return number.reasons.length + date.reasons.length > 0 || shifted ? 'NOT_GRANTED' : 'NONE_OR_NOT_GRANTED';
}

/**
 * Whether the answer can be to the row as it reads now: a row that cannot be read is INVALID and no other is, and what
 * reading had to undo stands among reasons that are told. False where the file was mended since, or is read otherwise.
 */
export function fitsReading({ verdict, reasons }: RowAnswer, reading: RowReading): boolean {
  if (!COMPARED.has(verdict)) return true;
  if ((verdict === 'INVALID') === reading.usable) return false;
  const undone = [...reading.number.reasons, ...reading.date.reasons];
  return reasons.told !== 'TOLD' || undone.every((reason) => reasons.list.includes(reason));
}

function parse(row: ResultRow, path: string) {
  try {
    const codec = resultCodec();
    codec.parse(row);
    const notices = listOf(row.notices) as Notice[];
    const action = actionOf(row.verdict, notices);
    if (action !== row.action) throw new ProofError('INCONSISTENT', 'action');
    return {
      verdict: row.verdict as Verdict,
      action,
      number: row.id_result as FieldOutcome,
      name: row.name_result as FieldOutcome,
      date: row.dob_result as FieldOutcome,
      nameScore: row.name_score === '' ? undefined : Number(row.name_score),
      score: row.score === '' ? undefined : Number(row.score),
      reasons: listOf(row.reasons) as Reason[],
      notices,
      newNumber: row.current_id !== '',
    };
  } catch (error) {
    if (error instanceof ProofError)
      throw new KitError('RESULTS_CHANGED', { results: path, line: Number(row.line) }, { cause: error });
    throw error;
  }
}

function listOf(cell: string): string[] {
  return cell === '' ? [] : cell.split('|');
}
