/** Why a database cannot be brought up to date, in words. */
import type { Words } from '../errors/words.ts';

export const MIGRATION_WORDS = {
  numbering: {
    en: 'Migration files must be numbered from 0001 without gaps; {name} is not.',
    vi: 'Các tệp nâng cấp phải đánh số liên tục từ 0001; {name} không theo số đó',
  },
  newerDatabase: {
    en: 'The database has migration {name}; this program knows {known} migrations and not that one',
    vi: 'Cơ sở dữ liệu có bước nâng cấp {name}; chương trình này biết {known} bước và không có bước đó',
  },
  newerBackup: {
    en: 'The backup has migration {name}; this program knows {known} migrations and not that one',
    vi: 'Bản sao lưu có bước nâng cấp {name}; chương trình này biết {known} bước và không có bước đó',
  },
  changed: {
    en: 'Migration {name} was changed after it ran on this database: restore the file and add a new one',
    vi: 'Tệp nâng cấp {name} đã bị sửa sau khi chạy trên cơ sở dữ liệu này: hãy khôi phục tệp và thêm tệp mới',
  },
  encoding: {
    en: 'The database keeps text as {encoding}; it has to be UTF8',
    vi: 'Cơ sở dữ liệu lưu văn bản theo mã {encoding}; phải là UTF8',
  },
  serverOld: {
    en: 'The database server is PostgreSQL {version}; it has to be {least} or later',
    vi: 'Máy chủ cơ sở dữ liệu là PostgreSQL {version}; phải từ bản {least} trở lên',
  },
  busy: {
    en: 'Another process is migrating this database',
    vi: 'Tiến trình khác đang nâng cấp cơ sở dữ liệu này',
  },
  notAlone: {
    en: '{name} builds an index CONCURRENTLY beside other statements: give the index a file of its own',
    vi: '{name} tạo chỉ mục CONCURRENTLY cùng các câu lệnh khác: hãy đặt chỉ mục vào tệp riêng',
  },
  tableHeld: {
    en: '{name} did not get a table that a long transaction holds',
    vi: '{name} không giành được bảng đang bị một giao dịch dài giữ',
  },
} as const satisfies Record<string, Words>;
