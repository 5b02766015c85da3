import {
  type BirthGrade,
  CEILINGS,
  type NameGrade,
  type Reason,
  STRICTNESS,
  type Strictness,
  VERDICTS,
  type Verdict,
} from '../../matching/index.ts';
import type { RowAnswer } from './answer.ts';
import type { RowReading } from './reading.ts';

/**
 * How a verdict comes from field results and reasons, by the profile's published tables. Concluded from what was told and
 * from the row alone, so it narrows the grades as far as that goes and no further. Pure.
 */
export interface VerdictPath {
  /** Of the precedence of verdicts; undefined where the verdict is not of the comparison. */
  readonly rule: 1 | 2 | 4 | 5 | 6 | undefined;
  /** Empty where field results are not told. */
  readonly nameGrades: readonly NameGrade[];
  readonly dateGrades: readonly BirthGrade[];
  /** The best verdicts that these grades may have, by what the agreement's strictness is. */
  readonly ceilings: Readonly<Record<Strictness, readonly Verdict[]>> | undefined;
  /** The verdict is worse than its ceiling: too little weight, a number with nobody behind it, or strictness `exact`. */
  readonly below: 'WEIGHT' | 'NUMBER' | undefined;
}

const RULES: Readonly<Partial<Record<Verdict, VerdictPath['rule']>>> = {
  INVALID: 1,
  NOT_FOUND: 2,
  VERIFIED: 4,
  AMBIGUOUS: 4,
  PROBABLE: 5,
  MISMATCH: 6,
};

export function verdictPath({ verdict, results, reasons }: RowAnswer, reading: RowReading): VerdictPath {
  const rule = RULES[verdict];
  const graded = rule === 4 || rule === 5 || rule === 6;
  if (!graded || verdict === 'AMBIGUOUS' || results.told !== 'TOLD') {
    return { rule, nameGrades: [], dateGrades: [], ceilings: undefined, below: undefined };
  }
  const told = new Set(reasons.list);
  const known = reasons.told === 'TOLD' || reasons.told === 'NONE';
  const nameGrades = namesOf(results.name, known ? told : undefined);
  const dateGrades = datesOf(results.date, known ? told : undefined, reading);
  const tables = CEILINGS[reading.number.trust];
  const ceilings = Object.fromEntries(
    STRICTNESS.map((strictness) => {
      const codes = nameGrades.flatMap((name) => dateGrades.map((date): number => tables[strictness][name][date]));
      return [strictness, [...new Set(codes)].sort((a, b) => a - b).map(nameOf)];
    }),
  ) as Record<Strictness, Verdict[]>;
  // Codes rise from the best verdict to the worst.
  const short = ceilings.standard.every((best) => VERDICTS[best] < VERDICTS[verdict]);
  const below = !short ? undefined : results.number === 'FALSE' && verdict === 'PROBABLE' ? 'NUMBER' : 'WEIGHT';
  return { rule, nameGrades, dateGrades, ceilings, below };
}

function nameOf(code: number): Verdict {
  return (Object.keys(VERDICTS) as Verdict[]).find((name) => VERDICTS[name] === code) ?? 'MISMATCH';
}

/** Reasons that only a damaged writing of the same name has. */
const DAMAGED: readonly Reason[] = [
  'MARKS_MISSING',
  'MARKS_NOT_IN_REGISTER',
  'MARKS_PARTLY_MISSING',
  'NAME_ORDER',
  'MIDDLE_NAME_MISSING',
  'NAME_ABBREVIATED',
  'NAME_CUT',
  'LETTERS_LOST',
];
/** Reasons of damage that may have been undone to the whole name, or not. */
const EITHER: readonly Reason[] = ['SPACING', 'PUNCTUATION', 'NAME_NOTE', 'NAME_MISREAD'];

function namesOf(outcome: string, told: ReadonlySet<Reason> | undefined): NameGrade[] {
  const has = (reasons: readonly Reason[]): boolean => reasons.some((reason) => told?.has(reason) === true);
  switch (outcome) {
    case 'TRUE':
      if (told === undefined) return ['same', 'damaged'];
      if (has(DAMAGED)) return ['damaged'];
      return has(EITHER) ? ['same', 'damaged'] : ['same'];
    case 'FALSE':
      if (told === undefined) return ['near', 'close', 'different'];
      if (has(['NAME_DIFFERS'])) return ['different'];
      // An order of words that forms produce is only damage; any other may be another name.
      if (has(['NAME_ORDER'])) return ['close'];
      return has(['NAME_SIMILAR']) ? ['near', 'close'] : ['near'];
    default:
      return ['absent'];
  }
}

function datesOf(outcome: string, told: ReadonlySet<Reason> | undefined, { date }: RowReading): BirthGrade[] {
  // On 1 January the whole date weighs no more than its year.
  const whole: BirthGrade = date.text.endsWith('-01-01') ? 'new-year' : 'same';
  switch (outcome) {
    case 'TRUE':
      if (told === undefined) return date.known === 'DAY' ? [whole, 'part', 'swapped'] : ['part', 'new-year'];
      // A year that 1 January stands for, on either side, weighs as 1 January does.
      if (told.has('PARTIAL_DATE')) return told.has('PLACEHOLDER_DATE') ? ['new-year'] : ['part'];
      return told.has('DAY_MONTH_SWAPPED') ? ['swapped'] : [whole];
    case 'FALSE':
      if (told === undefined) return ['placeholder', 'close', 'different'];
      if (told.has('BIRTH_DATE_DIFFERS')) return ['different'];
      return told.has('BIRTH_DATE_CLOSE') ? ['close'] : ['placeholder'];
    default:
      return ['absent'];
  }
}
