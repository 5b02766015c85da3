/** What goes wrong with files that are written: of results that are complete, each says where they are. */
import type { ProblemRow } from './problem.ts';

export const OUTPUT_PROBLEMS = {
  FILE_THERE: {
    exit: 'USAGE',
    en: '{file} is there already.',
    vi: 'Tệp {file} đã có.',
    nextEn: 'Nothing was overwritten or looked up. Name another file with --out.',
    nextVi: 'Chưa ghi đè và chưa tra cứu gì. Chọn tệp khác bằng --out.',
  },
  RESULTS_UNDELIVERED: {
    exit: 'USAGE',
    en: 'The job is complete, but {file} could not be written ({code}).',
    vi: 'Công việc đã hoàn tất, nhưng không ghi được {file} ({code}).',
    nextEn:
      'Take the results from {results} and the receipt from {receipt}: running it again would ask about all rows anew.',
    nextVi: 'Hãy lấy kết quả ở {results} và biên nhận ở {receipt}: chạy lại sẽ hỏi lại từ đầu mọi dòng.',
  },
  WORKBOOK_UNWRITTEN: {
    exit: 'USAGE',
    en: 'The results are complete ({results}), but the workbook {file} could not be written ({code}).',
    vi: 'Kết quả đã đầy đủ ({results}), nhưng không ghi được bảng tính {file} ({code}).',
    nextEn:
      'For the workbook run it with another --out and --changed-since {results}: what has not changed is not asked again.',
    nextVi:
      'Để có bảng tính, chạy lại với --out khác và --changed-since {results}: dòng không đổi sẽ không bị hỏi lại.',
  },
  WORKBOOK_INTERRUPTED: {
    exit: 'INTERRUPTED',
    en: 'Interrupted. The results are complete ({results}), the workbook {file} is not written.',
    vi: 'Đã dừng theo yêu cầu. Kết quả đã đầy đủ ({results}), bảng tính {file} chưa được ghi.',
    nextEn:
      'For the workbook run it with another --out and --changed-since {results}: what has not changed is not asked again.',
    nextVi:
      'Để có bảng tính, chạy lại với --out khác và --changed-since {results}: dòng không đổi sẽ không bị hỏi lại.',
  },
} as const satisfies Record<string, ProblemRow>;
