/** Why a folder is not a whole backup of this deployment: ends the sentence that says so. */
import type { Words } from '../errors/words.ts';

export const WRONG_WORDS = {
  otherDeployment: { en: 'it is of the {kind} deployment {id}', vi: 'đây là bản sao lưu của hệ thống {id} ({kind})' },
  otherLog: {
    en: 'it is of another log than {origin}',
    vi: 'đây là bản sao lưu của nhật ký khác, không phải {origin}',
  },
  otherMigration: {
    en: "its migration {name} is another one than this program's",
    vi: 'bước nâng cấp {name} trong đó khác với của chương trình này',
  },
  otherTables: { en: 'its tables are not those of its schema', vi: 'các bảng trong đó không đúng lược đồ của nó' },
  otherHead: {
    en: 'the head of its log is not the one that was signed',
    vi: 'mốc nhật ký trong đó không phải mốc đã ký',
  },
  unfindable: {
    en: 'it has people, and nothing by which a look-up finds them',
    vi: 'có dữ liệu người nhưng không có gì để tra cứu được họ',
  },
  unreadable: { en: '{file} cannot be read', vi: 'không đọc được {file}' },
  otherFile: { en: '{file} is not the file of the manifest', vi: '{file} không phải tệp nêu trong bản kê' },
  otherRows: {
    en: '{table} has other rows than the manifest says',
    vi: 'bảng {table} có số dòng khác với bản kê',
  },
  unfinished: {
    en: 'it is not finished: it is being made, or was cut off',
    vi: 'chưa hoàn tất: đang được tạo, hoặc đã bị ngắt giữa chừng',
  },
  otherFormat: { en: 'its format is not {format}', vi: 'định dạng không phải {format}' },
  noTable: { en: '{file} names what is no table', vi: '{file} nêu thứ không phải bảng' },
} as const satisfies Record<string, Words>;
