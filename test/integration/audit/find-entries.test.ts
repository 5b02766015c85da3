/** An entry and what gives it again are found by keys, whether or not the index of accesses has come to them. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStepper } from '../../../gateway/accesses/indexer.ts';
import { findEntries } from '../../../gateway/audit/find-entries.ts';
import { openPools, type Pools } from '../../../gateway/compose/open-database.ts';
import type { Transaction } from '../../../gateway/exchange/log-port.ts';
import { generateKeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import { EntryKind } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openPeopleLog } from '../../support/people-log.ts';
import { recording, unkeyedOf } from '../../support/plans.ts';
import { addAgency, newJob } from './items.ts';

const ring = loadKeyRing(generateKeyRing());
let database: TestDatabase;
let pools: Pools;
let log: Awaited<ReturnType<typeof openPeopleLog>>;
beforeAll(async () => {
  database = await createTestDatabase({ max: 6 });
  pools = openPools(database.url);
  await addAgency(database.pool);
  log = await openPeopleLog(database.pool, ring);
});
afterAll(async () => {
  log?.close();
  await pools?.end();
  await database?.drop();
});

/** Positions of what was found, and the tables that were read from end to end for it, by whoever asks by index. */
async function find(id: string, most = 50, sinceMs?: number) {
  const { db, asked } = recording(pools.log);
  const { entries, more } = await findEntries(db as Transaction, id, most, sinceMs);
  return { positions: entries.map(({ position }) => position), more, whole: await unkeyedOf(pools.log, asked) };
}

test('an entry, or a chunk of a job, is found with all that gives it again, and no more of the log is read', async () => {
  const again = (earlierEntryId: Buffer) => [{ kind: EntryKind.REDELIVERY, earlierEntryId }, []] as const;
  const [first, other] = (await log.append([{}, [{ personNo: 1 }]], [{}, [{ personNo: 2 }]])) as [Buffer, Buffer];
  await log.append([...again(first)], [...again(other)]);
  const jobId = await newJob(database.pool);
  await database.pool.query('INSERT INTO job_chunk (job_id, num, digest, entry_id) VALUES ($1, 3, $2, $3)', [
    jobId,
    randomBytes(32),
    first,
  ]);
  const ids = [first.toString('hex'), first.toString('base64url'), `${jobId.toString('hex')}:3`];
  // One row each.
  const whole = ['access_index', 'log_head'];
  for (const id of ids) expect(await find(id)).toEqual({ positions: [0, 2], more: false, whole });
  await createStepper(database.pool, ring.evidence).step();
  for (const id of ids) expect(await find(id)).toEqual({ positions: [0, 2], more: false, whole });
  await log.append([...again(first)], [...again(other)], [...again(first)]);
  for (const id of ids) expect(await find(id)).toEqual({ positions: [0, 2, 4, 6], more: false, whole });
  expect(await find(first.toString('hex'), 3)).toEqual({ positions: [0, 2, 4], more: true, whole });
  expect(await find(first.toString('hex'), 1)).toEqual({ positions: [0], more: true, whole });
});

test('a chunk that was never there is not looked for in the whole log; a request id is, whatever it looks like', async () => {
  expect(await find(`${'a'.repeat(32)}:1`)).toEqual({ positions: [], more: false, whole: [] });
  const requestId = randomBytes(16).toString('hex');
  await log.append([{ context: { requestId } }, []]);
  expect((await find(requestId)).positions).toEqual([7]);
});

test('a request id is looked for among the entries since a time, with some minutes for those that came late, and by keys', async () => {
  const whole = ['log_head'];
  const [start, minute] = [Date.now() + 3_600_000, 60_000];
  const requestId = `call-${randomBytes(8).toString('hex')}`;
  const at = (minutes: number) => [{ context: { requestId }, timeMs: BigInt(start + minutes * minute) }, []] as const;
  const minutes = [0, 30, 35, 33, 60, 61, 90];
  for (const one of minutes) await log.append([...at(one)]);
  const found = await find(requestId);
  const [first = 0] = found.positions;
  expect(found.positions).toEqual(minutes.map((_, i) => (first ?? 0) + i));
  const since = async (from: number, most?: number) => {
    const { positions, ...rest } = await find(requestId, most, start + from * minute);
    return { from: positions.map((position) => minutes[(position ?? 0) - (first ?? 0)]), ...rest };
  };
  expect(await since(-1000)).toEqual({ from: minutes, more: false, whole });
  expect(await since(0)).toEqual({ from: minutes, more: false, whole });
  expect(await since(34)).toEqual({ from: [30, 35, 33, 60, 61, 90], more: false, whole });
  expect(await since(60)).toEqual({ from: [60, 61, 90], more: false, whole });
  expect(await since(34, 2)).toEqual({ from: [30, 35], more: true, whole });
  expect(await since(100)).toEqual({ from: [90], more: false, whole });
  expect(await since(101)).toEqual({ from: [], more: false, whole });
  expect((await find('call-of-nobody', 50, start)).positions).toEqual([]);
});
