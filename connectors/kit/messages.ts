import { CARRY_MESSAGES } from './carry-messages.ts';
import type { ExitClass } from './exit-codes.ts';
import { INPUT_MESSAGES } from './input-messages.ts';
import { MAPPING_MESSAGES } from './mapping-messages.ts';
import { OUTPUT_MESSAGES } from './output-messages.ts';
import { RECEIPT_MESSAGES } from './receipt-messages.ts';

/** What can go wrong on the client's side: closed reasons, each with its exit class and what to do about it. */
export type Language = 'vi' | 'en';
type Message = { readonly exit: ExitClass; readonly en: string; readonly vi: string };

export const KIT_MESSAGES = {
  ...CARRY_MESSAGES,
  ...INPUT_MESSAGES,
  ...MAPPING_MESSAGES,
  ...OUTPUT_MESSAGES,
  ...RECEIPT_MESSAGES,

  // Files
  FILE_MISSING: {
    exit: 'USAGE',
    en: 'Cannot read {file}: check the path.',
    vi: 'Không đọc được {file}: hãy kiểm tra đường dẫn.',
  },
  FILE_EMPTY: {
    exit: 'USAGE',
    en: 'The file is empty: the first line must name the columns {needed}.',
    vi: 'Tệp rỗng: dòng đầu phải có các cột {needed}.',
  },
  NO_RECORDS: {
    exit: 'USAGE',
    en: 'The file has a header and no record.',
    vi: 'Tệp chỉ có dòng tiêu đề, không có bản ghi nào.',
  },
  HEADER_WRONG: {
    exit: 'USAGE',
    en: 'Line {line} must name the columns {needed}. Missing: {missing}. Found: {found}. Other names: "lienthong telco inspect" finds them, or say them (--columns id_number=YOUR_NAME,…).',
    vi: 'Dòng {line} phải có các cột {needed}. Thiếu: {missing}. Tìm thấy: {found}. Nếu tên khác: "lienthong telco inspect" sẽ tìm giúp, hoặc tự nêu (--columns id_number=TÊN_CỘT,…).',
  },
  HEADER_TWICE: {
    exit: 'USAGE',
    en: 'The column {column} stands more than once in line {line}: rename one of them.',
    vi: 'Cột {column} xuất hiện nhiều lần ở dòng {line}: hãy đổi tên một cột.',
  },
  COLUMN_UNKNOWN: {
    exit: 'USAGE',
    en: 'There is no column {column} to rename; the columns are {needed}.',
    vi: 'Không có cột {column} để đổi tên; các cột là {needed}.',
  },
  COLUMNS_WRONG: {
    exit: 'USAGE',
    en: 'The list of columns cannot be read at "{piece}": name each as its name here, = and its header in the file, with commas between (--columns id_number=YOUR_NAME,…).',
    vi: 'Không đọc được danh sách cột ở chỗ "{piece}": hãy ghi mỗi cột là tên ở đây, dấu = và tiêu đề trong tệp, cách nhau bằng dấu phẩy (--columns id_number=TÊN_CỘT,…).',
  },
  ENCODING_UTF16: {
    exit: 'USAGE',
    en: 'The file is UTF-16: save it as "CSV UTF-8".',
    vi: 'Tệp ở bảng mã UTF-16: hãy lưu lại dạng "CSV UTF-8".',
  },
  ENCODING_UNKNOWN: {
    exit: 'USAGE',
    en: 'The names of the file read as Vietnamese in no encoding known here: save it as "CSV UTF-8", or say which it is (--encoding).',
    vi: 'Không bảng mã nào đã biết đọc được họ tên trong tệp thành tiếng Việt: hãy lưu tệp dạng "CSV UTF-8", hoặc cho biết bảng mã (--encoding).',
  },
  ENCODING_INVALID: {
    exit: 'USAGE',
    en: 'Line {line} is not UTF-8: save the file as "CSV UTF-8".',
    vi: 'Dòng {line} không phải UTF-8: hãy lưu tệp dạng "CSV UTF-8".',
  },
  XLSX_WRONG: {
    exit: 'USAGE',
    en: '{file} cannot be read as a workbook: {problem}. Open it in a spreadsheet program and save it as XLSX or "CSV UTF-8".',
    vi: 'Không đọc được {file} như tệp bảng tính: {problem}. Hãy mở bằng chương trình bảng tính rồi lưu lại dạng XLSX hoặc "CSV UTF-8".',
  },
  XLSX_OLD: {
    exit: 'USAGE',
    en: '{file} is a workbook of the old format, or has a password: save it as XLSX without one.',
    vi: '{file} là tệp bảng tính định dạng cũ, hoặc có mật khẩu: hãy lưu lại dạng XLSX không mật khẩu.',
  },
  SHEET_MISSING: {
    exit: 'USAGE',
    en: '{file} has no visible sheet {sheet}; it has: {found}.',
    vi: '{file} không có trang tính {sheet} (hiển thị); có: {found}.',
  },
  COLUMNS_NOT_FOUND: {
    exit: 'USAGE',
    en: 'No column looks like {missing}. Found: {found}. Say which it is: --columns id_number=YOUR_NAME,…',
    vi: 'Không tìm thấy cột cho {missing}. Đã tìm thấy: {found}. Hãy cho biết: --columns id_number=TÊN_CỘT,…',
  },
  NAME_IN_PARTS: {
    exit: 'USAGE',
    en: 'The name stands in parts in several columns ({parts}): put it into one column, family name first, and call that full_name.',
    vi: 'Họ tên nằm rời ở nhiều cột ({parts}): hãy ghép thành một cột, họ đứng trước, và đặt tên cột là "Họ và tên".',
  },
  LINE_TOO_LONG: {
    exit: 'USAGE',
    en: 'Line {line} is longer than {limit} bytes: this is not a file of rows.',
    vi: 'Dòng {line} dài hơn {limit} byte: tệp không phải dạng từng dòng.',
  },
  QUOTE_UNCLOSED: {
    exit: 'USAGE',
    en: 'The quote that opens in line {line} is never closed, or only in another row further down: close it, or double it if it belongs to the text.',
    vi: 'Dấu ngoặc kép mở ở dòng {line} không được đóng, hoặc chỉ đóng ở một bản ghi khác phía dưới: hãy đóng lại, hoặc viết hai lần nếu là một phần của nội dung.',
  },
  ROWS_TOO_LARGE: {
    exit: 'USAGE',
    en: 'The rows before line {line} are too large for one chunk: use fewer rows a chunk (--chunk-rows 256).',
    vi: 'Các dòng trước dòng {line} quá lớn cho một lô: hãy giảm số dòng mỗi lô (--chunk-rows 256).',
  },
  CHUNK_ROWS_WRONG: {
    exit: 'USAGE',
    en: 'Rows a chunk must be a power of two from 256 to {limit}.',
    vi: 'Số dòng mỗi lô phải là lũy thừa của 2, từ 256 đến {limit}.',
  },
  CHUNK_IN_FLIGHT: {
    exit: 'USAGE',
    en: 'Chunk {num} was sent on this stream already and is not answered: give each chunk a number of its own, and wait for its answer, or for the end of the stream, before it is sent again.',
    vi: 'Lô {num} đã được gửi trên luồng này và chưa có câu trả lời: mỗi lô phải có số riêng, và chỉ gửi lại khi đã có câu trả lời, hoặc khi luồng đã kết thúc.',
  },
  FILE_CHANGED: {
    exit: 'USAGE',
    en: 'The file changed while it was being read: run again on a file that nothing writes to.',
    vi: 'Tệp đã bị thay đổi trong khi đọc: hãy chạy lại khi không có chương trình nào ghi vào tệp.',
  },

  // One row
  ROW_MISSING: {
    exit: 'USAGE',
    en: 'No record of {file} starts on line {line}: take the number from the column "line" of the results.',
    vi: 'Không có bản ghi nào của {file} bắt đầu ở dòng {line}: hãy lấy số ở cột "line" của tệp kết quả.',
  },
  ROW_ID_MISSING: {
    exit: 'USAGE',
    en: 'No record of {file} has this row_id: check it, or name the row by its line (--row N).',
    vi: 'Không có bản ghi nào của {file} có row_id này: hãy kiểm tra lại, hoặc chỉ ra dòng (--row N).',
  },
  ROW_ID_TWICE: {
    exit: 'USAGE',
    en: 'This row_id stands on several lines of {file} ({lines}): name the row by its line (--row N).',
    vi: 'row_id này có ở nhiều dòng của {file} ({lines}): hãy chỉ ra dòng (--row N).',
  },
  RESULTS_OTHER_FILE: {
    exit: 'USAGE',
    en: '{results} does not belong to {file}, they differ at line {line}: name the file and the results of one run.',
    vi: '{results} không phải kết quả của {file}, khác nhau ở dòng {line}: hãy chọn tệp và kết quả của cùng một lần chạy.',
  },
  RESULTS_WITHOUT_ROW: {
    exit: 'USAGE',
    en: '{results} has no row for line {line} of {file}: name the results of the run over this very file.',
    vi: '{results} không có dòng nào cho dòng {line} của {file}: hãy chọn kết quả của lần chạy trên đúng tệp này.',
  },
  RESULTS_CHANGED: {
    exit: 'USAGE',
    en: 'Line {line} in {results} is not as this program writes it: take the file as it was made ("lienthong receipt verify" finds what was changed).',
    vi: 'Dòng {line} trong {results} không đúng như chương trình này ghi: hãy lấy lại tệp gốc ("lienthong receipt verify" cho biết chỗ bị sửa).',
  },

  // Receipts
  ROW_NOT_IN_RESULTS: {
    exit: 'USAGE',
    en: '{results} has no row for line {line}: take the number from its column "line".',
    vi: '{results} không có dòng nào cho dòng {line}: hãy lấy số ở cột "line" của tệp.',
  },
  ROW_UNPROVABLE: {
    exit: 'USAGE',
    en: 'Line {line} in {results}, or a row near it, is not as it was signed: "lienthong receipt verify" names what was changed; take the file as it was made.',
    vi: 'Dòng {line} trong {results}, hoặc một dòng gần đó, không đúng như đã ký: "lienthong receipt verify" cho biết chỗ bị sửa; hãy lấy lại tệp gốc.',
  },

  // Profile, keys, clock
  PROFILE_MISSING: {
    exit: 'PROFILE',
    en: 'No profile at {folder}: --profile names the folder that holds config.json.',
    vi: 'Không có hồ sơ kết nối tại {folder}: --profile là thư mục chứa config.json.',
  },
  PROFILE_UNFINISHED: {
    exit: 'PROFILE',
    en: 'The folder {folder} is of "enroll request", and no profile yet: once cert.pem has come back into it, make it one (lienthong enroll finish {folder} --address HOST:PORT --ca FILE --root FILE).',
    vi: 'Thư mục {folder} do "enroll request" tạo, chưa phải hồ sơ kết nối: khi đã có cert.pem trong đó, hãy hoàn tất (lienthong enroll finish {folder} --address HOST:PORT --ca FILE --root FILE).',
  },
  PROFILE_WRONG: {
    exit: 'PROFILE',
    en: 'config.json of the profile: {member} is missing or wrong ({wanted}).',
    vi: 'config.json của hồ sơ kết nối: {member} thiếu hoặc sai ({wanted}).',
  },
  PROFILE_FILE: {
    exit: 'PROFILE',
    en: "The profile's {member} cannot be used: {problem}.",
    vi: 'Không dùng được {member} của hồ sơ kết nối: {problem}.',
  },
  CERTIFICATE_EXPIRED: {
    exit: 'PROFILE',
    en: "The certificate of the profile is not valid now (from {from} to {to}): renew it, or set this machine's clock.",
    vi: 'Chứng thư của hồ sơ kết nối hiện không có hiệu lực (từ {from} đến {to}): hãy gia hạn, hoặc chỉnh đồng hồ máy.',
  },
  PURPOSE_UNKNOWN: {
    exit: 'PROFILE',
    en: 'The profile has no purpose {purpose}; it has {known}: take the profile that has it, or name the one that is meant (--purpose).',
    vi: 'Hồ sơ kết nối không có mục đích {purpose}; có {known}: hãy dùng đúng hồ sơ, hoặc chỉ ra mục đích cần dùng (--purpose).',
  },
  GATEWAY_DIFFERS: {
    exit: 'PROFILE',
    en: "The gateway and this profile differ in {differing}: nothing of the answer was used. Take the profile folder of this gateway and agency, or mend config.json; where both are right, tell the gateway's operator.",
    vi: 'Cổng và hồ sơ kết nối này khác nhau ở {differing}: không sử dụng câu trả lời. Hãy dùng đúng hồ sơ của cổng và cơ quan này, hoặc sửa config.json; nếu đã đúng, hãy báo đơn vị vận hành.',
  },
  CLOCK_AHEAD: {
    exit: 'PROFILE',
    en: "This machine's clock is {seconds} s ahead of the gateway's: set it (NTP), or signatures will be refused.",
    vi: 'Đồng hồ máy này nhanh hơn cổng {seconds} giây: hãy chỉnh lại (NTP), nếu không chữ ký sẽ bị từ chối.',
  },
  CLOCK_BEHIND: {
    exit: 'PROFILE',
    en: "This machine's clock is {seconds} s behind the gateway's: set it (NTP), or signatures will be refused.",
    vi: 'Đồng hồ máy này chậm hơn cổng {seconds} giây: hãy chỉnh lại (NTP), nếu không chữ ký sẽ bị từ chối.',
  },
  UNTRUSTED_KEY_SET: {
    exit: 'PROFILE',
    en: "The gateway's key set is not signed by the root that the profile pins ({problem}): do not use what it answers; ask its operator.",
    vi: 'Bộ khóa của cổng không được ký bởi khóa gốc trong hồ sơ kết nối ({problem}): không dùng câu trả lời; hãy liên hệ đơn vị vận hành.',
  },
  UNTRUSTED_ANSWER: {
    exit: 'PROFILE',
    en: "An answer does not carry the gateway's valid signature ({problem}): nothing of it was used. Ask the gateway's operator.",
    vi: 'Câu trả lời không có chữ ký hợp lệ của cổng ({problem}): không sử dụng. Hãy liên hệ đơn vị vận hành.',
  },
  DECRYPTION_KEY_MISSING: {
    exit: 'PROFILE',
    en: 'An answer is encrypted to a key that this profile does not have ({kid}): add its file to "encryption_keys" in config.json, or have the operator retire that key.',
    vi: 'Câu trả lời được mã hóa cho một khóa không có trong hồ sơ này ({kid}): hãy thêm tệp khóa vào "encryption_keys" trong config.json, hoặc đề nghị đơn vị vận hành ngừng dùng khóa đó.',
  },
  LOG_INCONSISTENT: {
    exit: 'PROFILE',
    en: "The gateway's log is not the continuation of the one seen before ({problem}): keep the profile's state folder and tell the operator and the supervisor. Only when the operator has told you in writing that the log was set back: put state/log-head.json aside, for the supervisor, and nothing else.",
    vi: 'Nhật ký của cổng không nối tiếp nhật ký đã thấy ({problem}): giữ nguyên thư mục state và báo đơn vị vận hành, đơn vị giám sát. Chỉ khi đơn vị vận hành đã báo bằng văn bản rằng nhật ký bị lùi lại: cất riêng state/log-head.json cho đơn vị giám sát, không đụng tới tệp khác.',
  },
  WITNESSES_WRONG: {
    exit: 'PROFILE',
    en: '{file} does not list witnesses: {"witnesses": [{"name": …, "key": public JWK}]} is wanted.',
    vi: '{file} không phải danh sách bên chứng kiến: cần {"witnesses": [{"name": …, "key": JWK công khai}]}.',
  },
  WITNESSES_MISSING: {
    exit: 'UNAVAILABLE',
    en: 'Not {needed} of the known witnesses are shown to have cosigned a head of the log that continues this one ({problem}): try again when they have.',
    vi: 'Chưa có đủ {needed} bên chứng kiến đã biết ký mốc nhật ký nối tiếp mốc này ({problem}): thử lại khi họ đã ký.',
  },

  // Answers
  REFUSED: { exit: 'REFUSED', en: 'Refused ({reason}): {text}', vi: 'Bị từ chối ({reason}): {text}' },
  REFUSED_PROFILE: { exit: 'PROFILE', en: 'Refused ({reason}): {text}', vi: 'Bị từ chối ({reason}): {text}' },
  REFUSED_USAGE: { exit: 'USAGE', en: 'Refused ({reason}): {text}', vi: 'Bị từ chối ({reason}): {text}' },
  REFUSED_UNSIGNED: {
    exit: 'REFUSED',
    en: 'Refused without a signature ({code}, {said}), so perhaps not by the gateway: nothing follows from it, and what was answered before is kept. Run it again; where that does not help, look at what stands between here and {address} (proxy, balancer), and ask the operator.',
    vi: 'Bị từ chối không kèm chữ ký ({code}, {said}), có thể không phải từ cổng: không kết luận gì từ đó, những gì đã trả lời vẫn được giữ. Hãy chạy lại; nếu vẫn vậy, kiểm tra thiết bị trung gian (proxy, cân bằng tải) trên đường tới {address}, và hỏi đơn vị vận hành.',
  },
  LIMITED: { exit: 'LIMITED', en: 'A limit is used up ({reason}): {text}', vi: 'Đã hết hạn mức ({reason}): {text}' },
  MESSAGE_TOO_LARGE: {
    exit: 'USAGE',
    en: 'The request or its answer is larger than one message may be: ask for less at a time.',
    vi: 'Yêu cầu hoặc câu trả lời vượt quá cỡ của một thông điệp: hãy hỏi ít hơn mỗi lần.',
  },
  TLS_REFUSED: {
    exit: 'PROFILE',
    en: 'No trusted connection to {address}: the gateway\'s certificate or this profile\'s is not accepted. Have "lienthong doctor" say which, then take the profile folder anew from the operator.',
    vi: 'Không kết nối tin cậy được tới {address}: chứng thư của cổng hoặc của hồ sơ kết nối không được chấp nhận. Hãy chạy "lienthong doctor" để biết chứng thư nào, rồi đề nghị đơn vị vận hành cấp lại hồ sơ kết nối.',
  },
  UNAVAILABLE: {
    exit: 'UNAVAILABLE',
    en: 'The gateway at {address} cannot be reached or cannot answer now. Run the same command again: it goes on where it was.',
    vi: 'Không kết nối được cổng {address} hoặc cổng chưa trả lời được. Hãy chạy lại đúng lệnh này: công việc tiếp tục từ chỗ dừng.',
  },
  INCOMPLETE: {
    exit: 'UNAVAILABLE',
    en: 'The job is not complete ({problem}). Run the same command again: it goes on where it was.',
    vi: 'Công việc chưa hoàn tất ({problem}). Hãy chạy lại đúng lệnh này: công việc tiếp tục từ chỗ dừng.',
  },
  JOB_PAUSED: {
    exit: 'REFUSED',
    en: 'The gateway paused job {job}: too many rows did not match (more than 20 %). Check that the columns are the right ones; the operator can release the job.',
    vi: 'Cổng đã tạm dừng công việc {job}: quá nhiều dòng không khớp (trên 20 %). Hãy kiểm tra các cột; đơn vị vận hành có thể mở lại.',
  },
  JOB_GONE: {
    exit: 'REFUSED',
    en: 'Job {job} cannot go on, the gateway says {state}. Remove {file} and run again: a new job then asks about all rows.',
    vi: 'Công việc {job} không thể tiếp tục, cổng cho biết {state}. Hãy xóa {file} rồi chạy lại: công việc mới sẽ hỏi lại mọi dòng.',
  },
  CLIENT_CLOSED: {
    exit: 'INTERRUPTED',
    en: 'This client was closed, and sends nothing any more: call again with a new one, made from the profile as it is now.',
    vi: 'Kết nối của chương trình này đã đóng, không gửi gì nữa: hãy gọi lại bằng kết nối mới, tạo từ hồ sơ kết nối hiện tại.',
  },
  INTERRUPTED: {
    exit: 'INTERRUPTED',
    en: 'Interrupted. Run the same command again: it goes on where it was.',
    vi: 'Đã dừng theo yêu cầu. Chạy lại đúng lệnh này để tiếp tục.',
  },
} as const satisfies Record<string, Message>;

export type KitReason = keyof typeof KIT_MESSAGES;
