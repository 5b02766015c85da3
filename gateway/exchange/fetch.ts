import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { SentReason } from '../errors/catalogue.ts';
import { faultPoint } from '../faults/point.ts';
import type { Consented } from './consent.ts';
import { decidedOf, workOf } from './grounds.ts';
import { ID_STATUS, type PersonRecord, type RegisterLookup } from './lookup-port.ts';
import { refusedPeople } from './people.ts';
import { CallRefused } from './refused.ts';
import type { RowDesk } from './row-desk.ts';

/** What was read, unfiltered: nothing outside of the pipeline sees it. */
export type Data =
  | {
      readonly kind: 'rows';
      readonly desk: RowDesk;
      readonly asOf: number;
      /** Where the basis is consent: those whose rows are compared. */
      readonly used: Float64Array | undefined;
    }
  | { readonly kind: 'person'; readonly record: PersonRecord; readonly idStatus: number }
  | { readonly kind: 'nothing' };

/** Stage 5: what the register holds of those who may be looked at. */
class FetchedWork {
  readonly #stage = 'fetched';
  readonly consented: Consented;
  readonly data: Data;

  constructor(consented: Consented, data: Data) {
    this.consented = consented;
    this.data = data;
  }

  get stage(): string {
    return this.#stage;
  }
}
export type Fetched = FetchedWork;

/**
 * One set-based statement for rows, two for a person.
 *
 * Rows whose basis is consent are read only where somebody is covered; the rows of the others are answered from the
 * first half alone.
 * @throws {CallRefused} PERSON_NOT_FOUND; PERSON_AMBIGUOUS for callers who may know that people exist
 */
export function createFetch({ lookup }: { readonly lookup: RegisterLookup }) {
  return async (consented: Consented): Promise<Fetched> => {
    const { grounds, coverage, desk } = consented;
    const { wanted } = workOf(grounds);
    if (desk !== undefined) {
      const { asOf, used } = await desk.read(coverage.kind === 'consent' ? coverage.people : undefined);
      faultPoint('look-up');
      return new FetchedWork(consented, { kind: 'rows', desk, asOf, used });
    }
    if (wanted.kind !== 'person') return new FetchedWork(consented, { kind: 'nothing' });

    const decided = decidedOf(grounds);
    const matches = await lookup.matchByIdentifier([wanted.identifier]);
    const people = [...new Set(matches.personNo)];
    const [personNo] = people;
    const refuse = (reason: SentReason) => {
      throw new CallRefused(reason, {}, decided.decision, refusedPeople(matches.personNo, matches.logKeys));
    };
    if (people.length > 1 && decided.decision.grants.existence) return refuse(ErrorReason.PERSON_AMBIGUOUS);
    if (personNo === undefined || people.length > 1) return refuse(ErrorReason.PERSON_NOT_FOUND);
    if (coverage.kind === 'consent') {
      // Whoever holds the number only since the consents were looked up was not asked for one.
      const missing = coverage.found.people.get(personNo)?.missing ?? coverage.people.needed;
      if (missing.some((id) => !coverage.withheld.includes(id))) return refuse(ErrorReason.CONSENT_MISSING);
    }
    const [record] = await lookup.readPersons([personNo], consented.granted('release'));
    if (record === undefined) return refuse(ErrorReason.PERSON_NOT_FOUND);
    return new FetchedWork(consented, {
      kind: 'person',
      record,
      idStatus: matches.idStatus[0] ?? ID_STATUS.current,
    });
  };
}
