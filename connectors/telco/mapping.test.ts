import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBirthDate } from '../../gateway/matching/parse-birth-date.ts';
import { ID_KINDS, parseIdNumber } from '../../gateway/matching/parse-id-number.ts';
import { NO_HABITS } from '../../gateway/matching/profile.ts';
import type { MappingOptions } from '../kit/define-connector.ts';
import { mapSubscriber, slimForm } from './mapping.ts';

function slimIdNumber(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  return slimForm({ dateOrder: 'day-first' }).idNumber(bytes, 0, bytes.length);
}

function slimBirthDate(text: string, dateOrder: MappingOptions['dateOrder']): number {
  const bytes = Buffer.from(text, 'utf8');
  return slimForm({ dateOrder }).birthDate(bytes, 0, bytes.length);
}

describe('slim number', () => {
  it.each([
    ['901085000017', 901_085_000_017],
    ['001085000017', 1_085_000_017],
    ['000123456789', 0],
    ['000000000000', 0],
    ['123456789', 0],
    [' 901085000017', 0],
    ['90108500001a', 0],
    ['٩٠١٠٨٥٠٠٠٠١٧', 0],
    ['', 0],
  ])('%j is %d', (text, value) => expect(slimIdNumber(text)).toBe(value));

  it('is only what the published profile reads as a personal ID without a repair', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789 .x'), minLength: 8, maxLength: 13 });
    const whole = fc.integer({ min: 0, max: 999_999_999_999 }).map((n) => String(n).padStart(12, '0'));
    fc.assert(
      fc.property(fc.oneof(digits, whole), (text) => {
        const slim = slimIdNumber(text);
        const { kind, value, reasons } = parseIdNumber(text);
        const clean = kind === ID_KINDS.PERSONAL && reasons === 0;
        expect(slim).toBe(clean && text.length === 12 ? value : 0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('slim date', () => {
  it.each([
    ['1985-03-27', 'day-first', 19850327],
    ['27/03/1985', 'day-first', 19850327],
    ['03/27/1985', 'day-first', 0],
    ['03/27/1985', 'month-first', 0],
    ['27/03/1985', 'month-first', 0],
    ['1985-03-27', 'month-first', 19850327],
    ['2024-02-29', 'day-first', 20240229],
    ['2023-02-29', 'day-first', 0],
    ['1900-02-29', 'day-first', 0],
    ['1900-01-01', 'day-first', 0],
    ['1889-12-31', 'day-first', 0],
    ['1985-00-00', 'day-first', 0],
    ['1985', 'day-first', 0],
    ['1985-3-27', 'day-first', 0],
    ['27-03-1985', 'day-first', 0],
    ['', 'day-first', 0],
  ] as const)('%j in a %s file is %d', (text, order, value) => expect(slimBirthDate(text, order)).toBe(value));

  it('is only what the published profile reads so without a repair', () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    const texts = fc.tuple(part(2200), part(13), part(32), fc.constantFrom('iso', 'slash')).map(([y, m, d, form]) => {
      const [yyyy, mm, dd] = [String(y).padStart(4, '0'), String(m).padStart(2, '0'), String(d).padStart(2, '0')];
      return form === 'iso' ? `${yyyy}-${mm}-${dd}` : `${dd}/${mm}/${yyyy}`;
    });
    fc.assert(
      fc.property(texts, fc.constantFrom('day-first', 'month-first'), (text, dateOrder) => {
        const slim = slimBirthDate(text, dateOrder);
        if (slim === 0) return;
        const habits = { ...NO_HABITS, dateOrder };
        expect(parseBirthDate(text, habits)).toEqual({ value: slim, reasons: 0, problem: undefined });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a record', () => {
  it('is sent slim where number and date both are, else as its texts', () => {
    const options = { dateOrder: 'day-first' } as const;
    expect(mapSubscriber(['1', '09', '901085000017', 'An', '1985-03-27'], options)).toEqual({
      form: 'slim',
      ...{ idNumber: 901_085_000_017, fullName: 'An', birthDate: 19850327 },
    });
    expect(mapSubscriber(['1', '09', '901085000017', ' An ', '1985'], options)).toEqual({
      form: 'text',
      ...{ idNumber: '901085000017', fullName: ' An ', birthDate: '1985' },
    });
    const newYear = ['1', '09', '901085000017', 'An', '1985-01-01'];
    expect(mapSubscriber(newYear, options).form).toBe('slim');
    expect(mapSubscriber(newYear, { ...options, newYearMeansUnknown: true }).form).toBe('text');
    expect(mapSubscriber([], options)).toEqual({ form: 'text', idNumber: '', fullName: '', birthDate: '' });
  });
});
