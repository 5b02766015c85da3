import { EXIT_CODES, type ExitClass, type ExitCode } from '../../connectors/kit/exit-codes.ts';
import type { Language } from '../../connectors/kit/messages.ts';
import { type Facts, factsIn, fill } from '../errors/words.ts';
import { DATABASE_PROBLEMS } from './database-problems.ts';
import { FILE_PROBLEMS } from './file-problems.ts';
import { GENESIS_PROBLEMS } from './genesis-problems.ts';
import { OFFICER_PROBLEMS } from './officer-problems.ts';
import { REQUEST_FAULTS, type RequestFault } from './officers/request-faults.ts';
import { OPERATOR_PROBLEMS } from './operator-problems.ts';
import { OUTPUT_PROBLEMS } from './output-problems.ts';
import { WANTED, type Wanted } from './wanted.ts';

export type ProblemRow = {
  readonly exit: ExitClass;
  /** What happened. */
  readonly en: string;
  readonly vi: string;
  /** What to do next. */
  readonly nextEn: string;
  readonly nextVi: string;
};

/** What goes wrong in the command line itself: closed reasons, each with its exit class and its two lines. */
export const PROBLEMS = {
  ...OPERATOR_PROBLEMS,
  ...OFFICER_PROBLEMS,
  ...GENESIS_PROBLEMS,
  ...OUTPUT_PROBLEMS,
  ...DATABASE_PROBLEMS,
  ...FILE_PROBLEMS,
  OPTION_WRONG: {
    exit: 'USAGE',
    en: '{option} must be {wanted}.',
    vi: '{option} phải {wanted}.',
    nextEn: 'See the options with --help.',
    nextVi: 'Xem các tùy chọn bằng --help.',
  },
  PROFILE_NEEDED: {
    exit: 'PROFILE',
    en: 'No profile was named.',
    vi: 'Chưa chỉ ra hồ sơ kết nối.',
    nextEn: 'Add --profile DIR (the folder that holds config.json), or set LIENTHONG_PROFILE.',
    nextVi: 'Thêm --profile DIR (thư mục chứa config.json), hoặc đặt biến LIENTHONG_PROFILE.',
  },
  CONFIRMATION_NEEDED: {
    exit: 'USAGE',
    en: 'Nobody can be asked here, and this cannot be undone.',
    vi: 'Không hỏi lại được ở đây, và thao tác này không thể hoàn tác.',
    nextEn: 'Add --yes where it is meant.',
    nextVi: 'Nếu chắc chắn, hãy thêm --yes.',
  },
  ID_MISSING: {
    exit: 'USAGE',
    en: 'No personal ID was given.',
    vi: 'Chưa có số định danh cá nhân.',
    nextEn: 'Give one ID, or "-" and the ID on standard input (it then stays out of the shell history).',
    nextVi: 'Nhập một số định danh, hoặc "-" rồi đưa số qua đầu vào chuẩn (không lưu trong lịch sử lệnh).',
  },
  REQUEST_WRONG: {
    exit: 'USAGE',
    en: 'The request is not a {message} in protobuf JSON: {problem}.',
    vi: 'Yêu cầu không phải {message} dạng protobuf JSON: {problem}.',
    nextEn: 'Fields are: {fields}.',
    nextVi: 'Các trường: {fields}.',
  },
  BLIND_NEEDED: {
    exit: 'USAGE',
    en: 'The request has a request_id of its own and no blind: sent again, it would be other bytes under the same id, which are refused.',
    vi: 'Yêu cầu có request_id riêng nhưng không có blind: khi gửi lại, nội dung sẽ khác dưới cùng một mã và bị từ chối.',
    nextEn: 'Give both, the same each time (blind: 16 random bytes in base64), or neither.',
    nextVi: 'Hãy đưa cả hai, giống nhau mỗi lần (blind: 16 byte ngẫu nhiên dạng base64), hoặc bỏ cả hai.',
  },
  METHOD_UNKNOWN: {
    exit: 'USAGE',
    en: 'There is no method {method}.',
    vi: 'Không có phương thức {method}.',
    nextEn: 'Methods:{known}',
    nextVi: 'Các phương thức:{known}',
  },
  METHOD_STREAMS: {
    exit: 'USAGE',
    en: '{method} is a stream, which this command cannot hold.',
    vi: '{method} là luồng, lệnh này không gọi được.',
    nextEn: 'For files of rows use "lienthong telco verify".',
    nextVi: 'Với tệp nhiều dòng, dùng "lienthong telco verify".',
  },
  DESCRIPTORS_WRONG: {
    exit: 'PROFILE',
    en: 'The descriptor set of the profile ({file}) cannot be read.',
    vi: 'Không đọc được bộ mô tả của hồ sơ kết nối ({file}).',
    nextEn:
      'Run "enroll finish" again, or take "descriptors" out of its config.json: the contract of this program counts then.',
    nextVi:
      'Chạy lại "enroll finish", hoặc bỏ "descriptors" khỏi config.json: khi đó dùng đặc tả giao diện của chương trình này.',
  },
  DATA_EMPTY: {
    exit: 'USAGE',
    en: '{folder} is not a data folder of "lienthong dev up".',
    vi: '{folder} không phải thư mục dữ liệu của "lienthong dev up".',
    nextEn: 'Check --data, or make one with: lienthong dev up --data {folder}',
    nextVi: 'Kiểm tra --data, hoặc tạo mới: lienthong dev up --data {folder}',
  },
  DATA_BUSY: {
    exit: 'UNAVAILABLE',
    en: '{folder} is in use by process {pid}.',
    vi: 'Thư mục {folder} đang được tiến trình {pid} sử dụng.',
    nextEn: 'Stop that one first (Ctrl-C), or take another folder.',
    nextVi: 'Dừng tiến trình đó trước (Ctrl-C), hoặc chọn thư mục khác.',
  },
  AGENCY_UNKNOWN: {
    exit: 'USAGE',
    en: 'There is no agency {agency} in this deployment.',
    vi: 'Không có cơ quan {agency} trong hệ thống này.',
    nextEn: 'Agencies: {known}.',
    nextVi: 'Các cơ quan: {known}.',
  },
  PORT_TAKEN: {
    exit: 'UNAVAILABLE',
    en: 'Port {port} is in use by another program.',
    vi: 'Cổng mạng {port} đang được chương trình khác sử dụng.',
    nextEn: 'Take another one: --port N (0 for any that is free).',
    nextVi: 'Chọn cổng mạng khác: --port N (0: bất kỳ số nào còn trống).',
  },
  DEPLOYMENT_UNNAMED: {
    exit: 'USAGE',
    en: 'No deployment was named.',
    vi: 'Chưa chỉ ra hệ thống nào.',
    nextEn: 'Give --data DIR (a development deployment) or --config FILE.',
    nextVi: 'Dùng --data DIR (hệ thống phát triển) hoặc --config FILE.',
  },
  REQUEST_UNKNOWN: {
    exit: 'REFUSED',
    en: 'No entry of the log has this id.',
    vi: 'Không có bản ghi nhật ký nào mang mã này.',
    nextEn:
      "What was refused before the certificate was known, beyond the budget of refusals, or while the log could not be written, has no entry; look in the gateway's log lines.",
    nextVi:
      'Lời gọi bị từ chối trước khi nhận ra chứng thư, vượt mức ghi từ chối, hoặc khi nhật ký không ghi được, không có bản ghi; hãy xem dòng nhật ký vận hành của cổng.',
  },
  REQUEST_UNKNOWN_SINCE: {
    exit: 'REFUSED',
    en: 'No entry of the log since {since} has this id.',
    vi: 'Không có bản ghi nhật ký nào từ {since} mang mã này.',
    nextEn: 'Give an earlier --since, or leave it out: then the whole log is read.',
    nextVi: 'Dùng --since sớm hơn, hoặc bỏ tùy chọn này để đọc toàn bộ nhật ký.',
  },
  LOG_UNNAMED: {
    exit: 'USAGE',
    en: 'No log was named.',
    vi: 'Chưa chỉ ra nhật ký.',
    nextEn: 'Give --data DIR (a development deployment) or --config FILE.',
    nextVi: 'Dùng --data DIR (hệ thống phát triển) hoặc --config FILE.',
  },
  CONFIG_WRONG: {
    exit: 'USAGE',
    en: 'The configuration cannot be used: {problem}.',
    vi: 'Không dùng được cấu hình: {problem}.',
    nextEn: 'Mend the member it names and run the same command again.',
    nextVi: 'Sửa mục được nêu rồi chạy lại lệnh này.',
  },
  KEY_FILE: {
    exit: 'PROFILE',
    en: 'A key cannot be used: {problem}.',
    vi: 'Không dùng được khóa: {problem}.',
    nextEn: 'Mend the file, or name another, and run the same command again.',
    nextVi: 'Sửa tệp đó hoặc nêu tệp khác rồi chạy lại lệnh này.',
  },
  GATEWAY_CONFIG: {
    exit: 'USAGE',
    en: 'The gateway did not accept its configuration.',
    vi: 'Cổng không chấp nhận cấu hình.',
    nextEn: 'Its log says why: {log}',
    nextVi: 'Nguyên nhân trong nhật ký: {log}',
  },
  GATEWAY_FAILED: {
    exit: 'UNAVAILABLE',
    en: 'The gateway ended before it answered ({code}).',
    vi: 'Cổng đã dừng trước khi sẵn sàng ({code}).',
    nextEn: 'Its log says why: {log}',
    nextVi: 'Nguyên nhân trong nhật ký: {log}',
  },
  RESULTS_DIFFER: {
    exit: 'USAGE',
    en: '{file} is not what the gateway signed: {count} of its rows or cells differ.',
    vi: '{file} không đúng với nội dung cổng đã ký: {count} dòng hoặc ô khác biệt.',
    nextEn: 'Do not rely on the rows named above; take the file from where it was made.',
    nextVi: 'Không dùng các dòng nêu trên; lấy lại tệp gốc.',
  },
  PROOF_WRONG: {
    exit: 'USAGE',
    en: '{file} proves nothing: {problem} ({where}).',
    vi: '{file} không chứng minh được gì: {problem} ({where}).',
    nextEn: 'Do not rely on it; have it cut again from the results and their receipt (lienthong receipt prove).',
    nextVi: 'Không dựa vào tệp này; hãy trích lại từ tệp kết quả và biên nhận (lienthong receipt prove).',
  },
  REGISTER_REFUSED: {
    exit: 'REFUSED',
    en: 'The register refused: {problem}',
    vi: 'CSDL dân cư từ chối: {problem}',
    nextEn: 'Take another data folder or another file.',
    nextVi: 'Chọn thư mục dữ liệu hoặc tệp khác.',
  },
  NO_EXAMPLE: {
    exit: 'UNAVAILABLE',
    en: 'The synthetic population has nobody to show.',
    vi: 'Tập người giả lập không có người phù hợp để minh họa.',
    nextEn: 'Take a larger one: --persons 2000.',
    nextVi: 'Chọn tập lớn hơn: --persons 2000.',
  },
  INTERRUPTED: {
    exit: 'INTERRUPTED',
    en: 'Interrupted; everything that was started has been stopped.',
    vi: 'Đã dừng theo yêu cầu; mọi tiến trình đã khởi động đều được tắt.',
    nextEn: 'Run the same command again when you like.',
    nextVi: 'Có thể chạy lại lệnh này bất cứ lúc nào.',
  },
  UNEXPECTED: {
    exit: 'UNAVAILABLE',
    en: 'A fault in lienthong itself: {problem}',
    vi: 'Lỗi của chính lienthong: {problem}',
    nextEn: 'Run it again; if it stays, tell its makers the line above (LIENTHONG_DEBUG=1 shows where).',
    nextVi: 'Chạy lại; nếu vẫn lỗi, gửi dòng trên cho nhóm phát triển (LIENTHONG_DEBUG=1 cho biết vị trí).',
  },
} as const satisfies Record<string, ProblemRow>;

export type ProblemReason = keyof typeof PROBLEMS;
/** Those whose facts need no words of their own. */
export type PlainReason = Exclude<ProblemReason, 'OPTION_WRONG' | 'REQUEST_FILE'>;
/** What a sentence names: options, paths, codes, counts. Never a value of a person. */
export type ProblemFacts = Facts;
/** What an option must be, by its key in `WANTED`, and what that text names. */
export type WantedFacts = ProblemFacts & { readonly wanted: Wanted };
type OptionFacts = WantedFacts & { readonly option: string };
type RequestFacts = { readonly file: string; readonly problem: RequestFault };

/** A failure of the command line with its exit code and its two lines in both languages. */
export class CliProblem extends Error {
  override readonly name = 'CliProblem';
  readonly reason: ProblemReason;
  readonly facts: ProblemFacts;
  readonly exitCode: ExitCode;

  constructor(reason: 'OPTION_WRONG', facts: OptionFacts, options?: ErrorOptions);
  constructor(reason: 'REQUEST_FILE', facts: RequestFacts, options?: ErrorOptions);
  constructor(reason: PlainReason, facts?: ProblemFacts, options?: ErrorOptions);
  constructor(reason: ProblemReason, facts: ProblemFacts = {}, options?: ErrorOptions) {
    super(fill(PROBLEMS[reason].en, told(reason, facts, 'en')), options);
    this.reason = reason;
    this.facts = facts;
    this.exitCode = EXIT_CODES[PROBLEMS[reason].exit];
  }

  happened(language: Language): string {
    return fill(PROBLEMS[this.reason][language], told(this.reason, this.facts, language));
  }

  next(language: Language): string {
    const row = PROBLEMS[this.reason];
    return fill(language === 'vi' ? row.nextVi : row.nextEn, factsIn(this.facts, language));
  }
}

/** What an option takes, or what is wrong with a file, is told in the language of the sentence around it. */
function told(
  reason: ProblemReason,
  given: ProblemFacts,
  language: Language,
): Readonly<Record<string, string | number>> {
  const facts = factsIn(given, language);
  if (reason === 'OPTION_WRONG') {
    return { ...facts, wanted: fill(WANTED[(given as OptionFacts).wanted][language], facts) };
  }
  if (reason === 'REQUEST_FILE') {
    return { ...facts, problem: REQUEST_FAULTS[(given as RequestFacts).problem][language] };
  }
  return facts;
}

export { fill };

/** Ends a command that was interrupted. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new CliProblem('INTERRUPTED');
}
