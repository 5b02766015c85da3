import type { Language } from '../../../connectors/kit/messages.ts';

/** What is wrong with the file of an enrolment request or its certificate; ends the sentence of `REQUEST_FILE`. Closed, in both languages. */
export const REQUEST_FAULTS = {
  NOT_JSON: { en: 'it is not JSON', vi: 'không phải JSON' },
  MEMBER_WRONG: { en: 'a member is missing or wrong', vi: 'có mục thiếu hoặc sai' },
  OF_AGENCY: { en: 'it is of an agency', vi: 'đây là yêu cầu của cơ quan' },
  OF_OFFICER: { en: 'it is of an officer', vi: 'đây là yêu cầu của cán bộ' },
  OF_ISSUER: { en: 'it is of an issuer', vi: 'đây là yêu cầu của bên phát hành' },
  OF_ENCRYPTION_KEY: {
    en: 'it is of an encryption key',
    vi: 'đây là yêu cầu của khóa nhận câu trả lời mã hóa',
  },
  KEY_NOT_PROVEN: {
    en: 'it does not prove that the key is held',
    vi: 'không chứng minh được việc giữ khóa',
  },
  ENCRYPTION_KEY_NOT_PROVEN: {
    en: 'it does not prove that the encryption key is held',
    vi: 'không chứng minh được việc giữ khóa nhận câu trả lời mã hóa',
  },
  NO_CERTIFICATE: { en: 'it is not a certificate in PEM', vi: 'không phải chứng thư dạng PEM' },
  OTHER_HOLDER: { en: 'it names another holder than the request', vi: 'ghi tên khác với yêu cầu' },
  NO_PKCS10: { en: 'it holds no good PKCS #10', vi: 'không có yêu cầu PKCS #10 hợp lệ' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type RequestFault = keyof typeof REQUEST_FAULTS;
