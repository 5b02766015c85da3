/** Chunks, single calls and what is urgent of one appender: none waits for the other, and one log comes of all. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHANGES_LOCK } from '../../../gateway/audit/append-sql.ts';
import { createAppender } from '../../../gateway/audit/appender.ts';
import { openAppendConnection } from '../../../gateway/audit/connection.ts';
import { readHead, registerWriter } from '../../../gateway/audit/log-store.ts';
import type { AppendItem } from '../../../gateway/exchange/log-port.ts';
import { NODE_TAGS, treeRoot } from '../../../gateway/proof/tree.ts';
import { createPool } from '../../../gateway/storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { addAgency, chunk, item, newJob } from './items.ts';

let database: TestDatabase;
let appender: ReturnType<typeof createAppender>;
const sizes: number[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ max: 6 });
  await addAgency(database.pool);
  const { workerId, logId, epoch } = await registerWriter(database.pool);
  appender = createAppender({
    connect: () => openAppendConnection(database.log),
    workerId,
    logRef: `${logId}:${epoch}`,
    seen: await readHead(database.pool),
    onHead: ({ size }) => sizes.push(size),
    limits: { items: 4, bytes: 1 << 20 },
  });
});

afterAll(async () => {
  await appender?.close();
  await database?.drop();
});

test('a call is recorded while the chunk before it still waits for its job', async () => {
  const jobId = await newJob(database.pool);
  const holder = await database.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM job WHERE job_id = $1 FOR UPDATE', [jobId]);
  let chunkIsOver = false;
  const waits = appender.append(chunk(jobId, 0)).finally(() => {
    chunkIsOver = true;
  });
  await expect(appender.append(item())).resolves.toMatchObject({ kind: 'recorded' });
  expect(chunkIsOver).toBe(false);
  await holder.query('COMMIT');
  holder.release();
  await expect(waits).resolves.toMatchObject({ kind: 'recorded' });
});

test('a group that waits too long for the head is refused at once, and leaves nothing in the server that waits for it', async () => {
  const log = createPool({ url: database.url, max: 4, pipelined: true, lockTimeoutMs: 200 });
  const { workerId } = await registerWriter(database.pool);
  let connected = 0;
  const impatient = createAppender({
    connect: () => {
      connected += 1;
      return openAppendConnection(log);
    },
    ...{ workerId, logRef: 'x', onHead: () => undefined },
  });
  const holder = await database.pool.connect();
  await holder.query('BEGIN; SELECT FROM log_head FOR UPDATE');
  const settled = await Promise.allSettled([1, 2, 3, 4].map(() => impatient.append(item())));
  expect(settled).toEqual(
    Array(4).fill({ status: 'rejected', reason: expect.objectContaining({ kind: 'unavailable' }) }),
  );
  expect(connected).toBe(1);
  const waiting = await database.pool.query(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  expect(waiting.rows).toEqual([]);
  await holder.query('COMMIT');
  holder.release();
  expect((await impatient.append(item())).kind).toBe('recorded');
  await impatient.close();
  await log.end();
});

test('what both add is one log: every head continues the one before, and each is told once and in order', async () => {
  const jobId = await newJob(database.pool);
  const before = (await readHead(database.pool)).size;
  sizes.length = 0;
  const appended = Array.from({ length: 60 }, (_, i) => [
    appender.append(chunk(jobId, i)),
    appender.append(item()),
    appender.append(item()),
  ]);
  const outcomes = await Promise.all(appended.flat());
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(180).fill('recorded'));
  const { size, root } = await readHead(database.pool);
  expect(size).toBe(before + 180);
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(new Set(sizes).size).toBe(sizes.length);
  expect(sizes.at(-1)).toBe(size);
  const { rows } = await database.pool.query<{ leaf: Buffer }>('SELECT leaf FROM log_index ORDER BY idx');
  expect(Buffer.from(treeRoot(Buffer.concat(rows.map(({ leaf }) => leaf)), NODE_TAGS.log))).toEqual(root);
});

test('what is urgent waits for no change; what is exclusive goes before all that came earlier', async () => {
  const order: string[] = [];
  const append = async (name: string, further: Partial<AppendItem>) => {
    expect(await appender.append(item(further))).toEqual({ kind: 'recorded' });
    order.push(name);
  };
  const officer = await database.pool.connect();
  await officer.query('BEGIN');
  await officer.query('SELECT pg_advisory_xact_lock($1)', [CHANGES_LOCK]);
  const waiting = [append('ordinary', {}), append('exclusive', { exclusive: true })];
  await append('urgent', { urgent: true });
  waiting.push(append('ordinary', {}));
  await append('urgent', { urgent: true });
  expect(order).toEqual(['urgent', 'urgent']);
  await officer.query('COMMIT');
  officer.release();
  await Promise.all(waiting);
  expect(order.slice(2)).toEqual(['exclusive', 'ordinary', 'ordinary']);
  // Each lane has seen what the other added.
  await append('urgent', { urgent: true });
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
});

test.each<Partial<AppendItem>>([
  { exclusive: true },
  { standsOn: ['agency:viettel'] },
  { consents: { revision: 1n, scopes: new Uint8Array(8), counted: new Uint8Array(0) } },
])('what a change could take something from is never urgent (%#)', async (further) => {
  const size = (await readHead(database.pool)).size;
  await expect(appender.append(item({ ...further, urgent: true }))).rejects.toThrow(TypeError);
  expect((await readHead(database.pool)).size).toBe(size);
});
