import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnCluster, type OwnCluster } from '../../test/support/database.ts';
import { withDatabase } from '../../test/support/with-database.ts';
import { createPool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { LOCK_HEAD } from './append-sql.ts';
import { pagesOfHead } from './head-pages.ts';

// A server of its own: transactions of other tests, in other databases, count as well.
let db: OwnCluster;
beforeAll(async () => {
  db = await createOwnCluster({ settings: { autovacuum: 'off' } });
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

test('the pages of the head grow while anything of before is open on the server, and are not read once it is gone', async () => {
  await db.pool.query("INSERT INTO log_head (log_id, epoch, size, root, frontier) VALUES ('log', 0, 0, '', '')");
  const before = await pagesOfHead(db.pool);
  const reader = createPool({ url: db.url, max: 1 });
  const writerElsewhere = createPool({ url: withDatabase(db.url, 'postgres'), max: 1 });
  try {
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query('SELECT size FROM log_head');
    await writerElsewhere.query('BEGIN');
    await writerElsewhere.query('CREATE TEMP TABLE anything ()');
    for (let i = 0; i < 300; i++)
      await db.pool.query("UPDATE log_head SET frontier = decode(repeat('ab', 1000), 'hex')");
    expect(await pagesOfHead(db.pool)).toBeGreaterThan(before + 20);
    expect(await pagesRead()).toBeGreaterThan(20);
    await reader.query('ROLLBACK');
    await pagesRead();
    expect(await pagesRead()).toBeGreaterThan(20);
    await writerElsewhere.query('ROLLBACK');
  } finally {
    await Promise.all([reader.end(), writerElsewhere.end()]);
  }
  // Whoever comes first finds them dead, and leaves word in the index.
  await pagesRead();
  expect(await pagesRead()).toBeLessThan(10);
  expect(await pagesOfHead(db.pool)).toBeGreaterThan(before + 20);
});
