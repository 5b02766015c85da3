/** Why the embedded PostgreSQL does not run, in words. */
import { ToldError, type Words } from '../errors/words.ts';

export const EMBEDDED_WORDS = {
  rootUser: {
    en: 'PostgreSQL cannot run as root and the user "postgres" could not be made: make one, or do not run as root.',
    vi: 'PostgreSQL không chạy được bằng root và không tạo được người dùng "postgres": hãy tạo người dùng đó, hoặc không chạy bằng root.',
  },
  notMade: {
    en: 'The embedded PostgreSQL could not make its data folder: {complaint}',
    vi: 'PostgreSQL nhúng không tạo được thư mục dữ liệu: {complaint}',
  },
  endedWith: { en: 'initdb ended with {code}', vi: 'initdb kết thúc với mã {code}' },
  inUse: {
    en: 'The data folder {folder} is in use by process {pid}: stop that one first, or take another folder.',
    vi: 'Thư mục dữ liệu {folder} đang được tiến trình {pid} sử dụng: hãy dừng tiến trình đó trước, hoặc chọn thư mục khác.',
  },
  notStarted: {
    en: 'The embedded PostgreSQL did not start in {folder}:\n{log}',
    vi: 'PostgreSQL nhúng không khởi động được trong {folder}:\n{log}',
  },
  notStopped: { en: 'The embedded PostgreSQL does not stop.', vi: 'PostgreSQL nhúng không dừng được.' },
  noPlatform: {
    en: 'No embedded PostgreSQL for {platform} {arch}: run "npm ci" again, or use a server of your own with DATABASE_URL.',
    vi: 'Không có PostgreSQL nhúng cho {platform} {arch}: hãy chạy lại "npm ci", hoặc dùng máy chủ riêng qua DATABASE_URL.',
  },
  notCopied: {
    en: "PostgreSQL's programs could not be copied to {cache}; remove that folder and try again.",
    vi: 'Không chép được các chương trình PostgreSQL vào {cache}; hãy xóa thư mục đó rồi thử lại.',
  },
} as const satisfies Record<string, Words>;

/** A live process runs the server of that folder. */
export class EmbeddedInUse extends ToldError {
  override readonly name = 'EmbeddedInUse';
  readonly pid: number;
  constructor(words: Words, pid: number) {
    super(words);
    this.pid = pid;
  }
}
