import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { pathOf } from '../fields/vocabulary.ts';
import { type AnswerKey, answerKeyOf } from './answer-key.ts';
import type { Flight, Flights } from './flights.ts';
import { decidedOf, type Grounds, workOf } from './grounds.ts';
import type { GuardUnits } from './guard-units.ts';
import type { ResolvedSet, RowLookup } from './lookup-port.ts';
import { refusedPeople } from './people.ts';
import { CallRefused } from './refused.ts';
import { deskHere, type RowDesk } from './row-desk.ts';
import type { Wanted } from './work.ts';

/** What one person's consents in force come to, for one recipient and purpose. */
export interface PersonConsent {
  /** The person's relation to that use: a withdrawal names it. */
  readonly scopeNo: number;
  /** Of the fields that need a consent, those that none covers, ascending. */
  readonly missing: readonly number[];
  /** Consents that it stands on and that bound how many answers may: each is counted once an answer. */
  readonly counted: readonly number[];
}

export interface ConsentsFound {
  /** Highest change revision of the snapshot that was read. */
  readonly revision: bigint;
  /** By person number; who has no consent in force is not in it. */
  readonly people: ReadonlyMap<number, PersonConsent>;
  /** Consents that would cover and are left out, because as many answers as were agreed stand on them. */
  readonly usedUp: number;
  /** When the first of those that were found ends, unix seconds; Infinity where there is none. */
  readonly until: number;
}

/** What consents are looked for. */
export interface ConsentUse {
  readonly recipient: string;
  readonly purpose: string;
  /** Fields that need one, ascending. */
  readonly fields: readonly number[];
  /** Set for an answer that is given again: what it stood on was counted then. */
  readonly usedUp?: boolean;
}

/** Finds the consents in force of these people, in one statement. */
export type FindConsents = (use: ConsentUse, personNos: Float64Array) => Promise<ConsentsFound>;

/** Whom rows may be read of, and what the others lack. */
export interface CoveredPeople {
  readonly covered: ReadonlySet<number>;
  /** Fields that need a consent. */
  readonly needed: readonly number[];
  /** Of people with a consent that does not cover all: the fields that it lacks. */
  readonly partly: ReadonlyMap<number, readonly number[]>;
}

/** Who may be looked at: everybody the work names (statute), or those whose consent covers it. */
export type Coverage =
  | { readonly kind: 'statute' }
  | {
      readonly kind: 'consent';
      readonly found: ConsentsFound;
      readonly people: CoveredPeople;
      /** Fields that are left out, where the caller takes what is covered. */
      readonly withheld: readonly number[];
    };

/** Candidates as they were resolved, without a value of theirs, and the people whose consent covers the use. */
export interface CoveredByConsent extends CoveredPeople {
  readonly candidates: ResolvedSet;
}

/** Stage 4: for whom the use is covered. */
class ConsentedWork {
  readonly #stage = 'consented';
  readonly grounds: Grounds;
  readonly coverage: Coverage;
  /** Where the rows are worked on; undefined where none are asked for. */
  readonly desk: RowDesk | undefined;
  /** Set where the answer stands on consents: what a withdrawal waits for. */
  readonly flight: Flight | undefined;

  constructor(grounds: Grounds, coverage: Coverage, desk: RowDesk | undefined, flight?: Flight) {
    this.grounds = grounds;
    this.coverage = coverage;
    this.desk = desk;
    this.flight = flight;
  }

  get stage(): string {
    return this.#stage;
  }

  /** Field ids granted for a use and not withheld, ascending. */
  granted(use: 'release' | 'match'): number[] {
    const granted = decidedOf(this.grounds).granted(use);
    const { coverage } = this;
    return coverage.kind === 'statute' ? granted : granted.filter((id) => !coverage.withheld.includes(id));
  }

  /** Highest change revision that is taken into account. */
  get changeRevision(): bigint {
    const { change } = decidedOf(this.grounds).revisions;
    return this.coverage.kind === 'consent' && this.coverage.found.revision > change
      ? this.coverage.found.revision
      : change;
  }
}
export type Consented = ConsentedWork;

export interface ConsentDeps {
  readonly lookup: RowLookup;
  readonly findConsents: FindConsents;
  readonly units: GuardUnits;
  readonly flights: Flights;
  /** Whether this very request or chunk stands in the log already. */
  readonly answeredBefore: (key: AnswerKey) => Promise<boolean>;
}

function deskOf(wanted: Wanted, { lookup, units }: Pick<ConsentDeps, 'lookup' | 'units'>): RowDesk | undefined {
  if (wanted.kind === 'chunk') return wanted.desk;
  return wanted.kind === 'rows' ? deskHere(wanted.rows, lookup, units) : undefined;
}

function coverageOf(
  found: ConsentsFound,
  needed: readonly number[],
  withheld: readonly number[] = [],
): Extract<Coverage, { kind: 'consent' }> {
  const covered = new Set<number>();
  const partly = new Map<number, readonly number[]>();
  for (const [personNo, { missing }] of found.people) {
    if (missing.length === 0) covered.add(personNo);
    else partly.set(personNo, missing);
  }
  return { kind: 'consent', found, people: { covered, needed, partly }, withheld };
}

/** Fields that one of these people has no consent for; all where there is nobody. */
function missingOf(personNos: Float64Array, { people }: ConsentsFound, needed: readonly number[]): readonly number[] {
  const lacking = [...personNos].map((personNo) => people.get(personNo)?.missing ?? needed);
  return lacking.length === 0 ? needed : needed.filter((id) => lacking.some((missing) => missing.includes(id)));
}

/**
 * Where every basis is statute, nothing is looked up here: the next stage does both halves in one statement. Where one
 * basis is consent, only the candidates' numbers are resolved, and people without a covering consent are never read.
 *
 * @throws {CallRefused} CONSENT_MISSING where a single person is asked for and what is asked is not covered
 */
export function createConsent(deps: ConsentDeps) {
  const { lookup, flights } = deps;

  async function find(grounds: Grounds, use: ConsentUse, personNos: Float64Array): Promise<ConsentsFound> {
    const found = await deps.findConsents(use, personNos);
    const again = found.usedUp > 0 && (await deps.answeredBefore(answerKeyOf(grounds)));
    return again ? deps.findConsents({ ...use, usedUp: true }, personNos) : found;
  }

  return async (grounds: Grounds): Promise<Consented> => {
    const { wanted } = workOf(grounds);
    const desk = deskOf(wanted, deps);
    const decided = decidedOf(grounds);
    if (wanted.kind === 'nothing' || !decided.bases.has('consent')) {
      return new ConsentedWork(grounds, { kind: 'statute' }, desk);
    }
    const fields = new Set(decided.decision.fields.flatMap(({ id, basis }) => (basis === 'consent' ? [id] : [])));
    const needed = [...fields].sort((a, b) => a - b);
    const { asked } = workOf(grounds);
    const use = {
      recipient: decided.verified.authenticated.caller.agency,
      purpose: asked.context.purpose,
      fields: needed,
    };
    // Before anything is looked up: a withdrawal that is not seen here waits for this.
    const flight = flights.begin();
    try {
      if (desk !== undefined) {
        const found = await find(grounds, use, await desk.resolve());
        return new ConsentedWork(grounds, coverageOf(found, needed), desk, flight);
      }
      const candidates = await lookup.resolve(wanted.kind === 'person' ? [wanted.identifier] : []);
      const found = await find(grounds, use, candidates.personNo);
      const missing = missingOf(candidates.personNo, found, needed);
      const others = decided.decision.fields.some(({ id }) => !missing.includes(id));
      if (missing.length > 0 && !(asked.allowPartial && others)) {
        const people = refusedPeople(candidates.personNo, candidates.logKeys);
        const violations = missing.map((id) => ({ field: pathOf(id), rule: 'NO_CONSENT' as const }));
        throw new CallRefused(ErrorReason.CONSENT_MISSING, { violations }, decided.decision, people);
      }
      return new ConsentedWork(grounds, coverageOf(found, needed, missing), undefined, flight);
    } catch (error) {
      flight.end();
      throw error;
    }
  };
}
