import type { ProofProblem } from '../../../connectors/kit/row-proof-check.ts';

export type ProofWords = {
  readonly made: string;
  readonly holds: string;
  readonly proves: string;
  readonly provesNot: string;
  readonly not: readonly string[];
  readonly deployment: string;
  readonly agency: string;
  readonly job: string;
  readonly time: string;
  readonly row: string;
  readonly rowText: string;
  readonly verdict: string;
  readonly fields: string;
  readonly nameScore: string;
  readonly score: string;
  readonly reasons: string;
  readonly notices: string;
  readonly currentId: string;
  readonly log: string;
  readonly logText: string;
  readonly versions: string;
  readonly versionsText: string;
  readonly judgedText: string;
  /** Where the row was judged under others, or it is not proven under which. */
  readonly versionsClosed: string;
  readonly notJudged: string;
  readonly withheld: string;
  readonly problems: Readonly<Record<ProofProblem, string>>;
};

export const PROOF_WORDS: Readonly<Record<'en' | 'vi', ProofWords>> = {
  en: {
    made: 'The proof of line {line} (job {job}) is in {out}. It holds the key of that job: keep it as you keep the row. Check it anywhere, offline: lienthong receipt check {out} --root key-set-root.jwk.json',
    holds:
      '✓ The proof holds: the root pinned here signed the keys, one of these signed the job’s receipt, and the row leads to it.',
    proves: 'It proves that the gateway gave this answer',
    provesNot: 'It does not prove',
    not: [
      'which number, name and date of birth the row held: it is tied to its line, row_id and msisdn. The file itself is bound by the job’s opening, whose digest is in the proof.',
      'the column action, which follows from verdict and notices, nor as_of, case_id and proof_ref.',
      'that the answer is true of today: the register may have changed since.',
      'that the log still holds this: its head is signed here; ask for its continuation, or lienthong audit verify at the operator.',
      'anything of other rows.',
    ],
    deployment: 'Deployment',
    agency: 'Given to',
    job: 'Job',
    time: 'Job closed',
    row: 'Row',
    rowText: 'line {line} of the file, number {index} of {rows}',
    verdict: 'Verdict',
    fields: 'Number, name, date',
    nameScore: 'Name score',
    score: 'Score',
    reasons: 'Reasons',
    notices: 'Notices',
    currentId: 'Number now in use',
    log: 'Log head',
    logText: '{origin}, {size} entries, root {root}',
    versions: 'Versions',
    versionsText: 'matching profile {profile}, field vocabulary {vocabulary}, policy {policy}, agreement {agreement}',
    judgedText: 'matching profile {profile}, policy {policy}, agreement {agreement}',
    versionsClosed: 'When the job closed',
    notJudged:
      'under which versions this row was judged, where they changed while the job ran: the proof holds no answer of its chunk that can be believed.',
    withheld: 'not told',
    problems: {
      FORMAT: 'it is not the one layout of a row’s proof (results and their receipt: lienthong receipt verify)',
      KEY_SET: 'its keys are not signed by the root pinned here',
      TOKEN: 'its receipt is not signed by one of the gateway’s keys',
      OTHER_PARTY: 'it was made out to somebody else, or by another deployment',
      LOG_HEAD: 'the head of the log in it is not signed by one of the gateway’s keys',
      NOT_IN_TOKEN: 'the signed receipt says otherwise',
      ANSWER: 'its answer is not the one that the gateway signed for the chunk of this row',
      CELLS: 'a cell is none that a result prints as',
      ROW: 'the row does not lead to the signed root, so one of these was changed',
    },
  },
  vi: {
    made: 'Bằng chứng của dòng {line} (công việc {job}) ở {out}. Tệp chứa khóa của công việc đó: hãy giữ như giữ chính dòng ấy. Kiểm tra ở bất cứ đâu, không cần mạng: lienthong receipt check {out} --root key-set-root.jwk.json',
    holds:
      '✓ Bằng chứng đúng: khóa gốc được ghim đã ký bộ khóa, một khóa trong đó đã ký biên nhận của công việc, và dòng này dẫn tới biên nhận ấy.',
    proves: 'Chứng minh rằng cổng đã trả lời như sau',
    provesNot: 'Không chứng minh',
    not: [
      'số giấy tờ, họ tên và ngày sinh của dòng: dòng chỉ gắn với số dòng, row_id và msisdn. Cả tệp được ràng buộc bởi lời mở công việc, có giá trị băm trong bằng chứng.',
      'cột action (suy ra từ kết luận và lưu ý), as_of, case_id và proof_ref.',
      'rằng câu trả lời đúng với hôm nay: dữ liệu dân cư có thể đã thay đổi.',
      'rằng nhật ký hiện vẫn giữ điều này: ở đây chỉ có mốc đã ký; hãy yêu cầu phần nối tiếp, hoặc lienthong audit verify tại đơn vị vận hành.',
      'bất cứ điều gì về các dòng khác.',
    ],
    deployment: 'Hệ thống',
    agency: 'Trả lời cho',
    job: 'Công việc',
    time: 'Đóng lúc',
    row: 'Dòng',
    rowText: 'dòng {line} của tệp, thứ {index} trong {rows}',
    verdict: 'Kết luận',
    fields: 'Số, tên, ngày sinh',
    nameScore: 'Điểm họ tên',
    score: 'Điểm',
    reasons: 'Lý do',
    notices: 'Lưu ý',
    currentId: 'Số đang dùng',
    log: 'Mốc nhật ký',
    logText: '{origin}, {size} bản ghi, gốc {root}',
    versions: 'Phiên bản',
    versionsText: 'bộ quy tắc {profile}, bộ trường {vocabulary}, chính sách {policy}, thỏa thuận {agreement}',
    judgedText: 'bộ quy tắc {profile}, chính sách {policy}, thỏa thuận {agreement}',
    versionsClosed: 'Khi đóng công việc',
    notJudged:
      'dòng này được đối chiếu theo phiên bản nào, nếu phiên bản đã thay đổi trong khi công việc chạy: bằng chứng không có câu trả lời đáng tin của phần chứa dòng này.',
    withheld: 'không cho biết',
    problems: {
      FORMAT: 'không đúng định dạng bằng chứng của một dòng (kết quả và biên nhận: lienthong receipt verify)',
      KEY_SET: 'bộ khóa không được ký bởi khóa gốc được ghim ở đây',
      TOKEN: 'biên nhận không được ký bởi khóa của cổng',
      OTHER_PARTY: 'cấp cho đơn vị khác, hoặc của hệ thống khác',
      LOG_HEAD: 'mốc nhật ký không được ký bởi khóa của cổng',
      NOT_IN_TOKEN: 'biên nhận đã ký nói khác',
      ANSWER: 'câu trả lời trong đó không phải câu trả lời cổng đã ký cho phần chứa dòng này',
      CELLS: 'có ô không phải dạng kết quả được ghi',
      ROW: 'dòng không dẫn tới gốc đã ký, nên một trong các phần này đã bị sửa',
    },
  },
};
