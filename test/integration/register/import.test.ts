import { beforeEach, describe, expect, test } from 'vitest';
import { createLookup } from '../../../gateway/register/lookup.ts';
import { AN, BINH, HEADER, importing, snapshot } from './import-files.ts';
import { testKeys } from './keys.ts';

const now = importing();

const CHI = '902190000003,"Lê ""Chi"" Chi",1991,F,,,missing,,,,';
/** A register that is not empty, so that the next import is a merge. */
const SEED = '999000000999,Người Đầu,1950,M,,,alive,,,,';

async function history() {
  const { rows } = await now.db.pool.query<{ id: number; field_id: number; value: string | null }>(
    'SELECT p.personal_id AS id, h.field_id, h.value FROM value_history h JOIN person p USING (person_no) ORDER BY 1, 2, 3',
  );
  return rows.map((row) => [row.id, row.field_id, row.value]);
}

describe.each(['first load', 'merge'])('%s', (way) => {
  beforeEach(async () => {
    if (way === 'merge') await now.importer.rows(SEED);
  });

  test('persons go in with every value, and look-ups find them', async () => {
    const result = await now.importer.rows(AN, BINH, CHI);
    expect(result).toMatchObject({ rows: 3, created: 3, changed: 3, rejected: 0, rejects: [] });
    expect(result.digestOfFile).toMatch(/^[0-9a-f]{64}$/);
    const lookup = createLookup({ pool: now.db.pool, keys: testKeys() });
    const found = await lookup.matchByIdentifier([901085000001, 12345678, 112233445, 902190000003]);
    expect([...found.starts]).toEqual([0, 1, 3, 4, 5]);
    expect(found.names).toEqual(['Nguyễn Văn An', 'Nguyễn Văn An', 'Trần Thị Bình', 'Trần Thị Bình', 'Lê "Chi" Chi']);
    expect([...found.birthDate]).toEqual([19850327, 19850327, 19900700, 19900700, 19910000]);
    expect([...found.personStatus]).toEqual([1, 1, 2, 2, 3]);
    expect([...found.currentId]).toEqual([0, 901085000001, 901190000002, 901190000002, 0]);
    const [an] = await lookup.readPersons([found.personNo[0] ?? 0], [1, 2, 3, 4, 7, 9, 13, 30, 44, 47]);
    expect(an?.person).toMatchObject({
      personalId: '901085000001',
      fullName: 'Nguyễn Văn An',
      dateOfBirth: { year: 1985, month: 3, day: 27 },
      sex: 1,
      birthRegistrationPlace: { code: '001', name: 'Hà Nội', catalogueVersion: '63-provinces' },
      ethnicity: 'Kinh',
      oldIdentityNumbers: ['012345678'],
      permanentAddress: { detail: '12 ngõ 5, phố Huế' },
      life: { status: 1 },
      contact: { mobile: '+84971234567' },
    });
    expect(an?.logKey.length).toBe(16);
    expect(Buffer.from(an?.logKey ?? []).equals(Buffer.from(found.logKeys.subarray(0, 16)))).toBe(true);
  });

  test('a superseded number leads along its chain to the living person', async () => {
    const result = await now.importer.rows(
      '901085000101,,,,,,id_superseded,901085000102,,,',
      AN,
      '901085000102,ai đó,,,,,id_superseded,901085000001,,,',
      '901085000103,,,,,,cancelled,901085000001,,,',
      '901085000104,Người Bị Hủy,1970,M,,,cancelled,,,,',
    );
    expect(result).toMatchObject({ rows: 5, created: 2, rejected: 0 });
    const lookup = createLookup({ pool: now.db.pool, keys: testKeys() });
    const found = await lookup.matchByIdentifier([
      901085000101, 901085000102, 901085000103, 901085000104, 901085000001,
    ]);
    expect(found.names).toEqual([...Array(3).fill('Nguyễn Văn An'), 'Người Bị Hủy', 'Nguyễn Văn An']);
    expect([...found.idStatus]).toEqual([2, 2, 3, 3, 1]);
    expect([...found.currentId]).toEqual([901085000001, 901085000001, 901085000001, 0, 0]);
    expect(new Set([0, 1, 2, 4].map((i) => found.personNo[i])).size).toBe(1);
  });

  test('chains that lead nowhere or back, and repeated numbers, are rejected with their line', async () => {
    const result = await now.importer.rows(
      AN,
      '901085000201,,,,,,id_superseded,901085000202,,,',
      '901085000202,,,,,,id_superseded,901085000201,,,',
      '901085000203,,,,,,id_superseded,901085000999,,,',
      '901085000204,,,,,,id_superseded,901085000001,,,',
      '901085000204,,,,,,id_superseded,901085000001,,,',
      '901085000001,Nguyễn Văn Khác,1985,M,,,alive,,,,',
      '901085000001,,,,,,id_superseded,901085000204,,,',
    );
    expect(result.rejects.toSorted()).toEqual([
      '3,superseded_by,SUPERSEDED_BY_CYCLE',
      '4,superseded_by,SUPERSEDED_BY_CYCLE',
      '5,superseded_by,SUPERSEDED_BY_UNKNOWN',
      '7,personal_id,DUPLICATE',
      '8,personal_id,DUPLICATE',
      '9,personal_id,DUPLICATE',
    ]);
    expect(result.rejected).toBe(6);
    const lookup = createLookup({ pool: now.db.pool, keys: testKeys() });
    const found = await lookup.matchByIdentifier([901085000001, 901085000201, 901085000203, 901085000204]);
    expect([[...found.starts], found.names]).toEqual([
      [0, 1, 1, 1, 2],
      ['Nguyễn Văn An', 'Nguyễn Văn An'],
    ]);
  });

  test('importing the same file again changes nothing', async () => {
    const lines = [AN, BINH, CHI, '901085000102,,,,,,id_superseded,901085000001,,,'];
    const first = await now.importer.rows(...lines);
    const before = await snapshot(now.db);
    const again = await now.importer.rows(...lines);
    expect(again).toMatchObject({ rows: 4, created: 0, changed: 0, rejected: 0, position: first.position });
    expect(await snapshot(now.db)).toEqual(before);
    expect(await history()).toEqual([]);
  });

  test('a record with line breaks and a broken one keep the count of lines right', async () => {
    const result = await now.importer.rows(
      '901085000301,"Tên\nhai dòng",1985,M,,,alive,,,,',
      'x',
      '901085000302,Tên "giữa" ô,1985,M,,,alive,,,,',
      '901085000303,"Tên" sai,1985,M,,,alive,,,,',
      '',
      '901085000304,Đúng,1985,M,,,alive,,,,\r',
      '901085000305,Đúng,1985-13,M,,,alive,,,,',
    );
    expect(result.rejects.toSorted()).toEqual([
      '2,full_name,CONTROL_CHARACTER',
      '4,,COLUMN_COUNT',
      '6,,QUOTES',
      '9,date_of_birth,DATE_FORMAT',
    ]);
    expect(result).toMatchObject({ rows: 6, created: 2 });
  });
});

test('changed values go to the history, with the import they came from', async () => {
  await now.importer.rows(AN, BINH);
  const moved = AN.replace('1985-03-27', '1985-03-28')
    .replace('0971234567', '')
    .replace('Kinh', 'Tày')
    .replace('012345678', '012345679');
  // The one before has given its lock back: this one need not wait until the server has noticed that its session is gone.
  const { rows: locks } = await now.db.pool.query(`SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND d.datname = current_database() AND l.granted`);
  expect(locks).toEqual([]);
  const result = await now.importer.rows(moved, BINH.replace('deceased', 'alive'));
  expect(result).toMatchObject({ created: 0, changed: 2, rejected: 0 });
  expect(result.position).toBe(2n);
  const an = 901085000001;
  expect(await history()).toEqual([
    [an, 3, '19850327'],
    [an, 9, null],
    [an, 13, '12345678'],
    [an, 47, '+84971234567'],
    [901190000002, 44, '2'],
  ]);
  const lookup = createLookup({ pool: now.db.pool, keys: testKeys() });
  const found = await lookup.matchByIdentifier([an, 12345678, 12345679, 901190000002]);
  expect([[...found.starts], [...found.birthDate]]).toEqual([
    [0, 1, 2, 3, 4],
    [19850328, 19900700, 19850328, 19900700],
  ]);
  expect([...found.personStatus]).toEqual([1, 1, 1, 1]);
  const [record] = await lookup.readPersons([found.personNo[0] ?? 0], [9, 47]);
  expect([record?.person.ethnicity, record?.person.contact]).toEqual(['Tày', undefined]);
  const { rows } = await now.db.pool.query('SELECT exceptions FROM person WHERE personal_id = $1', [an]);
  const packed = (rows[0] as { exceptions: Buffer }).exceptions;
  expect([0, 5, 10].map((at) => [packed[at], packed.readInt32BE(at + 1)])).toEqual(
    [3, 9, 47].map((id) => [id, result.importNo]),
  );
  // The sealed record of then still opens, for the same person.
  const kept = await now.db.pool.query<{ sealed: Buffer; person_no: number }>(
    'SELECT sealed, person_no FROM value_history WHERE field_id = 9',
  );
  const { openSensitive } = await import('../../../gateway/register/sensitive.ts');
  const [old] = kept.rows;
  expect(await openSensitive(testKeys(), old?.person_no ?? 0, old?.sealed ?? Buffer.alloc(0), 'k1')).toMatchObject({
    ethnicity: 'Kinh',
  });
  await expect(
    openSensitive(testKeys(), (old?.person_no ?? 0) + 1, old?.sealed ?? Buffer.alloc(0), 'k1'),
  ).rejects.toThrow(/does not open/);
});

test('a person whose number is replaced later is the person with the new one', async () => {
  await now.importer.rows(AN, BINH);
  const result = await now.importer.rows(
    '905085000777,Nguyễn Văn An,1985-03-27,M,001,,alive,,,,Kinh',
    '901085000001,,,,,,id_superseded,905085000777,,,',
  );
  expect(result).toMatchObject({ created: 0, changed: 1, rejected: 0 });
  const lookup = createLookup({ pool: now.db.pool, keys: testKeys() });
  const found = await lookup.matchByIdentifier([901085000001, 905085000777, 12345678]);
  expect([...found.starts]).toEqual([0, 1, 2, 4]);
  expect([...found.currentId.slice(0, 2)]).toEqual([905085000777, 0]);
  expect(new Set(found.currentId.slice(2))).toEqual(new Set([901190000002, 905085000777]));
  expect([...found.idStatus]).toEqual([2, 1, 1, 1]);
  // The number is an earlier one of that person now: it cannot come back as somebody's own.
  const again = await now.importer.rows(AN);
  expect([again.rejects, again.changed]).toEqual([['2,personal_id,NUMBER_OF_ANOTHER'], 0]);
});

test('relatives are stored, compared, and linked where their number is in the register', async () => {
  const header =
    'personal_id,full_name,date_of_birth,father.full_name,father.personal_id,children.full_name,household.head_full_name,household.head_personal_id';
  const father = '901060000001,Nguyễn Văn Cha,1960,,,An;Ba,Nguyễn Văn Cha,901060000001';
  const son = '901085000001,Nguyễn Văn An,1985,Nguyễn Văn Cha,901060000001,,Nguyễn Văn Cha,901060000001';
  await now.importer.file(`${header}\n${father}\n${son}\n`);
  const lookup = createLookup({ pool: now.db.pool, keys: testKeys() });
  const [fatherNo, sonNo] = (await lookup.matchByIdentifier([901060000001, 901085000001])).personNo;
  const [record] = await lookup.readPersons([sonNo ?? 0], [16, 17, 41]);
  expect(record?.person).toMatchObject({
    father: { fullName: 'Nguyễn Văn Cha', personalId: '901060000001' },
    household: { headFullName: 'Nguyễn Văn Cha' },
  });
  expect(record?.relatives.map(({ personNo, fieldIds }) => [personNo, fieldIds])).toEqual([
    [fatherNo, [16, 17]],
    [fatherNo, [41]],
  ]);
  expect((await lookup.readPersons([fatherNo ?? 0], [22]))[0]?.person.children.map((child) => child.fullName)).toEqual([
    'An',
    'Ba',
  ]);
  expect((await now.importer.file(`${header}\n${father}\n${son}\n`)).changed).toBe(0);
  expect((await now.importer.file(`${header}\n${father.replace('An;Ba', 'An;Ba;Tư')}\n${son}\n`)).changed).toBe(1);
  expect(await history()).toEqual([[901060000001, 22, 'An;Ba']]);
});

test('a first load leaves keys and indexes as they were, one that fails too', async () => {
  const shape = async () => {
    const indexes = await now.db.pool.query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1");
    const keys = await now.db.pool.query(
      `SELECT conrelid::regclass::text AS t, conname, pg_get_constraintdef(oid) AS d FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
    );
    return [indexes.rows, keys.rows];
  };
  const before = await shape();
  await expect(now.importer.file(`${HEADER}\n${AN}\n901085000002,"${'x'.repeat(1_200_000)}`)).rejects.toThrow(/1 MiB/);
  expect(await shape()).toEqual(before);
  expect((await now.importer.rows(AN, BINH)).created).toBe(2);
  expect(await shape()).toEqual(before);
});

test('an import that changes everybody keeps no reader waiting, and shows whoever reads by a snapshot what was', async () => {
  await now.importer.rows(AN, BINH);
  const reader = await now.db.pool.connect();
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM person');
  const people = (name: string) => [AN.replace('Văn An', name), BINH.replace('Thị Bình', name)] as const;
  expect((await now.importer.rows(...people('Hai'))).changed).toBe(2);
  const names = async () => (await reader.query('SELECT name FROM person_match')).rows;
  const before = ['Nguyễn Văn An', 'Trần Thị Bình'];
  const found = new Set((await names()).map(({ name }) => name));
  expect([...found].sort()).toEqual(before);
  // It holds the table since it has read it.
  expect((await now.importer.rows(...people('Ba'))).changed).toBe(2);
  expect(new Set((await names()).map(({ name }) => name))).toEqual(found);
  await reader.query('COMMIT');
  reader.release();
});

test('a first load steps back from a table that somebody reads, and has it when they are done', async () => {
  const reader = await now.db.pool.connect();
  await reader.query('BEGIN; SELECT FROM value_history');
  const load = now.importer.rows(AN);
  const waiting = () =>
    now.db.pool.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'relation'");
  await expect.poll(async () => (await waiting()).rows.length).toBe(1);
  // Back again, and nobody stands behind it.
  await expect.poll(async () => (await waiting()).rows.length).toBe(0);
  await reader.query('COMMIT');
  reader.release();
  expect((await load).created).toBe(1);
});

test('no sensitive value stands in any table in the clear', async () => {
  const canary = 'DânTộcCanary';
  await now.importer.rows(AN.replace('Kinh', canary));
  await now.importer.rows(AN.replace('Kinh', `${canary}2`));
  const { rows: tables } = await now.db.pool.query<{ t: string }>(
    "SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public'",
  );
  expect(tables.length).toBeGreaterThan(10);
  for (const { t } of tables) {
    const { rows } = await now.db.pool.query<{ x: string }>(`SELECT string_agg(r::text, ' ') AS x FROM "${t}" r`);
    expect(rows[0]?.x ?? '').not.toContain('Canary');
    expect(rows[0]?.x ?? '').not.toContain(Buffer.from(canary).toString('hex'));
  }
});
