/** Items for the log that stand for nothing: what appending itself does with them is what is tested. */
import { randomBytes } from 'node:crypto';
import type { AppendItem, ChunkUse } from '../../../gateway/exchange/log-port.ts';
import type { Pool } from '../../../gateway/storage/pool.ts';

export function item(further: Partial<AppendItem> = {}): AppendItem {
  return {
    agency: 'viettel',
    entryId: randomBytes(16),
    salt: randomBytes(16),
    entry: randomBytes(40),
    changeRevision: 0n,
    standsOn: [],
    answer: randomBytes(20),
    ...further,
  };
}

export function chunk(jobId: Buffer, num: number, further: Partial<ChunkUse> = {}): AppendItem {
  const rows = further.rows ?? 10;
  return item({
    chunk: {
      jobId,
      num,
      digest: randomBytes(32),
      rows,
      rowRoot: randomBytes(32),
      totals: [0, rows],
      misses: 0,
      judged: rows,
      ackedThrough: 0,
      rowsPerJob: 1_000_000,
      ...further,
    },
  });
}

/** A job in a state (1 OPEN, 3 CLOSING), whose chunks are full with the ten rows of {@link chunk}; its opening is no opening. */
export async function newJob(pool: Pool, state = 1, expectedChunks: number | null = null): Promise<Buffer> {
  const id = randomBytes(16);
  await pool.query(
    `INSERT INTO job (job_id, agency, purpose, opening, opening_digest, match_fields, chunk_rows, state, totals, expected_chunks)
     VALUES ($1, 'viettel', 'p', 'x', 'y', '{1}', 10, $2, array_fill(0::bigint, ARRAY[10]), $3)`,
    [id, state, expectedChunks],
  );
  return id;
}

export const addAgency = (pool: Pool) =>
  pool.query("INSERT INTO agency VALUES ('viettel', 'LE', 'a', 'a', 'active') ON CONFLICT DO NOTHING");
