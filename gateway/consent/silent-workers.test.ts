/** Gateways that keep a withdrawal waiting, as another one on their machine sees them. The processes are real ones; they only sleep. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { ownPlace, processStartOf } from '../place/own-place.ts';
import { createSilentWorkers } from './silent-workers.ts';

let database: TestDatabase;
const children: ChildProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query('ALTER TABLE consent_pending DROP CONSTRAINT IF EXISTS consent_pending_receipt_id_fkey');
  await database.pool.query('INSERT INTO consent_pending (receipt_id, revision) VALUES ($1, 5)', [randomBytes(16)]);
});
afterEach(() => database.pool.query('DELETE FROM worker'));
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await database?.drop();
});

/** A gateway of this machine that has not said what the withdrawal waits for; its lease ends so many seconds from now. */
async function worker(lease: number) {
  const child = spawn('sleep', ['300']);
  children.push(child);
  const pid = child.pid ?? 0;
  const workerId = randomUUID();
  await database.pool.query(
    `INSERT INTO worker (worker_id, epoch, lease_until, settled, host, pid, process_start)
     VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3), 0, $4, $5, $6)`,
    [workerId, children.length, lease, ownPlace()?.host, pid, processStartOf(pid)],
  );
  return {
    isThere: () => processStartOf(pid) !== undefined,
    isKnown: async () =>
      (await database.pool.query('SELECT FROM worker WHERE worker_id = $1', [workerId])).rowCount === 1,
    renew: () =>
      database.pool.query("UPDATE worker SET lease_until = lease_until + interval '1 second' WHERE worker_id = $1", [
        workerId,
      ]),
  };
}

function watching() {
  let now = 0;
  const ended: number[] = [];
  const silent = createSilentWorkers({
    ...{ db: database.pool, place: ownPlace(), onEnded: (epoch: number) => void ended.push(epoch), nowMs: () => now },
  });
  return {
    ended,
    /** Looks as often as a gateway does, more or less, for so long. */
    async lookFor(ms: number, every = 500, between: () => unknown = () => undefined) {
      for (const until = now + ms; now < until; now += every) {
        await silent.end();
        await between();
      }
      await silent.end();
    },
  };
}

test('one whose lease is over and who renews it no more is ended, and struck off once it is gone', async () => {
  const frozen = await worker(-1);
  const { ended, lookFor } = watching();
  await lookFor(3_000);
  await expect.poll(frozen.isThere).toBe(false);
  expect(ended).toHaveLength(1);
  await lookFor(0);
  expect(await frozen.isKnown()).toBe(false);
});

test('a clock that is set forward ends nobody who lives: the lease seems over, and is renewed', async () => {
  const living = await worker(-3_600);
  const { ended, lookFor } = watching();
  await lookFor(20_000, 500, living.renew);
  expect([ended, living.isThere(), await living.isKnown()]).toEqual([[], true, true]);
});

test('a clock that is set back saves nobody who stands: the lease seems to run, and is not renewed for as long as one runs', async () => {
  const frozen = await worker(3_600);
  const { ended, lookFor } = watching();
  await lookFor(9_000);
  expect([ended, frozen.isThere()]).toEqual([[], true]);
  await lookFor(2_000);
  await expect.poll(frozen.isThere).toBe(false);
  expect(ended).toHaveLength(1);
});

test('whoever stood still himself counts from then on: the others may have stood with him', async () => {
  const other = await worker(-1);
  const { ended, lookFor } = watching();
  await lookFor(1_000);
  await lookFor(20_000, 20_000);
  expect([ended, other.isThere()]).toEqual([[], true]);
});
