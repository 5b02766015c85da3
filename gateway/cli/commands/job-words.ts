import { JobState } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';

/** What `job watch` and `job cancel` say. */
export const WATCH_WORDS = {
  en: {
    rows: '{rows} rows answered',
    rowsOf: '{rows} of {total} rows answered ({share} %)',
    rate: '{rate} rows a second',
    left: 'about {time} left',
  },
  vi: {
    rows: '{rows} dòng đã trả lời',
    rowsOf: '{rows} trong {total} dòng đã trả lời ({share} %)',
    rate: '{rate} dòng mỗi giây',
    left: 'còn khoảng {time}',
  },
} as const;

/** What the end of a job means, and what to do. */
export const STATE_WORDS: Readonly<Record<'en' | 'vi', Readonly<Partial<Record<JobState, string>>>>> = {
  en: {
    [JobState.DONE]: 'Done: every row is answered and the receipt is signed.',
    [JobState.CANCELLED]:
      'Cancelled by the agency: there is no receipt. Answers given stay signed and in the log; a new run of the file is a new job.',
    [JobState.EXPIRED]:
      'Expired: 72 hours without use. There is no receipt; answers given stay in the log. Remove <results>.job.json and run the file again.',
    [JobState.PAUSED]:
      'Paused: more than 20 % of the rows did not match, of this job or of other jobs of today. Check that the columns are the right ones (lienthong telco explain shows how a row is read); the operator can release the job, then the same "telco verify" goes on.',
  },
  vi: {
    [JobState.DONE]: 'Hoàn tất: mọi dòng đã có câu trả lời, biên nhận đã ký.',
    [JobState.CANCELLED]:
      'Cơ quan đã hủy: không có biên nhận. Câu trả lời đã nhận vẫn có chữ ký và nằm trong nhật ký; chạy lại tệp là một công việc mới.',
    [JobState.EXPIRED]:
      'Hết hạn: 72 giờ không được dùng. Không có biên nhận; câu trả lời đã nhận vẫn nằm trong nhật ký. Hãy xóa <kết quả>.job.json rồi chạy lại tệp.',
    [JobState.PAUSED]:
      'Tạm dừng: hơn 20 % số dòng của công việc này, hoặc của các công việc khác trong ngày, không khớp. Hãy kiểm tra các cột (lienthong telco explain cho thấy cách đọc một dòng); đơn vị vận hành có thể mở lại, sau đó chạy tiếp đúng lệnh "telco verify".',
  },
};

export const CANCEL_WORDS = {
  en: {
    ask: 'Cancel job {job} ({state}, {rows} rows answered)? It cannot be undone. [y/N] ',
    kept: 'Nothing was changed: the job goes on.',
    done: 'Job {job} is cancelled.',
    stays: [
      'Still valid: the answers to {rows} rows. Each chunk of them is signed, stands in the log, and counts towards quotas.',
      'There is none: a receipt. "receipt verify" and "receipt prove" need one, so single rows of this job cannot be proven.',
      'To verify the file after all, remove <results>.job.json and run "telco verify": a new job asks for every row.',
    ],
  },
  vi: {
    ask: 'Hủy công việc {job} ({state}, {rows} dòng đã trả lời)? Không thể hoàn tác. [c/K] ',
    kept: 'Không thay đổi gì: công việc vẫn tiếp tục.',
    done: 'Đã hủy công việc {job}.',
    stays: [
      'Vẫn có giá trị: câu trả lời cho {rows} dòng. Mỗi lô đều được ký, nằm trong nhật ký và tính vào hạn mức.',
      'Không có: biên nhận. "receipt verify" và "receipt prove" cần biên nhận, nên không chứng minh được từng dòng của công việc này.',
      'Nếu vẫn muốn đối chiếu tệp, hãy xóa <kết quả>.job.json rồi chạy "telco verify": công việc mới hỏi lại mọi dòng.',
    ],
  },
} as const;
