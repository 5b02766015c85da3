import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../test/golden/matching/arbitraries.ts';
import { formatIdNumber, formatPersonalId, ID_KINDS, parseIdNumber } from './parse-id-number.ts';
import { bitOf, FIELD_MASKS, KIND_MASKS } from './reasons.ts';

const personal = fc.integer({ min: 1_000_000_000, max: 999_999_999_999 });
const cmnd = fc.integer({ min: 1, max: 999_999_999 });

describe('parseIdNumber', () => {
  test('reads back what formatIdNumber writes, without a reason', () => {
    fc.assert(
      fc.property(personal, (value) => {
        expect(parseIdNumber(formatPersonalId(value))).toEqual({
          kind: ID_KINDS.PERSONAL,
          value,
          reasons: 0,
          problem: undefined,
        });
      }),
    );
    fc.assert(
      fc.property(cmnd, (value) => {
        expect(parseIdNumber(formatIdNumber(ID_KINDS.CMND, value))).toEqual({
          kind: ID_KINDS.CMND,
          value,
          reasons: 0,
          problem: undefined,
        });
      }),
    );
    expect(formatPersonalId(1085001234n)).toBe('001085001234');
  });

  test('undoes what a spreadsheet does to a number, and says what', () => {
    fc.assert(
      fc.property(fc.oneof(personal, cmnd), fc.nat(4), (value, way) => {
        const digits = String(value);
        const written =
          [
            digits,
            `${digits}.0`,
            `'${digits}`,
            `="${digits}"`,
            `${digits[0]}.${digits.slice(1)}E+${digits.length - 1}`,
          ][way] ?? '';
        const found = parseIdNumber(written);
        if (found.problem !== undefined) {
          expect([8, 9, 10, 11, 12]).not.toContain(digits.length);
          return;
        }
        expect(found.value).toBe(value);
        const short = digits.length === 8 || digits.length === 10 || digits.length === 11;
        expect((found.reasons & bitOf('ID_LEADING_ZEROS_LOST')) !== 0).toBe(short);
        expect(found.reasons !== 0).toBe(short || way > 0);
      }),
      { numRuns: 1000 },
    );
  });

  test('never takes rounded digits for zeros', () => {
    fc.assert(
      fc.property(personal, fc.integer({ min: 0, max: 8 }), (value, kept) => {
        expect(parseIdNumber(value.toExponential(kept).replace('e', 'E')).problem).toBe('ID_DIGITS_LOST');
      }),
      { numRuns: 300 },
    );
  });

  test('never makes another number of a whole one and a few digits beside it', () => {
    const suffix = fc.stringMatching(/^\d{1,4}$/);
    const sign = fc.constantFrom('-', '/', ' ', '_', '.', ' - ');
    fc.assert(
      fc.property(personal, sign, suffix, fc.boolean(), (value, between, more, front) => {
        const whole = formatPersonalId(value);
        const found = parseIdNumber(front ? `${more}${between}${whole}` : `${whole}${between}${more}`);
        expect([value, 0]).toContain(found.value);
      }),
      { numRuns: 1000 },
    );
    // Nine digits and three are twelve: that is a number in groups, and no guess.
    const notThree = suffix.filter((more) => more.length !== 3);
    fc.assert(
      fc.property(cmnd, sign, notThree, fc.boolean(), (value, between, more, front) => {
        const whole = formatIdNumber(ID_KINDS.CMND, value);
        const found = parseIdNumber(front ? `${more}${between}${whole}` : `${whole}${between}${more}`);
        expect([value, 0]).toContain(found.value);
      }),
      { numRuns: 1000 },
    );
  });

  test('never throws; a value of its kind or one problem', () => {
    const idLike = fc.stringMatching(/^[0-9 .,'="E+-]{0,20}$/);
    fc.assert(
      fc.property(fc.oneof(anyText, idLike), (text) => {
        const { kind, value, reasons, problem } = parseIdNumber(text);
        expect(reasons & ~FIELD_MASKS.id.word0).toBe(0);
        expect((reasons & KIND_MASKS.problem.word0) !== 0).toBe(problem !== undefined);
        if (problem !== undefined) expect([kind, value]).toEqual([ID_KINDS.NONE, 0]);
        else if (kind === ID_KINDS.PERSONAL) expect(value >= 1_000_000_000 && value <= 999_999_999_999).toBe(true);
        else expect(value >= 1 && value <= 999_999_999).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('refuses long input without reading it', () => {
    expect(parseIdNumber('1'.repeat(50_000_000)).problem).toBe('ID_TOO_LONG');
  });
});
