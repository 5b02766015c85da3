/** What can go wrong with earlier results: a part of the kit's closed reasons. */
export const CARRY_MESSAGES = {
  EARLIER_MISSING: {
    exit: 'USAGE',
    en: 'No receipt of job {job} in {folder}: name the earlier results themselves (--changed-since results.csv).',
    vi: 'Không có biên nhận của công việc {job} trong {folder}: hãy chỉ ra chính tệp kết quả trước (--changed-since results.csv).',
  },
  EARLIER_TWICE: {
    exit: 'USAGE',
    en: 'Several receipts are of job {job} ({files}): name the results file that is meant.',
    vi: 'Có nhiều biên nhận của công việc {job} ({files}): hãy chỉ ra tệp kết quả cần dùng.',
  },
  EARLIER_UNFINISHED: {
    exit: 'USAGE',
    en: 'The run that writes {file} has not come to its end: run its command again first.',
    vi: 'Lần chạy ghi {file} chưa kết thúc: hãy chạy lại lệnh đó trước.',
  },
  EARLIER_IS_OUT: {
    exit: 'USAGE',
    en: '--out must be another file than the earlier results {file}: they and their receipt prove the rows that are carried.',
    vi: '--out phải là tệp khác với kết quả trước {file}: tệp đó và biên nhận của nó chứng minh các dòng được giữ lại.',
  },
  EARLIER_DIFFERS: {
    exit: 'USAGE',
    en: '{results} is not what the gateway signed: {count} of its rows or cells differ, the first at line {line}. Nothing was asked or carried: take the file as it was made ("lienthong receipt verify"), or verify without --changed-since.',
    vi: '{results} không đúng như cổng đã ký: {count} dòng hoặc ô khác, đầu tiên ở dòng {line}. Chưa hỏi và chưa giữ lại gì: hãy lấy lại tệp gốc ("lienthong receipt verify"), hoặc đối chiếu không dùng --changed-since.',
  },
  EARLIER_CHANGED: {
    exit: 'USAGE',
    en: '{results} was written to while rows were carried from it: run the same command again; what was answered is kept.',
    vi: '{results} đã bị ghi trong khi đang giữ lại các dòng từ đó: hãy chạy lại đúng lệnh này; các câu trả lời đã có được giữ nguyên.',
  },
  ASKED_MISSING: {
    exit: 'USAGE',
    en: '{file} is missing: without it nobody can tell which rows changed. It is written beside results; verify once without --changed-since.',
    vi: 'Thiếu {file}: không có tệp này thì không biết dòng nào đã thay đổi. Tệp được ghi cạnh kết quả; hãy đối chiếu một lần không dùng --changed-since.',
  },
  ASKED_WRONG: {
    exit: 'USAGE',
    en: '{file} is damaged, was edited, or belongs to other results: nothing was asked or carried. Take the file as it was made, or verify once without --changed-since.',
    vi: '{file} bị hỏng, bị sửa, hoặc thuộc kết quả khác: chưa hỏi và chưa giữ lại gì. Hãy lấy lại tệp gốc, hoặc đối chiếu một lần không dùng --changed-since.',
  },
  CARRIED_SOURCE_MISSING: {
    exit: 'USAGE',
    en: 'Rows were carried from job {job}, whose results and receipt are not in {folder}: put both there, as they were made; they prove those rows.',
    vi: 'Có dòng được giữ lại từ công việc {job}, nhưng kết quả và biên nhận của công việc đó không có trong {folder}: hãy đặt cả hai tệp gốc vào đó; chúng chứng minh các dòng ấy.',
  },
} as const;
