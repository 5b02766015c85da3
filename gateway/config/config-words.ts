/** What can be wrong with a member of the config; each ends a sentence that begins with the member. */
import type { Words } from '../errors/words.ts';
import { CONFIG_VERSION } from './config-file.ts';

/** What a member must be: ends "must be …". The Vietnamese brings its verb along ("là", "gồm"): English needs none. */
const WANTED = {
  version: { en: String(CONFIG_VERSION), vi: `là ${CONFIG_VERSION}` },
  deploymentId: { en: 'lower-case letters, digits and hyphens', vi: 'gồm chữ thường, chữ số và dấu gạch nối' },
  deploymentKind: { en: '"development" or "production"', vi: 'là "development" hoặc "production"' },
  origin: { en: 'text without spaces and plus signs', vi: 'là chuỗi không có khoảng trắng và dấu cộng' },
  positive: { en: 'a positive whole number', vi: 'là số nguyên dương' },
  upTo: { en: 'a whole number up to {most}', vi: 'là số nguyên, tối đa {most}' },
  filePath: { en: 'file:PATH', vi: 'có dạng file:PATH' },
  uri: { en: 'file:PATH or env:NAME', vi: 'có dạng file:PATH hoặc env:NAME' },
  trueOrFalse: { en: 'true or false', vi: 'là true hoặc false' },
  thumbprints: {
    en: 'at least two different RFC 7638 thumbprints',
    vi: 'gồm ít nhất hai dấu vân tay khóa RFC 7638 khác nhau',
  },
  host: { en: 'a host name or address', vi: 'là tên máy hoặc địa chỉ' },
  traces: {
    en: 'an http: or https: URL without user and password',
    vi: 'là URL http: hoặc https: không có người dùng và mật khẩu',
  },
  ratio: { en: 'a number above 0 and up to 1', vi: 'là số lớn hơn 0, tối đa 1' },
  object: { en: 'an object', vi: 'là một đối tượng JSON' },
  databaseUrl: { en: 'a postgresql:// URL', vi: 'là URL postgresql://' },
  keySet: { en: 'JSON with "payload" and "jws"', vi: 'là JSON có "payload" và "jws"' },
} as const satisfies Record<string, Words>;

type MustBe<Table extends Record<string, Words>> = { readonly [Key in keyof Table]: Words };

/** The whole of it: "must be …", "phải …". */
export const MUST_BE = Object.fromEntries(
  Object.entries(WANTED).map(([key, { en, vi }]) => [key, { en: `must be ${en}`, vi: `phải ${vi}` }]),
) as MustBe<typeof WANTED>;

export const CONFIG_WORDS = {
  missing: { en: 'is missing', vi: 'chưa có' },
  unknownMember: { en: 'is not a member of this version', vi: 'phiên bản này không có mục đó' },
  developmentId: {
    en: 'a production deployment has another id than a development one',
    vi: 'hệ thống chính thức phải có mã khác mã của hệ thống phát triển',
  },
  officersMissing: {
    en: 'a production deployment must name the keys of its officers',
    vi: 'hệ thống chính thức phải nêu khóa của các cán bộ',
  },
  hostMissing: {
    en: 'a production deployment must say where it listens',
    vi: 'hệ thống chính thức phải nêu địa chỉ nhận kết nối',
  },
  notLoopback: {
    en: 'a development deployment listens on loopback only',
    vi: 'hệ thống phát triển chỉ nhận kết nối tại địa chỉ nội bộ của máy (loopback)',
  },
  faultPoint: {
    en: 'a fault point of this process is listened to, which production refuses',
    vi: 'tiến trình này đang bật điểm gây lỗi để thử nghiệm, hệ thống chính thức không chấp nhận',
  },

  // Files and variables
  unreadable: { en: '{path} cannot be read', vi: 'không đọc được {path}' },
  forbidden: {
    en: "{path} may not be read by this user: it, or a folder above it, is another's (chown it to the user that the gateway runs as)",
    vi: 'người dùng này không được đọc {path}: tệp hoặc thư mục chứa nó thuộc người dùng khác (hãy chown cho người dùng chạy cổng)',
  },
  notJsonAt: {
    en: '{path} is not JSON: line {line}, column {column}',
    vi: '{path} không phải JSON: dòng {line}, cột {column}',
  },
  readByOthers: {
    en: '{path} may be read by others: chmod 600 it',
    vi: 'người khác đọc được {path}: hãy chạy chmod 600 cho tệp này',
  },
  writtenByAnybody: {
    en: '{path} may be written by anybody: chmod o-w it',
    vi: 'ai cũng ghi được vào {path}: hãy chạy chmod o-w cho tệp này',
  },
  variableUnset: { en: 'the variable {name} is not set', vi: 'chưa đặt biến môi trường {name}' },
  noFile: { en: '{path} is no file', vi: '{path} không phải tệp' },
  tooLarge: { en: '{path} is too large', vi: '{path} quá lớn' },
  notJson: { en: 'not JSON', vi: 'không phải JSON' },

  // Certificates and keys
  notAuthority: {
    en: 'not the certificate of a certification authority',
    vi: 'không phải chứng thư của tổ chức cấp chứng thư (CA)',
  },
  developmentCa: {
    en: 'a production deployment does not trust a development CA',
    vi: 'hệ thống chính thức không tin CA của hệ thống phát triển',
  },
  notPrivateKey: { en: 'not a private key in PEM', vi: 'không phải khóa bí mật dạng PEM' },
  otherCertificate: { en: 'does not belong to tls.certificate', vi: 'không đi cùng tls.certificate' },
  notCertificate: { en: 'not a certificate in PEM', vi: 'không phải chứng thư dạng PEM' },
  notPublicJwk: {
    en: 'not a public key on P-256 as a JWK',
    vi: 'không phải khóa công khai trên P-256 dạng JWK',
  },
  notLogKey: { en: 'not a private key on P-256 in PEM', vi: 'không phải khóa bí mật trên P-256 dạng PEM' },
  notKeySet: { en: 'its payload is not a key set', vi: 'nội dung payload không phải bộ khóa' },
  keySetUnsigned: {
    en: 'not signed by key_set_root for this deployment ({problem})',
    vi: 'không do key_set_root ký cho hệ thống này ({problem})',
  },
  signingKeyInactive: {
    en: 'the signing key is not among its active keys',
    vi: 'khóa ký (signing_key) không nằm trong các khóa đang dùng của bộ',
  },
  logKeyInactive: {
    en: 'the log key is not among its active keys',
    vi: 'khóa nhật ký (log.key) không nằm trong các khóa đang dùng của bộ',
  },
  otherStorageKeys: {
    en: "are not those that this database was sealed with{which}: copy the deployment's own, new ones open nothing of it",
    vi: 'không phải các khóa đã niêm phong cơ sở dữ liệu này{which}: hãy chép đúng khóa của hệ thống, khóa mới không mở được gì',
  },

  // database.url
  severalHosts: {
    en: 'names several hosts: it takes one, an address or proxy that leads to the primary',
    vi: 'nêu nhiều máy: chỉ nêu một địa chỉ hoặc proxy dẫn tới máy chủ chính (primary)',
  },
  notUrl: {
    en: 'is no URL: signs such as @ / : # % in a user or password are written %40 %2F %3A %23 %25',
    vi: 'không phải URL: các dấu @ / : # % trong tên người dùng hoặc mật khẩu phải viết là %40 %2F %3A %23 %25',
  },
  unencrypted: {
    en: 'a production deployment encrypts what it sends to another machine: add sslmode=verify-full, and sslrootcert=FILE of the authority',
    vi: 'hệ thống chính thức mã hóa mọi dữ liệu gửi sang máy khác: hãy thêm sslmode=verify-full và sslrootcert=FILE là chứng thư của tổ chức cấp',
  },
} as const satisfies Record<string, Words>;
