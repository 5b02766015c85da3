/** What must be true of a database that was set back, before a gateway writes on it. */
import type { KeyObject } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
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

/** Reads the whole log, and opens with `evidence` what is sealed beside it. Throws BackupError UNSOUND with the number of findings. */
export async function proveLog(
  db: Database,
  evidence: KeyObject,
  onProgress?: (done: number, size: number) => void,
): Promise<void> {
  const { findings } = await verifyLog(db, onProgress, undefined, evidence);
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

export interface SetBack {
  /** Of the last entry; undefined of an empty log. */
  readonly lastAt: Date | undefined;
}

/**
 * Whether a restore set this database back (its epoch says so for ever) and, as far as it can tell of itself, nothing was recorded
 * since: then what was withdrawn, barred or erased after the copy still counts for nothing. Undefined where it was not, or
 * goes on since. One that other tools set back without `restore` is not known here.
 */
export async function readSetBack(db: Database): Promise<SetBack | undefined> {
  const { rows } = await db.query<{ epoch: number; floor: number }>(
    'SELECT epoch::float8 AS epoch, iat_floor::float8 AS floor FROM log_head, token_floor',
  );
  const [row] = rows;
  if (row === undefined || row.epoch < EPOCH_STEP) return undefined;
  const lastAt = await readLastEntryAt(db);
  // The restore raised the floor of tokens to its own moment.
  return lastAt !== undefined && lastAt.getTime() / 1000 > row.floor ? undefined : { lastAt };
}

/** When the last entry of the log was recorded, by the clock of who wrote it; undefined of an empty log. */
export async function readLastEntryAt(db: Database): Promise<Date | undefined> {
  const { rows } = await db.query<{ entry: Buffer }>(
    'SELECT entry FROM log_index JOIN log_entry USING (entry_id) ORDER BY idx DESC LIMIT 1',
  );
  return rows[0] && new Date(Number(fromBinary(EntrySchema, rows[0].entry).timeMs));
}
