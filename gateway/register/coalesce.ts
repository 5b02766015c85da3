/** The look-up with its small questions put together: each half of it, and both at once. */
import type { MatchSet, RegisterLookup, ResolvedSet } from '../exchange/lookup-port.ts';
import { gatherQuestions, SINGLE_UP_TO } from './gather-questions.ts';

/** The rows of `set` from `from` to `to` as a set of their own; candidates are shared, not copied. */
function rowsOf(set: MatchSet, from: number, to: number): MatchSet {
  const { first, last, ...resolved } = resolvedRowsOf(set, from, to);
  return {
    asOf: set.asOf,
    position: set.position,
    ...resolved,
    idKind: set.idKind.subarray(first, last),
    idStatus: set.idStatus.subarray(first, last),
    currentId: set.currentId.subarray(first, last),
    names: set.names.slice(first, last),
    birthDate: set.birthDate.subarray(first, last),
    sex: set.sex.subarray(first, last),
    personStatus: set.personStatus.subarray(first, last),
  };
}

function resolvedRowsOf(set: ResolvedSet, from: number, to: number) {
  const first = set.starts[from] ?? 0;
  const last = set.starts[to] ?? first;
  return {
    ...{ first, last },
    starts: set.starts.subarray(from, to + 1).map((start) => start - first),
    personNo: set.personNo.subarray(first, last),
    logKeys: set.logKeys.subarray(first * 16, last * 16),
  };
}

/** Candidates of several questions as those of one; log keys are not asked for again. */
function joined(sets: readonly ResolvedSet[]): ResolvedSet {
  const starts = [0];
  for (const set of sets) {
    const before = starts.at(-1) ?? 0;
    for (const start of set.starts.subarray(1)) starts.push(before + start);
  }
  return {
    starts: Uint32Array.from(starts),
    personNo: Float64Array.from(sets.flatMap(({ personNo }) => [...personNo])),
    logKeys: new Uint8Array(0),
  };
}

interface Resolved {
  readonly values: readonly number[];
  readonly resolved: ResolvedSet;
}

/** The same look-up with its small questions put together. What one asks is answered from one snapshot, as before. */
export function coalesceLookups(lookup: RegisterLookup): RegisterLookup & { waiting(): number } {
  const match = gatherQuestions<readonly number[], MatchSet>(
    (values) => values.length,
    async (questions) => cut(questions, await lookup.matchByIdentifier(questions.flat()), rowsOf),
  );
  const resolve = gatherQuestions<readonly number[], ResolvedSet>(
    (values) => values.length,
    async (questions) =>
      cut(questions, await lookup.resolve(questions.flat()), (set, from, to) => {
        const { starts, personNo, logKeys } = resolvedRowsOf(set, from, to);
        return { starts, personNo, logKeys };
      }),
  );
  const byPerson = gatherQuestions<Resolved, MatchSet>(
    ({ values }) => values.length,
    async (questions) => {
      const values = questions.map((question) => question.values);
      const found = await lookup.matchByPerson(values.flat(), joined(questions.map(({ resolved }) => resolved)));
      return cut(values, found, rowsOf);
    },
  );
  return {
    ...lookup,
    waiting: () => match.waiting() + resolve.waiting() + byPerson.waiting(),
    matchByIdentifier: (values) =>
      values.length > SINGLE_UP_TO ? lookup.matchByIdentifier(values) : match.ask(values),
    resolve: (values) => (values.length > SINGLE_UP_TO ? lookup.resolve(values) : resolve.ask(values)),
    matchByPerson: (values, resolved) =>
      values.length > SINGLE_UP_TO ? lookup.matchByPerson(values, resolved) : byPerson.ask({ values, resolved }),
  };
}

/** To each question its rows of the answer to all. */
function cut<S, T>(
  questions: readonly (readonly number[])[],
  all: S,
  rows: (all: S, from: number, to: number) => T,
): T[] {
  let from = 0;
  return questions.map((values) => {
    from += values.length;
    return rows(all, from - values.length, from);
  });
}
