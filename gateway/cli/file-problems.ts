/** What goes wrong with a file that a command names, before anything is known of what is in it. */
import type { ProblemRow } from './problem.ts';

export const FILE_PROBLEMS = {
  FILE_UNREADABLE: {
    exit: 'USAGE',
    en: 'Cannot read {file} ({code}).',
    vi: 'Không đọc được {file} ({code}).',
    nextEn: 'Check the path and its permissions.',
    nextVi: 'Kiểm tra đường dẫn và quyền đọc.',
  },
  FILE_UNWRITABLE: {
    exit: 'USAGE',
    en: 'Cannot write {file} ({code}).',
    vi: 'Không ghi được {file} ({code}).',
    nextEn: 'Check the path, its permissions and the space on the disk.',
    nextVi: 'Kiểm tra đường dẫn, quyền ghi và dung lượng đĩa.',
  },
  // Of an error of the system nobody knows whether it came of reading or of writing: both are opened.
  FILE_DENIED: {
    exit: 'USAGE',
    en: 'This user may not open {file} ({code}).',
    vi: 'Người dùng này không có quyền mở {file} ({code}).',
    nextEn:
      'See with "ls -la" whose the file and its folders are: give them to this user, or run the command as theirs.',
    nextVi: 'Dùng "ls -la" xem tệp và thư mục thuộc về ai: giao cho người dùng này, hoặc chạy lệnh bằng người dùng đó.',
  },
} as const satisfies Record<string, ProblemRow>;
