/** An agency that asks about one person so often that their list might fail, and hide with it who looked. */
import { createPublicKey, randomBytes } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStepper } from '../../../gateway/accesses/indexer.ts';
import { accessKeys } from '../../../gateway/accesses/keys.ts';
import { listAccesses } from '../../../gateway/accesses/list-accesses.ts';
import { provenOf } from '../../../gateway/accesses/list-accesses-method.ts';
import { personTags } from '../../../gateway/accesses/person-tags.ts';
import { asWords, createPostings } from '../../../gateway/accesses/postings.ts';
import { writeRun } from '../../../gateway/accesses/runs.ts';
import { checkAccessProof } from '../../../gateway/proof/browser/check-access.ts';
import { generateKeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import type { Pool } from '../../../gateway/storage/pool.ts';
import { inTransaction } from '../../../gateway/storage/transaction.ts';
import { AuditService, EntryKind, ListAccessesActSchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { crowdPerson, PEOPLE } from '../../support/gateway-people.ts';
import { createCitizens } from '../../support/gateway-persons.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../../support/gateway-stream.ts';
import { openPeopleLog } from '../../support/people-log.ts';
import { addAgency } from '../audit/items.ts';

const method = AuditService.method.listAccesses;
const ring = loadKeyRing(generateKeyRing());
const keys = accessKeys(ring.evidence);
const WHO = 9001;

let gateway: TestGateway;
let database: TestDatabase;
let log: Awaited<ReturnType<typeof openPeopleLog>>;
beforeAll(async () => {
  [gateway, database] = await Promise.all([
    startTestGateway({ crowd: 5, config: { accesses: { index: true } } }),
    createTestDatabase({ max: 6 }),
  ]);
  await addAgency(database.pool);
  log = await openPeopleLog(database.pool, ring);
});
afterAll(async () => {
  log?.close();
  await Promise.all([gateway?.stop(), database?.drop()]);
});

const list = (pool: Pick<Pool, 'query'>, who = WHO) =>
  listAccesses(pool, keys, { personNos: [who], now: 2_000_000_000, counts: () => true });
const postingsIn = async (pool: Pool): Promise<number> =>
  (await pool.query<{ n: number }>('SELECT coalesce(sum(postings), 0)::int AS n FROM access_run')).rows[0]?.n ?? 0;

/** When all that stands in the log is in the index. */
async function indexed(pool: Pool): Promise<void> {
  const behind = async () =>
    (await pool.query('SELECT (h.size - i.position)::int AS n FROM log_head h, access_index i')).rows[0]?.n;
  await expect.poll(behind, { timeout: 30_000 }).toBe(0);
}

/** Asked by the person as by the citizens' page. */
async function listOf(personalId: string) {
  const person = await createCitizens(gateway).person(personalId);
  const act = toBinary(
    ListAccessesActSchema,
    create(ListAccessesActSchema, { blind: randomBytes(16), withProofs: true }),
  );
  const persons = [{ assertion: person.assertion, proof: person.prove(method, act) }];
  return (await gateway.raw('citizen-page').call(method, { act, persons })).message;
}

test('a file of nothing but one person is a line of their list, and a posting a chunk', async () => {
  const [viettel, rows] = [gateway.raw('viettel'), 8192];
  const job = await startJob(viettel, rows);
  const stream = openTestStream(viettel, job);
  await stream.open();
  const people = [PEOPLE.an, crowdPerson(0)];
  for (let num = 0; num < 3; num++) {
    stream.chunk(
      num,
      chunkPayload(
        num,
        Array.from({ length: rows }, (_, i) => rowOf(people[i % 2] ?? PEOPLE.an)),
      ),
    );
    await stream.answer();
  }
  stream.cancel();
  const { pool } = gateway.database;
  await indexed(pool);
  expect(await postingsIn(pool)).toBe(3 * people.length);

  const message = await listOf(String(PEOPLE.an.id));
  const [line, ...more] = message.accesses.filter(({ agency }) => agency === 'viettel');
  expect([line?.times, line?.entries.length, more]).toEqual([3, 3, []]);
  const { logOrigin: origin, secrets } = gateway.deployment;
  const logKeys = [Uint8Array.from(createPublicKey(secrets.logPublicKey).export({ type: 'spki', format: 'der' }))];
  for (const { proof } of line?.entries ?? []) {
    const checked = await checkAccessProof(proof, { origin, logKeys });
    // What every row of theirs says; a path for each of four thousand would take half a minute to make, and nobody be answered.
    expect(checked.holds && checked.access.uses.length).toBe(16);
  }
}, 60_000);

test('an index of before, with a posting a row, is read all the same', async () => {
  const { pool } = database;
  await log.append([{ timeMs: 1000n }, [{ personNo: WHO }]]);
  await createStepper(pool, ring.evidence).step();
  const [body] = (await pool.query<{ id: number }>('SELECT id FROM access_body')).rows;
  // More than a call of a function takes arguments, in whichever thread.
  const [tags, postings] = [asWords(personTags(keys.tag, Float64Array.of(WHO))), createPostings(1024)];
  for (let leaf = 0; leaf < 700_000; leaf++) postings.add(tags, 0, { position: 0, leaf, body: body?.id ?? 0 });
  await inTransaction(pool, (tx) => writeRun(tx, keys.block, postings.packed(), postings.count));
  expect((await list(pool)).lines).toMatchObject([{ times: 1, firstMs: 1000 }]);
}, 60_000);

test('an answer given again thousands of times is counted, and read some at a time', async () => {
  const { pool } = database;
  const [first] = await log.append([{ timeMs: 2000n }, [{ personNo: WHO + 1 }]]);
  const again = { kind: EntryKind.REDELIVERY, earlierEntryId: first as Buffer };
  for (let at = 0; at < 5; at++)
    await log.append(
      ...Array.from({ length: 500 }, (_, i) => [{ ...again, timeMs: BigInt(3000 + 500 * at + i) }, []] as const),
    );
  const stepper = createStepper(pool, ring.evidence);
  while ((await stepper.step()).entries > 0);
  let most = 0;
  const watched = {
    async query(...asked: Parameters<Pool['query']>) {
      const found = await pool.query(...asked);
      const first = found.rows[0] as Record<string, unknown> | undefined;
      if (first !== undefined && 'entry' in first) most = Math.max(most, found.rows.length);
      return found;
    },
  } as unknown as Pool;
  const { lines } = await list(watched, WHO + 1);
  expect(lines[0]).toMatchObject({ times: 2501, firstMs: 2000, lastMs: 5499 });
  // Others are served between: a thread that has read so many entries has answered nobody meanwhile.
  expect(most).toBeLessThanOrEqual(1000);
});

test('a page of many lines proves some uses of each, and a line asked for alone all that it names', () => {
  const jobs = (lines: number, uses = 20) => provenOf(Array.from({ length: lines }, () => uses));
  expect([jobs(1, 20_000), jobs(10), jobs(11), jobs(50), jobs(50, 4), jobs(50, 1)]).toEqual([20, 20, 18, 4, 20, 20]);
});

test('a person who stands in many chunks of many jobs has their page proven all the same', async () => {
  const viettel = gateway.raw('viettel');
  const row = rowOf(crowdPerson(1));
  for (let n = 0; n < 12; n++) {
    const job = await startJob(viettel);
    const stream = openTestStream(viettel, job);
    await stream.open();
    for (let num = 0; num < 20; num++) {
      stream.chunk(
        num,
        chunkPayload(
          num,
          Array.from({ length: 256 }, () => row),
        ),
      );
      await stream.answer();
    }
    stream.cancel();
  }
  await indexed(gateway.database.pool);
  const { accesses } = await listOf(row.id);
  const proven = accesses.map(({ entries }) => entries.filter(({ proof }) => proof.length > 0).length);
  expect(proven).toEqual(Array.from({ length: 12 }, () => 16));
}, 120_000);
