/** What a group of appends does to jobs, to a neighbour that fails, and to a queue that fills up. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendGroup } from '../../../gateway/audit/append-group.ts';
import { type AppenderDeps, createAppender } from '../../../gateway/audit/appender.ts';
import { openAppendConnection } from '../../../gateway/audit/connection.ts';
import { readHead, registerWriter } from '../../../gateway/audit/log-store.ts';
import type { AppendItem } from '../../../gateway/exchange/log-port.ts';
import { createPool } from '../../../gateway/storage/pool.ts';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { addAgency, chunk, item, newJob } from './items.ts';

let database: TestDatabase;
type Open = Awaited<ReturnType<typeof openAppendConnection>>;
const opened: Open[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ max: 12 });
  await addAgency(database.pool);
});

afterAll(async () => {
  for (const one of opened) one.close();
  await database?.drop();
});

async function connect(): Promise<Open> {
  const connection = await openAppendConnection(database.log);
  opened.push(connection);
  return connection;
}

async function writer(further: Partial<AppenderDeps> = {}) {
  const { workerId } = await registerWriter(database.pool);
  return createAppender({
    connect: () => openAppendConnection(database.log),
    workerId,
    logRef: 'x',
    onHead: () => undefined,
    ...further,
  });
}

async function group(...items: Parameters<typeof appendGroup>[2][number][]) {
  const connection = await openAppendConnection(database.log);
  const { workerId } = await registerWriter(database.pool);
  try {
    return (await appendGroup(connection, workerId, items)).outcomes;
  } finally {
    connection.close();
  }
}

async function jobOf(jobId: Buffer) {
  const { rows } = await database.pool.query<Record<string, unknown>>('SELECT * FROM job WHERE job_id = $1', [jobId]);
  return rows[0];
}

async function numbersOf(jobId: Buffer): Promise<number[]> {
  const { rows } = await database.pool.query<{ num: number }>('SELECT num FROM job_chunk WHERE job_id = $1', [jobId]);
  return rows.map(({ num }) => num).toSorted((a, b) => a - b);
}

async function answersOf(jobId: Buffer): Promise<number[]> {
  const { rows } = await database.pool.query<{ num: number }>(
    'SELECT c.num FROM job_chunk c JOIN stored_answer a USING (entry_id) WHERE c.job_id = $1 ORDER BY c.num',
    [jobId],
  );
  return rows.map(({ num }) => num);
}

test('misses of a day count by what the call was let in by, also where no table knows the agency', async () => {
  const tried = async () => {
    const jobId = await newJob(database.pool);
    await database.pool.query("UPDATE job SET agency = 'admitted' WHERE job_id = $1", [jobId]);
    const of = (num: number) => ({
      ...chunk(jobId, num, { rows: 10, misses: 10, totals: [0, 0, 0, 10] }),
      ...{ agency: 'admitted', legalEntity: 'LE-ADMITTED' },
    });
    return { jobId, outcomes: await group(of(0)) };
  };
  expect((await tried()).outcomes[0]?.kind).toBe('recorded');
  await database.pool.query("UPDATE limit_counter SET used = 6000 WHERE party = 'LE-ADMITTED' AND kind = 4");
  const { jobId, outcomes } = await tried();
  expect(outcomes[0]).toMatchObject({ kind: 'refused' });
  expect((await jobOf(jobId))?.state).toBe(JobState.PAUSED);
});

test('misses of a day that a clock which ran ahead began hold up nobody until that day, and count in the one that runs', async () => {
  const of = (jobId: Buffer) => ({
    ...chunk(jobId, 0, { rows: 10, misses: 10, totals: [0, 0, 0, 10] }),
    ...{ agency: 'viettel', legalEntity: 'LE-AHEAD' },
  });
  expect((await group(of(await newJob(database.pool))))[0]?.kind).toBe('recorded');
  await database.pool.query(
    `UPDATE limit_counter SET used = 6000, window_start = window_start + interval '400 days' WHERE party = 'LE-AHEAD'`,
  );
  expect((await group(of(await newJob(database.pool))))[0]?.kind).toBe('recorded');
  const { rows } = await database.pool.query(
    `SELECT used > 6000 AS kept, window_start <= clock_timestamp() AS now FROM limit_counter WHERE party = 'LE-AHEAD'`,
  );
  expect(rows).toEqual([{ kept: true, now: true }]);
  expect((await group(of(await newJob(database.pool))))[0]?.kind).toBe('refused');
});

describe('a job', () => {
  test.each([
    ['OPEN', 1],
    ['CLOSING', 3],
  ])('that is %s pauses on more than one miss in five', async (_name, state) => {
    const jobId = await newJob(database.pool, state);
    await group(chunk(jobId, 0, { rows: 1000, misses: 200 }));
    expect(await jobOf(jobId)).toMatchObject({ state, judged: 1000 });
    await group(chunk(jobId, 1, { rows: 10, misses: 3 }));
    expect(await jobOf(jobId)).toMatchObject({ state: JobState.PAUSED, judged: 1010, misses: 203 });
  });

  test('that officers released is judged by its rows since then, also where all of its rows miss no more than usual by now', async () => {
    const jobId = await newJob(database.pool);
    await database.pool.query('UPDATE job SET rows = 2000, judged = 2000, misses = 400 WHERE job_id = $1', [jobId]);
    const released = "INSERT INTO job_release (job_id, judged, body, signatures) VALUES ($1, 1000, 'x', '{}')";
    await database.pool.query(released, [jobId]);
    const connection = await connect();
    const { workerId } = await registerWriter(database.pool);
    const add = (num: number, rows: number, misses: number) =>
      appendGroup(connection, workerId, [chunk(jobId, num, { rows, misses })], undefined, () => ({
        judged: 1000,
        misses: 300,
      }));
    // In all more than one in five, and 130 of 1,100 since they signed.
    await add(200, 100, 30);
    expect(await jobOf(jobId)).toMatchObject({ state: JobState.OPEN, judged: 2100, misses: 430 });
    await add(201, 1000, 400);
    expect(await jobOf(jobId)).toMatchObject({ state: JobState.PAUSED, judged: 3100, misses: 830 });
  });

  test('is judged by the rows that could be judged, not by those sent along', async () => {
    const jobId = await newJob(database.pool);
    await group(chunk(jobId, 0, { rows: 100_000, judged: 1000, misses: 201 }));
    expect(await jobOf(jobId)).toMatchObject({ state: JobState.PAUSED });
    const few = await newJob(database.pool);
    await group(chunk(few, 0, { rows: 100_000, judged: 999, misses: 999 }));
    expect(await jobOf(few)).toMatchObject({ state: JobState.OPEN });
  });

  test('that is closing takes no chunk beyond those its close named', async () => {
    const jobId = await newJob(database.pool, JobState.CLOSING, 4);
    const outcomes = await group(chunk(jobId, 3), chunk(jobId, 4), chunk(jobId, 1_000_000));
    const refused = { kind: 'refused', reason: ErrorReason.JOB_STATE, facts: { jobState: JobState.CLOSING } };
    expect(outcomes).toEqual([{ kind: 'recorded' }, refused, refused]);
    expect(await jobOf(jobId)).toMatchObject({ chunks: 1 });
  });

  test('takes no more rows than the agreement allows it, within a group and after', async () => {
    const jobId = await newJob(database.pool);
    const of = (num: number, rows: number) => chunk(jobId, num, { rows, rowsPerJob: 25 });
    const refused = { kind: 'refused', reason: ErrorReason.LIMITED, facts: { limits: ['ROWS'] } };
    // A number stands for the rows below it as well.
    expect(await group(of(3, 1), of(1, 10), of(0, 10), of(2, 10))).toEqual([
      refused,
      { kind: 'recorded' },
      { kind: 'recorded' },
      refused,
    ]);
    // What was refused gave its number back.
    expect(await numbersOf(jobId)).toEqual([0, 1]);
    expect(await group(of(2, 5))).toEqual([{ kind: 'recorded' }]);
    expect(await group(of(3, 1))).toEqual([refused]);
    expect(await jobOf(jobId)).toMatchObject({ rows: 25, chunks: 3 });
  });

  const outOfRange = (field: string) =>
    ({ kind: 'refused', reason: ErrorReason.BAD_REQUEST, facts: { violations: [{ field, rule: 'RANGE' }] } }) as const;
  const [beyond, short] = [outOfRange('chunk.num'), outOfRange('chunk.ids')];
  const recorded = { kind: 'recorded' };

  test('takes one short chunk and nothing beyond it, within a group and after', async () => {
    const jobId = await newJob(database.pool);
    expect(await group(chunk(jobId, 4, { rows: 6 }), chunk(jobId, 0), chunk(jobId, 5))).toEqual([
      recorded,
      recorded,
      beyond,
    ]);
    expect(await group(chunk(jobId, 1, { rows: 6 }), chunk(jobId, 2))).toEqual([short, recorded]);
    expect(await group(chunk(jobId, 7))).toEqual([beyond]);
    // The number of what was refused is free for the bytes that belong there.
    expect(await group(chunk(jobId, 1), chunk(jobId, 3))).toEqual([recorded, recorded]);
    expect(await numbersOf(jobId)).toEqual([0, 1, 2, 3, 4]);
  });

  test('takes no short chunk below one that is answered', async () => {
    const jobId = await newJob(database.pool);
    await group(chunk(jobId, 2));
    expect(await group(chunk(jobId, 1, { rows: 6 }))).toEqual([short]);
    expect(await group(chunk(jobId, 3, { rows: 6 }), chunk(jobId, 1))).toEqual([recorded, recorded]);
  });

  test('gives the short chunk’s answer again, and what stands below it', async () => {
    const jobId = await newJob(database.pool);
    const [first, last] = [chunk(jobId, 0), chunk(jobId, 1, { rows: 6 })];
    await group(first, last);
    const again = (of: AppendItem) => ({ ...of, entryId: randomBytes(16), salt: randomBytes(16) });
    const outcomes = await group(again(last), again(first));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['repeated', 'repeated']);
    expect((await group(chunk(jobId, 1))).map(({ kind }) => kind)).toEqual(['content-changed']);
  });

  test('has one last chunk, whichever of two workers comes first', async () => {
    const [one, two] = [await connect(), await connect()];
    const { workerId } = await registerWriter(database.pool);
    const kinds = async (connection: Open, item: AppendItem) =>
      (await appendGroup(connection, workerId, [item])).outcomes.map(({ kind }) => kind);
    for (let n = 0; n < 12; n++) {
      const jobId = await newJob(database.pool);
      const told = await Promise.all([
        kinds(one, chunk(jobId, 3, { rows: 6 })),
        kinds(two, n % 2 === 0 ? chunk(jobId, 4) : chunk(jobId, 2, { rows: 6 })),
      ]);
      expect(told.flat().sort()).toEqual(['recorded', 'refused']);
    }
  });

  test('keeps no answer that its client says it has, and no number beyond the chunk itself is believed', async () => {
    const jobId = await newJob(database.pool);
    await group(chunk(jobId, 0), chunk(jobId, 1));
    await group(chunk(jobId, 2, { ackedThrough: 2 ** 31 }));
    expect(await jobOf(jobId)).toMatchObject({ acked_through: 2 });
    expect(await answersOf(jobId)).toEqual([2]);
    await group(chunk(jobId, 9, { ackedThrough: 9 }));
    expect(await answersOf(jobId)).toEqual([9]);
    await group(chunk(jobId, 5, { ackedThrough: 3 }));
    expect(await answersOf(jobId)).toEqual([9]);
  });

  test('closed in a group takes no chunk of that group', async () => {
    const jobId = await newJob(database.pool);
    const closing = item({
      effects: [{ text: 'UPDATE job SET state = 4 WHERE job_id = $1', values: [jobId] }],
    });
    const outcomes = await group(chunk(jobId, 0), closing);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'recorded']);
  });

  test('that two workers append to at the same time makes neither fail', async () => {
    const [one, two] = [await connect(), await connect()];
    const jobId = await newJob(database.pool);
    const { workerId } = await registerWriter(database.pool);
    const run = async (connection: Open, from: number) => {
      for (let i = 0; i < 12; i++) await appendGroup(connection, workerId, [chunk(jobId, from + i)]);
    };
    await expect(Promise.all([run(one, 0), run(two, 1000)])).resolves.toBeDefined();
    expect(await jobOf(jobId)).toMatchObject({ chunks: 24, rows: 240 });
  });
});

describe('a group that fails', () => {
  test('of a deadlock is run again whole', async () => {
    const [a, b] = [await newJob(database.pool), await newJob(database.pool)];
    const touch = (jobId: Buffer) =>
      item({
        effects: [
          { text: 'SELECT pg_sleep(0.1)', values: [] },
          { text: 'UPDATE job SET purpose = purpose WHERE job_id = $1', values: [jobId] },
        ],
      });
    const [one, two] = [await writer(), await writer()];
    const outcomes = await Promise.all([
      one.append(chunk(a, 0)),
      one.append(touch(b)),
      two.append(chunk(b, 0)),
      two.append(touch(a)),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(4).fill('recorded'));
    await Promise.all([one.close(), two.close()]);
  });

  test('of one item is halved until that item is alone, not written one by one', async () => {
    let commits = 0;
    const one = await writer({
      onHead: () => {
        commits += 1;
      },
    });
    const bad = item({ effects: [{ text: 'SELECT 1/0', values: [] }] });
    const size = (await readHead(database.pool)).size;
    const items = Array.from({ length: 128 }, (_, i) => (i === 77 ? bad : item()));
    const settled = await Promise.allSettled(items.map((each) => one.append(each)));
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(settled[77]?.status).toBe('rejected');
    expect((await readHead(database.pool)).size).toBe(size + 127);
    expect(commits).toBe(7);
    await one.close();
  });
});

describe('a queue', () => {
  test('that is full turns callers away with a time to come again, and takes them later', async () => {
    const one = await writer({ queue: { items: 8, bytes: 1 << 20 } });
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => one.append(item())));
    const rejected = settled.filter((result) => result.status === 'rejected');
    expect(rejected).toHaveLength(12);
    expect(rejected[0]?.reason).toMatchObject({
      reason: ErrorReason.LIMITED,
      facts: { retryAfterMs: 500, limits: ['BYTES'] },
    });
    expect((await one.append(item())).kind).toBe('recorded');
    await one.close();
  });

  test('counts bytes too, and leaves room for refusals', async () => {
    const one = await writer({ queue: { items: 1000, bytes: 1000 } });
    const big = () => item({ answer: Buffer.alloc(460) });
    const settled = await Promise.allSettled([
      one.append(big()),
      one.append(big()),
      one.append(big()),
      one.append({ ...item(), answer: undefined } as never),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    await one.close();
  });
});

test('a database that does not answer is given up, and its connection with it', async () => {
  // Given to the second query as well, which is answered.
  const pool = createPool({ url: database.url, max: 1, queryTimeoutMs: 1_000 });
  await expect(pool.query('SELECT pg_sleep(20)')).rejects.toMatchObject({ kind: 'unavailable' });
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  const slow = createPool({ url: database.url, max: 1, statementTimeoutMs: 100 });
  await expect(slow.query('SELECT pg_sleep(20)')).rejects.toMatchObject({ code: '57014' });
  await Promise.all([pool.end(), slow.end()]);
});
