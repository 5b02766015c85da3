/** How long data are kept: the one place where it stands, for every table that holds any about people. A kind without an end says why it has none. */

/** `gateway`: by every gateway, each minute; what is counted by the day, once a day. `operator`: by `lienthong retention run`, because no gateway may change what stands in the log. */
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
  readonly sourceVi: string;
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
    sourceVi: 'tự đặt: token chỉ có giá trị trong 60 giây',
  },
  call_answer: {
    en: 'Answers of single calls, sealed, for a retry',
    vi: 'Câu trả lời của lời gọi đơn, được niêm phong, để gửi lại',
    tables: ['request_key', 'stored_answer'],
    seconds: 10 * MINUTE,
    by: 'gateway',
    source: 'Law 91/2025, storage no longer than the purpose needs; own: a retry comes within 10 minutes',
    sourceVi: 'Luật 91/2025/QH15: không lưu lâu hơn mục đích cần; tự đặt: lời gọi được gửi lại trong vòng 10 phút',
  },
  job_answer: {
    en: 'Answers of chunks that were not acknowledged, sealed, for a job that resumes',
    vi: 'Câu trả lời của các lô chưa xác nhận, được niêm phong, để tiếp tục công việc',
    tables: ['stored_answer'],
    seconds: 72 * HOUR,
    by: 'gateway',
    source: 'Law 91/2025, as above; own: a job lives for 72 hours without a chunk',
    sourceVi: 'Luật 91/2025/QH15, như trên; tự đặt: một công việc tồn tại 72 giờ khi không có lô nào',
  },
  subjects: {
    en: 'Who was asked about in a day, by a hash keyed for that day, where an agreement bounds their number',
    vi: 'Những người được hỏi tới trong ngày, bằng giá trị băm có khóa của ngày đó, khi thỏa thuận giới hạn số người',
    tables: ['subject_seen'],
    seconds: 2 * DAY,
    by: 'gateway',
    source: 'own: the day that runs counts; the one before is left to calls that began in it',
    sourceVi: 'tự đặt: ngày hiện tại được tính; ngày trước đó giữ cho các lời gọi đã bắt đầu trong ngày ấy',
  },
  guesses: {
    en: 'Wrong values that were asked, and whose of them came near the bound of guessing, by keyed hashes',
    vi: 'Các giá trị sai đã hỏi và trường hợp gần chạm ngưỡng dò đoán, bằng giá trị băm có khóa',
    tables: ['guess', 'guess_near', 'guess_crossing'],
    seconds: 30 * DAY,
    by: 'gateway',
    source: 'own: so long a wrong value counts against guessing',
    sourceVi: 'tự đặt: một giá trị sai được tính vào việc dò đoán trong thời gian đó',
  },
  witnessed_heads: {
    en: 'Heads of the log that were offered to witnesses, and their cosignatures',
    vi: 'Các đầu nhật ký đã đưa cho bên chứng kiến, cùng chữ ký của họ',
    tables: ['offered_head', 'cosignature'],
    seconds: 30 * DAY,
    by: 'gateway',
    source: 'own: holds no personal data; the newest 1,000 stay however old they are',
    sourceVi: 'tự đặt: không chứa dữ liệu cá nhân; 1.000 bản mới nhất luôn được giữ',
  },
  log_people: {
    en: 'Who the people of a log entry are, sealed beside it, and the index of accesses made of it',
    vi: 'Người liên quan của từng mục nhật ký, được niêm phong bên cạnh mục, và chỉ mục truy cập lập từ đó',
    tables: ['log_entry.persons', 'access_block'],
    seconds: 10 * YEAR,
    by: 'operator',
    source:
      'own: no period of law is confirmed; a person is unlinked before on order (Law 91/2025, erasure: "lienthong accesses erase")',
    sourceVi:
      'tự đặt: chưa xác nhận được thời hạn theo luật; có thể gỡ liên kết một người sớm hơn khi có quyết định (Luật 91/2025/QH15 về xóa dữ liệu: "lienthong accesses erase")',
  },
  own_entries: {
    en: 'In which entries of the log a person’s consents and requests stand, and which access they objected to',
    vi: 'Sự đồng ý và yêu cầu của một người nằm ở bản ghi nào của nhật ký, và họ phản đối lần truy cập nào',
    tables: [
      ...['consent.entry_id', 'consent_matter.entry_id', 'consent_matter.about_entry'],
      'consent_acknowledgement.entry_id',
    ],
    seconds: 10 * YEAR,
    by: 'operator',
    source:
      'own: as long as who the people of an entry are, which it would tell as well; before that as there, on order',
    sourceVi:
      'tự đặt: bằng thời hạn của thông tin về người trong bản ghi, vì cũng nói lên điều đó; sớm hơn khi có quyết định như trên',
  },
  unlinked: {
    en: 'On which day somebody was unlinked from the log, which their list of accesses says; of what, nothing',
    vi: 'Ngày một người được tách khỏi nhật ký, để danh sách truy cập của họ nói rõ; không cho biết tách khỏi gì',
    tables: ['person_unlinked'],
    seconds: 10 * YEAR,
    by: 'operator',
    source: 'own: as long as the list would have gone back',
    sourceVi: 'tự đặt: bằng thời gian mà danh sách lẽ ra còn hiện',
  },
  log: {
    en: 'Entries and leaves of the log, which name nobody',
    vi: 'Các mục và lá của nhật ký, không chỉ tới ai',
    tables: ['log_entry', 'log_index', 'log_tile'],
    seconds: undefined,
    by: undefined,
    source:
      'proof of verification lasts as long as the subscription (Circular 08/2026), and a tree with a gap proves nothing',
    sourceVi:
      'bằng chứng xác thực được giữ suốt thời gian thuê bao (Thông tư 08/2026), và cây thiếu một phần thì không chứng minh được gì',
  },
  job: {
    en: 'Jobs: totals, digests and receipts, without a row; the request that opened each, sealed, which may name an officer of the agency and its case, by their codes',
    vi: 'Công việc: số tổng, giá trị băm và biên nhận, không có dòng nào; yêu cầu mở từng công việc, được niêm phong, có thể ghi mã cán bộ và mã hồ sơ của cơ quan',
    tables: ['job', 'job_chunk'],
    seconds: undefined,
    by: undefined,
    source:
      'own: no period of law is confirmed; an agency is told of its job by it, also when that has ended: how it was opened and its file was read',
    sourceVi:
      'tự đặt: chưa xác nhận được thời hạn theo luật; cơ quan xem lại công việc của mình từ đó, kể cả khi đã kết thúc: cách mở và cách đọc tệp',
  },
  consents: {
    en: 'Consents as their issuers signed them, sealed; whom they are of, by the number of the record; what covers now',
    vi: 'Sự đồng ý như bên phát hành đã ký, được niêm phong; của ai, theo số bản ghi; và phạm vi đang có hiệu lực',
    tables: ['consent', 'consent_scope', 'consent_in_force', 'consent_uses', 'consent_ended'],
    seconds: undefined,
    by: undefined,
    source:
      'own: no period of law is confirmed; that an answer was allowed is shown by them, also when they have ended',
    sourceVi:
      'tự đặt: chưa xác nhận được thời hạn theo luật; nhờ đó chứng minh được câu trả lời là có phép, kể cả khi sự đồng ý đã hết hiệu lực',
  },
  matters: {
    en: 'What persons took back or asked for, by the number of their record; what officers decided of it, sealed',
    vi: 'Việc cá nhân rút lại hoặc yêu cầu, theo số bản ghi; và quyết định của cán bộ, được niêm phong',
    tables: ['consent_matter', 'consent_acknowledgement', 'consent_pending', 'matter_open', 'matter_act'],
    seconds: undefined,
    by: undefined,
    source: 'own: no period of law is confirmed; that a request was carried out in time is shown by them',
    sourceVi:
      'tự đặt: chưa xác nhận được thời hạn theo luật; nhờ đó chứng minh được yêu cầu đã được thực hiện đúng hạn',
  },
  acts: {
    en: 'What officers did, with their signatures: officers by code, key and a keyed hash of their ID',
    vi: 'Các hành vi của cán bộ kèm chữ ký: cán bộ theo mã, khóa và giá trị băm có khóa của số định danh',
    tables: ['act', 'act_decision', 'act_applied', 'job_release', 'agreement', 'officer'],
    seconds: undefined,
    by: undefined,
    source: 'own: who may do what is found by folding all of them, and an act that is missing changes it',
    sourceVi: 'tự đặt: ai được làm gì được xác định từ toàn bộ các hành vi này, thiếu một hành vi thì kết quả khác đi',
  },
  register: {
    en: 'The population register itself, with earlier values of its fields',
    vi: 'Chính cơ sở dữ liệu dân cư, cùng các giá trị trước đây của các trường',
    tables: ['person', 'identifier', 'person_match', 'value_history', 'relation'],
    seconds: undefined,
    by: undefined,
    source:
      'the law of the register itself, whose copy this is: an import brings what it says, and no gateway may change it',
    sourceVi:
      'theo luật về chính cơ sở dữ liệu dân cư mà đây là bản sao: nội dung do lần nhập đưa vào, không cổng nào được sửa',
  },
} as const satisfies Readonly<Record<string, RetentionRow>>;

export type DataKind = keyof typeof RETENTION;
