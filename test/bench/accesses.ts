/** What a person is shown of a large log: how long their list takes, and how far its index is behind a log that grows at full rate. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIndexState } from '../../gateway/accesses/index-state.ts';
import { accessKeys } from '../../gateway/accesses/keys.ts';
import { listAccesses } from '../../gateway/accesses/list-accesses.ts';
import { rebuildIndex } from '../../gateway/accesses/rebuild.ts';
import { openAccesses } from '../../gateway/compose/open-accesses.ts';
import { generateKeyRing, loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { startEmbedded } from '../../gateway/storage/embedded.ts';
import { migrate } from '../../gateway/storage/migrate.ts';
import { createPool, type Pool } from '../../gateway/storage/pool.ts';
import { EntryKind } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { type LoggedPerson, openPeopleLog } from '../support/people-log.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { rounded } from './stats.ts';

const CHUNK = 4096;
/** Entries that each of the people has who are asked about. */
const ENTRIES = 100;
const WATCHED = 100;
const LISTS = 600;
/** Milliseconds. */
const GOAL_P99 = 100;
/** Seconds. */
const MOST_BEHIND = 2;
/** Chunks that an append takes at once: their time is that of their making, so a larger group would count as lag of the index. */
const GROUP = 2;
const PERSONS = 50_000_000;
const CROWD: LoggedPerson['body'][] = [{}, { matched: [1], mismatched: [2], outcome: 3 }, { matched: [], outcome: 4 }];

export async function accesses({ options, scratch, cleanup, say }: BenchContext): Promise<readonly Figure[]> {
  const workDir = join(scratch, 'accesses');
  mkdirSync(workDir, { mode: 0o711 });
  const server = await startEmbedded({ dataDir: join(workDir, 'postgres'), durable: true });
  const pool = createPool({ url: server.url, max: 4 });
  const stop = cleanup.add(async () => {
    await pool.end();
    await server.stop();
  });
  await migrate(pool);
  const ring = loadKeyRing(generateKeyRing());
  const chunks = Math.ceil(options.sizes.accessLeaves / CHUNK);
  const thread = openAccesses({ databaseUrl: server.url, evidence: ring.evidence }, () =>
    say('accesses: a step failed'),
  );
  // A gateway has started its thread long before it is busy.
  await append(pool, ring, 1);
  while ((await readIndexState(pool)).behind > 0) await sleep(50);
  const behind = watchLag(pool);
  const appended = await append(pool, ring, chunks);
  const lag = await behind.stop();
  while ((await readIndexState(pool)).behind > 0) await sleep(50);
  await thread.close();
  say(
    `accesses: ${rounded(appended.leaves / appended.seconds / 1000)} k leaves/s appended, index at most ${rounded(lag)} s behind`,
  );

  const listing = process.cpuUsage();
  const times = await measureLists(pool, ring);
  const listed = process.cpuUsage(listing);
  const [p50, p99] = [times[Math.floor(LISTS * 0.5)] ?? 0, times[Math.floor(LISTS * 0.99)] ?? 0];
  const cpu = process.cpuUsage();
  const began = performance.now();
  const { postings } = await rebuildIndex(pool, ring.evidence, () => undefined);
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  const micros = (used.user + used.system) / postings;
  const { rows } = await pool.query<{ bytes: number; runs: number }>(
    `SELECT pg_total_relation_size('access_block')::float8 AS bytes, (SELECT count(*)::int FROM access_run) AS runs`,
  );
  const [size] = rows;
  await stop();
  const notes = [
    `lists of ${ENTRIES} entries in a log of ${appended.leaves.toLocaleString('en-US')} people-leaves: p50 ${rounded(p50)} ms, p99 ${rounded(p99)} ms; ${rounded((listed.user + listed.system) / LISTS / 1000)} ms of CPU each`,
    `made anew at ${rounded(postings / seconds / 1000)} k leaves/s, ${rounded(micros)} µs of this process's CPU a leaf; ${rounded((size?.bytes ?? 0) / postings)} bytes a leaf in ${size?.runs} runs`,
  ];
  return [
    {
      ...BASE,
      name: 'accesses-list',
      unit: 'ms p99, less is better',
      value: p99,
      baseline: GOAL_P99,
      ratio: GOAL_P99 / p99,
      notes,
    },
    {
      ...BASE,
      ...{
        name: 'accesses-behind',
        unit: 's, less is better',
        value: lag,
        baseline: MOST_BEHIND,
        ratio: MOST_BEHIND / lag,
      },
      gate: options.short ? null : 1,
    },
  ];
}

const BASE = { gate: null, goal: 1 } as const;

/** Jobs of chunks at full rate; each of the watched stands in a hundred chunks, one in each of a hundred jobs. */
async function append(pool: Pool, ring: ReturnType<typeof loadKeyRing>, chunks: number) {
  const log = await openPeopleLog(pool, ring);
  const began = performance.now();
  const aJob = Math.max(1, Math.floor(chunks / ENTRIES));
  let jobId = randomBytes(16);
  for (let from = 0; from < chunks; from += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, chunks - from) }, (_, i) => {
      const num = (from + i) % aJob;
      if (num === 0) jobId = randomBytes(16);
      const people = Array.from({ length: CHUNK }, (__, row): LoggedPerson => {
        const watched = num === 0 && row < WATCHED;
        const body = CROWD[row % 12 === 0 ? 1 + (row % 2) : 0];
        return { personNo: watched ? 1 + row : 1000 + Math.floor(Math.random() * PERSONS), ...(body && { body }) };
      });
      return [{ kind: EntryKind.CHUNK, jobId, chunkNum: num, timeMs: BigInt(Date.now()) }, people] as const;
    });
    await log.append(...group);
  }
  log.close();
  return { leaves: chunks * CHUNK, seconds: (performance.now() - began) / 1000 };
}

/** The most that the index was behind, seconds. */
function watchLag(pool: Pool) {
  let [most, ended] = [0, false];
  const watching = (async () => {
    while (!ended) {
      most = Math.max(most, (await readIndexState(pool)).behindSeconds);
      await sleep(100);
    }
  })();
  return {
    async stop(): Promise<number> {
      ended = true;
      await watching;
      return most;
    },
  };
}

/** Milliseconds, ascending. */
async function measureLists(pool: Pool, ring: ReturnType<typeof loadKeyRing>): Promise<number[]> {
  const keys = accessKeys(ring.evidence);
  const now = Math.floor(Date.now() / 1000);
  const times: number[] = [];
  for (let i = 0; i < LISTS; i++) {
    const began = performance.now();
    const { lines } = await listAccesses(pool, keys, {
      personNos: [1 + (i % WATCHED)],
      now,
      counts: () => true,
    });
    times.push(performance.now() - began);
    if (lines.length < ENTRIES) throw new Error(`a list has ${lines.length} lines of ${ENTRIES}`);
  }
  return times.sort((a, b) => a - b);
}
