import type { Language } from '../../connectors/kit/messages.ts';

type Words = Readonly<Record<Language, string>>;

/**
 * What an option or argument must be; ends the sentence of `OPTION_WRONG`: "--limit must be …", "--limit phải …". Closed, so that what is
 * wanted cannot be said in one language only. The Vietnamese brings its verb along ("là", "được"): English needs none.
 */
export const WANTED = {
  wholeNumber: { en: 'a whole number from {least} to {most}', vi: 'là số nguyên từ {least} đến {most}' },
  nameWidth: {
    en: '0, or a whole number from {least} to {most}',
    vi: 'là 0 hoặc số nguyên từ {least} đến {most}',
  },
  lessThan: { en: 'less than {most}', vi: 'nhỏ hơn {most}' },
  atLeast: { en: '{least} or more', vi: 'từ {least} trở lên' },
  someOf: { en: 'some of {names}', vi: 'gồm các giá trị trong {names}' },
  oneOf: { en: 'one of {names}', vi: 'là một trong {names}' },
  outcome: {
    en: 'of an objection {objection}; of a request {request}',
    vi: 'là {objection} với phản đối; {request} với yêu cầu',
  },
  moment: {
    en: 'a moment as 2026-11-28T09:00:00+07:00',
    vi: 'là thời điểm viết như 2026-11-28T09:00:00+07:00',
  },
  pastMoment: { en: 'a moment that has been', vi: 'là thời điểm đã qua' },
  laterThan: { en: 'later than {other}', vi: 'sau {other}' },
  comingMoment: { en: 'a moment that is to come', vi: 'là thời điểm chưa tới' },
  window: { en: 'hours as in 22:00-05:00', vi: 'là khung giờ viết như 22:00-05:00' },
  minutesOrHours: {
    en: 'minutes or hours as in 30m, 6h, at most 72h',
    vi: 'là số phút hoặc số giờ viết như 30m, 6h, tối đa 72h',
  },
  daysOrHours: { en: 'days or hours as in 30d, 12h', vi: 'là số ngày hoặc số giờ viết như 30d, 12h' },
  seconds: { en: 'seconds, at most {most}', vi: 'là số giây, tối đa {most}' },
  given: { en: 'given', vi: 'được nêu rõ' },
  givenOne: { en: 'given, one of them', vi: 'được nêu, chỉ một trong số đó' },
  givenSome: { en: 'given, one of them or both', vi: 'được nêu, một hoặc cả hai' },
  givenOneCode: { en: 'given, one of them and with one code', vi: 'được nêu, chỉ một trong số đó và kèm một mã' },
  givenBeside: { en: 'given beside {other}', vi: 'được nêu cùng với {other}' },
  usedWith: { en: 'used with {other}', vi: 'dùng cùng với {other}' },
  usedWithout: { en: 'used without {other}', vi: 'dùng mà không có {other}' },
  noLimit: { en: 'left: there is no such limit', vi: 'giữ nguyên: không có hạn mức này' },
  leftOutToEncrypt: { en: 'left out for a key to encrypt to', vi: 'để trống với khóa nhận câu trả lời mã hóa' },
  code: { en: 'one code', vi: 'là một mã' },
  loggedCode: {
    en: 'a code of at most 64 letters, digits and ._/- without a number of a person: no nine digits with nothing but ._/- between them, unless a year or date stands apart',
    vi: 'là mã gồm tối đa 64 chữ cái, chữ số và ._/-, không chứa số giấy tờ hoặc số điện thoại của một người: không có từ chín chữ số mà ở giữa chỉ có ._/-, trừ khi có năm hay ngày tách riêng',
  },
  thumbprint: {
    en: 'the thumbprint of a key, 43 letters, digits, - and _',
    vi: 'là dấu vân tay của khóa, 43 chữ cái, chữ số, - và _',
  },
  jobId: { en: '32 hexadecimal digits', vi: 'là 32 chữ số hexa' },
  requestId: {
    en: 'a request id, an entry id or JOB:NUMBER',
    vi: 'là mã yêu cầu, mã bản ghi nhật ký hoặc CÔNG_VIỆC:SỐ',
  },
  deployment: { en: 'the id of a deployment', vi: 'là mã của một hệ thống' },
  matter: {
    en: 'a matter, as its receipt or "matter list" names it',
    vi: 'là mã yêu cầu, như trên biên nhận hoặc trong "matter list"',
  },
  rule: { en: 'the rule that it stands on', vi: 'là căn cứ pháp lý' },
  agreement: { en: 'an agreement that counts', vi: 'là thỏa thuận đang có giá trị' },
  privateJwk: {
    en: 'a private JWK that only its owner may read',
    vi: 'là tệp JWK bí mật mà chỉ chủ sở hữu đọc được',
  },
  publicJwk: { en: 'a public key on P-256 as a JWK', vi: 'là khóa công khai trên P-256 dạng JWK' },
  publicPem: { en: 'a PEM public key', vi: 'là khóa công khai dạng PEM' },
  p256Key: { en: 'a key on P-256', vi: 'là khóa trên P-256' },
  keySet: { en: 'a signed key set', vi: 'là bộ khóa đã ký' },
  configOfFiles: {
    en: 'one whose signing_key, key_set and log.key are files',
    vi: 'là cấu hình có signing_key, key_set và log.key là tệp',
  },
  url: { en: 'an http: or https: URL', vi: 'là URL http: hoặc https:' },
  resultsFile: { en: 'a file for the results, or "-"', vi: 'là tệp ghi kết quả, hoặc "-"' },
  fileBesideWorkbook: {
    en: 'a file where a workbook goes beside it',
    vi: 'là một tệp khi kèm bảng tính bên cạnh',
  },
  fileLine: {
    en: 'a line of the file; or give --row-id, not both',
    vi: 'là số dòng của tệp; hoặc dùng --row-id, không dùng cả hai',
  },
  restoreSource: { en: 'given DIR, or --verify, or both', vi: 'kèm DIR, hoặc --verify, hoặc cả hai' },
} as const satisfies Record<string, Words>;

export type Wanted = keyof typeof WANTED;
