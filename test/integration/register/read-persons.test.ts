import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VOCABULARY } from '../../../gateway/fields/vocabulary.ts';
import { createLookup } from '../../../gateway/register/lookup.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createImporter } from './import-files.ts';
import { testKeys } from './keys.ts';

let db: TestDatabase;
let importer: ReturnType<typeof createImporter>;
/** One person with a value in every column that a file may have. */
const FULL: Record<string, string> = {
  personal_id: '901085000001',
  full_name: 'Nguyễn Văn An',
  date_of_birth: '1985-03-27',
  sex: 'M',
  other_names: 'Tèo;Cu',
  birthplace: 'Hà Nội',
  birth_registration_place: '001',
  origin: 'Nam Định',
  ethnicity: 'Kinh',
  religion: 'Không',
  nationalities: 'VN;FR',
  blood_type: 'A+',
  old_identity_numbers: '012345678',
  'card.issued_on': '2021-05-01',
  'card.expires_on': '2045',
  'father.full_name': 'Nguyễn Văn Cha',
  'father.personal_id': '901060000001',
  'mother.full_name': 'Trần Thị Mẹ',
  'mother.personal_id': '901160000002',
  'spouse.full_name': 'Lê Thị Vợ',
  'spouse.personal_id': '901186000003',
  'children.full_name': 'Nguyễn Con;Nguyễn Út',
  'children.personal_id': '901215000004;901218000005',
  'legal_representative.full_name': 'Nguyễn Văn Cha',
  'legal_representative.personal_id': '901060000001',
  'represented_person.full_name': 'Trần Thị Bà',
  'represented_person.personal_id': '901130000006',
  'permanent_address.province': '01',
  'permanent_address.commune': '00004@2025-07-01',
  'permanent_address.detail': '12 ngõ 5',
  'temporary_address.province': '79@2025-07-01',
  'temporary_address.commune': '26881@before-2025-07-01',
  'temporary_address.detail': 'Ấp 3',
  'current_address.province': '01',
  'current_address.commune': '00004',
  'current_address.detail': 'Thôn 8',
  absence: 'không',
  residence_file_number: '00112345',
  marital_status: 'married',
  'household.relation_to_head': 'Con',
  'household.head_full_name': 'Nguyễn Văn Cha',
  'household.head_personal_id': '901060000001',
  'household.member_names': 'Nguyễn Văn Cha;Trần Thị Mẹ',
  'life.status': 'missing',
  'life.deceased_on': '2024-02',
  'life.missing_since': '2023',
  'contact.mobile': '0971234567',
  'contact.email': 'an@example.com',
  other: 'ghi chú',
};
const ids = VOCABULARY.fields.map((field) => field.id);
let personNo = 0;
let lookup: ReturnType<typeof createLookup>;

beforeAll(async () => {
  db = await createTestDatabase();
  importer = createImporter(db);
  const columns = Object.keys(FULL);
  const cells = (row: Record<string, string>) => columns.map((name) => `"${row[name] ?? ''}"`).join(',');
  const father = { personal_id: '901060000001', full_name: 'Nguyễn Văn Cha', date_of_birth: '1960' };
  const result = await importer.file(`${columns.join(',')}\n${cells(FULL)}\n${cells(father)}\n`);
  expect(result).toMatchObject({ created: 2, rejects: [] });
  lookup = createLookup({ pool: db.pool, keys: testKeys() });
  personNo = (await lookup.matchByIdentifier([901085000001])).personNo[0] ?? 0;
});
afterAll(async () => {
  importer.remove();
  await db.drop();
});

/** Paths of the leaves that a person message has set, from its own reflection-free form. */
function setPaths(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => setPaths(item, prefix)))];
  if (typeof value !== 'object' || value === null) return value === '' || value === 0 ? [] : [prefix];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === '$typeName' || inner === undefined || (Array.isArray(inner) && inner.length === 0)) return [];
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const path = prefix === '' ? snake : `${prefix}.${snake}`;
    return VOCABULARY.byPath.has(path) ? (setPaths(inner, path).length > 0 ? [path] : []) : setPaths(inner, path);
  });
}

test('every field of the vocabulary goes in by its path and comes out', async () => {
  expect(Object.keys(FULL).toSorted()).toEqual(VOCABULARY.fields.map((field) => field.path).toSorted());
  const [record] = await lookup.readPersons([personNo], ids);
  expect(setPaths(record?.person).toSorted()).toEqual(VOCABULARY.fields.map((field) => field.path).toSorted());
  expect(record?.person).toMatchObject({
    children: [
      { fullName: 'Nguyễn Con', personalId: '901215000004' },
      { fullName: 'Nguyễn Út', personalId: '901218000005' },
    ],
    permanentAddress: {
      province: { name: 'Thành phố Hà Nội' },
      commune: { name: 'Phường Ba Đình', catalogueVersion: '2025-07-01' },
    },
    temporaryAddress: { commune: { code: '26881', catalogueVersion: 'before-2025-07-01' } },
    household: { memberNames: ['Nguyễn Văn Cha', 'Trần Thị Mẹ'] },
    bloodType: 'A+',
    card: { expiresOn: { year: 2045, month: 0, day: 0 } },
  });
  expect(record?.personStatus).toBe(3);
});

test('what comes out is within what was asked for, relatives too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...ids)), async (asked) => {
      const [record] = await lookup.readPersons([personNo], asked);
      const expected = asked.map((id) => VOCABULARY.byId.get(id)?.path ?? '');
      expect(setPaths(record?.person).toSorted()).toEqual(expected.toSorted());
      for (const relative of record?.relatives ?? []) {
        expect(relative.fieldIds.length).toBeGreaterThan(0);
        for (const id of relative.fieldIds) expect(asked).toContain(id);
      }
      // The father is a person of the register: whoever sees him shows it.
      const father = [16, 17, 24, 25, 41, 42].some((id) => asked.includes(id));
      expect((record?.relatives.length ?? 0) > 0).toBe(father);
    }),
    { numRuns: 60 },
  );
});

test('persons come in the order asked for, unknown ones are left out, keys are asked for only with sensitive fields', async () => {
  const father = (await lookup.matchByIdentifier([901060000001])).personNo[0] ?? 0;
  const blind = createLookup({
    pool: db.pool,
    keys: { keyId: 'none', key: () => Promise.reject(new Error('asked for a key')) },
  });
  const found = await blind.readPersons([father, 999_999, personNo, father], [2]);
  expect(found.map((record) => record.personNo)).toEqual([father, personNo]);
  await expect(blind.readPersons([personNo], [9])).rejects.toThrow('asked for a key');
  await expect(lookup.readPersons([personNo], [200])).rejects.toThrow(/no field 200/);
  expect(await lookup.readPersons([], ids)).toEqual([]);
});
