import type { ReasonEntry } from './reason-entry.ts';

/** Reasons that speak of the date of birth: codes 64–87; and of the row as a whole: 88–95. */
export const BIRTH_REASONS = {
  BIRTH_DATE_MISSING: {
    code: 64,
    field: 'birth',
    kind: 'problem',
    vi: 'Thiếu ngày sinh.',
    en: 'The date of birth is missing.',
  },
  BIRTH_DATE_FORMAT: {
    code: 65,
    field: 'birth',
    kind: 'problem',
    vi: 'Ngày sinh không theo định dạng nào đọc được.',
    en: 'The date of birth has no readable format.',
  },
  BIRTH_DATE_NOT_IN_CALENDAR: {
    code: 66,
    field: 'birth',
    kind: 'problem',
    vi: 'Ngày sinh không có trong lịch (ví dụ 31/04).',
    en: 'The date does not exist in the calendar (for example 31 April).',
  },
  BIRTH_DATE_OUT_OF_RANGE: {
    code: 67,
    field: 'birth',
    kind: 'problem',
    vi: 'Năm sinh ngoài khoảng 1890–2100.',
    en: 'The year of birth is outside 1890–2100.',
  },
  PARTIAL_DATE: {
    code: 68,
    field: 'birth',
    kind: 'repair',
    vi: 'Chỉ so sánh phần ngày sinh có ghi (năm, hoặc tháng và năm).',
    en: 'The date was compared on the parts that are known (year, or month and year).',
  },
  DAY_MONTH_SWAPPED: {
    code: 69,
    field: 'birth',
    kind: 'difference',
    vi: 'Ngày và tháng sinh bị đảo.',
    en: 'Day and month are swapped.',
  },
  PLACEHOLDER_DATE: {
    code: 70,
    field: 'birth',
    kind: 'difference',
    vi: 'Một bên ghi 01/01, thường dùng khi không rõ ngày tháng sinh; năm sinh khớp.',
    en: 'One side says 1 January, which often stands for an unknown day; the year agrees.',
  },
  DATE_ORDER: {
    code: 71,
    field: 'birth',
    kind: 'repair',
    vi: 'Ngày sinh ghi tháng trước ngày.',
    en: 'The date is written with the month before the day.',
  },
  DATE_TIME_CUT: {
    code: 72,
    field: 'birth',
    kind: 'repair',
    vi: 'Ngày sinh kèm giờ 00:00; đã bỏ phần giờ.',
    en: 'The date carried a time of midnight; it was left out.',
  },
  BIRTH_DATE_CLOSE: {
    code: 73,
    field: 'birth',
    kind: 'difference',
    vi: 'Ngày sinh chỉ khác một phần (ngày, tháng hoặc năm).',
    en: 'The dates differ in one part only (day, month or year).',
  },
  BIRTH_DATE_DIFFERS: {
    code: 74,
    field: 'birth',
    kind: 'difference',
    vi: 'Ngày sinh khác.',
    en: 'The dates of birth differ.',
  },
  BIRTH_DATE_NOT_IN_REGISTER: {
    code: 75,
    field: 'birth',
    kind: 'note',
    vi: 'Cơ sở dữ liệu không có ngày sinh để so sánh.',
    en: 'The register holds no date of birth to compare with.',
  },
  TWO_DIGIT_YEAR: {
    code: 76,
    field: 'birth',
    kind: 'problem',
    vi: 'Năm sinh chỉ có hai chữ số.',
    en: 'The year of birth has only two digits.',
  },
  BIRTH_DATE_PLACEHOLDER: {
    code: 77,
    field: 'birth',
    kind: 'problem',
    vi: 'Ngày sinh 01/01/1900 là giá trị mặc định, không phải ngày thật.',
    en: '1 January 1900 is a default value, not a date of birth.',
  },
  BIRTH_DATE_TOO_LONG: {
    code: 78,
    field: 'birth',
    kind: 'problem',
    vi: 'Ô ngày sinh quá dài.',
    en: 'The cell of the date of birth is too long.',
  },
} as const satisfies Record<string, ReasonEntry>;

export const ROW_REASONS = {
  SEVERAL_PEOPLE_AGREE: {
    code: 88,
    field: 'row',
    kind: 'note',
    vi: 'Nhiều người cùng số giấy tờ đều khớp họ tên và ngày sinh.',
    en: 'Several people with this number agree with the name and the date.',
  },
} as const satisfies Record<string, ReasonEntry>;
