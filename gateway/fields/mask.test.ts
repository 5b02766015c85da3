import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBitmap, toBitmap } from './bitmap.ts';
import { contains, type FieldSet, fieldSet, intersect, minus, union } from './field-set.ts';
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
        expect(both).toEqual(union(expandMask(some).fields, expandMask(more).fields));
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

  it('comes back from its leaf paths, its short form and its bitmap', () => {
    fc.assert(
      fc.property(anySet, (fields) => {
        expect(expandMask(toPaths(fields))).toEqual({ fields, problems: [] });
        const short = toShortMask(fields);
        expect(expandMask(short)).toEqual({ fields, problems: [] });
        expect(short.length).toBeLessThanOrEqual(fields.length);
        expect(readBitmap(toBitmap(fields))).toEqual(fields);
      }),
      { numRuns: 500 },
    );
    expect(toShortMask([2, 28, 29, 30, 44])).toEqual(['full_name', 'permanent_address', 'life.status']);
  });
});

describe('set operations', () => {
  it('agree with membership, id by id', () => {
    fc.assert(
      fc.property(anySet, anySet, anyId, (a, b, id) => {
        const [inA, inB] = [a.includes(id), b.includes(id)];
        expect(union(a, b).includes(id)).toBe(inA || inB);
        expect(intersect(a, b).includes(id)).toBe(inA && inB);
        expect(minus(a, b).includes(id)).toBe(inA && !inB);
        expect(contains(a, b)).toBe(b.every((one) => a.includes(one)));
        for (const set of [union(a, b), intersect(a, b), minus(a, b)]) expect(set).toEqual(fieldSet(set));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a bitmap', () => {
  it('has these bytes for ever', () => {
    expect(toBitmap([])).toEqual(new Uint8Array([]));
    expect(toBitmap([1, 2, 3])).toEqual(new Uint8Array([0x0e]));
    expect(toBitmap([8, 49])).toEqual(new Uint8Array([0, 1, 0, 0, 0, 0, 2]));
    expect(toBitmap([255]).length).toBe(32);
  });

  it('has one encoding a set: anything else is refused', () => {
    expect(() => readBitmap(new Uint8Array([2, 0]))).toThrow('zero byte');
    expect(() => readBitmap(new Uint8Array([1]))).toThrow('id 0');
    expect(() => readBitmap(new Uint8Array(33).fill(1))).toThrow('longer');
    expect(() => toBitmap([0])).toThrow('outside');
    expect(() => toBitmap([256])).toThrow('outside');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 34 }), (bytes) => {
        let fields: FieldSet;
        try {
          fields = readBitmap(bytes);
        } catch {
          return;
        }
        expect(toBitmap(fields)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });
});
