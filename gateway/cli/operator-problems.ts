/** What goes wrong in an operator's commands on schema, backups and imports; rows of `PROBLEMS`. */
import type { ProblemRow } from './problem.ts';

export const OPERATOR_PROBLEMS = {
  DATABASE_DENIED: {
    exit: 'USAGE',
    en: 'The database does not let this user do that ({code}).',
    vi: 'Cơ sở dữ liệu không cho phép người dùng này làm việc đó ({code}).',
    nextEn:
      'Check user, password and database of the address (database.url or DATABASE_URL). "migrate", "register import", "restore", "release", "retention run", "accesses erase" and "audit exposure" need the login that owns the tables, which at the first "migrate" also makes the role lienthong_worker (ALTER ROLE … CREATEROLE); all else needs a member of that role.',
    nextVi:
      'Kiểm tra người dùng, mật khẩu và tên cơ sở dữ liệu trong địa chỉ (database.url hoặc DATABASE_URL). "migrate", "register import", "restore", "release", "retention run", "accesses erase" và "audit exposure" cần tài khoản sở hữu các bảng; ở lần "migrate" đầu tài khoản này còn tạo vai trò lienthong_worker (ALTER ROLE … CREATEROLE); các lệnh khác cần thành viên của vai trò đó.',
  },
  EID_MISSING: {
    exit: 'PROFILE',
    en: 'There is no e-ID to sign in with: {folder} holds no issuer.jwk.json that can be read.',
    vi: 'Không có định danh điện tử để đăng nhập: {folder} không có issuer.jwk.json đọc được.',
    nextEn: 'Give the profile of a development deployment: --profile DATA/agencies/citizen-page.',
    nextVi: 'Chỉ ra hồ sơ của hệ thống phát triển: --profile DATA/agencies/citizen-page.',
  },
  RELEASE_REFUSED: {
    exit: 'REFUSED',
    en: 'The job is not released: {problem}.',
    vi: 'Chưa mở lại được công việc: {problem}.',
    nextEn:
      'Nothing was changed. The agency sees its jobs that are paused by "lienthong job list"; who counts as an officer, and by which key, "lienthong officer list" shows.',
    nextVi:
      'Chưa thay đổi gì. Cơ quan xem công việc bị tạm dừng của mình bằng "lienthong job list"; cán bộ nào được tính, với khóa nào, xem bằng "lienthong officer list".',
  },
  SCHEMA_NEWER: {
    exit: 'USAGE',
    en: 'The schema is newer than this program. {problem}.',
    vi: 'Lược đồ mới hơn chương trình này. {problem}.',
    nextEn:
      'Nothing was changed. Run the version of lienthong that made it, or a newer one; a schema never goes back: for that, restore a backup taken before.',
    nextVi:
      'Chưa thay đổi gì. Hãy chạy phiên bản lienthong đã tạo lược đồ đó hoặc mới hơn; lược đồ không lùi lại: muốn lùi, hãy khôi phục bản sao lưu trước đó.',
  },
  MIGRATION_FILES: {
    exit: 'USAGE',
    en: 'The migrations of this program cannot be used. {problem}.',
    vi: 'Không dùng được các tệp nâng cấp của chương trình này. {problem}.',
    nextEn: 'Nothing was changed. Install lienthong again; its files are not to be edited.',
    nextVi: 'Chưa thay đổi gì. Hãy cài lại lienthong; không sửa các tệp này.',
  },
  DATABASE_ENCODING: {
    exit: 'USAGE',
    en: 'The database cannot hold every name. {problem}.',
    vi: 'Cơ sở dữ liệu không lưu được mọi họ tên. {problem}.',
    nextEn:
      'Nothing was changed. Make an empty one that can, and name it: createdb --encoding UTF8 --template template0 --owner OWNER NAME.',
    nextVi:
      'Chưa thay đổi gì. Hãy tạo cơ sở dữ liệu trống khác rồi chỉ ra nó: createdb --encoding UTF8 --template template0 --owner OWNER NAME.',
  },
  DATABASE_OLD: {
    exit: 'USAGE',
    en: 'This server of databases is too old. {problem}.',
    vi: 'Máy chủ cơ sở dữ liệu này quá cũ. {problem}.',
    nextEn: 'Nothing was changed. Upgrade the server (pg_upgrade), or name a database on a newer one.',
    nextVi: 'Chưa thay đổi gì. Hãy nâng cấp máy chủ (pg_upgrade), hoặc chỉ ra cơ sở dữ liệu trên máy chủ mới hơn.',
  },
  MIGRATION_LOCKED: {
    exit: 'UNAVAILABLE',
    en: 'The schema was not brought up to date. {problem}.',
    vi: 'Chưa cập nhật được lược đồ. {problem}.',
    nextEn:
      'What ran before it stays. Let the other one end (pg_stat_activity shows it), then run the same command again.',
    nextVi: 'Các bước đã chạy vẫn giữ. Chờ tiến trình kia kết thúc (xem pg_stat_activity), rồi chạy lại lệnh này.',
  },
  BACKUP_FOLDER: {
    exit: 'USAGE',
    en: '{folder} is there already and is not empty.',
    vi: 'Thư mục {folder} đã có và không trống.',
    nextEn: 'A backup gets a folder of its own: name another one with --out.',
    nextVi: 'Mỗi bản sao lưu cần một thư mục riêng: chọn thư mục khác bằng --out.',
  },
  BACKUP_UNWRITABLE: {
    exit: 'USAGE',
    en: 'The folder {folder} cannot be written ({code}).',
    vi: 'Không ghi được vào thư mục {folder} ({code}).',
    nextEn:
      'Free space there, or name another folder with --out, then run it again. Nothing of this backup stays there.',
    nextVi:
      'Giải phóng chỗ trống ở đó hoặc chọn thư mục khác bằng --out, rồi chạy lại. Bản sao lưu này không để lại gì.',
  },
  DATABASE_UNSTAMPED: {
    exit: 'USAGE',
    en: 'The database belongs to no deployment yet: there is nothing to copy.',
    vi: 'Cơ sở dữ liệu chưa thuộc hệ thống nào: không có gì để sao lưu.',
    nextEn: 'Check the address (database.url): a gateway, genesis or an import would have put its stamp on it.',
    nextVi: 'Kiểm tra địa chỉ (database.url): cổng, genesis hoặc lần nhập dữ liệu đã phải đóng dấu cơ sở dữ liệu đó.',
  },
  BACKUP_WRONG: {
    exit: 'USAGE',
    en: '{folder} is not a whole backup of this deployment: {problem}.',
    vi: '{folder} không phải bản sao lưu nguyên vẹn của hệ thống này: {problem}.',
    nextEn: 'Nothing of it stands in the database. Take another copy of it, or an earlier backup.',
    nextVi: 'Chưa có gì được ghi vào cơ sở dữ liệu. Dùng bản sao khác hoặc bản sao lưu cũ hơn.',
  },
  BACKUP_UNSIGNED: {
    exit: 'USAGE',
    en: '{folder} is no backup of this deployment, or was changed: its manifest is not signed by a key of this log.',
    vi: '{folder} không phải bản sao lưu của hệ thống này hoặc đã bị sửa: không khóa nào của nhật ký này đã ký bản kê.',
    nextEn:
      'Nothing of it stands in the database. Take another copy of it, or an earlier backup. Where key_set of the config was made anew, put the old one back and add the new keys to it (lienthong gateway-keys replace): a backup is believed by any key of the set.',
    nextVi:
      'Chưa có gì được ghi vào cơ sở dữ liệu. Dùng bản sao khác hoặc bản sao lưu cũ hơn. Nếu key_set trong cấu hình là bộ khóa tạo lại, hãy đặt lại bộ cũ và thêm khóa mới vào đó (lienthong gateway-keys replace): bản sao lưu được tin theo mọi khóa trong bộ.',
  },
  DATABASE_FILLED: {
    exit: 'REFUSED',
    en: 'The database is not empty: {table} has rows.',
    vi: 'Cơ sở dữ liệu không trống: bảng {table} có dữ liệu.',
    nextEn: 'A backup is restored into an empty database only: make a new one and name it in the config.',
    nextVi: 'Chỉ khôi phục vào cơ sở dữ liệu trống: tạo cơ sở dữ liệu mới và nêu nó trong tệp cấu hình.',
  },
  KEY_NOT_ENROLLED: {
    exit: 'USAGE',
    en: 'No agency or officer of this deployment ever had the key {key}.',
    vi: 'Chưa cơ quan hay cán bộ nào của hệ thống này có khóa {key}.',
    nextEn: 'Nothing was looked up. Take the thumbprint as "agency list" or "officer list" shows it.',
    nextVi: 'Chưa tra cứu gì. Lấy đúng dấu vân tay như "agency list" hoặc "officer list" hiển thị.',
  },
  PERSON_NOT_ONE: {
    exit: 'USAGE',
    en: 'The register has not exactly one person under this number.',
    vi: 'CSDL dân cư không có đúng một người mang số này.',
    nextEn: 'Nothing was changed. Give the number that the person has now.',
    nextVi: 'Chưa thay đổi gì. Hãy nhập số định danh hiện tại của người đó.',
  },
  DATABASE_BARE: {
    exit: 'USAGE',
    en: 'The database has no schema: there is nothing in it.',
    vi: 'Cơ sở dữ liệu chưa có lược đồ: không có gì trong đó.',
    nextEn: 'Check which database the config names.',
    nextVi: 'Kiểm tra cơ sở dữ liệu nêu trong tệp cấu hình.',
  },
  GATEWAY_RUNNING: {
    exit: 'UNAVAILABLE',
    en: 'A gateway is running on this database.',
    vi: 'Có cổng đang chạy trên cơ sở dữ liệu này.',
    nextEn: 'Stop every gateway, wait {seconds} seconds, and run the same command again.',
    nextVi: 'Dừng mọi cổng, chờ {seconds} giây rồi chạy lại lệnh này.',
  },
  RESTORED_OLDER: {
    exit: 'PROFILE',
    en: "The data stand in the database, but their log is not the continuation of the head kept at {file}: what was done after {at} is missing. Lost are consents given, withdrawals, restrictions, objections and their liftings, requests for a copy, a correction or a deletion, officers' decisions and extensions of these, what officers admitted, agreed or barred, and erasures.",
    vi: 'Dữ liệu đã vào cơ sở dữ liệu, nhưng nhật ký không nối tiếp mốc lưu tại {file}: những gì thực hiện sau {at} không có trong đó. Đã mất: đồng ý đã cho, việc rút đồng ý, hạn chế, phản đối và việc gỡ bỏ chúng, đề nghị cung cấp, đính chính hoặc xóa dữ liệu, quyết định và gia hạn của cán bộ về các yêu cầu ấy, những gì cán bộ đã kết nạp, thỏa thuận hoặc chặn, và việc xóa liên kết.',
    nextEn:
      'No gateway discloses anything on it. Look for a newer backup. Where there is none: keep that file for the supervisor under another name, tell the agencies, list what must be done again since {at}, then accept the log: {command}. Let agencies in again only when keys and agencies are barred again, people erased again, and people asked to withdraw and object again. People ask anew for what their receipts show, officers answer by the clock of the receipt, and decide again from their records; who consented is asked anew by the recipient.',
    nextVi:
      'Không cổng nào cung cấp dữ liệu trên nhật ký này. Tìm bản sao lưu mới hơn. Nếu không có: giữ tệp đó dưới tên khác cho đơn vị giám sát, báo các cơ quan, lập danh sách những việc phải làm lại từ {at}, rồi chấp nhận nhật ký: {command}. Chỉ cho các cơ quan truy cập lại khi đã chặn lại khóa và cơ quan, xóa lại liên kết và đề nghị người dân rút đồng ý, phản đối lại. Người dân gửi lại đề nghị theo biên nhận đang giữ, cán bộ trả lời theo thời hạn ghi trên biên nhận và quyết định lại theo hồ sơ của mình; bên nhận dữ liệu xin lại đồng ý.',
  },
  LOG_SET_BACK: {
    exit: 'PROFILE',
    en: "This database was set back to an older copy; the last entry of its log is of {at}. What was done after that copy is lost: consents given, withdrawals, restrictions, objections and their liftings, requests for a copy, a correction or a deletion, officers' decisions and extensions of these, what officers admitted, agreed or barred, and erasures.",
    vi: 'Cơ sở dữ liệu này đã bị lùi về một bản sao cũ hơn; bản ghi cuối của nhật ký vào lúc {at}. Những gì thực hiện sau bản sao đó đã mất: đồng ý đã cho, việc rút đồng ý, hạn chế, phản đối và việc gỡ bỏ chúng, đề nghị cung cấp, đính chính hoặc xóa dữ liệu, quyết định và gia hạn của cán bộ về các yêu cầu ấy, những gì cán bộ đã kết nạp, thỏa thuận hoặc chặn, và việc xóa liên kết.',
    nextEn:
      'Nothing was accepted. List what must be done again, keep agencies away until it is, and say that you know of it: {command}',
    nextVi:
      'Chưa chấp nhận gì. Lập danh sách những việc phải làm lại, chưa cho các cơ quan truy cập khi chưa làm xong, và xác nhận rằng đã biết: {command}',
  },
  KEY_SET_FILE: {
    exit: 'USAGE',
    en: '{file} is no key set that this root signed ({problem}).',
    vi: '{file} không phải bộ khóa do khóa gốc này ký ({problem}).',
    nextEn: 'Nothing was changed. Name the set of this deployment and its own root.',
    nextVi: 'Chưa thay đổi gì. Chỉ ra bộ khóa của hệ thống này và đúng khóa gốc của nó.',
  },
  KEY_SET_CHANGE: {
    exit: 'REFUSED',
    en: 'The key set was not changed: {problem}.',
    vi: 'Chưa thay đổi bộ khóa: {problem}.',
    nextEn: 'See which keys it has: lienthong gateway-keys list --key-set …',
    nextVi: 'Xem các khóa trong bộ: lienthong gateway-keys list --key-set …',
  },
  KEY_SET_THERE: {
    exit: 'USAGE',
    en: '{file} is there already, and a key set that clients know is never begun anew.',
    vi: '{file} đã có, và bộ khóa mà các bên đã biết không bao giờ được tạo lại.',
    nextEn:
      'Nothing was made. For a key that is lost: lienthong gateway-keys replace. The first set of another deployment: name another place.',
    nextVi:
      'Chưa tạo gì. Nếu mất khóa: lienthong gateway-keys replace. Bộ khóa đầu tiên của hệ thống khác: chọn nơi khác.',
  },
  KEY_UNPUBLISHED: {
    exit: 'UNAVAILABLE',
    en: 'The next key is made ({kid}), and the key set does not tell of it yet: it signs nothing.',
    vi: 'Đã tạo khóa kế tiếp ({kid}), nhưng bộ khóa chưa công bố: khóa này chưa ký gì.',
    nextEn:
      'Take {file} to the root: lienthong gateway-keys add FILE --root … --key-set …. Copy the set to every gateway, then run the same command again.',
    nextVi:
      'Đưa {file} tới máy giữ khóa gốc: lienthong gateway-keys add TỆP --root … --key-set …. Chép bộ khóa sang mọi cổng, rồi chạy lại lệnh này.',
  },
  IMPORT_RUNNING: {
    exit: 'UNAVAILABLE',
    en: 'An import is under way on this database.',
    vi: 'Đang có một lần nhập trên cơ sở dữ liệu này.',
    nextEn: 'Wait for it to end and run the same command again.',
    nextVi: 'Chờ lần nhập đó xong rồi chạy lại lệnh này.',
  },
  PERSONS_WRONG: {
    exit: 'USAGE',
    en: 'The file cannot be imported: {problem}',
    vi: 'Không nhập được tệp: {problem}',
    nextEn: 'Nothing of it went in; mend the file and run the same command again.',
    nextVi: 'Chưa có dữ liệu nào được nhập; sửa tệp rồi chạy lại lệnh này.',
  },
} as const satisfies Record<string, ProblemRow>;
