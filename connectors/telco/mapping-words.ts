/** What a member of a mapping must be: stands in the brackets of `MAPPING_WRONG`. */
import type { Words } from '../../gateway/errors/words.ts';

export const MAPPING_WANTED = {
  object: { en: 'an object', vi: 'phải là một đối tượng JSON' },
  format: { en: '"{format}"', vi: 'phải là "{format}"' },
  oneOf: { en: 'one of {names}', vi: 'là một trong {names}' },
  orNull: { en: 'null or {wanted}', vi: 'null hoặc {wanted}' },
  sheet: { en: 'a name', vi: 'tên trang tính' },
  wholeNumber: { en: 'a whole number from {least} to {most}', vi: 'số nguyên từ {least} đến {most}' },
  nameWidth: {
    en: '0, or a whole number from {least} to {most}',
    vi: '0 hoặc số nguyên từ {least} đến {most}',
  },
  encoding: { en: 'a name of an encoding', vi: 'tên một bảng mã' },
  dateOrder: { en: '"day-first" or "month-first"', vi: '"day-first" hoặc "month-first"' },
  trueOrFalse: { en: 'true or false', vi: 'true hoặc false' },
  daysFrom: { en: '1900 or 1904', vi: '1900 hoặc 1904' },
  header: { en: 'the header of a column', vi: 'phải là tiêu đề của một cột' },
} as const satisfies Record<string, Words>;

/** In place of a name that no message shows. */
export const A_MEMBER: Words = { en: 'a member', vi: 'một mục' };
