/** What the commands of the log say, in both languages. */
import type { LogFinding } from '../../audit/verify-log.ts';

export const WORDS = {
  en: {
    reading: 'Reading the log',
    entries: '{count} entries',
    position: 'position {index}',
    states: {
      smaller: 'the log is smaller than the head kept outside the database',
      forked: 'the log is not the continuation of the head kept outside the database',
      unkept: 'no head of the log is kept outside the database: nothing could show that it was rolled back',
    },
    sound: "✓ The log {origin} is sound: {size} entries about {people} uses of a person's data, root {root}",
    uncounted:
      '! {entries} entries, from position {first} on, do not prove that {agency} asked: the key {key} may have been in other hands by then.',
    accepted: '✓ The log {origin} is accepted as it stands: {size} entries, root {root}. Its head is kept in {file}',
    keptAlready:
      '✓ A head of the log {origin} is kept already in {file}, and the log continues it: {size} entries, root {root}',
  },
  vi: {
    reading: 'Đang đọc nhật ký',
    entries: '{count} bản ghi',
    position: 'vị trí {index}',
    states: {
      smaller: 'nhật ký ngắn hơn mốc đã lưu ngoài cơ sở dữ liệu',
      forked: 'nhật ký không nối tiếp mốc đã lưu ngoài cơ sở dữ liệu',
      unkept: 'không có mốc nào của nhật ký được lưu ngoài cơ sở dữ liệu: không thể phát hiện nếu nhật ký bị lùi lại',
    },
    sound: '✓ Nhật ký {origin} toàn vẹn: {size} bản ghi về {people} lượt sử dụng dữ liệu cá nhân, gốc {root}',
    uncounted:
      '! {entries} bản ghi, từ vị trí {first}, không chứng minh rằng {agency} đã hỏi: khóa {key} có thể đã bị lộ vào lúc đó.',
    accepted: '✓ Đã chấp nhận nhật ký {origin} như hiện có: {size} bản ghi, gốc {root}. Mốc được lưu tại {file}',
    keptAlready:
      '✓ Mốc của nhật ký {origin} đã được lưu tại {file}, và nhật ký nối tiếp mốc đó: {size} bản ghi, gốc {root}',
  },
} as const;
export type AuditWords = (typeof WORDS)[keyof typeof WORDS];

/** Vietnamese beside `LOG_FINDINGS`. */
export const FINDING_WORDS: Readonly<Record<LogFinding['finding'], string>> = {
  GAP: 'một vị trí không có bản ghi',
  ENTRY_MISSING: 'bản ghi của một vị trí đã mất',
  ENTRY_CHANGED: 'một bản ghi hoặc giá trị muối (salt) không còn như khi băm',
  PEOPLE_CHANGED: 'các nút lá của từng người trong một bản ghi không thuộc gốc của nó',
  PEOPLE_UNREADABLE: 'phần niêm phong về người cạnh một bản ghi không mở được, hoặc không đủ số người',
  AGENCY_DIFFERS: 'một bản ghi được lưu dưới cơ quan khác với cơ quan ghi trong đó',
  TILE_CHANGED: 'gốc của một cây con đã lưu không phải của các bản ghi',
  HEAD_DIFFERS: 'mốc không phải của các bản ghi',
  WITNESSED_DIFFERS: 'một mốc đã đưa cho bên chứng kiến ký không thuộc nhật ký này',
  ENTRY_UNINDEXED: 'có bản ghi nằm ngoài cây',
};
