/** Whose data a key was told, from entries whose people are known. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exposing } from '../../../gateway/accesses/exposed-entries.ts';
import { exposedPeople } from '../../../gateway/accesses/exposed-people.ts';
import { type Exposure, readExposure } from '../../../gateway/accesses/exposure.ts';
import { unlinkPerson } from '../../../gateway/accesses/unlink-person.ts';
import { generateKeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import { EntryKind } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type LoggedPerson, openPeopleLog } from '../../support/people-log.ts';
import { addAgency } from '../audit/items.ts';

const ring = loadKeyRing(generateKeyRing());
const [STOLEN, NEXT] = [randomBytes(32), randomBytes(32)];
const MINUTE = 60_000;
const now = Math.floor(Date.now() / 1000);
/** The hour that everything here happens in; whole seconds. */
const start = (now - 7200) * 1000;
const minute = (n: number) => start + n * MINUTE;

let database: TestDatabase;
let log: Awaited<ReturnType<typeof openPeopleLog>>;
beforeAll(async () => {
  database = await createTestDatabase({ max: 6 });
  await addAgency(database.pool);
  log = await openPeopleLog(database.pool, ring);
  await database.pool.query(
    `INSERT INTO person (person_no, personal_id, import_no, full_name, log_key)
     SELECT n, 901085000000 + n, 1, 'An', decode(md5(n::text), 'hex') FROM generate_series(1, 400) n`,
  );
});
afterAll(async () => {
  log?.close();
  await database?.drop();
});

const told = (personNo: number): LoggedPerson => ({ personNo, body: { released: [2, 3], matched: [] } });
const compared = (personNo: number): LoggedPerson => ({ personNo });
const refused = (personNo: number): LoggedPerson => ({ personNo, body: { outcome: 33, matched: [] } });
const by = (key: Buffer, at: number, further: object = {}) => ({
  ...{ signingKey: key, timeMs: BigInt(minute(at)), method: '/a/Verify', context: { purpose: 'subscribers' } },
  ...{ matchedFields: [1, 2], ...further },
});

const deps = () => ({ db: database.pool, evidence: ring.evidence, now });
const exposing = (since: number, until?: number): Exposing => ({
  key: STOLEN,
  sinceMs: minute(since),
  untilMs: until === undefined ? undefined : minute(until),
});
const read = (of: Exposing) => readExposure(deps(), of, () => undefined);
async function listed(of: Exposing, exposure: Exposure, mostAtOnce?: number) {
  const found = { people: [] as unknown[][], unlinked: 0 };
  for await (const { people, unlinked } of exposedPeople(deps(), of, exposure, () => undefined, mostAtOnce)) {
    found.unlinked += unlinked;
    for (const one of people) {
      const from = one.toldFrom === 0 ? 0 : one.toldFrom - now;
      found.people.push([one.personalId - 901085000000, one.first * 1000, one.last * 1000, one.uses, one.told, from]);
    }
  }
  return found;
}
const counted = ({ people, told: values, ...rest }: Exposure) => ({ ...rest, people: [...people], told: [...values] });

test('counts what one key asked in a time, each person once, with what was told and what was refused', async () => {
  const [earlier] = await log.append([by(NEXT, 1), [compared(9), compared(0)]]);
  await log.append(
    [by(STOLEN, 2), [told(1)]],
    [by(STOLEN, 20, { releasedFields: [2, 3], matchedFields: [] }), [told(1), told(2)]],
    [by(NEXT, 21), [told(3)]],
    // The key's bytes elsewhere than where the key of the signature stands.
    [by(NEXT, 22, { requestDigest: STOLEN }), [told(3)]],
    [by(STOLEN, 23, { kind: EntryKind.CHUNK }), [compared(2), compared(4), compared(0), compared(4)]],
    [by(STOLEN, 24, { kind: EntryKind.REFUSAL, refusalReason: 9, matchedFields: [] }), [refused(5), refused(4)]],
    [by(STOLEN, 25), [refused(6), { personNo: 7, body: { delayUntil: now + 500 } }]],
    // Answered to another before, and told to this key now.
    [by(STOLEN, 26, { kind: EntryKind.REDELIVERY, earlierEntryId: earlier }), []],
    [by(STOLEN, 40), [told(8)]],
  );
  const of = exposing(10, 40);
  const exposure = await read(of);
  expect(counted(exposure)).toEqual({
    ...{ range: { from: 2, to: 9 }, entries: 5, refused: 1, unreadable: 0, agencies: ['viettel'] },
    ...{ firstMs: minute(20), lastMs: minute(26), uses: 7, nameless: 2, delayed: 1, onlyRefused: 2 },
    ...{ people: [1, 2, 4, 7, 9], told: [1, 2] },
    released: [2, 3].map((id) => ({ id, answers: 1 })),
    compared: [1, 2].map((id) => ({ id, answers: 3 })),
    methods: [{ method: '/a/Verify', purpose: 'subscribers', answers: 4 }],
  });
  const whom = [
    [1, minute(20), minute(20), 1, true, 0],
    [2, minute(20), minute(23), 2, true, 0],
    [4, minute(23), minute(23), 2, false, 0],
    [7, minute(25), minute(25), 1, false, 500],
    [9, minute(26), minute(26), 1, false, 0],
  ];
  // Whatever of them are in memory at once.
  for (const mostAtOnce of [1, 2, 5, undefined]) {
    expect(await listed(of, exposure, mostAtOnce)).toEqual({ people: whom, unlinked: 0 });
  }
  expect([...(await read(exposing(0))).people]).toEqual([1, 2, 4, 7, 8, 9]);
  expect(await read({ ...of, key: randomBytes(32) })).toMatchObject({ entries: 0, firstMs: undefined, methods: [] });
});

test('who was unlinked or is forgotten is counted and not named, and what cannot be opened is said', async () => {
  const of = exposing(10, 40);
  const before = await read(of);
  // Since the first reading; and one whose unlinking was broken off after the key was gone.
  await unlinkPerson({ pool: database.pool, evidence: ring.evidence, settleMs: 0 }, 2);
  await database.pool.query('UPDATE person SET log_key = NULL WHERE person_no = 4');
  const rest = await listed(of, before);
  expect([rest.people.map(([no]) => no), rest.unlinked]).toEqual([[1, 7, 9], 2]);
  const after = await read(of);
  expect([after.people.size, after.nameless, after.unreadable]).toEqual([4, 4, 0]);

  const blank = (set: string, at: number) =>
    database.pool.query(
      `UPDATE log_entry SET ${set} WHERE entry_id = (SELECT entry_id FROM log_index WHERE idx = $1)`,
      [at],
    );
  await blank('persons = NULL, person_bodies = NULL', 5);
  await blank("persons = '\\x00'", 2);
  const spoilt = await read(of);
  expect([[...spoilt.people], spoilt.nameless, spoilt.unreadable]).toEqual([[7, 9], 5, 1]);
});

test('tells how far it is, and ends where it is told to', async () => {
  const parts: number[] = [];
  await readExposure(deps(), exposing(0), (done) => parts.push(done));
  const { rows } = await database.pool.query('SELECT size::int AS size FROM log_head');
  expect([parts.at(-1), parts]).toEqual([rows[0]?.size, [...parts].sort((one, other) => one - other)]);
  // What begins ten minutes after the end, or later, is not looked through; what may merely have been late is.
  const looked = async (until: number) => {
    const seen: number[] = [];
    await readExposure(deps(), exposing(-100, until), (done) => seen.push(done));
    return seen.length > 0;
  };
  expect([await looked(-9), await looked(-8)]).toEqual([false, true]);
  const stop = () => {
    throw new Error('enough');
  };
  await expect(readExposure(deps(), exposing(0), stop)).rejects.toThrow('enough');
});
