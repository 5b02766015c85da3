/** Why a file cannot be read as a workbook: ends the sentence of `XLSX_WRONG`. */
import type { Words } from '../../../gateway/errors/words.ts';

export const WORKBOOK_WORDS = {
  noWorkbook: { en: 'a ZIP archive, but no workbook', vi: 'là tệp ZIP nhưng không phải bảng tính' },
  noWorkbookInIt: { en: 'no workbook in it', vi: 'không có bảng tính trong đó' },
  notZip: { en: 'not a ZIP archive', vi: 'không phải tệp ZIP' },
  brokenZip: { en: 'a broken ZIP archive', vi: 'tệp ZIP bị hỏng' },
  tooManyParts: { en: 'too many parts', vi: 'quá nhiều thành phần' },
  partMissing: { en: 'no {part}', vi: 'không có {part}' },
  encrypted: { en: 'encrypted', vi: 'tệp bị mã hóa' },
  partTooLarge: { en: '{part} is too large', vi: '{part} quá lớn' },
  partUnreadable: { en: '{part} is not readable', vi: 'không đọc được {part}' },
  rowTwice: { en: 'row {row} stands twice', vi: 'hàng {row} xuất hiện hai lần' },
} as const satisfies Record<string, Words>;
