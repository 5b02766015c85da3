import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MatchSet, RegisterLookup } from '../exchange/lookup-port.ts';
import { coalesceLookups } from './coalesce.ts';

/** A register in which the value v has v % 4 holders, told apart by their numbers. */
function countingLookup() {
  const asked: number[] = [];
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
    resolve: () => Promise.reject(new Error('not asked here')),
    matchByPerson: () => Promise.reject(new Error('not asked here')),
    readPersons: () => Promise.reject(new Error('not asked here')),
  };
  return { lookup, asked };
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
