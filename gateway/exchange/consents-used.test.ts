import { expect, it } from 'vitest';
import { consentsOf, numbersOf } from './consents-used.ts';
import type { Filtered } from './filter.ts';

it('an answer stands on the consents of those whose rows were compared, and tells by those that cover a part', () => {
  const people = new Map([
    [1, { scopeNo: 11, missing: [], counted: [101, 102] }],
    [2, { scopeNo: 12, missing: [], counted: [103] }],
    [3, { scopeNo: 13, missing: [2], counted: [104] }],
  ]);
  const coverage = {
    kind: 'consent',
    found: { revision: 7n, people, usedUp: 0, until: 9 },
    people: { covered: new Set([1, 2]), needed: [1, 2], partly: new Map([[3, [2]]]) },
  };
  // Of the second person a consent was found, and no row was compared.
  const data = { kind: 'rows', used: Float64Array.of(1) };
  const filtered = { fetched: { consented: { coverage }, data } } as unknown as Filtered;
  const { consents } = consentsOf(filtered, 'counted');
  expect(consents?.revision).toBe(7n);
  expect([consents?.scopes, consents?.counted].map((bytes) => bytes && [...numbersOf(bytes)])).toEqual([
    [11, 13],
    [101, 102],
  ]);
});
