/** What must be true of a database that was set back, before a gateway writes on it. */
import { verifyLog } from '../audit/verify-log.ts';
import type { Connection, Database } from '../storage/pool.ts';
import { BackupError } from './backup-error.ts';

/** Above every epoch that may have been given after the copy was made: no two entries ever have one reference. */
const EPOCH_STEP = 1_000_000;

/** Throws BackupError RUNNING where a gateway holds a lease. */
export async function refuseRunning(db: Database): Promise<void> {
  const { rows } = await db.query('SELECT 1 FROM worker WHERE lease_until > clock_timestamp() LIMIT 1');
  if (rows.length > 0) throw new BackupError('RUNNING', 'worker');
}

/** Reads the whole log. Throws BackupError UNSOUND with the number of findings. */
export async function proveLog(db: Database, onProgress?: (done: number, size: number) => void): Promise<void> {
  const { findings } = await verifyLog(db, onProgress);
  if (findings.length > 0) throw new BackupError('UNSOUND', String(findings.length));
}

/**
 * Writers of before are struck off and their epochs passed over; tokens of before are refused, since those used after the copy
 * are not known to have been.
 */
export async function continueLog(connection: Connection): Promise<void> {
  await connection.query('UPDATE log_head SET epoch = epoch + $1', [EPOCH_STEP]);
  await connection.query('DELETE FROM worker');
  await connection.query(
    'UPDATE token_floor SET iat_floor = greatest(iat_floor, floor(extract(epoch FROM clock_timestamp()))::bigint)',
  );
}
