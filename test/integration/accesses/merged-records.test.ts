/** Two records that turned out to be one person: who looked at either is that person's to see, and both are unlinked. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPostings } from '../../../gateway/accesses/find-postings.ts';
import { createStepper } from '../../../gateway/accesses/indexer.ts';
import { accessKeys } from '../../../gateway/accesses/keys.ts';
import { listAccesses } from '../../../gateway/accesses/list-accesses.ts';
import { unlinkPerson } from '../../../gateway/accesses/unlink-person.ts';
import { readRecords } from '../../../gateway/register/records-of.ts';
import { generateKeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openPeopleLog } from '../../support/people-log.ts';
import { addAgency } from '../audit/items.ts';

const ring = loadKeyRing(generateKeyRing());
const keys = accessKeys(ring.evidence);
let database: TestDatabase;
let log: Awaited<ReturnType<typeof openPeopleLog>>;

/** The first was merged into the second, that into the third; of the last nobody knows that it is of anybody else. */
const [FIRST, SECOND, LIVING, NEIGHBOUR] = [901, 902, 903, 904] as const;

beforeAll(async () => {
  database = await createTestDatabase({ max: 6 });
  await addAgency(database.pool);
  log = await openPeopleLog(database.pool, ring);
  for (const [personNo, mergedInto] of [
    [FIRST, SECOND],
    [SECOND, LIVING],
    [LIVING, null],
    [NEIGHBOUR, null],
  ]) {
    await database.pool.query(
      `INSERT INTO person (person_no, personal_id, merged_into, import_no, full_name, log_key) VALUES ($1, 901085000000 + $1::bigint, $2, 1, 'An', $3)`,
      [personNo, mergedInto, randomBytes(16)],
    );
  }
  for (const personNo of [FIRST, SECOND, LIVING, NEIGHBOUR]) await log.append([{}, [{ personNo }]]);
  await log.append([{}, [{ personNo: FIRST }, { personNo: NEIGHBOUR }, { personNo: LIVING }]]);
  const stepper = createStepper(database.pool, ring.evidence);
  while ((await stepper.step()).entries > 0);
});

afterAll(async () => {
  log?.close();
  await database?.drop();
});

const postings = async (personNo: number) => (await findPostings(database.pool, keys, [personNo])).postings.length;
const keyOf = async (personNo: number) => {
  const { rows } = await database.pool.query<{ log_key: Buffer }>('SELECT log_key FROM person WHERE person_no = $1', [
    personNo,
  ]);
  return rows[0]?.log_key;
};
const keyed = async () => {
  const { rows } = await database.pool.query<{ no: number }>(
    'SELECT person_no::float8 AS no FROM person WHERE log_key IS NOT NULL ORDER BY 1',
  );
  return rows.map(({ no }) => no);
};

test('one list has the uses of all records, each entry once, the newest first', async () => {
  expect(await readRecords(database.pool, LIVING)).toEqual([LIVING, FIRST, SECOND]);
  expect(await readRecords(database.pool, NEIGHBOUR)).toEqual([NEIGHBOUR]);
  const personNos = await readRecords(database.pool, LIVING);
  const { lines, position } = await listAccesses(database.pool, keys, {
    personNos,
    now: Date.now() / 1000,
    counts: () => true,
  });
  expect([position, lines.map(({ entries }) => entries.map((entry) => entry.position))]).toEqual([
    5,
    [[4], [2], [1], [0]],
  ]);
});

test('records that were made to lead in a circle are asked for once each', async () => {
  await database.pool.query('UPDATE person SET merged_into = $2 WHERE person_no = $1', [LIVING, FIRST]);
  expect(await readRecords(database.pool, LIVING)).toEqual([LIVING, FIRST, SECOND]);
  await database.pool.query('UPDATE person SET merged_into = NULL WHERE person_no = $1', [LIVING]);
});

test('erasure unlinks all of them, and nobody else', async () => {
  const before = await keyOf(LIVING);
  const done = await unlinkPerson({ pool: database.pool, evidence: ring.evidence, settleMs: 0 }, LIVING);
  expect(done).toEqual({ entries: 4, keyDestroyed: true, waiting: 0 });
  // Numbers lead to the living record alone: it has a fresh key for what comes.
  expect(await keyed()).toEqual([LIVING, NEIGHBOUR].sort((a, b) => a - b));
  expect(await keyOf(LIVING)).not.toEqual(before);
  expect(await Promise.all([FIRST, SECOND, LIVING, NEIGHBOUR].map(postings))).toEqual([0, 0, 0, 2]);
});
