import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { personTags, TAG_BYTES } from './person-tags.ts';
import {
  asWords,
  bitsFor,
  blockOf,
  createPostings,
  cutIntoBlocks,
  POSTING_BYTES,
  postingsOf,
  withoutPerson,
} from './postings.ts';

const key = createSecretKey(randomBytes(32));
const posting = fc.record({
  person: fc.integer({ min: 1, max: 40 }),
  position: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  leaf: fc.integer({ min: 0, max: 0xff_ffff }),
  body: fc.integer({ min: 0, max: 0xff_ffff }),
});
const tagOf = (person: number) => personTags(key, Float64Array.of(person)).subarray(0, TAG_BYTES);

function pack(list: readonly { person: number; position: number; leaf: number; body: number }[]): Uint8Array {
  const postings = createPostings(1);
  for (const { person, ...one } of list) postings.add(asWords(personTags(key, Float64Array.of(person))), 0, one);
  return postings.packed();
}

test('each person’s postings are found as they were put in, in the one block of their tag, and go alone', () => {
  fc.assert(
    fc.property(fc.array(posting, { minLength: 1, maxLength: 300 }), fc.integer({ min: 0, max: 6 }), (list, bits) => {
      const blocks = new Map(cutIntoBlocks(pack(list), bits).map(({ block, postings }) => [block, postings]));
      const total = [...blocks.values()].reduce((sum, { length }) => sum + length / POSTING_BYTES, 0);
      expect(total).toBe(list.length);
      for (const person of new Set(list.map((one) => one.person))) {
        const block = blocks.get(blockOf(tagOf(person), 0, bits)) ?? new Uint8Array();
        const own = list.filter((one) => one.person === person).map(({ person: _, ...one }) => one);
        expect([...postingsOf(block, tagOf(person))]).toEqual(own);
        const rest = withoutPerson(block, tagOf(person));
        expect([...postingsOf(rest, tagOf(person))]).toEqual([]);
        expect(rest.length).toBe(block.length - own.length * POSTING_BYTES);
      }
    }),
    { numRuns: 60 },
  );
});

test('blocks stay small however many postings a run has', () => {
  for (const count of [1, 160, 161, 10_000, 10_000_000]) expect(count / 2 ** bitsFor(count)).toBeLessThanOrEqual(160);
  expect(bitsFor(0)).toBe(0);
});

test('what a posting has no room for is refused', () => {
  expect(() => pack([{ person: 1, position: 2 ** 40, leaf: 0, body: 0 }])).toThrow(RangeError);
});
