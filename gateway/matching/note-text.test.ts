import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/golden/matching/arbitraries.ts';
import { withoutNotes } from './note-text.ts';

test.each([
  'Ông Nguyễn Văn An',
  'Mr. Nguyễn Văn An',
  'Họ và tên: Nguyễn Văn An',
  'Chủ TB: Nguyễn Văn An',
  'Nguyễn Văn An (chủ hộ)',
  'Nguyễn Văn An [KH cũ]',
  'Nguyễn Văn An (người đại diện)',
  'Nguyễn Văn An - đại lý',
  'Nguyễn Văn An, cán bộ xã',
  'Nguyễn Văn An - Hà Nội',
  'Nguyễn Văn An - 0912345678',
  'Nguyễn Văn An 0912345678',
  'Nguyễn Văn An SN 1985',
  'Nguyễn Văn An con ông Trần Văn Bình',
  'Nguyễn Văn An Nguyễn Văn An',
  'Nguyễn Nguyễn Văn An',
  '(Tý) Nguyễn Văn An',
])('%j may be Nguyễn Văn An alone', (cell) => expect(withoutNotes(cell)).toContain('Nguyễn Văn An'));

test.each([
  'Trần Thị Bình; Nguyễn Văn An',
  'Nguyễn Văn An; Trần Thị Bình',
  'Nguyễn Văn An (Trần Thị Bình)',
  'Trần Thị Bình (Nguyễn Văn An) Lê Văn Cường',
  'Nguyễn Văn An / Trần Thị B / Lê Văn C',
])('%j is of several people: none of them alone', (cell) => expect(withoutNotes(cell)).not.toContain('Nguyễn Văn An'));

test('the name is chosen without the register: of all parts at most one stands alone', () => {
  const part = fc.constantFrom('Lê Hùng', 'Trần Bình', 'Y Bhĩm', 'Chủ nhà', 'Hà Nội', 'H Hen Niê', 'Tổ ba');
  fc.assert(
    fc.property(
      fc.uniqueArray(part, { minLength: 2 }),
      fc.constantFrom('; ', ' / ', ' - ', '|'),
      (parts, separator) => {
        const found = withoutNotes(parts.join(separator));
        expect(parts.filter((one) => found.includes(one)).length).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('escapes are letters in disguise, and no notes', () => {
  expect(withoutNotes('Nguy%E1%BB%85n V%C4%83n An')).toEqual([]);
});

test('never throws, at most sixteen texts, none longer than the cell', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const found = withoutNotes(text);
      expect(found.length).toBeLessThanOrEqual(16);
      for (const option of found) expect(option.length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 500 },
  );
});
