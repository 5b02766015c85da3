/** The thread that keeps the index lives on between two looks: what comes later is taken by the same one. */
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readIndexState } from '../../../gateway/accesses/index-state.ts';
import { openAccesses } from '../../../gateway/compose/open-accesses.ts';
import { generateKeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openPeopleLog } from '../../support/people-log.ts';
import { addAgency } from '../audit/items.ts';

const ring = loadKeyRing(generateKeyRing());
let database: TestDatabase;
let log: Awaited<ReturnType<typeof openPeopleLog>>;
beforeAll(async () => {
  database = await createTestDatabase();
  await addAgency(database.pool);
  log = await openPeopleLog(database.pool, ring);
});
afterAll(async () => {
  log?.close();
  await database?.drop();
});

test('the index is kept by one thread, which neither ends nor complains while there is nothing to do', async () => {
  const seen: string[] = [];
  const onWorker = (worker: Worker) => {
    seen.push('started');
    worker.once('exit', () => seen.push('ended'));
  };
  process.on('worker', onWorker);
  const thread = openAccesses({ databaseUrl: database.url, evidence: ring.evidence }, (fields) =>
    seen.push(JSON.stringify(fields)),
  );
  const position = async () => (await readIndexState(database.pool)).position;
  try {
    for (let entries = 1; entries <= 3; entries++) {
      await log.append([{}, [{ personNo: entries }]]);
      await expect.poll(position).toBe(entries);
    }
    expect(seen).toEqual(['started']);
  } finally {
    process.off('worker', onWorker);
    await thread.close();
  }
});
