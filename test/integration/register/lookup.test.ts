import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLookup } from '../../../gateway/register/lookup.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { testKeys } from './keys.ts';

let db: TestDatabase;
const A = 901085000001;
const B = 901085000002;
const OLD = 901085000009;
const CMND = 12345678;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(`INSERT INTO person_match (value, person_no, current_id, birth_date, kind, id_status, sex, person_status, log_key, name) VALUES
    (${A}, 1, 0, 19850327, 1, 1, 1, 1, '\\x01010101010101010101010101010101', 'Nguyễn Văn, "An"'),
    (${B}, 2, 0, 19900000, 1, 1, 2, 2, NULL, E'Trần,Thị\\\\Bình'),
    (${OLD}, 2, ${B}, 19900000, 1, 2, 2, 2, NULL, 'Trần'),
    (${CMND}, 7, ${B}, 0, 2, 1, 0, 3, '\\x07070707070707070707070707070707', 'K''Brơi'),
    (${CMND}, 1, ${A}, 19850327, 2, 1, 1, 1, '\\x01010101010101010101010101010101', 'Nguyễn Văn, "An"')`);
  await db.pool.query("UPDATE register_head SET position = 42, as_of = '2026-01-02T03:04:05Z'");
});
afterAll(() => db.drop());

test('answers in the order of the rows: repeats, misses, several candidates, and nobody for zero', async () => {
  const lookup = createLookup({ pool: db.pool, keys: testKeys() });
  const found = await lookup.matchByIdentifier([CMND, 0, B, 999000000000, A, OLD, A]);
  expect([...found.starts]).toEqual([0, 2, 2, 3, 3, 4, 5, 6]);
  expect([...found.personNo]).toEqual([1, 7, 2, 1, 2, 1]);
  expect([...found.currentId]).toEqual([A, B, 0, 0, B, 0]);
  expect([...found.idKind]).toEqual([2, 2, 1, 1, 1, 1]);
  expect([...found.idStatus]).toEqual([1, 1, 1, 1, 2, 1]);
  expect([...found.birthDate]).toEqual([19850327, 0, 19900000, 19850327, 19900000, 19850327]);
  expect([...found.sex]).toEqual([1, 0, 2, 1, 2, 1]);
  expect([...found.personStatus]).toEqual([1, 3, 2, 1, 2, 1]);
  expect(found.names).toEqual([
    'Nguyễn Văn, "An"',
    "K'Brơi",
    'Trần,Thị\\Bình',
    'Nguyễn Văn, "An"',
    'Trần',
    'Nguyễn Văn, "An"',
  ]);
  expect(found.position).toBe(42n);
  expect(found.asOf).toBe(Date.parse('2026-01-02T03:04:05Z') / 1000);
  // Keys stay in step with candidates where one is unlinked from the log.
  expect([0, 1, 2, 3, 4, 5].map((i) => found.logKeys[i * 16])).toEqual([1, 7, 0, 1, 0, 1]);
});

test('one number is not planned for again and again, nor many', async () => {
  const one = await createTestDatabase({ max: 1 });
  await one.pool.query(`INSERT INTO person_match (value, person_no, current_id, birth_date, kind, id_status, sex, person_status, name)
    SELECT ${A} + n, n, 0, 19850327, 1, 1, 1, 1, 'Nguyễn Văn An' FROM generate_series(1, 20000) AS n`);
  await one.pool.query('ANALYZE person_match');
  const lookup = createLookup({ pool: one.pool, keys: testKeys() });
  for (let i = 0; i < 20; i++) await lookup.matchByIdentifier([A + i]);
  for (let i = 0; i < 20; i++) await lookup.resolve(Array.from({ length: 3_000 }, (_, n) => A + i + n));
  const { rows } = await one.pool.query(
    'SELECT name, custom_plans::int AS made, generic_plans::int AS kept FROM pg_prepared_statements ORDER BY name',
  );
  await one.drop();
  // PostgreSQL looks at five lists before it believes that one plan does for all.
  expect(rows).toEqual([
    { name: 'register-match', made: 5, kept: 15 },
    { name: 'register-resolve', made: 5, kept: 15 },
  ]);
});

test('no rows and no candidates are answered too', async () => {
  const lookup = createLookup({ pool: db.pool, keys: testKeys() });
  expect([...(await lookup.matchByIdentifier([])).starts]).toEqual([0]);
  const none = await lookup.matchByIdentifier([999000000001, 0]);
  expect([[...none.starts], none.names, none.position]).toEqual([[0, 0, 0], [], 42n]);
});

test('the first half gives persons only; the second their values, and no one else', async () => {
  const lookup = createLookup({ pool: db.pool, keys: testKeys() });
  const resolved = await lookup.resolve([CMND, OLD]);
  expect([[...resolved.starts], [...resolved.personNo]]).toEqual([
    [0, 2, 3],
    [1, 7, 2],
  ]);
  const one = { starts: Uint32Array.of(0, 1, 2), personNo: Float64Array.of(7, 2), logKeys: new Uint8Array(32) };
  const found = await lookup.matchByPerson([CMND, OLD], one);
  expect([[...found.starts], found.names]).toEqual([
    [0, 1, 2],
    ["K'Brơi", 'Trần'],
  ]);
});

test('asks the index, and one statement whatever the rows', async () => {
  await db.pool.query(
    `INSERT INTO person_match SELECT 902000000000 + i, 100 + i, 0, 0, 1, 1, 1, 1, NULL, 'X' FROM generate_series(1, 20000) i`,
  );
  await db.pool.query('ANALYZE person_match');
  const lookup = createLookup({ pool: db.pool, keys: testKeys() });
  const values = Array.from({ length: 5000 }, (_, i) => 902000000001 + ((i * 7919) % 20000));
  const found = await lookup.matchByIdentifier(values);
  expect([...found.personNo]).toEqual(values.map((value) => value - 902000000000 + 100));
});
