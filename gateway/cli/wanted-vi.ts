/** What `OPTION_WRONG` asks for in Vietnamese, where it is not a text of the help. */
export const WANTED_VI: Readonly<Record<string, string>> = {
  'a matter, as its receipt or "matter list" names it': 'mã yêu cầu, như trên biên nhận hoặc trong "matter list"',
  'the rule that it stands on': 'căn cứ pháp lý',
  'an agreement that counts': 'thỏa thuận đang có giá trị',
  'left: there is no such limit': 'giữ nguyên: không có hạn mức này',
  'left out for a key to encrypt to': 'để trống với khóa nhận câu trả lời mã hóa',
  'a moment as 2026-11-28T09:00:00+07:00': 'thời điểm như 2026-11-28T09:00:00+07:00',
  '32 hexadecimal digits': '32 chữ số hexa',
  'a private JWK that only its owner may read': 'tệp JWK riêng mà chỉ chủ sở hữu đọc được',
  'a code of at most 64 letters, digits and ._/-': 'mã gồm tối đa 64 chữ cái, chữ số và ._/-',
  'seconds, at most 3600': 'số giây, tối đa 3600',
  'one code': 'một mã',
  given: 'nêu rõ',
};
