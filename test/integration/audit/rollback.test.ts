/** A log that is set back, exchanged or left behind under a running gateway, and heads that must not be lost of it. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAppender } from '../../../gateway/audit/appender.ts';
import { openAppendConnection } from '../../../gateway/audit/connection.ts';
import { createHeads } from '../../../gateway/audit/heads.ts';
import { readHead, registerWriter, renewLease, rootAt } from '../../../gateway/audit/log-store.ts';
import { createLogWatch } from '../../../gateway/audit/log-watch.ts';
import { strikeOff } from '../../../gateway/audit/strike-off.ts';
import { endThere } from '../../../gateway/place/end-there.ts';
import { ownPlace, processStartOf } from '../../../gateway/place/own-place.ts';
import { verifyCheckpoint } from '../../../gateway/proof/checkpoint.ts';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { item } from './items.ts';

const ORIGIN = 'lienthong.dev/rollback';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const TABLES = ['log_entry', 'log_index', 'log_tile', 'log_head'];

let database: TestDatabase;
let folder: string;
let path: string;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  database = await createTestDatabase({ max: 8 });
  folder = await mkdtemp(join(tmpdir(), 'lienthong-heads-'));
  path = join(folder, 'head');
});

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const keys = { key: privateKey, publicKey, known: [publicKey] };
const newHeads = () => createHeads({ db: database.pool, origin: ORIGIN, keys, path });
const keptHead = async () => verifyCheckpoint(await readFile(path, 'utf8'), ORIGIN, ORIGIN, publicKey);

async function gateway(heads = newHeads()) {
  if ((await heads.check()) === 'sound') await heads.keep();
  const writer = await registerWriter(database.pool);
  const stopped: Error[] = [];
  const appender = createAppender({
    connect: () => openAppendConnection(database.log),
    workerId: writer.workerId,
    logRef: 'x',
    seen: heads.known,
    onHead: heads.onHead,
    onStopped: (why) => stopped.push(why),
  });
  closing.push(appender.close);
  const append = (count: number) => Promise.all(Array.from({ length: count }, () => appender.append(item())));
  return { heads, writer, appender, append, stopped };
}

const save = () =>
  Promise.all(TABLES.map((table) => database.pool.query(`CREATE TABLE saved_${table} AS TABLE ${table}`)));

async function restore(): Promise<void> {
  for (const table of TABLES) {
    await database.pool.query(`DELETE FROM ${table}`);
    await database.pool.query(`INSERT INTO ${table} SELECT * FROM saved_${table}`);
  }
}

describe('a key of heads that another one follows', () => {
  const next = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const nextKeys = { key: next.privateKey, publicKey: next.publicKey, known: [publicKey, next.publicKey] };
  const inFile = async () => verifyCheckpoint(await readFile(path, 'utf8'), ORIGIN, ORIGIN, next.publicKey);

  test('signs the head in the file anew, though the log does not grow, and heads of any size', async () => {
    const { heads, append, appender } = await gateway();
    await append(3);
    await heads.keep();
    heads.use(nextKeys);
    await heads.keep();
    expect((await inFile()).size).toBe(3);
    for (const note of [await heads.checkpoint(), await heads.checkpointAt(2)]) {
      expect(() => verifyCheckpoint(note, ORIGIN, ORIGIN, next.publicKey)).not.toThrow();
    }
    await append(1);
    await heads.keep();
    expect((await inFile()).size).toBe(4);
    await appender.close();
  });

  test('believes at its start the head that an earlier one signed, and none that a stranger signed', async () => {
    const { heads, append, appender } = await gateway();
    await append(3);
    await heads.keep();
    await appender.close();
    const stranger = createHeads({ db: database.pool, origin: ORIGIN, keys: { ...nextKeys, known: [] }, path });
    await expect(stranger.check()).rejects.toThrow('UNSIGNED');
    const restarted = createHeads({ db: database.pool, origin: ORIGIN, keys: nextKeys, path });
    expect(await restarted.check()).toBe('sound');
    await restarted.keep();
    expect((await inFile()).size).toBe(3);
  });
});

describe('a log set back under a running gateway', () => {
  test('takes nothing more, and is signed no more', async () => {
    const { heads, append, appender, stopped } = await gateway();
    await append(5);
    await save();
    await append(5);
    await heads.keep();
    await restore();

    await expect(append(1)).rejects.toMatchObject({ reason: ErrorReason.LOG_BROKEN });
    await expect(append(1)).rejects.toMatchObject({ reason: ErrorReason.LOG_BROKEN });
    expect(stopped.map(({ name, message }) => `${name} ${message}`)).toEqual([
      'Error the log is not the one last seen',
    ]);
    expect((await readHead(database.pool)).size).toBe(5);
    await expect(heads.checkpoint()).rejects.toMatchObject({ reason: ErrorReason.LOG_BROKEN });
    await expect(heads.keep()).rejects.toThrow('not the one last seen');
    expect((await keptHead()).size).toBe(10);
    expect(await newHeads().check()).toBe('smaller');
    await appender.close();
  });

  test.each([
    ['as long as it was', 5],
    ['longer than it was', 9],
  ])('and written on by another until it is %s is found out', async (_name, further) => {
    const first = await gateway();
    await first.append(5);
    await save();
    await first.append(5);
    await first.heads.keep();
    await restore();
    const other = await gateway(createHeads({ db: database.pool, origin: ORIGIN, keys, path: `${path}.b` }));
    await other.append(further);

    await expect(first.append(1)).rejects.toMatchObject({ reason: ErrorReason.LOG_BROKEN });
    await expect(first.heads.keep()).rejects.toThrow('not the one last seen');
    expect(first.heads.state).toBe('forked');
    expect((await keptHead()).size).toBe(10);
    await first.appender.close();
    await other.appender.close();
  });

  test('two writers that take turns are no rollback', async () => {
    const [one, two] = [await gateway(), await gateway()];
    for (let turn = 0; turn < 4; turn++) {
      await one.append(90);
      await two.append(7);
    }
    await one.heads.keep();
    const { size, root } = await readHead(database.pool);
    expect(size).toBe(4 * 97);
    expect(Buffer.from(await rootAt(database.pool, size))).toEqual(root);
    await two.heads.keep();
    await one.heads.keep();
    // The file is both's: whoever is behind does not write over the other.
    expect((await keptHead()).size).toBe(4 * 97);
    await Promise.all([one.appender.close(), two.appender.close()]);
  });

  test('also what another writer appended is found out by a gateway that appends nothing itself', async () => {
    const idle = await gateway();
    const other = await gateway(createHeads({ db: database.pool, origin: ORIGIN, keys, path: `${path}.b` }));
    await other.append(5);
    await save();
    await other.append(5);
    await idle.heads.keep();
    expect([(await keptHead()).size, idle.heads.size()]).toEqual([10, 10]);
    await restore();

    await expect(idle.heads.checkpoint()).rejects.toMatchObject({ reason: ErrorReason.LOG_BROKEN });
    await expect(idle.heads.keep()).rejects.toThrow('not the one last seen');
    expect(await newHeads().check()).toBe('smaller');
    await Promise.all([idle.appender.close(), other.appender.close()]);
  });

  test('a frontier that is not that of the root takes nothing', async () => {
    const { append, appender } = await gateway();
    await append(3);
    await database.pool.query('UPDATE log_head SET frontier = set_byte(frontier, 12, get_byte(frontier, 12) # 1)');
    await expect(append(1)).rejects.toMatchObject({ reason: ErrorReason.LOG_BROKEN });
    await appender.close();
  });
});

describe('heads', () => {
  test('the first is that of the empty log, so that every later one can be held against it', async () => {
    const { append, appender } = await gateway();
    expect((await keptHead()).size).toBe(0);
    // Not kept any further, as by a gateway that is killed at once: the log still grew out of the first.
    await append(4);
    await appender.close();
    expect(await newHeads().check()).toBe('sound');
  });

  test('of a log that has none kept: nothing is signed, kept or taken until an operator accepts a head', async () => {
    const first = await gateway();
    await first.append(4);
    await first.heads.keep();
    await save();
    await first.append(4);
    await first.heads.keep();
    await first.appender.close();
    // Rolled back, and what would show it taken away.
    await restore();
    await rm(path);
    const heads = newHeads();
    expect(await heads.check()).toBe('unkept');
    await expect(heads.checkpoint()).rejects.toMatchObject({ reason: ErrorReason.LOG_BROKEN });
    await expect(heads.keep()).rejects.toThrow('not the one last seen');
    await expect(keptHead()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(heads.accept({ size: 4, root: Buffer.alloc(32) })).rejects.toThrow('not the one last seen');

    const accepting = newHeads();
    await accepting.check();
    await accepting.accept(await readHead(database.pool));
    expect((await keptHead()).size).toBe(4);
    expect(await newHeads().check()).toBe('sound');
    // A head that is kept is never replaced so.
    await expect(accepting.accept(await readHead(database.pool))).rejects.toThrow();
  });

  test('a head that is not that of the stored entries is not kept', async () => {
    const { heads, append, appender } = await gateway();
    await append(4);
    await heads.keep();
    await append(4);
    await database.pool.query("UPDATE log_index SET leaf = decode(repeat('11', 32), 'hex') WHERE idx = 1");
    await expect(heads.keep()).rejects.toThrow();
    expect((await keptHead()).size).toBe(4);
    await appender.close();
  });

  test.each([
    ['of another root', "root = decode(repeat('11', 32), 'hex')"],
    ['of entries that are not there', 'size = size + 3'],
  ])('a head %s is not kept of what another writer is said to have added', async (_name, change) => {
    const { heads, append, appender } = await gateway();
    const other = await gateway(createHeads({ db: database.pool, origin: ORIGIN, keys, path: `${path}.b` }));
    await append(4);
    await heads.keep();
    await other.append(4);
    await database.pool.query(`UPDATE log_head SET ${change}`);
    await expect(heads.keep()).rejects.toThrow('not the one last seen');
    expect([(await keptHead()).size, heads.state]).toEqual([4, 'forked']);
    await Promise.all([appender.close(), other.appender.close()]);
  });

  test('not kept for too long stop all disclosure until one is kept again; the other tasks go on', async () => {
    const { heads, append, appender, writer } = await gateway();
    const faults: string[] = [];
    const watch = createLogWatch({
      db: database.pool,
      heads,
      workerId: writer.workerId,
      tokenFloor: 0,
      onFault: (task) => faults.push(task),
      onFenced: () => undefined,
      everyMs: 10,
      lateAfterMs: 1000,
    });
    // In spite of any rights: a folder stands where the file is to be written.
    await mkdir(`${path}.${process.pid}.new`);
    await append(2);
    expect(watch.trouble()).toBeUndefined();
    await vi.waitFor(() => expect(watch.trouble()).toBe('unkept'), { timeout: 10_000 });
    await database.pool.query('UPDATE token_floor SET iat_floor = 7');
    await vi.waitFor(() => expect(watch.tokenFloor()).toBe(7), { timeout: 10_000 });
    expect(faults).toEqual(['heads']);
    await rm(`${path}.${process.pid}.new`, { recursive: true });
    await vi.waitFor(() => expect(watch.trouble()).toBeUndefined(), { timeout: 10_000 });
    expect((await keptHead()).size).toBe(2);
    watch.stop();
    await appender.close();
  });
});

describe('a lease', () => {
  test('that is lost says so once, and ends disclosure', async () => {
    const { heads, appender, writer } = await gateway();
    let fenced = 0;
    const watch = createLogWatch({
      db: database.pool,
      heads,
      workerId: writer.workerId,
      tokenFloor: 0,
      onFault: () => undefined,
      onFenced: () => {
        fenced += 1;
      },
      everyMs: 10,
    });
    await sleep(50);
    expect([fenced, watch.trouble()]).toEqual([0, undefined]);
    await database.pool.query('DELETE FROM worker');
    await vi.waitFor(() => expect(watch.trouble()).toBe('fenced'), { timeout: 3000 });
    await sleep(50);
    expect(fenced).toBe(1);
    watch.stop();
    await appender.close();
  });

  test('that ran out is struck off by a gateway once that is long ago and it is renewed no more, and never by a passing writer', async () => {
    const { pool } = database;
    const old = await registerWriter(pool);
    const exists = async () =>
      (await pool.query('SELECT 1 FROM worker WHERE worker_id = $1::uuid', [old.workerId])).rows.length === 1;
    const start = (waits = 50) => strikeOff(pool, undefined, waits);
    await pool.query("UPDATE worker SET lease_until = clock_timestamp() - interval '20 seconds'");
    await start();
    expect(await exists()).toBe(true);
    await pool.query("UPDATE worker SET lease_until = clock_timestamp() - interval '2 hours'");
    await registerWriter(pool);
    expect(await exists()).toBe(true);
    // As where the clock was set forward: who lives renews it, by the clock as it is.
    const starting = start(2_000);
    expect(await renewLease(pool, old.workerId)).toBe(true);
    await starting;
    expect(await exists()).toBe(true);
    await pool.query("UPDATE worker SET lease_until = clock_timestamp() - interval '2 hours'");
    await start();
    expect(await exists()).toBe(false);
  });

  test('of a process of this machine that only stands ends with that process', async () => {
    const { pool } = database;
    const child = spawn('sleep', ['300']);
    const [here, pid] = [ownPlace(), child.pid ?? 0];
    const place = here && { ...here, pid, processStart: processStartOf(pid) ?? '' };
    const frozen = await registerWriter(pool, { serves: true, place });
    child.kill('SIGSTOP');
    await pool.query("UPDATE worker SET lease_until = clock_timestamp() - interval '2 hours'");
    await strikeOff(pool, here && { host: here.host, end: endThere }, 100);
    expect(processStartOf(pid)).toBeUndefined();
    expect((await pool.query('SELECT FROM worker WHERE worker_id = $1', [frozen.workerId])).rowCount).toBe(0);
  });

  test('that is lost while an append waits for the head stops that append', async () => {
    const { append, appender, writer, stopped } = await gateway();
    const taker = await database.pool.connect();
    await taker.query('BEGIN');
    await taker.query('SELECT 1 FROM log_head FOR UPDATE');
    const waiting = append(1).then(
      () => 'appended',
      (error: { reason?: ErrorReason }) => error.reason,
    );
    const atTheHead = async () => {
      const { rows } = await database.pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
      );
      return rows;
    };
    await expect.poll(atTheHead).toHaveLength(1);
    await taker.query('DELETE FROM worker WHERE worker_id = $1::uuid', [writer.workerId]);
    await taker.query('UPDATE log_head SET epoch = epoch + 1');
    await taker.query('COMMIT');
    taker.release();
    expect(await waiting).toBe(ErrorReason.DRAINING);
    expect(stopped).toHaveLength(1);
    await appender.close();
  });
});
