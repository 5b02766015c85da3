import type { Words } from '../../gateway/errors/words.ts';
import type { JobIdentity } from './job-state.ts';

/** In which of them two runs differ: in English by the members' own names, which programs read. */
const VIETNAMESE = {
  fileDigest: 'nội dung tệp',
  columns: 'tên cột',
  agency: 'cơ quan',
  deployment: 'hệ thống',
  purpose: 'mục đích',
  service: 'mã dịch vụ',
  unit: 'mã đơn vị',
  chunkRows: 'số dòng mỗi lô',
  stated: 'bảng mã hoặc cách đọc tệp',
  asOf: 'thời điểm của dữ liệu',
  limit: 'số dòng đầu được hỏi',
  since: 'kết quả lần trước',
  headerLine: 'dòng tiêu đề',
  sheet: 'trang tính',
  version: 'phiên bản chương trình',
} as const satisfies Record<keyof JobIdentity | 'version', string>;

export function identityWords(members: readonly (keyof JobIdentity | 'version')[]): Words {
  return { en: members.join(', '), vi: members.map((member) => VIETNAMESE[member] ?? member).join(', ') };
}
