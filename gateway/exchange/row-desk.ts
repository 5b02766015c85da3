/**
 * Where the rows of a call are worked on: here, or, for a chunk of thousands, in a thread of its own. The stages ask for one step
 * after the other and hold no value of the register in between; `judge` gives out what the grants let through, and nothing else does.
 */
import type { CoveredByConsent, CoveredPeople } from './consent.ts';
import type { GuardUnits } from './guard-units.ts';
import { type JudgedRows, judgeRows, type RowBatch, type RowRules } from './judge-rows.ts';
import type { MatchSet, ResolvedSet, RowLookup } from './lookup-port.ts';

export interface RowDesk {
  readonly count: number;
  /** First half of a look-up: the numbers of the people whom the rows name, and no value of theirs. */
  resolve(): Promise<Float64Array>;
  /**
   * Reads what the register holds of the people named; after `resolve`, of rows only whose every candidate is covered. `used`: the
   * people of those rows.
   */
  read(covered?: CoveredPeople): Promise<{ readonly asOf: number; readonly used: Float64Array | undefined }>;
  /** Compares what was read. The last step: nothing of it is kept. */
  judge(rules: RowRules): JudgedRows | Promise<JudgedRows>;
}

/** The work done in this thread. */
export function deskHere(rows: RowBatch, lookup: RowLookup, units: GuardUnits): RowDesk {
  let candidates: ResolvedSet | undefined;
  let uncovered: CoveredByConsent | undefined;
  let matches: MatchSet | undefined;
  return {
    count: rows.count,
    async resolve() {
      candidates = await lookup.resolve(rows.identifiers);
      return candidates.personNo;
    },
    async read(covered) {
      if (covered === undefined) {
        matches = await lookup.matchByIdentifier(rows.identifiers);
        return { asOf: matches.asOf, used: undefined };
      }
      if (candidates === undefined) throw new TypeError('nobody was resolved');
      uncovered = { ...covered, candidates };
      const { identifiers, used } = coveredOnly(rows.identifiers, uncovered);
      matches = await lookup.matchByPerson(identifiers, candidates);
      return { asOf: matches.asOf, used };
    },
    judge(rules) {
      if (matches === undefined) throw new TypeError('nothing was read');
      return judgeRows(rows, matches, uncovered === undefined ? rules : { ...rules, uncovered }, units);
    },
  };
}

/**
 * The rows' identifiers, with 0 (nobody's) in the place of those with a candidate whom no consent covers. A row without
 * candidates stays without: who holds its number since was not asked for a consent.
 */
function coveredOnly(identifiers: readonly number[], { candidates, covered }: CoveredByConsent) {
  const { starts, personNo } = candidates;
  const used = new Set<number>();
  const kept = identifiers.map((identifier, row) => {
    const from = starts[row] ?? 0;
    const to = starts[row + 1] ?? from;
    let open = from;
    while (open < to && covered.has(personNo[open] ?? 0)) open++;
    if (open < to || from === to) return 0;
    for (let at = from; at < to; at++) used.add(personNo[at] ?? 0);
    return identifier;
  });
  return { identifiers: kept, used: Float64Array.from(used) };
}
