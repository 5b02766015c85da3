import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { toStorageError } from './errors.ts';
import { hasLargeValue, queryWithLargeValues } from './large-values.ts';
import { createPool } from './pool.ts';

const large = (length: number) => randomBytes(length);

describe('large values', () => {
  let db: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    db = await createTestDatabase({ empty: true });
    client = new pg.Client({ connectionString: db.url, pipeline: true } as pg.ClientConfig);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await db.drop();
  });

  test('a statement is large by one of its buffers, not by all of them together and not by its text', () => {
    expect(hasLargeValue(undefined)).toBe(false);
    expect(hasLargeValue([null, 'x'.repeat(100_000), Buffer.alloc(8191), Buffer.alloc(8191)])).toBe(false);
    expect(hasLargeValue(['x', Buffer.alloc(8192)])).toBe(true);
  });

  test('the server gets what the driver would have sent', async () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.integer({ min: 8000, max: 70_000 }).map(large),
    );
    const named = fc.constantFrom({}, { name: 'kept' });
    await fc.assert(
      fc.asyncProperty(fc.tuple(value, value, value, value), named, async (values, name) => {
        const types = values.map((one) => (Buffer.isBuffer(one) ? 'bytea' : 'text'));
        const text = `SELECT ${types.map((type, i) => `$${i + 1}::${type} AS c${i}`).join(', ')}, 1::bigint AS n`;
        const statement = { text, values, ...('name' in name && { name: `${name.name}-${types.join('-')}` }) };
        const [ours, drivers] = await Promise.all([
          queryWithLargeValues(client, statement),
          client.query({ ...statement, values: [...values] }),
        ]);
        expect(ours.rows).toEqual(drivers.rows);
        expect(Object.values(ours.rows[0] as object).slice(0, 4)).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });

  test('what a connection of a pool is asked keeps its order, and an error hurts only the statement that has it', async () => {
    const pool = createPool({ url: db.url, max: 1, pipelined: true });
    const connection = await pool.connect();
    await connection.query('CREATE TEMPORARY TABLE kept (n int PRIMARY KEY, bytes bytea)');
    const insert = (n: number, bytes: Buffer) =>
      connection.query({ name: 'insert', text: 'INSERT INTO kept VALUES ($1, $2)', values: [n, bytes] });
    const bytes = [large(300_000), large(9000), Buffer.from('small'), large(20_000)];
    const told = await Promise.allSettled([
      insert(0, bytes[0] as Buffer),
      insert(1, bytes[1] as Buffer),
      insert(1, large(50_000)),
      insert(2, bytes[2] as Buffer),
      insert(3, bytes[3] as Buffer),
      connection.query<{ n: number }>('SELECT count(*)::int AS n FROM kept').then(({ rows }) => rows[0]?.n),
    ]);
    expect(told.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(told[2]).toMatchObject({ reason: { name: 'StorageError', kind: 'conflict' } });
    expect(told[5]).toMatchObject({ value: 4 });
    const { rows } = await connection.query<{ bytes: Buffer }>('SELECT bytes FROM kept ORDER BY n');
    expect(rows.map((row) => row.bytes)).toEqual(bytes);
    connection.release();
    await pool.end();
  });

  test('a server that goes away in the middle of one fails it, and one that nobody answers ends by the clock', async () => {
    const pool = createPool({ url: db.url, max: 1, queryTimeoutMs: 200 });
    const connection = await pool.connect();
    const slow = { text: 'SELECT pg_sleep(60), $1::bytea', values: [large(100_000)] };
    await expect(connection.query(slow)).rejects.toMatchObject({ kind: 'unavailable' });
    connection.release(true);
    await pool.end();
    const lost = new pg.Client({ connectionString: db.url });
    await lost.connect();
    lost.on('error', () => {});
    const { rows } = await lost.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const asked = queryWithLargeValues(lost, slow).catch((error: unknown) => toStorageError(error).kind);
    await client.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    expect(await asked).toBe('unavailable');
  });
});
