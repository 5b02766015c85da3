import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type FieldSet, fieldSet } from './field-set.ts';
import { expandMask, toPaths, toShortMask } from './mask.ts';
import { VOCABULARY } from './vocabulary.ts';

const anyId = fc.constantFrom(...VOCABULARY.fields.map((field) => field.id));
const anySet: fc.Arbitrary<FieldSet> = fc.array(anyId).map(fieldSet);
const anyPath = fc.constantFrom(...VOCABULARY.byPath.keys(), ...VOCABULARY.groups.keys());

describe('a mask', () => {
  it('expands a group to its leaves and a leaf to itself', () => {
    expect(expandMask(['permanent_address', 'full_name'])).toEqual({ fields: [2, 28, 29, 30], problems: [] });
    expect(toPaths([2, 28])).toEqual(['full_name', 'permanent_address.province']);
  });

  it('collapses what is named twice or twice over', () => {
    expect(expandMask(['life.status', 'life', 'life', 'life.status']).fields).toEqual([44, 45, 46]);
  });

  it('names each path that it does not take, and takes the others', () => {
    expect(
      expandMask(['sex', 'fullName', 'date_of_birth.year', '', '*', 'life.', 'constructor', 'Sex', ' sex']),
    ).toEqual({
      fields: [4],
      problems: [
        { index: 1, path: 'fullName', problem: 'UNKNOWN' },
        { index: 2, path: 'date_of_birth.year', problem: 'INSIDE_A_FIELD' },
        ...['', '*', 'life.', 'constructor', 'Sex', ' sex'].map((path, at) => ({
          index: 3 + at,
          path,
          problem: 'UNKNOWN',
        })),
      ],
    });
  });

  it('means nothing when empty', () => {
    expect(expandMask([])).toEqual({ fields: [], problems: [] });
  });

  it('is the union of its paths, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(anyPath), fc.array(anyPath), (some, more) => {
        const both = expandMask([...some, ...more]).fields;
        expect(both).toEqual(fieldSet([...expandMask(some).fields, ...expandMask(more).fields]));
        expect(expandMask([...more, ...some]).fields).toEqual(both);
      }),
      { numRuns: 200 },
    );
  });

  it('takes no path outside of the vocabulary', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        fc.pre(!VOCABULARY.byPath.has(path) && !VOCABULARY.groups.has(path));
        const { fields, problems } = expandMask([path]);
        expect([fields.length, problems.length]).toEqual([0, 1]);
      }),
      { numRuns: 500 },
    );
  });

  it('comes back from its leaf paths and its short form', () => {
    fc.assert(
      fc.property(anySet, (fields) => {
        expect(expandMask(toPaths(fields))).toEqual({ fields, problems: [] });
        const short = toShortMask(fields);
        expect(expandMask(short)).toEqual({ fields, problems: [] });
        expect(short.length).toBeLessThanOrEqual(fields.length);
      }),
      { numRuns: 500 },
    );
    expect(toShortMask([2, 28, 29, 30, 44])).toEqual(['full_name', 'permanent_address', 'life.status']);
  });
});

test('a set is ascending, and has no id twice', () => {
  expect(fieldSet([44, 2, 28, 2, 9])).toEqual([2, 9, 28, 44]);
  expect(fieldSet([])).toEqual([]);
});
