/** Imports `persons.csv`: good rows go in, rows that break a rule go to a file of rejects, importing again changes nothing. */

import { dirname } from 'node:path';
import { filled } from '../../errors/words.ts';
import { dateOf, dayOf } from '../../exchange/viet-nam-day.ts';
import { type Connection, createPool, type Pool } from '../../storage/pool.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { loadCatalogues } from '../administrative-units.ts';
import { type DeploymentKind, readDeployment } from '../deployment.ts';
import { IMPORT_LOCK } from '../import-lock.ts';
import type { KeyPort } from '../sensitive.ts';
import type { ImportCounts, ImportProgress, OnMerged } from './context.ts';
import { firstLoad } from './first-load.ts';
import { IMPORT_WORDS } from './import-words.ts';
import { merge } from './merge.ts';
import { ImportError } from './reject.ts';
import { createRejectsFile } from './rejects-file.ts';
import { openSource } from './source.ts';

export interface ImportOptions {
  /** Path of `persons.csv`. */
  readonly file: string;
  /** Database with the current schema. The import opens up to six connections of its own. */
  readonly url: string;
  /** Keys that seal the sensitive fields. */
  readonly keys: KeyPort;
  readonly deploymentKind: DeploymentKind;
  /** Where rejects go; absent: they are only counted. Replaced on success, removed when there are none. */
  readonly rejectsPath?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Told, in the transaction of the import, of persons whom other records turned out to be; each once. */
  readonly onMerged?: OnMerged;
  /** Who the data is from, for provenance. Default "persons.csv". */
  readonly source?: string;
  /** The moment the data speaks for. Default now. */
  readonly asOf?: Date;
}

/** What was done; the caller records it in the log. */
export interface ImportResult extends ImportCounts {
  readonly importNo: number;
  /** SHA-256 of the file, hex. */
  readonly digestOfFile: string;
  /** Rows that did not go in. */
  readonly rejected: number;
  /** Position of the register afterwards; the same as before where nothing changed. */
  readonly position: bigint;
}

/** Today in Viet Nam as YYYYMMDD: no date of birth lies after it. */
function todayIn(now: Date): number {
  return Number(
    dateOf(dayOf(now.getTime() / 1000))
      .toISOString()
      .slice(0, 10)
      .replaceAll('-', ''),
  );
}

/**
 * Imports one file. All or nothing: after an error the register is as it was (a first load that failed leaves only rows that
 * nothing leads to).
 *
 * Throws ImportError (header, file, another import under way), DeploymentError where the database is stamped otherwise,
 * StorageError. Never names a value of the file.
 */
export async function importPersons(options: ImportOptions): Promise<ImportResult> {
  const source = await openSource(options.file);
  const pool = createPool({ url: options.url, max: 6, applicationName: 'lienthong-import' });
  const guard = await pool.connect().catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const rejects = createRejectsFile(options.rejectsPath);
  try {
    await checkStamp(pool, options.deploymentKind);
    const lock = await guard.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [IMPORT_LOCK]);
    if (lock.rows[0]?.got !== true) throw new ImportError('IMPORT_RUNNING', IMPORT_WORDS.running);
    await loadCatalogues(pool);
    const head = await guard.query<{ position: number }>('SELECT position FROM register_head');
    const reserved = await guard.query<{ no: number }>(
      "SELECT nextval(pg_get_serial_sequence('import', 'import_no')) AS no",
    );
    const importNo = reserved.rows[0]?.no ?? 0;
    const context = {
      pool,
      source,
      keys: options.keys,
      deployment: options.deploymentKind,
      rejects,
      scratch: options.rejectsPath === undefined ? undefined : dirname(options.rejectsPath),
      importNo,
      today: todayIn(new Date()),
      onProgress: options.onProgress ?? (() => {}),
      onMerged: options.onMerged ?? (async () => {}),
    };
    let digestOfFile = '';
    let position = 0n;
    const finish = async (db: Connection, counts: ImportCounts): Promise<void> => {
      digestOfFile = source.digest();
      const asOf = options.asOf ?? new Date();
      await db.query(
        `INSERT INTO import (import_no, source, file_digest, as_of, row_count, changed, rejected) OVERRIDING SYSTEM VALUE
         VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6, $7)`,
        [importNo, options.source ?? 'persons.csv', digestOfFile, asOf, counts.rows, counts.changed, rejects.count],
      );
      const moved = await db.query<{ position: string }>(
        `UPDATE register_head SET position = position + $1, as_of = CASE WHEN $1 = 0 THEN as_of ELSE $2 END RETURNING position::text`,
        [counts.changed > 0 ? 1 : 0, asOf],
      );
      position = BigInt(moved.rows[0]?.position ?? 0);
    };
    const counts = await (head.rows[0]?.position === 0 ? firstLoad : merge)(context, finish);
    await rejects.finish();
    await analyze(pool);
    return { ...counts, importNo, digestOfFile, rejected: rejects.count, position };
  } finally {
    // Given back here, so that the next import finds it free: the server may notice a closed session some time later.
    await guard.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    // Closed rather than given back: that ends the lock of this session, whatever happened.
    guard.release(true);
    await rejects.discard();
    await pool.end();
  }
}

async function checkStamp(pool: Pool, kind: DeploymentKind): Promise<void> {
  const stamp = await readDeployment(pool);
  if (stamp !== undefined && stamp.kind !== kind) {
    throw new ImportError('DEPLOYMENT', filled(IMPORT_WORDS.otherKind, { found: stamp.kind, kind }));
  }
}

/** Statistics for the planner: a small sample, of the columns that are searched. The server's own upkeep refines them. */
async function analyze(pool: Pool): Promise<void> {
  await inTransaction(pool, async (db) => {
    await db.query('SET LOCAL default_statistics_target = 10');
    for (const searched of [
      'person_match (value)',
      'identifier (person_no, kind)',
      'relation (person_no)',
      'person (person_no)',
    ]) {
      await db.query(`ANALYZE ${searched}`);
    }
  });
}
