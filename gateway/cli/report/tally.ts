import { ACTIONS, type Action } from '../../../connectors/kit/result-lines.ts';
import { REASONS, type Reason } from '../../matching/reasons.ts';
import { NOTICES, type Notice, VERDICTS, type Verdict } from '../../matching/verdicts.ts';

/** The counts that a report is made of: nothing in here is a value of a person. */

/** Rows of a group, and how many of them ask for something to be done. */
export type GroupCount = { rows: number; work: number };
/** How often, and the first line of the file that shows it. */
export type SeenCount = { rows: number; line: number };

export interface Tally {
  rows: number;
  /** Rows of the file that was verified, where it is given: results may be of some of them. */
  fileRows: number | undefined;
  readonly verdicts: Map<Verdict, number>;
  readonly actions: Map<Action, number>;
  readonly reasons: Map<Reason, SeenCount>;
  readonly notices: Map<Notice, SeenCount>;
  /** By the first three digits of a personal ID, or by why there are none. */
  readonly provinces: Map<string, GroupCount>;
  /** By year of birth; 0 where the cell gives none. */
  readonly years: Map<number, GroupCount>;
  /** Rows that ask for something, by province and decade of birth: `001 1980`. */
  readonly crossings: Map<string, number>;
  /** Moments of the register that were compared with, as written: the first and the last. */
  asOf: { first: string; last: string };
  /** Rows that were carried from earlier results, by the job that was asked about them. */
  readonly carried: Map<string, number>;
}

/** Provinces that are none. */
export const NO_PROVINCE = { CMND: 'CMND', NONE: 'NONE' } as const;

export function newTally(): Tally {
  return {
    rows: 0,
    fileRows: undefined,
    verdicts: new Map(),
    actions: new Map(),
    reasons: new Map(),
    notices: new Map(),
    provinces: new Map(),
    years: new Map(),
    crossings: new Map(),
    asOf: { first: '', last: '' },
    carried: new Map(),
  };
}

/** What one row was answered, in names of the closed tables. */
export type Answered = {
  readonly line: number;
  readonly verdict: Verdict;
  readonly action: Action;
  readonly reasons: readonly Reason[];
  readonly notices: readonly Notice[];
  /** Empty where the row was asked about by the job of the results. */
  readonly carriedFrom: string;
};

export function countAnswer(tally: Tally, answered: Answered): void {
  const { line, verdict, action, reasons, notices, carriedFrom } = answered;
  tally.rows++;
  if (carriedFrom !== '') tally.carried.set(carriedFrom, (tally.carried.get(carriedFrom) ?? 0) + 1);
  tally.verdicts.set(verdict, (tally.verdicts.get(verdict) ?? 0) + 1);
  tally.actions.set(action, (tally.actions.get(action) ?? 0) + 1);
  for (const reason of reasons) see(tally.reasons, reason, line);
  for (const notice of notices) see(tally.notices, notice, line);
}

function see<K>(counts: Map<K, SeenCount>, key: K, line: number): void {
  const seen = counts.get(key);
  if (seen === undefined) counts.set(key, { rows: 1, line });
  else seen.rows++;
}

/** Where one row's person was registered and when born, as its own cells say. */
export function countPerson(tally: Tally, province: string, year: number, action: Action): void {
  const work = action === 'KEEP' ? 0 : 1;
  add(tally.provinces, province, work);
  add(tally.years, year, work);
  if (work === 0) return;
  const key = `${province} ${year - (year % 10)}`;
  tally.crossings.set(key, (tally.crossings.get(key) ?? 0) + 1);
}

function add<K>(counts: Map<K, GroupCount>, key: K, work: number): void {
  const group = counts.get(key);
  if (group === undefined) counts.set(key, { rows: 1, work });
  else {
    group.rows++;
    group.work += work;
  }
}

/** Groups smaller than this are not told where they are crossed: `<10`. */
export const LEAST_TOLD = 10;

export const isVerdict = (text: string): text is Verdict => Object.hasOwn(VERDICTS, text);
export const isReason = (text: string): text is Reason => Object.hasOwn(REASONS, text);
export const isNotice = (text: string): text is Notice => Object.hasOwn(NOTICES, text);
export const isAction = (text: string): text is Action => (ACTIONS as readonly string[]).includes(text);
