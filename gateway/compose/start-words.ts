/** What keeps a gateway from serving, beyond what its config file says; each ends a sentence that begins with a member. */
import type { Words } from '../errors/words.ts';

export const START_WORDS = {
  configUnnamed: {
    en: 'say which configuration file to serve with',
    vi: 'chưa chỉ ra tệp cấu hình để chạy cổng',
  },
  migrationsPending: {
    en: '{count} migrations are pending: run "lienthong migrate" first',
    vi: 'còn {count} bước nâng cấp: hãy chạy "lienthong migrate" trước',
  },
  portTaken: { en: '{port} is in use by another process', vi: 'cổng mạng {port} đang được tiến trình khác sử dụng' },
  portForbidden: {
    en: 'this user may not listen at {port}',
    vi: 'người dùng này không được phép nhận kết nối tại cổng mạng {port}',
  },
  hostElsewhere: {
    en: '{host} is not an address of this machine',
    vi: '{host} không phải địa chỉ của máy này',
  },
  portUnshared: {
    en: 'this system cannot share a port among threads: leave it at 1',
    vi: 'hệ điều hành này không cho các luồng dùng chung một cổng mạng: hãy để là 1',
  },
  noHeadKept: {
    en: 'the log has entries and no head of it is kept there, so nothing is disclosed: find out why, then accept the log as it stands with "lienthong audit keep-head"',
    vi: 'nhật ký đã có bản ghi nhưng không có mốc nào được lưu ở đó, nên không cung cấp dữ liệu: hãy tìm hiểu vì sao, rồi chấp nhận nhật ký hiện có bằng "lienthong audit keep-head"',
  },
  headUnreadable: {
    en: 'the file holds no head that can be believed ({problem}), so nothing is disclosed: where it is damaged, put it aside under another name and find out why, then accept the log as it stands with "lienthong audit keep-head"; where it says UNSIGNED or INCONSISTENT, look first whether log.key and log.origin are those of this log',
    vi: 'tệp không có mốc đáng tin ({problem}), nên không cung cấp dữ liệu: nếu tệp hỏng, cất tệp dưới tên khác và tìm hiểu vì sao, rồi chấp nhận nhật ký hiện có bằng "lienthong audit keep-head"; nếu ghi UNSIGNED hoặc INCONSISTENT, trước hết xem log.key và log.origin có đúng của nhật ký này không',
  },
  headFile: {
    en: 'the file cannot be read and replaced there ({code}): its folder must be there, have room and belong to the user of the gateway',
    vi: 'không đọc và thay được tệp ở đó ({code}): thư mục phải có sẵn, còn chỗ trống và thuộc người dùng chạy cổng',
  },
} as const satisfies Record<string, Words>;
