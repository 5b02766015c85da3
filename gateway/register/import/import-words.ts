/** Why a file of people cannot be imported as a whole. */
import type { Words } from '../../errors/words.ts';

export const IMPORT_WORDS = {
  recordTooLong: {
    en: 'The record that begins in line {line} is longer than 1 MiB: is a quote left open?',
    vi: 'Bản ghi bắt đầu ở dòng {line} dài hơn 1 MiB: có phải thiếu dấu ngoặc kép đóng?',
  },
  running: {
    en: 'Another import is under way on this database.',
    vi: 'Đang có một lần nhập khác trên cơ sở dữ liệu này.',
  },
  otherKind: {
    en: 'This database is stamped {found}: an import for {kind} is refused.',
    vi: 'Cơ sở dữ liệu này đã đóng dấu {found}: không nhận dữ liệu nhập cho {kind}.',
  },
  columnTwice: {
    en: 'The column "{column}" stands twice in the header.',
    vi: 'Cột "{column}" xuất hiện hai lần ở dòng tiêu đề.',
  },
  columnUnknown: {
    en: 'The register does not know the column "{column}".',
    vi: 'CSDL dân cư không có cột "{column}".',
  },
  sameField: {
    en: 'The columns "{before}" and "{column}" are the same field.',
    vi: 'Các cột "{before}" và "{column}" là cùng một trường.',
  },
  columnMissing: {
    en: 'The column "{column}" is missing from the header.',
    vi: 'Dòng tiêu đề thiếu cột "{column}".',
  },
  unreadable: { en: 'The file {file} cannot be read.', vi: 'Không đọc được tệp {file}.' },
  empty: {
    en: 'The file {file} is empty: it needs at least a header.',
    vi: 'Tệp {file} rỗng: cần có ít nhất dòng tiêu đề.',
  },
  headerQuotes: { en: 'The quotes of the header are wrong.', vi: 'Dấu ngoặc kép ở dòng tiêu đề bị sai.' },
} as const satisfies Record<string, Words>;
