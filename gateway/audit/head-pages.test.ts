import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { inTransaction } from '../storage/transaction.ts';
import { LOCK_HEAD } from './append-sql.ts';
import { pagesOfHead } from './head-pages.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

/** Pages that the lock of the head reads, as the log's connections ask for it. */
async function pagesRead(): Promise<number> {
  return inTransaction(db.pool, async (tx) => {
    await tx.query('SET LOCAL enable_seqscan = off');
    const { rows } = await tx.query<{ 'QUERY PLAN': readonly { Plan: Record<string, number> }[] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ${LOCK_HEAD.text}`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan ?? {};
    return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
  });
}

test('the pages of the head grow while somebody holds a snapshot of before, and are not read once it is gone', async () => {
  await db.pool.query("INSERT INTO log_head (log_id, epoch, size, root, frontier) VALUES ('log', 0, 0, '', '')");
  const before = await pagesOfHead(db.pool);
  const reader = await db.pool.connect();
  try {
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query('SELECT size FROM log_head');
    for (let i = 0; i < 300; i++)
      await db.pool.query("UPDATE log_head SET frontier = decode(repeat('ab', 1000), 'hex')");
    expect(await pagesOfHead(db.pool)).toBeGreaterThan(before + 20);
    expect(await pagesRead()).toBeGreaterThan(20);
    await reader.query('ROLLBACK');
  } finally {
    reader.release(true);
  }
  // Whoever comes first finds them dead, and leaves word in the index.
  await pagesRead();
  expect(await pagesRead()).toBeLessThan(10);
  expect(await pagesOfHead(db.pool)).toBeGreaterThan(before + 20);
});
