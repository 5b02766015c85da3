/** What is wrong with the database, or with the head of its log that is kept outside of it. */
import type { ProblemRow } from './problem.ts';

export const DATABASE_PROBLEMS = {
  DATABASE_FAILED: {
    exit: 'UNAVAILABLE',
    en: 'The embedded PostgreSQL did not start: {problem}',
    vi: 'PostgreSQL nhúng không khởi động được: {problem}',
    nextEn: 'Mend what it says and run the same command again.',
    nextVi: 'Khắc phục theo thông báo rồi chạy lại lệnh này.',
  },
  DATABASE_AWAY: {
    exit: 'UNAVAILABLE',
    en: 'The database cannot be used: {problem}',
    vi: 'Không dùng được cơ sở dữ liệu: {problem}',
    nextEn: 'Check that it runs and that the address is right, then run the same command again.',
    nextVi: 'Kiểm tra cơ sở dữ liệu đang chạy và địa chỉ đúng, rồi chạy lại lệnh này.',
  },
  DATABASE_LOCKED: {
    exit: 'UNAVAILABLE',
    en: 'Another transaction holds in the database what this command needs, and did not end in time.',
    vi: 'Một giao dịch khác trong cơ sở dữ liệu đang giữ thứ mà lệnh này cần và không kết thúc kịp.',
    nextEn: 'Nothing was changed. Let the other one end (pg_stat_activity shows it), then run the same command again.',
    nextVi: 'Chưa thay đổi gì. Chờ giao dịch kia kết thúc (xem pg_stat_activity), rồi chạy lại lệnh này.',
  },
  DATABASE_UNNAMED: {
    exit: 'USAGE',
    en: 'No database was named.',
    vi: 'Chưa chỉ ra cơ sở dữ liệu.',
    nextEn: 'Set DATABASE_URL, or give --config FILE or --data DIR.',
    nextVi: 'Đặt DATABASE_URL, hoặc dùng --config FILE hay --data DIR.',
  },
  DATABASE_UNTRUSTED: {
    exit: 'PROFILE',
    en: 'There is no encrypted connection to the database that can be believed ({code}).',
    vi: 'Không có kết nối mã hóa đáng tin cậy tới cơ sở dữ liệu ({code}).',
    nextEn:
      'Check that the server has TLS, that its certificate is valid and names the host of the address, and that sslrootcert is its authority.',
    nextVi:
      'Kiểm tra máy chủ cơ sở dữ liệu đã bật TLS, chứng thư còn hiệu lực và đúng tên máy trong địa chỉ, và sslrootcert là chứng thư của tổ chức cấp.',
  },
  LOG_UNSOUND: {
    exit: 'PROFILE',
    en: 'The log is not sound: {count} findings.',
    vi: 'Nhật ký không toàn vẹn: {count} phát hiện.',
    nextEn: 'Keep everything as it is, and call the operator and the supervisor.',
    nextVi: 'Giữ nguyên hiện trạng và báo đơn vị vận hành, đơn vị giám sát.',
  },
  HEAD_STANDS: {
    exit: 'PROFILE',
    en: 'The log is sound by itself and shorter than the head kept at {file}, which this command never replaces.',
    vi: 'Bản thân nhật ký toàn vẹn nhưng ngắn hơn mốc lưu tại {file}; lệnh này không bao giờ thay mốc đã lưu.',
    nextEn:
      'Nothing was accepted. Where the database was set back on purpose, put that file aside under another name, for the supervisor, and run the same command again.',
    nextVi:
      'Chưa chấp nhận gì. Nếu chủ ý khôi phục cơ sở dữ liệu cũ hơn, hãy đổi tên tệp đó và giữ cho đơn vị giám sát, rồi chạy lại lệnh này.',
  },
  HEAD_NOT_KEPT: {
    exit: 'PROFILE',
    en: 'The log has entries, but no head of it is kept at {file}: nothing could show that it was rolled back.',
    vi: 'Nhật ký đã có bản ghi, nhưng không có mốc nào được lưu tại {file}: không thể phát hiện nếu nhật ký bị lùi lại.',
    nextEn: 'Put the file back; or find out why it is gone, then accept the log as it stands: {command}',
    nextVi: 'Đưa tệp đó trở lại; hoặc tìm hiểu vì sao tệp mất, rồi chấp nhận nhật ký hiện có: {command}',
  },
  HEAD_UNREADABLE: {
    exit: 'PROFILE',
    en: 'The head of the log that is kept at {file} cannot be believed ({problem}).',
    vi: 'Không tin được mốc nhật ký lưu tại {file} ({problem}).',
    nextEn:
      'Look first whether log.key and log.origin are those of this log (UNSIGNED, INCONSISTENT). If the file is damaged, put it aside under another name and find out why; then accept the log as it stands: lienthong audit keep-head.',
    nextVi:
      'Trước hết xem log.key và log.origin có đúng của nhật ký này không (UNSIGNED, INCONSISTENT). Nếu tệp hỏng, cất tệp đó dưới tên khác và tìm hiểu vì sao; rồi chấp nhận nhật ký hiện có: lienthong audit keep-head.',
  },
} as const satisfies Readonly<Record<string, ProblemRow>>;
