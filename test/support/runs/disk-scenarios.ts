/** A disk that is full, on either side: a clear stop, and the same command goes on once there is room. */
import { chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askedPathOf } from '../../../connectors/kit/asked-file.ts';
import { mountSmallDisk } from '../faults/full-disk.ts';
import type { ClientEnd } from './client-run.ts';
import { playRound, type RoundEnd } from './round.ts';
import type { Scenario } from './scenarios.ts';

/** What a stop for want of room must say: run again, and where it lay. */
function isClearStop({ code, error }: ClientEnd, reason: string): boolean {
  return code === 5 && error?.reason === reason && error.happened !== '' && error.next !== '';
}

function judged(end: RoundEnd, stops: number, wrong: ClientEnd | undefined): RoundEnd & { struck: boolean } {
  const problem =
    wrong === undefined ? undefined : `no clear stop: exit code ${wrong.code}, ${wrong.error?.reason}: ${wrong.stderr}`;
  return { ...end, struck: stops > 0, ...(problem === undefined ? {} : { problem }) };
}

/** Counts the stops, and keeps the first that is not clear. */
function stopWatch(reason: string) {
  const seen: { stops: number; wrong: ClientEnd | undefined } = { stops: 0, wrong: undefined };
  const note = (end: ClientEnd): void => {
    seen.stops += 1;
    if (!isClearStop(end, reason)) seen.wrong ??= end;
  };
  return { seen, note };
}

/** The client's disk refuses at a byte of one of its files; written by hand where no small disk can be mounted. */
const clientDisk: Scenario = async ({ world, baseline, numbers, out }) => {
  const { seen, note } = stopWatch('DISK_FULL');
  const name = basename(out);
  const { results, receipt } = baseline.summary.files;
  const path = numbers.pick([`${name}.part`, `${name}.receipt.part`, `${name}.asked.part`, `${name}.job.json`, name]);
  const sizeAs = path.includes('receipt') ? receipt : path.includes('asked') ? askedPathOf(results) : results;
  const bytes = path === `${name}.job.json` ? 20_000 : statSync(sizeAs).size;
  const disk = { path, afterBytes: numbers.whole(0, Math.floor(bytes * 0.9)) };
  const end = await playRound(world, baseline, out, { clients: [{ disk }], mend: note });
  return judged(end, seen.stops, seen.wrong);
};

/** A small disk that is really full. */
const mountedClientDisk: Scenario = async (play) => {
  const { world, baseline, numbers, out } = play;
  const disk = mountSmallDisk(numbers.whole(16, 700));
  if (disk === undefined) return clientDisk(play);
  const { seen, note } = stopWatch('DISK_FULL');
  try {
    const end = await playRound(world, baseline, join(disk.path, basename(out)), {
      mend(ended) {
        note(ended);
        disk.resize(16_384);
      },
    });
    return judged(end, seen.stops, seen.wrong);
  } finally {
    disk.unmount();
  }
};

/** The database cannot write an entry. */
const FULL = `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER disk_full BEFORE INSERT ON log_entry FOR EACH ROW EXECUTE FUNCTION disk_full()`;
const ROOM = 'DROP TRIGGER disk_full ON log_entry; DROP FUNCTION disk_full()';

const databaseDisk: Scenario = async ({ world, baseline, out }) => {
  const { pool } = world.cluster;
  const { seen, note } = stopWatch('STORAGE_UNAVAILABLE');
  let full = false;
  const end = await playRound(world, baseline, out, {
    gateway: [{ point: 'append-committed', hit: 3, action: 'tell' }],
    options: { giveUpMs: 1500 },
    refusals: ['STORAGE_UNAVAILABLE'],
    onSuffered: () => {
      full = true;
      void pool.query(FULL);
    },
    async mend(ended) {
      note(ended);
      if (full) await pool.query(ROOM);
      full = false;
    },
  });
  if (full) await pool.query(ROOM).catch(() => undefined);
  return judged(end, seen.stops, seen.wrong);
};

/** The table of entries lies on a small disk that is really full. */
const mountedDatabaseDisk: Scenario = async (play) => {
  const { world, baseline, numbers, out } = play;
  const disk = mountSmallDisk(512 * 1024, '0755');
  if (disk === undefined) return databaseDisk(play);
  const { pool } = world.cluster;
  const { uid, gid } = statSync(join(world.cluster.dataDir, 'cluster'));
  chownSync(disk.path, uid, gid);
  const { seen, note } = stopWatch('STORAGE_UNAVAILABLE');
  try {
    await pool.query(`CREATE TABLESPACE small LOCATION '${disk.path}'`);
    await pool.query('ALTER TABLE log_entry SET TABLESPACE small');
    const { rows } = await pool.query<{ kib: number }>(`SELECT (pg_table_size('log_entry') / 1024)::float8 AS kib`);
    disk.resize(Math.floor((rows[0]?.kib ?? 0) + numbers.whole(8, 120)));
    const end = await playRound(world, baseline, out, {
      options: { giveUpMs: 1500 },
      refusals: ['STORAGE_UNAVAILABLE'],
      mend(ended) {
        note(ended);
        disk.resize(512 * 1024);
      },
    });
    return judged(end, seen.stops, seen.wrong);
  } finally {
    disk.resize(512 * 1024);
    await pool.query('ALTER TABLE log_entry SET TABLESPACE pg_default');
    await pool.query('DROP TABLESPACE small');
    disk.unmount();
  }
};

/** The gateway cannot keep the heads of its log: after a while it discloses nothing more. Needs a world whose heads lie on a disk of their own. */
const headsDisk: Scenario = async ({ world, baseline, out }) => {
  const { headsDisk: disk } = world;
  if (disk === undefined) throw new Error('this world keeps its heads on no disk of their own');
  const filler = join(disk.path, 'filler');
  const { seen, note } = stopWatch('STORAGE_UNAVAILABLE');
  for (let size = 1 << 20; size >= 512; size >>= 1) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full to this size: on with smaller ones.
    }
  }
  // A head must be waiting for the gateway to notice, and its patience is half a minute.
  let waited = false;
  const end = await playRound(world, baseline, out, {
    gateway: [{ point: 'append-committed', hit: 2, action: 'stop' }],
    refusals: [],
    onSuffered: (_fault, child) =>
      void sleep(33_000).then(() => {
        waited = true;
        child.kill('SIGCONT');
      }),
    options: { stallMs: 60_000, giveUpMs: 5_000 },
    async mend(ended) {
      note(ended);
      rmSync(filler, { force: true });
      await sleep(2500);
    },
  });
  rmSync(filler, { force: true });
  return judged(end, waited ? seen.stops : 0, seen.wrong);
};

export const diskScenarios: Readonly<Record<string, Scenario>> = {
  'disk-client': clientDisk,
  'disk-client-mounted': mountedClientDisk,
  'disk-database': databaseDisk,
  'disk-database-mounted': mountedDatabaseDisk,
  'disk-heads': headsDisk,
};
