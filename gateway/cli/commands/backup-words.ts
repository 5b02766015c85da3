/** What the commands of backups say, in both languages, and their failures as problems. */

import { BackupError } from '../../backup/backup-error.ts';
import type { Manifest } from '../../backup/manifest.ts';
import { LEASE_SECONDS } from '../../exchange/lease.ts';
import { parseCheckpoint } from '../../proof/checkpoint.ts';
import { CliProblem } from '../problem.ts';

export const BACKUP_WORDS = {
  en: {
    copying: 'Copying the tables',
    restoring: 'Restoring the tables',
    reading: 'Reading the log',
    made: '✓ {folder}: {tables} tables, {rows} rows, {megabytes} MB, with their digests in a signed manifest',
    log: '✓ The log in it: {size} entries, root {root}',
    keys: 'It holds personal data, and no keys: without the storage keys of the config nobody can use it. Keep both, apart from each other and from the head kept of the log.',
    restored: '✓ {rows} rows in {tables} tables, as of {at}; every digest and every count is that of the manifest',
    proven: '✓ The whole log was read and is sound: {size} entries',
    undone:
      "! What was done after {at} is not in it. Lost are, where there were any: consents given, withdrawals, restrictions, objections and their liftings, requests for a copy, a correction or a deletion, officers' decisions and extensions of these, what officers admitted, agreed or barred, and erasures. People hold receipts whose clocks run on.",
    served: '✓ It continues the head kept at {file}: gateways may serve it',
    pending: '  Migrations are pending ({count}). Before a gateway starts: lienthong migrate',
  },
  vi: {
    copying: 'Đang sao chép các bảng',
    restoring: 'Đang khôi phục các bảng',
    reading: 'Đang đọc nhật ký',
    made: '✓ {folder}: {tables} bảng, {rows} dòng, {megabytes} MB, kèm mã băm trong bản kê đã ký',
    log: '✓ Nhật ký trong đó: {size} bản ghi, gốc {root}',
    keys: 'Bản sao có dữ liệu cá nhân và không có khóa: thiếu khóa lưu trữ trong cấu hình thì không dùng được. Giữ cả hai, tách riêng nhau và tách khỏi mốc đã lưu của nhật ký.',
    restored: '✓ {rows} dòng trong {tables} bảng, tại thời điểm {at}; mọi mã băm và số lượng đều khớp bản kê',
    proven: '✓ Đã đọc toàn bộ nhật ký, nhật ký toàn vẹn: {size} bản ghi',
    undone:
      '! Những gì thực hiện sau {at} không có trong đó. Đã mất, nếu từ lúc đó có: đồng ý đã cho, việc rút đồng ý, hạn chế, phản đối và việc gỡ bỏ chúng, đề nghị cung cấp, đính chính hoặc xóa dữ liệu, quyết định và gia hạn của cán bộ về các yêu cầu ấy, những gì cán bộ đã kết nạp, thỏa thuận hoặc chặn, và việc xóa liên kết. Người dân vẫn giữ biên nhận với thời hạn đang chạy.',
    served: '✓ Nhật ký nối tiếp mốc lưu tại {file}: cổng có thể phục vụ',
    pending: '  Còn {count} bước nâng cấp. Trước khi cổng khởi động: lienthong migrate',
  },
} as const;

/** Size and root of the log that a backup holds. */
export function headLine({ log }: Manifest): { size: number; root: string } {
  const { head } = parseCheckpoint(log.checkpoint);
  return { size: head.size, root: Buffer.from(head.root).toString('base64') };
}

/** A failure of backing up or restoring as the command line tells it; any other error as it is. */
export function backupProblem(error: unknown, folder: string, signal: AbortSignal): unknown {
  if (signal.aborted) return new CliProblem('INTERRUPTED', {}, { cause: error });
  if (!(error instanceof BackupError)) return error;
  const { reason, subject } = error;
  const options = { cause: error };
  switch (reason) {
    case 'FOLDER':
      return new CliProblem('BACKUP_FOLDER', { folder }, options);
    case 'UNWRITABLE':
      return new CliProblem('BACKUP_UNWRITABLE', { folder, code: subject }, options);
    case 'UNSTAMPED':
      return new CliProblem('DATABASE_UNSTAMPED', {}, options);
    case 'UNSIGNED':
      return new CliProblem('BACKUP_UNSIGNED', { folder }, options);
    case 'WRONG':
      return new CliProblem('BACKUP_WRONG', { folder, problem: { en: subject, vi: error.words.vi } }, options);
    case 'FILLED':
      return new CliProblem('DATABASE_FILLED', { table: subject }, options);
    case 'RUNNING':
      return new CliProblem('GATEWAY_RUNNING', { seconds: LEASE_SECONDS }, options);
    case 'UNSOUND':
      return new CliProblem('LOG_UNSOUND', { count: subject }, options);
  }
}
