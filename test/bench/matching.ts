/**
 * Comparisons a second on one core: rows that are clean, damaged, and of different people. Reading the cells is left out of
 * what is gated and printed beside it. Times are CPU times.
 */
import { createJudgement, createMatchRow, judgeRow, NO_HABITS, readRow } from '../../gateway/matching/index.ts';
import { jaroWinkler } from '../quality/matchers/jaro-winkler.ts';
import { foldedName } from '../quality/matchers/similar.ts';
import { alternate, type Side } from './alternate.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { type Comparison, matchingRows } from './matching-rows.ts';
import { median, rounded, spread } from './stats.ts';

/** Lowest ratios to the yardsticks: two thirds of what was measured when they were set; half beside ===, whose rate wavers. */
const GATES = { clean: 0.06, damaged: 0.2, different: 0.15 } as const;
/** Until nothing is compiled any more; the damaged rows reach code that is rarely met. */
const WARM_ROUNDS = 4;
/** What is promised of one core, in rows a second. */
const PROMISED = { clean: 1_000_000, damaged: 150_000, different: null } as const;

type Part = keyof typeof GATES;

/** As the bulk path does it: one judgement for all rows. */
function judging(rows: readonly Comparison[]): Side {
  const into = createJudgement();
  return {
    units: rows.length,
    pass: () => {
      let sum = 0;
      for (const { row, candidates } of rows) sum += judgeRow(row, candidates, 'standard', into).verdict;
      return sum;
    },
  };
}

function readingAndJudging(rows: readonly Comparison[]): Side {
  const row = createMatchRow();
  const into = createJudgement();
  return {
    units: rows.length,
    pass: () => {
      let sum = 0;
      for (const { claim, candidates } of rows) {
        sum += judgeRow(readRow(claim, NO_HABITS, row), candidates, 'standard', into).verdict;
      }
      return sum;
    },
  };
}

/** All three values are looked at, as one who wants to say which of them differs has to. */
function plainComparing(rows: readonly Comparison[]): Side {
  return {
    units: rows.length,
    pass: () => {
      let equal = 0;
      for (const { claim, register } of rows) {
        if (claim.idNumber === register.idNumber) equal++;
        if (claim.name === register.name) equal++;
        if (claim.birthDate === register.birthDate) equal++;
      }
      return equal;
    },
  };
}

/** The quality figure's yardstick: the register's names are folded once and for all, the row's when it comes. */
function measuringSimilarity(rows: readonly Comparison[]): Side {
  return {
    units: rows.length,
    pass: () => {
      let sum = 0;
      for (const { claim, foldedRegisterName } of rows) sum += jaroWinkler(foldedRegisterName, foldedName(claim.name));
      return sum;
    },
  };
}

const thousands = (value: number): string => Math.round(value).toLocaleString('en-US');

export async function matching({ options, say }: BenchContext): Promise<readonly Figure[]> {
  const { matchPersons, matchRows, matchRounds, matchRoundMs } = options.sizes;
  const sets = matchingRows({ persons: matchPersons, rows: matchRows });
  const turns = { rounds: matchRounds, roundMs: matchRoundMs, warmRounds: WARM_ROUNDS };

  const figureOf = (part: Part, yardstick: string, measuring: (rows: readonly Comparison[]) => Side): Figure => {
    const rows = sets[part];
    const rates = alternate({ ours: judging(rows), theirs: measuring(rows), whole: readingAndJudging(rows) }, turns);
    const ours = rates.map((round) => round.ours);
    const ratio = median(rates.map((round) => round.ours / round.theirs));
    const baseline = median(rates.map((round) => round.theirs));
    const whole = median(rates.map((round) => round.whole));
    const value = median(ours);
    const promised = PROMISED[part];
    const promise = promised === null ? '' : `, promised ${thousands(promised)}`;
    say(`matching ${part}: ${thousands(value)} rows/s, ${yardstick} ${thousands(baseline)}`);
    return {
      name: `matching-${part}`,
      ratio: rounded(ratio),
      value: rounded(value, 4),
      unit: 'rows/s',
      baseline: rounded(baseline, 4),
      gate: GATES[part],
      goal: null,
      extra: {
        promised,
        withReading: rounded(whole, 4),
        rows: rows.length,
        runs: ours.map((rate) => rounded(rate, 4)),
      },
      notes: [
        `${thousands(value)} rows/s on one core${promise}; ${thousands(whole)} with reading the cells; yardstick: ${yardstick}; rounds ±${(100 * spread(ours)).toFixed(0)} %`,
      ],
    };
  };
  return [
    figureOf('clean', '=== of the three values', plainComparing),
    figureOf('damaged', 'Jaro–Winkler of the names', measuringSimilarity),
    figureOf('different', 'Jaro–Winkler of the names', measuringSimilarity),
  ];
}
