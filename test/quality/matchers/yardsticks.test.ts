import { describe, expect, test } from 'vitest';
import { createPopulation } from '../../../gateway/development/synthetic/population.ts';
import { createExact } from './exact.ts';
import { createNumberIndex } from './number-index.ts';
import { createOurs } from './ours.ts';
import { readPlainDate } from './plain-date.ts';
import { createSimilar } from './similar.ts';

const base = createPopulation({ seed: 1 }).personAt(0);
const person = {
  ...base,
  fullName: 'Nguyễn Thị Hòa',
  born: { year: 1985, month: 3, day: 7 },
  personalId: '901185000001',
  oldNumbers: ['012345678'],
  formerId: { value: '963185000009', kind: 'superseded' as const },
};
const other = { ...person, index: 1, fullName: 'Trần Văn An', personalId: '901085000002', formerId: undefined };
const index = createNumberIndex([person, other]);
const claim = { idNumber: '901185000001', name: ' NGUYỄN  THỊ HÒA', birthDate: '7/3/1985' };

describe('the register in memory', () => {
  test('knows current, former and old numbers, the last with every holder', () => {
    expect(index.get(901_185_000_001)).toMatchObject([{ personNo: 0, idStatus: 'current', currentId: 0 }]);
    expect(index.get(963_185_000_009)).toMatchObject([
      { personNo: 0, idStatus: 'superseded', currentId: 901_185_000_001 },
    ]);
    expect(index.get(12_345_678)?.map(({ personNo }) => personNo)).toEqual([0, 1]);
  });
});

describe('the yardsticks', () => {
  const exact = createExact(index);
  const similar = createSimilar(index);
  test('exact takes what is equal once blanks, case and date style are gone', () => {
    expect(exact(claim)).toEqual({ verdict: 'VERIFIED', person: 0 });
    expect(exact({ ...claim, name: 'Nguyen Thi Hoa' }).verdict).toBe('MISMATCH');
    expect(exact({ ...claim, idNumber: '901185000001.0' }).verdict).toBe('NOT_FOUND');
    expect(exact({ ...claim, idNumber: '012345678' })).toEqual({ verdict: 'VERIFIED', person: 0 });
  });

  test('Jaro–Winkler takes what is near', () => {
    expect(similar({ ...claim, name: 'Nguyen Thi Hoaa' })).toEqual({ verdict: 'VERIFIED', person: 0 });
    expect(similar({ ...claim, name: 'Tran Van An' }).verdict).toBe('MISMATCH');
    expect(similar({ ...claim, birthDate: '08/03/1985' }).verdict).toBe('MISMATCH');
  });

  test.each([
    ['07/03/1985', 19_850_307],
    ['1985-03-07', 19_850_307],
    ['07031985', 19_850_307],
    ['19850307', 19_850_307],
    ['1985', 19_850_000],
    ['03/1985', 19_850_300],
    ['7 thg 3 1985', 0],
  ])('dates: %s', (text, packed) => {
    expect(readPlainDate(text)).toBe(packed);
  });
});

describe('our matcher', () => {
  test('is asked through its door', () => {
    const answer = createOurs(index, 'standard')(claim);
    expect(answer).toMatchObject({ verdict: 'VERIFIED', person: 0 });
    expect(createOurs(index, 'standard')({ ...claim, idNumber: '901185999999' })).toMatchObject({
      verdict: 'NOT_FOUND',
      person: undefined,
    });
  });
});
