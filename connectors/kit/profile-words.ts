/** What a member of a profile must be, and why what it names cannot be used; never with a content. */
import type { Words } from '../../gateway/errors/words.ts';

/** Stands in the brackets of `PROFILE_WRONG`. */
export const PROFILE_WANTED = {
  version: { en: '{version}', vi: 'phải là {version}' },
  address: { en: 'host:port', vi: 'tên máy và cổng mạng, dạng host:port' },
  deployment: { en: 'the deployment id', vi: 'mã hệ thống' },
  agency: { en: "the agency's code", vi: 'mã cơ quan' },
  logOrigin: { en: "the log's origin", vi: 'tên gốc (origin) của nhật ký' },
  uri: { en: 'file:PATH or env:NAME', vi: 'dạng file:PATH hoặc env:NAME' },
  uris: { en: 'a list of file:PATH or env:NAME', vi: 'danh sách, mỗi mục dạng file:PATH hoặc env:NAME' },
  folder: { en: 'file:FOLDER', vi: 'thư mục, dạng file:FOLDER' },
  object: { en: 'a JSON object', vi: 'phải là đối tượng JSON' },
  purposes: { en: 'a list of purpose codes', vi: 'danh sách mã mục đích' },
  code: { en: 'a code', vi: 'phải là một mã' },
} as const satisfies Record<string, Words>;

/** Ends the sentence of `PROFILE_FILE`. */
export const PROFILE_PROBLEMS = {
  variableUnset: {
    en: 'the environment variable {name} is not set',
    vi: 'chưa đặt biến môi trường {name}',
  },
  unreadable: { en: '{path} cannot be read', vi: 'không đọc được {path}' },
  forbidden: { en: 'this user may not read {path}', vi: 'người dùng này không có quyền đọc {path}' },
  notJson: { en: 'not JSON', vi: 'không phải JSON' },
  notRoot: { en: 'not a public ES256 JWK', vi: 'không phải JWK công khai ES256' },
  notCertificate: { en: 'not a certificate in PEM', vi: 'không phải chứng thư dạng PEM' },
  notPrivateKey: { en: 'not a private key in PEM', vi: 'không phải khóa bí mật dạng PEM' },
  otherCertificate: { en: 'it does not belong to the certificate', vi: 'không đi cùng chứng thư' },
} as const satisfies Record<string, Words>;
