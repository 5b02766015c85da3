/**
 * Why a field of a request is refused: the closed descriptions of BadRequest. On the wire a description is
 * `RULE: English sentence`, so that programs read the rule and people the sentence. None has room for a value.
 */
export const FIELD_RULES = {
  REQUIRED: { en: 'must be present', vi: 'phải có' },
  FORMAT: { en: 'is not in the form that its definition gives', vi: 'không đúng định dạng quy định' },
  LENGTH: { en: 'is shorter or longer than allowed', vi: 'ngắn hơn hoặc dài hơn mức cho phép' },
  RANGE: { en: 'is outside of its range', vi: 'nằm ngoài khoảng cho phép' },
  TOO_MANY: { en: 'has more items than allowed', vi: 'có nhiều phần tử hơn mức cho phép' },
  REPEATED: { en: 'stands there twice', vi: 'bị lặp lại' },
  UNKNOWN_VALUE: { en: 'is not one of the values known here', vi: 'không thuộc các giá trị đã biết' },
  NOT_DECODABLE: { en: 'cannot be decoded', vi: 'không giải mã được' },
  INCONSISTENT: { en: 'contradicts another field', vi: 'mâu thuẫn với trường khác' },
  UNSUPPORTED: { en: 'is not supported by this gateway', vi: 'cổng này không hỗ trợ' },
  UNKNOWN_PATH: { en: 'is not a path of the vocabulary', vi: 'không phải đường dẫn trong danh mục trường' },
  INSIDE_A_FIELD: {
    en: 'goes inside a field, which is given whole or not at all',
    vi: 'đi vào bên trong một trường; trường chỉ được cung cấp trọn vẹn',
  },
  NOT_GRANTED: { en: 'is not granted by the agreement', vi: 'không được thỏa thuận cho phép' },
  ONLY_ENCRYPTED: { en: 'is only sent encrypted', vi: 'chỉ được gửi dưới dạng mã hóa' },
  PERSONS_NUMBER: {
    en: 'may hold a number of a person: it has nine digits or more with nothing but separators between them, and no year or date apart',
    vi: 'có thể chứa số giấy tờ hoặc số điện thoại của một người: có từ chín chữ số mà ở giữa chỉ có dấu ngăn cách, không có năm hay ngày tách riêng',
  },
  THERE_ALREADY: { en: 'is there already', vi: 'đã có sẵn' },
  OVER: { en: 'is barred or retired, for good', vi: 'đã bị chặn hoặc đã thôi dùng, vĩnh viễn' },
  SIGNED_NO_MORE: {
    en: 'signed with a key that counts no more: it has to be proposed anew',
    vi: 'đã ký bằng khóa không còn giá trị: cần đề xuất lại',
  },
  NO_CONSENT: { en: 'is covered by no consent', vi: 'chưa có sự đồng ý phù hợp' },
} as const satisfies Readonly<Record<string, { en: string; vi: string }>>;
export type FieldRule = keyof typeof FIELD_RULES;

/** Limits that can be used up: the closed subjects of QuotaFailure. */
export const LIMITS = {
  RATE: { en: 'calls in a short time', vi: 'số lời gọi trong thời gian ngắn' },
  DISTINCT_SUBJECTS: { en: 'different people in the agreed period', vi: 'số người khác nhau trong kỳ thỏa thuận' },
  GUESSES: { en: 'answers about one person that did not match', vi: 'số lần không khớp về một người' },
  MISSES: { en: 'rows of the job that did not match', vi: 'số dòng không khớp của công việc' },
  ROWS: { en: 'rows of one job', vi: 'số dòng của một công việc' },
  DAY_ROWS: { en: 'rows of one day', vi: 'số dòng trong một ngày' },
  STREAMS: { en: 'streams at the same time', vi: 'số luồng cùng lúc' },
  JOBS: { en: 'jobs open, or begun in a day', vi: 'số công việc đang mở, hoặc mở trong một ngày' },
  MATTERS: { en: 'requests of one person', vi: 'số yêu cầu của một người' },
  BYTES: { en: 'bytes waiting', vi: 'số byte đang chờ' },
} as const satisfies Readonly<Record<string, { en: string; vi: string }>>;
export type Limit = keyof typeof LIMITS;

export function isFieldRule(name: string): name is FieldRule {
  return Object.hasOwn(FIELD_RULES, name);
}

export function isLimit(name: string): name is Limit {
  return Object.hasOwn(LIMITS, name);
}
