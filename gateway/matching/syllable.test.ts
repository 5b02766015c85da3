import { expect, test } from 'vitest';
import { MARKED } from '../../test/golden/matching/encoders.ts';
import { createNameLetters, readName } from './read-name.ts';
import { isWrittenSyllable, mayBeSyllable } from './syllable.ts';

/** The words that names of a hundred people in any file are made of. */
const COMMON =
  'Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Trương Mai Đào Đoàn Lâm Hà Lương Cao Lưu Tạ Châu Thái Tô Quách Nông Lò Giàng Thạch Kim Danh Chu Phùng Tống Vương Tăng Kiều Ninh Văn Thị Đức Hữu Minh Ngọc Thanh Xuân Quang Thùy Thu Công Đình Hồng Duy Quốc Bảo Tuấn Phương Anh Mạnh Trọng Gia Việt Hoài Mỹ Khánh Nhật Tiến Thế Trung Thiên Hải Bích Tuyết Lan Quỳnh Như Hương Hùng Dũng Hoa Hạnh Linh Thảo Trang Nga Hằng Nam Bình Sơn Long Tâm Thủy Hiền Hiếu Loan Yến Huệ Huy Cường Nhung Khuê Nghĩa Uyên Khuyên Giang Giáp Quyền Phước Tiếng Thuở Khuỷu Oanh Ưng Ước Ý Y Ỷ';

test.each(COMMON.split(' '))('%s is a syllable, in any case and Unicode form', (word) => {
  for (const written of [word, word.toUpperCase(), word.toLowerCase(), word.normalize('NFD')]) {
    expect(isWrittenSyllable(written)).toBe(true);
  }
});

test.each(
  "Nguyeenx Vawn Dungx Duwcs Hoongf Nguyên4 Kpă Ksor Ksơr H'Lim Kdăm Brơi Blơn Hươnng Dũnh Vănn ơng hơc kơu Gg Wa Fan Jr Zung áá Hòá NguyÔn Vaên Ñöùc Tr Thj 0a bcd Nguyn Nghóa Nghan Ghòa".split(
    ' ',
  ),
)('%s is none', (word) => expect(isWrittenSyllable(word)).toBe(false));

test.each([
  'Nghi',
  'Nghị',
  'Nghiêm',
  'Nghệ',
  'Nghe',
  'Ghi',
  'Ghế',
  'Ký',
  'Kỳ',
  'Ka',
  'Kông',
  'Kơ',
  'Gia',
  'Giềng',
  'Ngà',
  'Ngọc',
])('%s stays one', (word) => expect(isWrittenSyllable(word)).toBe(true));

test('spellings of one syllable are all syllables', () => {
  for (const word of ['hòa', 'hoà', 'thúy', 'thuý', 'quý', 'qúy', 'lý', 'lí', 'già', 'gìa']) {
    expect(isWrittenSyllable(word), word).toBe(true);
  }
});

test('letters of their own: vowels are syllables, and nothing is no word', () => {
  for (const letter of MARKED) expect(typeof isWrittenSyllable(letter)).toBe('boolean');
  expect(isWrittenSyllable('')).toBe(false);
  expect(isWrittenSyllable('\ud800')).toBe(false);
});

test.each([
  ['huong', true],
  ['hung', true],
  ['nguyen', true],
  ['hng', false],
  ['nguyn', false],
  ['trn', false],
])('marks may make a syllable of %s: %s', (word, may) => {
  const { letters, length } = readName(word, createNameLetters());
  expect(mayBeSyllable(letters, 0, length)).toBe(may);
});
