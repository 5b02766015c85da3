import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { decidedOf, type Grounds, workOf } from './grounds.ts';
import type { GuardUnits } from './guard-units.ts';
import type { ResolvedSet, RowLookup } from './lookup-port.ts';
import { refusedPeople } from './people.ts';
import { CallRefused } from './refused.ts';
import { deskHere, type RowDesk } from './row-desk.ts';
import type { Wanted } from './work.ts';

/** Who may be looked at: everybody the work names (statute), or those whose consent covers it. */
export type Coverage =
  | { readonly kind: 'statute' }
  | { readonly kind: 'consent'; readonly covered: ReadonlySet<number> };

/** Candidates as they were resolved, without a value of theirs, and the people whose consent covers the use. */
export interface CoveredByConsent {
  readonly candidates: ResolvedSet;
  readonly covered: ReadonlySet<number>;
}

/** Finds which of these people have a consent in force for the agency, purpose and fields of the grounds. */
export type FindConsents = (grounds: Grounds, personNos: Float64Array) => Promise<ReadonlySet<number>>;

/** Stage 4: for whom the use is covered. */
class ConsentedWork {
  readonly #stage = 'consented';
  readonly grounds: Grounds;
  readonly coverage: Coverage;
  /** Where the rows are worked on; undefined where none are asked for. */
  readonly desk: RowDesk | undefined;

  constructor(grounds: Grounds, coverage: Coverage, desk: RowDesk | undefined) {
    this.grounds = grounds;
    this.coverage = coverage;
    this.desk = desk;
  }

  get stage(): string {
    return this.#stage;
  }
}
export type Consented = ConsentedWork;

export interface ConsentDeps {
  readonly lookup: RowLookup;
  readonly findConsents: FindConsents;
  readonly units: GuardUnits;
}

function deskOf(wanted: Wanted, { lookup, units }: Omit<ConsentDeps, 'findConsents'>): RowDesk | undefined {
  if (wanted.kind === 'chunk') return wanted.desk;
  return wanted.kind === 'rows' ? deskHere(wanted.rows, lookup, units) : undefined;
}

/**
 * Where every basis is statute, nothing is looked up here: the next stage does both halves in one statement. Where one
 * basis is consent, only the candidates' numbers are resolved, and people without a covering consent are never read.
 *
 * @throws {CallRefused} CONSENT_MISSING where a single person is asked for and nobody's consent covers it
 */
export function createConsent({ lookup, findConsents, units }: ConsentDeps) {
  return async (grounds: Grounds): Promise<Consented> => {
    const { wanted } = workOf(grounds);
    const desk = deskOf(wanted, { lookup, units });
    if (wanted.kind === 'nothing' || !decidedOf(grounds).bases.has('consent')) {
      return new ConsentedWork(grounds, { kind: 'statute' }, desk);
    }
    if (desk !== undefined) {
      const covered = await findConsents(grounds, await desk.resolve());
      return new ConsentedWork(grounds, { kind: 'consent', covered }, desk);
    }
    const candidates = await lookup.resolve(wanted.kind === 'person' ? [wanted.identifier] : []);
    const covered = await findConsents(grounds, candidates.personNo);
    if (covered.size === 0) {
      const people = refusedPeople(candidates.personNo, candidates.logKeys);
      throw new CallRefused(ErrorReason.CONSENT_MISSING, {}, decidedOf(grounds).decision, people);
    }
    return new ConsentedWork(grounds, { kind: 'consent', covered }, undefined);
  };
}
