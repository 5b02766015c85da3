import { Notice } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { faultPoint } from '../faults/point.ts';
import { keepFields, presentFields } from '../fields/keep-fields.ts';
import { BASES, encodePersonBody, RELEASE_OUTCOMES } from '../proof/person-body.ts';
import type { Consented } from './consent.ts';
import type { Decided } from './decide.ts';
import type { Data, Fetched } from './fetch.ts';
import { decidedOf, workOf } from './grounds.ts';
import { DEFAULT_BOUNDS, type Guard, type GuardBounds, type GuardRules } from './guard-port.ts';
import { subjectScope } from './limits-of.ts';
import { ID_STATUS, PERSON_STATUS } from './lookup-port.ts';
import { withNoticeFields } from './notice-fields.ts';
import { createPeople, NOBODY, type People } from './people.ts';
import type { SealedPeople } from './seal-people.ts';
import type { Composed, View } from './work.ts';

/** Stage 6: what may leave, and a leaf for everyone whose data was used for it. */
class FilteredWork {
  readonly #stage = 'filtered';
  readonly fetched: Fetched;
  readonly view: View;
  readonly people: People | SealedPeople;
  readonly composed: Composed;

  constructor(fetched: Fetched, view: View, people: People | SealedPeople, composed: Composed) {
    this.fetched = fetched;
    this.view = view;
    this.people = people;
    this.composed = composed;
  }

  get stage(): string {
    return this.#stage;
  }
}
export type Filtered = FilteredWork;

export interface FilterDeps {
  readonly guard: Guard;
  readonly nowMs: () => number;
}

/**
 * Fields out ⊆ fields granted, by an allow-list that is applied to what was fetched. The method then writes its answer
 * from what is left, and never sees the rest.
 */
export function createFilter({ guard, nowMs }: FilterDeps) {
  return async (fetched: Fetched): Promise<Filtered> => {
    const { grounds } = fetched.consented;
    const decided = decidedOf(grounds);
    const { view, people } = await filterData(fetched, decided, (entity) =>
      rulesOf(decided, guard.rulesFor(entity, boundsOf(decided)), nowMs()),
    );
    const composed = await workOf(grounds).compose(view, {
      caller: decided.verified.authenticated.caller,
      decision: decided.decision,
      revisions: { ...decided.revisions, change: fetched.consented.changeRevision },
      withheld: fetched.consented.coverage.kind === 'consent' ? fetched.consented.coverage.withheld : [],
      digest: 'opening' in grounds ? grounds.digest : decided.verified.digest,
    });
    return new FilteredWork(fetched, view, composed.people ?? people, composed);
  };
}

interface FilteredData {
  readonly view: View;
  readonly people: People | SealedPeople;
}

async function filterData(
  { data, consented }: Fetched,
  decided: Decided,
  rulesFor: (legalEntity: string) => GuardRules,
): Promise<FilteredData> {
  if (data.kind === 'nothing') return { view: { kind: 'nothing' }, people: NOBODY };
  if (data.kind === 'person') return filterPerson(data, consented);
  const { grants, strictness } = decided.decision;
  const { legalEntity } = decided.verified.authenticated.caller;
  const rules = rulesFor(legalEntity);
  const rows = await data.desk.judge({ grants, strictness, basis: basisCode(decided), guard: rules });
  faultPoint('match');
  return { view: { kind: 'rows', rows, asOf: data.asOf }, people: rows.people };
}

function boundsOf({ decision: { limits } }: Decided): GuardBounds {
  return {
    perField: limits.wrong_values_per_field ?? DEFAULT_BOUNDS.perField,
    perName: limits.wrong_numbers_per_name ?? DEFAULT_BOUNDS.perName,
  };
}

function rulesOf(decided: Decided, rules: GuardRules, nowMs: number): GuardRules {
  return decided.decision.limits.subjects_per_day === undefined
    ? rules
    : { ...rules, subjectScope: subjectScope(decided, nowMs) };
}

/** The weightiest basis of the fields used, for the leaf: what needed a consent says so. */
function basisCode({ decision }: Decided, used?: readonly number[]): number {
  for (const weightiest of ['emergency', 'consent', 'agreement', 'statute'] as const) {
    const stands = decision.fields.some(({ id, basis }) => basis === weightiest && used?.includes(id) !== false);
    if (stands) return BASES[weightiest];
  }
  return BASES.none;
}

function filterPerson(data: Extract<Data, { kind: 'person' }>, consented: Consented): FilteredData {
  const { record } = data;
  const decided = decidedOf(consented.grounds);
  const granted = consented.granted('release');
  const person = keepFields(record.person, granted);
  const released = presentFields(person);
  const basis = basisCode(decided, granted);
  const people = createPeople(1 + record.relatives.length);
  const leaf = (fields: readonly number[]) =>
    encodePersonBody({
      outcome: RELEASE_OUTCOMES.RELEASED,
      basis,
      delayUntil: 0,
      released: fields,
      matched: [],
      mismatched: [],
      notAvailable: [],
    });
  const notices = personNotices(data, decided);
  people.add(record.personNo, leaf(withNoticeFields(released, notices)), record.logKey);
  for (const relative of record.relatives) {
    const shown = relative.fieldIds.filter((id) => released.includes(id));
    if (shown.length > 0) people.add(relative.personNo, leaf(shown), relative.logKey);
  }
  return { view: { kind: 'person', person, notices }, people: people.finish() };
}

function personNotices(data: Extract<Data, { kind: 'person' }>, decided: Decided): Notice[] {
  if (!decided.decision.grants.notices) return [];
  const notices: Notice[] = [];
  if (data.record.personStatus === PERSON_STATUS.deceased) notices.push(Notice.DECEASED);
  if (data.idStatus === ID_STATUS.superseded) notices.push(Notice.ID_SUPERSEDED);
  if (data.record.personStatus === PERSON_STATUS.missing) notices.push(Notice.MISSING);
  return notices;
}
