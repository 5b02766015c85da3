/** How long data are kept: the one place where it stands. A kind without an end says why it has none. */

/** `gateway`: by every gateway, each minute. `operator`: by `lienthong retention run`, because no gateway may change what stands in the log. */
export type Enforcer = 'gateway' | 'operator';

export interface RetentionRow {
  /** What it is. */
  readonly en: string;
  readonly vi: string;
  /** Tables that hold it. */
  readonly tables: readonly string[];
  /** Seconds; undefined: for as long as the deployment exists. */
  readonly seconds: number | undefined;
  readonly by: Enforcer | undefined;
  /** Where the period comes from, or why there is none. `own`: no rule names one, and this is the deployment's default. */
  readonly source: string;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const YEAR = 365 * DAY;

export const RETENTION = {
  used_token: {
    en: 'Names of tokens that were used, against replay',
    vi: 'Mã của các token đã dùng, để chống phát lại',
    tables: ['used_token'],
    seconds: 5 * MINUTE,
    by: 'gateway',
    source: 'own: a token is fresh for 60 s',
  },
  call_answer: {
    en: 'Answers of single calls, sealed, for a retry',
    vi: 'Câu trả lời của lời gọi đơn, được niêm phong, để gửi lại',
    tables: ['request_key', 'stored_answer'],
    seconds: 10 * MINUTE,
    by: 'gateway',
    source: 'Law 91/2025, storage no longer than the purpose needs; own: a retry comes within 10 minutes',
  },
  job_answer: {
    en: 'Answers of chunks that were not acknowledged, sealed, for a job that resumes',
    vi: 'Câu trả lời của các khối chưa xác nhận, được niêm phong, để tiếp tục công việc',
    tables: ['stored_answer'],
    seconds: 72 * HOUR,
    by: 'gateway',
    source: 'Law 91/2025, as above; own: a job lives for 72 hours without a chunk',
  },
  log_people: {
    en: 'Who the people of a log entry are, sealed beside it, and the index of accesses made of it',
    vi: 'Người liên quan của từng mục nhật ký, được niêm phong bên cạnh mục, và chỉ mục truy cập lập từ đó',
    tables: ['log_entry.persons', 'access_block'],
    seconds: 10 * YEAR,
    by: 'operator',
    source:
      'own: no period of law is confirmed; a person is unlinked before on order (Law 91/2025, erasure: "lienthong accesses erase")',
  },
  log: {
    en: 'Entries and leaves of the log, which name nobody',
    vi: 'Các mục và lá của nhật ký, không chỉ tới ai',
    tables: ['log_entry', 'log_index', 'log_tile'],
    seconds: undefined,
    by: undefined,
    source:
      'proof of verification lasts as long as the subscription (Circular 08/2026), and a tree with a gap proves nothing',
  },
  job: {
    en: 'Jobs: totals, digests and receipts, without a row',
    vi: 'Công việc: số tổng, giá trị băm và biên nhận, không có dòng nào',
    tables: ['job', 'job_chunk'],
    seconds: undefined,
    by: undefined,
    source: 'holds no personal data',
  },
} as const satisfies Readonly<Record<string, RetentionRow>>;

export type DataKind = keyof typeof RETENTION;
