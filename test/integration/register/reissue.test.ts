import { describe, expect, test } from 'vitest';
import { createLookup } from '../../../gateway/register/lookup.ts';
import { openSensitive } from '../../../gateway/register/sensitive.ts';
import { AN, BINH, importing, snapshot } from './import-files.ts';
import { testKeys } from './keys.ts';

const now = importing();
const lookup = () => createLookup({ pool: now.db.pool, keys: testKeys() });

const OLD = 901085000001;
const NEW = 905085000777;
/** An under the new number: moved, of another ethnicity, the old card named as before. */
const REISSUED = `${NEW},Nguyễn Văn An,1985-03-28,M,001,012345678,alive,,0971234567,"12 ngõ 5, phố Huế",Tày`;
const SUPERSEDED = `${OLD},,,,,,id_superseded,${NEW},,,`;

/** Every record, merged ones too, in the order in which they came. */
async function records() {
  const { rows } = await now.db.pool.query(
    'SELECT person_no, personal_id, merged_into, log_key, sealed, sealed_key, import_no, exceptions FROM person ORDER BY 1',
  );
  return rows as Record<'person_no' | 'personal_id' | 'merged_into', number | null>[] &
    { log_key: Buffer; sealed: Buffer; sealed_key: string; exceptions: Buffer }[];
}

describe.each([
  ['the new number first', [REISSUED, SUPERSEDED]],
  ['the old number first', [SUPERSEDED, REISSUED]],
])('a person whose number is re-issued stays the person: %s', (_, lines) => {
  test('number, log key and sealed fields are of one record; look-ups by the old number lead to it', async () => {
    await now.importer.rows(AN, BINH);
    const [before] = await records();
    const result = await now.importer.rows(...lines);
    expect(result).toMatchObject({ rows: 2, created: 0, changed: 1, rejected: 0 });
    const after = await records();
    expect(after).toHaveLength(2);
    const [an] = after;
    expect(an).toMatchObject({ person_no: before?.person_no, personal_id: NEW, merged_into: null });
    expect(an?.log_key.equals(before?.log_key ?? Buffer.alloc(0))).toBe(true);
    expect(await openSensitive(testKeys(), an?.person_no ?? 0, an?.sealed ?? Buffer.alloc(0), 'k1')).toMatchObject({
      ethnicity: 'Tày',
    });
    const found = await lookup().matchByIdentifier([OLD, NEW, 12345678]);
    expect([...found.starts]).toEqual([0, 1, 2, 4]);
    expect([...found.personNo.slice(0, 2)]).toEqual([before?.person_no, before?.person_no]);
    expect([...found.currentId.slice(0, 2)]).toEqual([NEW, 0]);
    expect(new Set(found.currentId.slice(2))).toEqual(new Set([901190000002, NEW]));
    expect([...found.idStatus]).toEqual([2, 1, 1, 1]);
    expect(found.birthDate[0]).toBe(19850328);
    const { rows } = await now.db.pool.query<{ field_id: number; value: string | null }>(
      'SELECT field_id, value FROM value_history WHERE person_no = $1 ORDER BY 1',
      [before?.person_no],
    );
    expect(rows.map(({ field_id, value }) => [field_id, value])).toEqual([
      [1, '901085000001'],
      [3, '19850327'],
      [9, null],
    ]);
    // Where the number is from: field id, then the import.
    expect([an?.exceptions[0], an?.exceptions.readInt32BE(1)]).toEqual([1, result.importNo]);
    // The number is an earlier one of that person now: it cannot come back as somebody's own.
    expect((await now.importer.rows(AN)).rejects).toEqual(['2,personal_id,NUMBER_OF_ANOTHER']);
  });

  test('the same file again changes nothing', async () => {
    await now.importer.rows(AN, BINH);
    const first = await now.importer.rows(...lines);
    const before = await snapshot(now.db);
    expect(await now.importer.rows(...lines)).toMatchObject({ created: 0, changed: 0, position: first.position });
    expect(await snapshot(now.db)).toEqual(before);
  });
});

test('what is sealed stays as it was where the file says the same of it, or nothing', async () => {
  await now.importer.rows(AN);
  const [before] = await records();
  await now.importer.rows(REISSUED.replace('Tày', 'Kinh'), SUPERSEDED);
  await now.importer.file(
    `personal_id,full_name,date_of_birth,status,superseded_by\n905085000888,Nguyễn Văn An,1985-03-28,alive,\n${NEW},,,id_superseded,905085000888\n`,
  );
  const [an] = await records();
  expect(an).toMatchObject({ person_no: before?.person_no, personal_id: 905085000888, sealed: before?.sealed });
  const { currentId } = await lookup().matchByIdentifier([OLD, NEW]);
  expect([...currentId]).toEqual([905085000888, 905085000888]);
});

test('along a chain too, and with an end by cancellation', async () => {
  await now.importer.rows(AN, BINH);
  const [an, binh] = await records();
  const result = await now.importer.rows(
    `905085000776,,,,,,id_superseded,${NEW},,,`,
    `${OLD},,,,,,id_superseded,905085000776,,,`,
    REISSUED,
    '901190000002,,,,,,cancelled,905190000778,,,',
    BINH.replace('901190000002', '905190000778'),
  );
  expect(result).toMatchObject({ created: 0, changed: 2, rejected: 0 });
  expect(await records()).toMatchObject([
    { person_no: an?.person_no, personal_id: NEW, merged_into: null },
    { person_no: binh?.person_no, personal_id: 905190000778, merged_into: null },
  ]);
  const found = await lookup().matchByIdentifier([OLD, 905085000776, 901190000002]);
  expect([...found.idStatus]).toEqual([2, 2, 3]);
  expect([...found.currentId]).toEqual([NEW, NEW, 905190000778]);
});

test('whose number was cancelled before keeps their record when a new one comes', async () => {
  await now.importer.rows(BINH, AN.replace('alive', 'cancelled'));
  const { personNo: before } = await lookup().matchByIdentifier([OLD]);
  await now.importer.rows(REISSUED, `${OLD},,,,,,cancelled,${NEW},,,`);
  const found = await lookup().matchByIdentifier([OLD, NEW]);
  expect([...found.personNo]).toEqual([before[0], before[0]]);
  expect([...found.currentId]).toEqual([NEW, 0]);
  expect([...found.idStatus]).toEqual([3, 1]);
});

test('relatives who name the new number are led to the record', async () => {
  const header = 'personal_id,full_name,date_of_birth,status,superseded_by,father.personal_id';
  await now.importer.file(`${header}\n${OLD},Cha,1960,alive,,\n901085000009,Con,1985,alive,,${NEW}\n`);
  await now.importer.file(`${header}\n${NEW},Cha,1960,alive,,\n${OLD},,,id_superseded,${NEW},\n`);
  const { rows } = await now.db.pool.query('SELECT relative_no FROM relation');
  const { personNo } = await lookup().matchByIdentifier([OLD]);
  expect(rows).toEqual([{ relative_no: personNo[0] }]);
});

describe('two records turn out to be one person', () => {
  test('when the new number is somebody’s already', async () => {
    await now.importer.rows(AN, BINH);
    expect(await now.importer.rows(REISSUED)).toMatchObject({ created: 1 });
    expect(await now.importer.rows(SUPERSEDED)).toMatchObject({ created: 0, changed: 2 });
    const [old, , later] = await records();
    expect([old?.personal_id, old?.merged_into]).toEqual([OLD, later?.person_no]);
    const found = await lookup().matchByIdentifier([OLD, NEW]);
    expect([...found.personNo]).toEqual([later?.person_no, later?.person_no]);
    expect([...found.currentId]).toEqual([NEW, 0]);
  });

  test('when it supersedes the own numbers of several', async () => {
    await now.importer.rows(AN, BINH);
    const lines = [REISSUED, SUPERSEDED, `901190000002,,,,,,id_superseded,${NEW},,,`];
    expect(await now.importer.rows(...lines)).toMatchObject({ created: 1, changed: 3 });
    const [an, binh, later] = await records();
    expect([an?.merged_into, binh?.merged_into, later?.merged_into]).toEqual([
      later?.person_no,
      later?.person_no,
      null,
    ]);
    expect([...(await lookup().matchByIdentifier([OLD, 901190000002])).currentId]).toEqual([NEW, NEW]);
  });
});
