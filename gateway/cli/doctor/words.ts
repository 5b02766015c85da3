import type { ExitClass } from '../../../connectors/kit/exit-codes.ts';
import type { CheckName } from './finding.ts';
import type { FindingWords } from './finding-words.ts';
import { SERVER_WORDS } from './server-words.ts';

/** What the first failed check of a run makes the command end with. */
export const CHECK_EXITS: Readonly<Record<CheckName, ExitClass>> = {
  node: 'USAGE',
  disk: 'USAGE',
  config: 'PROFILE',
  files: 'PROFILE',
  certificate: 'PROFILE',
  key: 'PROFILE',
  holder: 'PROFILE',
  expiry: 'PROFILE',
  'signing-key': 'PROFILE',
  'encryption-keys': 'PROFILE',
  root: 'PROFILE',
  name: 'UNAVAILABLE',
  reach: 'UNAVAILABLE',
  tls: 'PROFILE',
  server: 'UNAVAILABLE',
  identity: 'PROFILE',
  clock: 'PROFILE',
  'key-set': 'PROFILE',
  log: 'PROFILE',
  'client-version': 'PROFILE',
  'matching-profile': 'PROFILE',
  vocabulary: 'PROFILE',
  contract: 'PROFILE',
  purpose: 'REFUSED',
};

const RENEW = {
  nextEn: 'Ask the operator for a new certificate now; until it is there, the old one serves.',
  nextVi: 'Đề nghị đơn vị vận hành cấp chứng thư mới ngay; trong lúc chờ, chứng thư cũ vẫn dùng được.',
};
const NEW_FOLDER = {
  nextEn:
    'Take it from your own copy. The operator gives again all but private keys: make new ones (lienthong enroll request).',
  nextVi:
    'Lấy từ bản lưu của cơ quan. Đơn vị vận hành cấp lại được mọi thứ trừ khóa bí mật: hãy tạo khóa mới (lienthong enroll request).',
};
const SET_CLOCK = {
  nextEn: 'Set the clock of this machine by a time server (for example: timedatectl set-ntp true).',
  nextVi: 'Chỉnh đồng hồ máy theo máy chủ thời gian (ví dụ: timedatectl set-ntp true).',
};

export const FINDINGS = {
  NODE_OK: { en: '{version}', vi: '{version}' },
  NODE_OLD: {
    en: 'Node {version} is too old.',
    vi: 'Node {version} quá cũ.',
    nextEn: 'Start by "npx lienthong", which finds the right one, or install Node {least}.',
    nextVi: 'Chạy bằng "npx lienthong" để dùng đúng bản, hoặc cài Node {least}.',
  },
  DISK_OK: { en: '{free} MiB free in {folder}', vi: 'Còn {free} MiB trong {folder}' },
  DISK_LOW: {
    en: '{free} MiB free in {folder}',
    vi: 'Còn {free} MiB trong {folder}',
    nextEn: 'Enough for some million rows: results and receipt take about 150 bytes a row.',
    nextVi: 'Đủ cho vài triệu dòng: kết quả và biên nhận chiếm khoảng 150 byte mỗi dòng.',
  },
  DISK_FULL: {
    en: 'Only {free} MiB free in {folder}.',
    vi: 'Chỉ còn {free} MiB trong {folder}.',
    nextEn: 'Make room, or name another folder (--out DIR).',
    nextVi: 'Giải phóng dung lượng, hoặc chọn thư mục khác (--out DIR).',
  },
  DISK_UNWRITABLE: {
    en: 'Nothing can be written in {folder} ({code}).',
    vi: 'Không ghi được vào {folder} ({code}).',
    nextEn: 'Check the folder and its permissions, or name another one (--out DIR).',
    nextVi: 'Kiểm tra thư mục và quyền, hoặc chọn thư mục khác (--out DIR).',
  },
  CONFIG_OK: { en: '{agency} at {deployment} ({address})', vi: '{agency} tại {deployment} ({address})' },
  CONFIG_WRONG: { en: '{said}', vi: '{said}', nextEn: '{todo}', nextVi: '{todo}' },
  FILES_OK: { en: 'All {count} files are there.', vi: 'Đủ {count} tệp.' },
  FILE_UNREADABLE: { en: '{said}', vi: '{said}', ...NEW_FOLDER },
  FILES_OPEN: {
    en: 'Other users of this machine can read secret keys: no command uses them so.',
    vi: 'Người dùng khác của máy đọc được khóa bí mật: không lệnh nào dùng khóa như vậy.',
    nextEn: 'chmod 600 {files}',
    nextVi: 'chmod 600 {files}',
  },
  NOT_READ: { en: 'not checked: {member} could not be read', vi: 'chưa kiểm tra: không đọc được {member}' },
  CERTIFICATE_OK: { en: 'Issued by {issuer}', vi: 'Cấp bởi {issuer}' },
  CERTIFICATE_UNREADABLE: {
    en: 'It is not a certificate in PEM.',
    vi: 'Không phải chứng thư dạng PEM.',
    ...NEW_FOLDER,
  },
  KEY_OK: { en: 'Key and certificate fit together.', vi: 'Khóa và chứng thư khớp nhau.' },
  KEY_OTHER: { en: 'The key belongs to another certificate.', vi: 'Khóa thuộc chứng thư khác.', ...NEW_FOLDER },
  KEY_UNREADABLE: { en: 'It is not a private key in PEM.', vi: 'Không phải khóa bí mật dạng PEM.', ...NEW_FOLDER },
  HOLDER_OK: { en: 'The certificate names {agency}.', vi: 'Chứng thư mang tên {agency}.' },
  HOLDER_OTHER: {
    en: 'The certificate names "{name}", the profile {agency}.',
    vi: 'Chứng thư mang tên "{name}", hồ sơ ghi {agency}.',
    nextEn: 'That may be meant: the check "identity" tells whose it is at the gateway.',
    nextVi: 'Có thể là chủ ý: mục "identity" cho biết cổng coi chứng thư này của ai.',
  },
  EXPIRY_OK: { en: 'Valid until {to}, {days} days', vi: 'Có hiệu lực đến {to}, còn {days} ngày' },
  EXPIRY_60: {
    en: 'Valid until {to}: {days} days are left.',
    vi: 'Có hiệu lực đến {to}: còn {days} ngày.',
    nextEn: 'Plan its renewal with the operator.',
    nextVi: 'Lên kế hoạch gia hạn với đơn vị vận hành.',
  },
  EXPIRY_30: {
    en: 'Valid until {to}: only {days} days are left.',
    vi: 'Có hiệu lực đến {to}: chỉ còn {days} ngày.',
    ...RENEW,
  },
  EXPIRY_7: {
    en: 'Valid until {to}: {days} days are left, then nothing works.',
    vi: 'Có hiệu lực đến {to}: còn {days} ngày, sau đó không dùng được nữa.',
    ...RENEW,
  },
  EXPIRED: {
    en: 'It expired on {to}.',
    vi: 'Đã hết hạn lúc {to}.',
    nextEn: 'Ask the operator for a new certificate; if the date is wrong, set the clock of this machine.',
    nextVi: 'Đề nghị đơn vị vận hành cấp chứng thư mới; nếu ngày sai, chỉnh đồng hồ máy.',
  },
  NOT_YET_VALID: {
    en: 'It is valid only from {from} on.',
    vi: 'Chỉ có hiệu lực từ {from}.',
    nextEn: 'Wait until then, or set the clock of this machine.',
    nextVi: 'Chờ tới lúc đó, hoặc chỉnh đồng hồ máy.',
  },
  SIGNING_OK: { en: 'Signing key {kid}', vi: 'Khóa ký {kid}' },
  SIGNING_WRONG: { en: '{said}', vi: '{said}', ...NEW_FOLDER },
  ENCRYPTION_OK: {
    en: 'Answers can be read that are encrypted to {kids}',
    vi: 'Đọc được câu trả lời mã hóa cho {kids}',
  },
  ENCRYPTION_NONE: {
    en: 'None: sensitive fields cannot be read, everything else can.',
    vi: 'Không có: không đọc được trường nhạy cảm, mọi thứ khác vẫn đọc được.',
  },
  ENCRYPTION_WRONG: { en: '{said}', vi: '{said}', ...NEW_FOLDER },
  ROOT_OK: { en: 'A public key is pinned as the root.', vi: 'Đã ghim khóa công khai làm gốc.' },
  ROOT_WRONG: {
    en: 'The pinned root is not a public ES256 JWK.',
    vi: 'Khóa gốc không phải JWK ES256 công khai.',
    ...NEW_FOLDER,
  },
  NAME_OK: { en: '{host} is {addresses}', vi: '{host} là {addresses}' },
  NAME_UNKNOWN: {
    en: 'The name {host} is not known here ({code}).',
    vi: 'Không phân giải được tên {host} ({code}).',
    nextEn: 'Check "address" in config.json and the name server of this machine.',
    nextVi: 'Kiểm tra "address" trong config.json và máy chủ tên miền của máy.',
  },
  REACH_OK: { en: '{address} accepts connections ({ms} ms).', vi: '{address} nhận kết nối ({ms} ms).' },
  REACH_REFUSED: {
    en: 'No connection to {address} ({code}).',
    vi: 'Không kết nối được {address} ({code}).',
    nextEn: 'Check the port in config.json and the firewall; ask the operator whether the gateway is up.',
    nextVi:
      'Kiểm tra số cổng mạng (port) trong config.json và tường lửa; hỏi đơn vị vận hành xem cổng Liên Thông có đang chạy.',
  },
  REACH_SILENT: {
    en: '{address} says nothing for {seconds} s.',
    vi: '{address} không trả lời trong {seconds} giây.',
    nextEn: 'A firewall drops what is sent: have this way opened.',
    nextVi: 'Tường lửa chặn gói tin: đề nghị mở đường này.',
  },
  TLS_OK: { en: '{protocol}, both sides trusted', vi: '{protocol}, hai bên tin cậy nhau' },
  TLS_NEAR: {
    en: "{protocol}; the gateway's own certificate ends in {days} days ({until}).",
    vi: '{protocol}; chứng thư của cổng còn {days} ngày ({until}).',
    nextEn: 'Tell the operator.',
    nextVi: 'Báo đơn vị vận hành.',
  },
  TLS_UNTRUSTED: {
    en: "The gateway's certificate is not of the CA in this profile ({code}).",
    vi: 'Chứng thư của cổng không do CA trong hồ sơ cấp ({code}).',
    nextEn: 'Do not go on: this may be another server. Ask the operator for the right ca.pem or address.',
    nextVi: 'Không tiếp tục: có thể là máy chủ khác. Hỏi đơn vị vận hành về ca.pem hoặc địa chỉ đúng.',
  },
  TLS_NAME: {
    en: "The gateway's certificate is for {names}, not for {host}.",
    vi: 'Chứng thư của cổng dành cho {names}, không phải {host}.',
    nextEn: 'Write the name that the certificate has as "address" in config.json.',
    nextVi: 'Ghi đúng tên trong chứng thư vào "address" của config.json.',
  },
  TLS_SERVER_EXPIRED: {
    en: "The gateway's certificate is not valid now (until {until}).",
    vi: 'Chứng thư của cổng hiện không có hiệu lực (đến {until}).',
    nextEn: 'Tell the operator; or set the clock of this machine.',
    nextVi: 'Báo đơn vị vận hành; hoặc chỉnh đồng hồ máy.',
  },
  TLS_REFUSED: {
    en: 'The gateway does not accept the certificate of this profile ({code}).',
    vi: 'Cổng không chấp nhận chứng thư của hồ sơ này ({code}).',
    nextEn: 'It is expired, of another deployment, or withdrawn: ask the operator.',
    nextVi: 'Chứng thư hết hạn, của hệ thống khác, hoặc đã thu hồi: hỏi đơn vị vận hành.',
  },
  TLS_FAILED: {
    en: 'No secure connection ({code}).',
    vi: 'Không lập được kết nối an toàn ({code}).',
    nextEn: 'Is it the gateway that listens there? A proxy in between must pass TLS through.',
    nextVi: 'Có đúng cổng đang nghe ở đó? Proxy ở giữa phải cho TLS đi thẳng.',
  },
  ...SERVER_WORDS,
  CLOCK_OK: { en: 'The clock agrees with the gateway’s to {seconds} s.', vi: 'Đồng hồ lệch cổng {seconds} giây.' },
  CLOCK_AHEAD: {
    en: 'This machine is {seconds} s ahead of the gateway; {early} s is the most.',
    vi: 'Máy này nhanh hơn cổng {seconds} giây; tối đa {early} giây.',
    ...SET_CLOCK,
  },
  CLOCK_BEHIND: {
    en: 'This machine is {seconds} s behind the gateway; {late} s is the most.',
    vi: 'Máy này chậm hơn cổng {seconds} giây; tối đa {late} giây.',
    ...SET_CLOCK,
  },
  KEY_SET_OK: {
    en: 'Key set {version} is signed by the pinned root.',
    vi: 'Bộ khóa {version} do khóa gốc đã ghim ký.',
  },
  KEY_SET_UNTRUSTED: {
    en: 'The gateway’s key set is not signed by the pinned root ({problem}).',
    vi: 'Bộ khóa của cổng không do khóa gốc đã ghim ký ({problem}).',
    nextEn: 'Use nothing that it answers; ask the operator by another way.',
    nextVi: 'Không dùng câu trả lời nào; hỏi đơn vị vận hành qua kênh khác.',
  },
  LOG_OK: {
    en: 'It continues the head kept in this profile: {kept} entries then, {size} now.',
    vi: 'Nối tiếp mốc đã lưu trong hồ sơ này: lúc đó {kept} bản ghi, nay {size} bản ghi.',
  },
  LOG_UNSEEN: {
    en: 'No head of it is kept in this profile: the first job, or "lienthong witness", keeps one.',
    vi: 'Hồ sơ này chưa lưu mốc nào: công việc đầu tiên, hoặc "lienthong witness", sẽ lưu mốc.',
  },
  SAME_VERSION: { en: '{ours}, the same at the gateway', vi: '{ours}, giống ở cổng' },
  OTHER_VERSION: {
    en: '{ours} here, {theirs} at the gateway',
    vi: '{ours} ở đây, {theirs} ở cổng',
    nextEn: 'Files are verified all the same; explanations and names may lack what is new. Update this program.',
    nextVi: 'Vẫn đối chiếu được tệp; phần giải thích và tên có thể thiếu mục mới. Hãy cập nhật chương trình.',
  },
  OTHER_RULES: {
    en: '{ours} here, {theirs} at the gateway',
    vi: '{ours} ở đây, {theirs} ở cổng',
    nextEn:
      'The gateway’s rules judge; this program may explain them amiss, so update it. Of results that other rules judged --changed-since carries nothing: the next run asks about every row ("--dry-run" says so beforehand).',
    nextVi:
      'Cổng đối chiếu theo bộ quy tắc của cổng; chương trình này có thể giải thích chưa đúng, hãy cập nhật. Kết quả theo bộ quy tắc khác không được --changed-since giữ lại: lần chạy sau hỏi mọi dòng ("--dry-run" cho biết trước).',
  },
  CONTRACT_OK: {
    en: '{count} methods, all that this program calls',
    vi: '{count} phương thức, đủ cho chương trình này',
  },
  CONTRACT_OWN: {
    en: 'The profile brings none along: that of this program counts.',
    vi: 'Hồ sơ không kèm đặc tả giao diện: dùng đặc tả của chương trình này.',
  },
  CONTRACT_OLDER: {
    en: 'The contract of the profile lacks {missing}.',
    vi: 'Đặc tả giao diện trong hồ sơ thiếu {missing}.',
    nextEn: 'Ask the operator for the present descriptor set.',
    nextVi: 'Đề nghị đơn vị vận hành cấp bộ mô tả hiện hành.',
  },
  CONTRACT_UNREADABLE: { en: '{file} is not a descriptor set.', vi: '{file} không phải bộ mô tả.', ...NEW_FOLDER },
  PURPOSE_OK: { en: '{purpose}: a signed call is answered.', vi: '{purpose}: lời gọi có ký được trả lời.' },
  PURPOSE_DEMANDS: {
    en: '{purpose}: a signed call is answered where it names {lacking}; the profile names none.',
    vi: '{purpose}: lời gọi có ký được trả lời nếu nêu {lacking}; hồ sơ chưa nêu.',
    nextEn: 'Write it under context in its config.json, or have your program name it in each request.',
    nextVi: 'Ghi vào mục context trong config.json của hồ sơ, hoặc để phần mềm nêu trong từng yêu cầu.',
  },
  PURPOSE_SAYS: { en: '{purpose}: {said}', vi: '{purpose}: {said}', nextEn: '{todo}', nextVi: '{todo}' },
  SKIPPED: { en: 'not checked, since it needs: {needs}', vi: 'chưa kiểm tra, vì cần: {needs}' },
  FAULT: {
    en: 'A fault of this program ({problem}).',
    vi: 'Lỗi của chính chương trình ({problem}).',
    nextEn: 'Tell its makers; the other checks stand.',
    nextVi: 'Báo nhóm phát triển; các mục khác vẫn đúng.',
  },
} as const satisfies Record<string, FindingWords>;

export type FindingCode = keyof typeof FINDINGS;
