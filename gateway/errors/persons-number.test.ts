import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { mayHoldPersonsNumber } from './persons-number.ts';

describe('codes that agencies use', () => {
  it.each([
    ...['', 'KCB-01', 'HN-CN12', 'VTT-HUE', 'SIM-REG-01', 'BV-BACH-MAI', 'HS-1', '12345678', 'CV.12345678'],
    // A year or a date that stands apart, and a running number.
    ...['HS-2026-000123', 'HS-2026-00012345', '000123/2026', 'CN12-2026-000123', '45/2026/QD-UBND', '2026/11/000123'],
    ...[
      '20261130-0001',
      'HS.30112026.00017',
      '2026-11-30-0001',
      '30/11/2026-00012345',
      '2026/11/12345678',
      '079-2026-123',
      '01/1975-000123',
    ],
    ...['2026-11-30', '20261130', 'HS20261130150405', '20261130150405-01'],
    // Of the public services: bodies, procedures, files.
    ...[
      '000.00.01.H29',
      'H55.242',
      'G01.899.108.000',
      '1.011442',
      '1.011442.000.00.00.H38',
      '2.000815.000.00.00.H55.02',
    ],
    ...[
      '000.00.01.H29-240115-0001',
      '000.00.01.H26-260930-0012',
      'H29.101-250701-000123',
      'G01.899.108.000-260703-27100012',
    ],
    // Ids of 16 bytes; all digits but one letter among them.
    ...[
      '0f9c2b7a4d5e6f708192a3b4c5d6e7f8',
      '123e4567-e89b-42d3-a456-426614174000',
      '123E4567-E89B-42D3-A456-426614174000',
    ],
    '12345678-1234-4234-8234-12345678901a',
  ])('%j is none of a person', (code) => {
    expect(mayHoldPersonsNumber(code)).toBe(false);
  });

  it.each([
    ...['901085000017', 'NguyenVanAn-901085000017', 'HS901085000017', 'HS-901085000017-2026', '2026/901085000017'],
    ...[
      '901.085.000.017',
      '901-085-000017',
      '901-0-85-000017',
      '9010-8500-0017',
      '9010-2012-2026',
      'CN12/2012-0012-3456',
      '2026-901085-000017',
    ],
    ...['90.10.85.00.00.17', '901 085 000 017', '901__085__000017', '901085-120517'],
    ...[
      '012345678',
      'CMND/012.345.678',
      '0961234501',
      '096-123-2026',
      '+84 96 123 45 01',
      '0112345678',
      'DN4010112345678',
    ],
    // Nothing tells a day without a mark and a running number from a number of a person.
    ...['2204150904', '202611300001', '001-123456'],
    ...['9010850000171', '00000000-0000-0000-0000-901085000017', '00000000-0000-0000-0000-901085000017-a'],
    ...['H29-901085-000017', 'H29-001212-345678', '1.901085.000017'],
  ])('%j may hold one', (code) => {
    expect(mayHoldPersonsNumber(code)).toBe(true);
  });
});

/** By how many digits people write a number, from its front. */
const WRITINGS: Readonly<Record<number, readonly (readonly number[])[]>> = {
  9: [[9], [3, 3, 3], [1, 2, 6], [3, 6]],
  10: [[10], [4, 3, 3], [3, 3, 4], [2, 2, 2, 2, 2]],
  11: [[11], [2, 3, 3, 3], [2, 9], [2, 2, 7]],
  12: [[12], [3, 3, 3, 3], [4, 4, 4], [3, 3, 6], [3, 1, 2, 6], [6, 6], [3, 9], [2, 2, 2, 2, 2, 2]],
};
const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));
const numbers = fc.oneof(
  digits(9),
  // Mobile numbers, and as they are written from abroad.
  fc.tuple(fc.constantFrom('03', '05', '07', '08', '09'), digits(8)).map((parts) => parts.join('')),
  digits(9).map((rest) => `84${rest}`),
  digits(12),
);
const separators = fc.constantFrom('.', '-', ' ', '/', '_', '. ');
const surroundings = fc.constantFrom('', 'HS', 'HS-', 'NguyenVanAn-', 'CN12/', 'KCB.');

test('a number of a person is found in every usual writing, whatever stands around it', () => {
  fc.assert(
    fc.property(
      numbers,
      fc.nat(),
      separators,
      surroundings,
      surroundings,
      (number, drawn, separator, before, after) => {
        const writings = WRITINGS[number.length] ?? [];
        const lengths = writings[drawn % writings.length] ?? [];
        const from = (i: number) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0);
        const groups = lengths.map((length, i) => number.slice(from(i), from(i) + length));
        expect(mayHoldPersonsNumber(`${before}${groups.join(separator)}${after}`)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a year, or a date, and a running number of up to eight digits are none', () => {
  const day = fc.date({ min: new Date('2015-01-01'), max: new Date('2059-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 8 }).chain(digits), surroundings, (date, running, before) => {
      const iso = date.toISOString().slice(0, 10);
      for (const when of [iso.slice(0, 4), iso, iso.replaceAll('-', '')]) {
        expect(mayHoldPersonsNumber(`${before}${when}-${running}`)).toBe(false);
      }
      expect(mayHoldPersonsNumber(`000.00.01.H29-${iso.replaceAll('-', '').slice(2)}-${running}`)).toBe(false);
    }),
  );
});

test('nothing with up to eight digits is one, and no id of 16 random bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('.', '-', '/', '_', 'A', 'z')), digits(8), (others, eight) => {
      expect(mayHoldPersonsNumber(others.map((one, i) => `${one}${eight[i] ?? ''}`).join(''))).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      fc.pre(/[a-f]/.test(id));
      for (const code of [id, id.replaceAll('-', ''), `HS-${id}`]) expect(mayHoldPersonsNumber(code)).toBe(false);
    }),
  );
});
