import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPersonUse } from './browser/person.ts';
import {
  BASES,
  decodePersonBody,
  delayUntilOf,
  encodePersonBody,
  type PersonBody,
  RELEASE_OUTCOMES,
} from './person-body.ts';
import { hex } from './reference.test-support.ts';

const fieldIds = fc.uniqueArray(fc.integer({ min: 1, max: 70 }), { maxLength: 30 });
const aBody: fc.Arbitrary<PersonBody> = fc
  .record({
    outcome: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constantFrom(...Object.values(RELEASE_OUTCOMES))),
    basis: fc.constantFrom(...Object.values(BASES)),
    delayUntil: fc.integer({ min: 0, max: 0xffff_ffff }),
    released: fieldIds,
    compared: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 2039 }), fc.nat(2)), { selector: ([id]) => id }),
  })
  .map(({ compared, released, ...rest }) => {
    const ids = (result: number) => compared.filter(([, r]) => r === result).map(([id]) => id);
    return { ...rest, released, matched: ids(0), mismatched: ids(1), notAvailable: ids(2) };
  });

const EMPTY: PersonBody = {
  outcome: 1,
  basis: 0,
  delayUntil: 0,
  released: [],
  matched: [],
  mismatched: [],
  notAvailable: [],
};

describe('person body', () => {
  it('comes back from its bytes, field ids in ascending order', () => {
    const sorted = (ids: readonly number[]) => ids.toSorted((a, b) => a - b);
    fc.assert(
      fc.property(aBody, (body) => {
        const bytes = encodePersonBody(body);
        expect(delayUntilOf(Buffer.concat([Buffer.alloc(3), bytes]), 3)).toBe(body.delayUntil);
        expect(decodePersonBody(bytes)).toEqual({
          ...body,
          released: sorted(body.released),
          matched: sorted(body.matched),
          mismatched: sorted(body.mismatched),
          notAvailable: sorted(body.notAvailable),
        });
      }),
      { numRuns: 300 },
    );
  });

  it('has one encoding: whatever decodes is what it encodes to', () => {
    fc.assert(
      fc.property(aBody, fc.nat(), fc.integer({ min: 1, max: 255 }), (body, at, change) => {
        const bytes = Uint8Array.from(encodePersonBody(body));
        bytes[at % bytes.length]! ^= change;
        const decoded = attempt(bytes);
        if (decoded !== undefined) expect(hex(encodePersonBody(decoded))).toBe(hex(bytes));
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        const decoded = attempt(bytes);
        if (decoded !== undefined) expect(hex(encodePersonBody(decoded))).toBe(hex(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['no field', [], '00'],
    ['neighbours, in any order', [3, 1, 2], '010e'],
    ['the last of a byte and the first of the next', [7, 8], '028001'],
    ['one far from the other', [49, 8], '0700010000000002'],
    ['the last of the vocabulary', [255], `20${'00'.repeat(31)}80`],
    ['the last that has a place', [2039], `ff${'00'.repeat(254)}80`],
  ])('keeps a set of %s in these bytes for ever', (_name, fields, bitmap) => {
    for (const [at, name] of (['released', 'matched', 'mismatched', 'notAvailable'] as const).entries()) {
      const bytes = encodePersonBody({ ...EMPTY, [name]: fields });
      expect(hex(bytes)).toBe(`010000000000${'00'.repeat(at)}${bitmap}${'00'.repeat(3 - at)}`);
      expect(readPersonUse(bytes)).toEqual(decodePersonBody(bytes));
      expect(decodePersonBody(bytes)[name]).toEqual(fields.toSorted((a, b) => a - b));
    }
  });

  it.each([
    ['a trailing zero byte in a bitmap', '010000000000 020200 00 00 00', 'NOT_CANONICAL'],
    ['bytes after the end', '0100000000000000000000', 'LENGTH'],
    ['too short', '010000000000000000', 'LENGTH'],
    ['a bitmap longer than the body', '010000000000000000ff', 'LENGTH'],
    ['outcome 0', '00000000000000000000', 'RANGE'],
    ['outcome 11', '0b000000000000000000', 'RANGE'],
    ['outcome 34', '22000000000000000000', 'RANGE'],
    ['basis 5', '01050000000000000000', 'RANGE'],
    ['field id 0', '0100000000000101000000', 'RANGE'],
    ['a field both true and false', '010000000000 00 0102 0102 00', 'INCONSISTENT'],
  ])('is refused with %s', (_name, text, reason) => {
    expect(() => decodePersonBody(Buffer.from(text.replaceAll(' ', ''), 'hex'))).toThrow(reason);
  });

  it('cannot be made from numbers outside of their fields', () => {
    for (const change of [
      { outcome: 0 },
      { outcome: 11 },
      { basis: 5 },
      { delayUntil: -1 },
      { delayUntil: 2 ** 32 },
      { delayUntil: 0.5 },
      { released: [0] },
      { released: [2040] },
      { matched: [1], notAvailable: [1] },
    ]) {
      expect(() => encodePersonBody({ ...EMPTY, ...change })).toThrow(/RANGE|INCONSISTENT/);
    }
  });
});

function attempt(bytes: Uint8Array): PersonBody | undefined {
  try {
    return decodePersonBody(bytes);
  } catch {
    return undefined;
  }
}
