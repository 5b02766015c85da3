import fc from 'fast-check';
import type { Candidate } from '../../../gateway/matching/index.ts';

/** Any sequence of UTF-16 code units, lone surrogates included, weighted towards what occurs in names. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          ..."nguyễn văn đặng hòa thuỷ qúy KHOẺ Ð?'-. \u0300\u0301\u0302\u0303\u0306\u0309\u030c\u031b\u0323\u200b\u00a0",
        ),
      },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x24ff }).map((code) => String.fromCharCode(code)) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
    ),
    { maxLength: 40 },
  )
  .map((units) => units.join(''));

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Lý', 'Quách', 'Lò'];
const MIDDLE = ['Văn', 'Thị', 'Đức', 'Minh', 'Ngọc', 'Hữu', 'Quốc', 'Xuân'];
const GIVEN = [
  'Hòa',
  'Dũng',
  'Thúy',
  'Thủy',
  'Mỹ',
  'Kỳ',
  'Tuấn',
  'Quý',
  'Khỏe',
  'An',
  'Lan',
  'Đào',
  'Yến',
  'Huy',
  'Hương',
  'Toàn',
];

/** Believable names in their usual spelling, three to five words, at least two of them with marks. */
export const vietnameseName: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...FAMILY),
    fc.array(fc.constantFrom(...MIDDLE), { minLength: 1, maxLength: 3 }),
    fc.constantFrom(...GIVEN),
  )
  .map(([family, middle, given]) => [family, ...middle, given].join(' '))
  .filter((name) => name.split(' ').filter((word) => /[^A-Za-z]/.test(word)).length >= 2);

export function withoutMarks(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D');
}

/** A packed full date of birth that exists. */
export const fullDate: fc.Arbitrary<number> = fc
  .date({ min: new Date('1905-01-01T00:00:00Z'), max: new Date('2025-12-31T00:00:00Z'), noInvalidDate: true })
  .map((d) => d.getUTCFullYear() * 10_000 + (d.getUTCMonth() + 1) * 100 + d.getUTCDate());

/** A living person of the register. */
export const person = (name: string, birthDate: number): Candidate => ({
  personNo: 1,
  idKind: 1,
  idStatus: 'current',
  currentId: 901085001234,
  name,
  birthDate,
  sex: 'M',
  personStatus: 'alive',
});

/** A date of the register as people write it: day, month, year. */
export const written = (packed: number): string =>
  [packed % 100, Math.floor(packed / 100) % 100, Math.floor(packed / 10_000)].join('/');
