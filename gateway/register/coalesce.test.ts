import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MatchSet, RegisterLookup, ResolvedSet } from '../exchange/lookup-port.ts';
import { coalesceLookups } from './coalesce.ts';

/** A register in which the value v has v % 4 holders, told apart by their numbers. */
function countingLookup() {
  const asked: number[] = [];
  const halves: string[] = [];
  const matchByIdentifier = async (values: readonly number[]): Promise<MatchSet> => {
    asked.push(values.length);
    const holders = values.map((value) => Array.from({ length: value % 4 }, (_, k) => value * 10 + k));
    const flat = holders.flat();
    const starts = new Uint32Array(values.length + 1);
    for (const [i, of] of holders.entries()) starts[i + 1] = (starts[i] ?? 0) + of.length;
    const bytes = () => new Uint8Array(flat.length);
    return {
      asOf: 1,
      position: 1n,
      starts,
      personNo: Float64Array.from(flat),
      idKind: bytes(),
      idStatus: bytes(),
      currentId: Float64Array.from(flat),
      names: flat.map(String),
      birthDate: new Uint32Array(flat.length),
      sex: bytes(),
      personStatus: bytes(),
      logKeys: Uint8Array.from(flat.flatMap((no) => new Array<number>(16).fill(no % 251))),
    };
  };
  const lookup: RegisterLookup = {
    matchByIdentifier,
    resolve: async (values) => {
      halves.push(`resolve ${values.length}`);
      const { starts, personNo, logKeys } = await matchByIdentifier(values);
      return { starts, personNo, logKeys };
    },
    // Of the candidates those that were resolved, as the register's own look-up does.
    matchByPerson: async (values, resolved) => {
      halves.push(`read ${values.length}`);
      const all = await matchByIdentifier(values);
      const kept = values.map((_, row) => {
        const known = resolved.personNo.subarray(resolved.starts[row], resolved.starts[row + 1]);
        return [...all.personNo.subarray(all.starts[row], all.starts[row + 1])].filter((no) => known.includes(no));
      });
      const starts = Uint32Array.from([0, ...kept], (of, row) => (of === 0 ? 0 : kept.slice(0, row).flat().length));
      return { ...all, starts, personNo: Float64Array.from(kept.flat()) };
    },
    readPersons: () => Promise.reject(new Error('not asked here')),
  };
  return { lookup, asked, halves };
}

const question = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 });

test('each asker gets exactly what it would have got alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(question, { minLength: 1, maxLength: 60 }), async (questions) => {
      const { lookup } = countingLookup();
      const together = coalesceLookups(lookup);
      const got = await Promise.all(questions.map((values) => together.matchByIdentifier(values)));
      const alone = await Promise.all(questions.map((values) => lookup.matchByIdentifier(values)));
      expect(got).toEqual(alone);
    }),
    { numRuns: 100 },
  );
});

test('each half alike: whoever was resolved for one question is read for no other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(question, { minLength: 1, maxLength: 30 }), async (questions) => {
      const { lookup, halves } = countingLookup();
      const together = coalesceLookups(lookup);
      const resolved = await Promise.all(questions.map((values) => together.resolve(values)));
      expect(resolved).toEqual(await Promise.all(questions.map((values) => lookup.resolve(values))));
      // Nobody of every second question, as where no consent covers them.
      const allowed = resolved.map((set, i) =>
        i % 2 === 0 ? set : { ...set, starts: new Uint32Array(set.starts.length), personNo: new Float64Array(0) },
      );
      halves.length = 0;
      const read = await Promise.all(
        questions.map((values, i) => together.matchByPerson(values, allowed[i] as ResolvedSet)),
      );
      const small = questions.filter(({ length }) => length <= 16).length;
      expect(halves.length).toBeLessThanOrEqual(questions.length - small + 2);
      const personNos = read.map(({ starts, personNo }) => [[...starts], [...personNo]]);
      const alone = allowed.map(({ starts, personNo }) => [[...starts], [...personNo]]);
      expect(personNos).toEqual(alone);
    }),
    { numRuns: 50 },
  );
});

test('what arrives together is asked together; a chunk goes by itself', async () => {
  const { lookup, asked } = countingLookup();
  const together = coalesceLookups(lookup);
  await Promise.all([
    ...Array.from({ length: 100 }, (_, i) => together.matchByIdentifier([i])),
    together.matchByIdentifier(new Array(4096).fill(3)),
  ]);
  expect(asked).toEqual([4096, 100]);
});

test('a failure reaches everybody who asked, and the next question is asked again', async () => {
  let fail = true;
  const { lookup } = countingLookup();
  const flaky = coalesceLookups({
    ...lookup,
    matchByIdentifier: (values) => (fail ? Promise.reject(new Error('gone')) : lookup.matchByIdentifier(values)),
  });
  const results = await Promise.allSettled([flaky.matchByIdentifier([1]), flaky.matchByIdentifier([2])]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fail = false;
  expect((await flaky.matchByIdentifier([3])).personNo).toHaveLength(3);
});
