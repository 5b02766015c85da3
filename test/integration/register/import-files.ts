import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import {
  type ImportOptions,
  type ImportResult,
  importPersons,
} from '../../../gateway/register/import/import-persons.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { testKeys } from './keys.ts';

export const HEADER =
  'personal_id,full_name,date_of_birth,sex,birth_province_code,old_cmnd,status,superseded_by,mobile,permanent_address,ethnicity';

/** Lines of two people. */
export const AN = '901085000001,Nguyễn Văn An,1985-03-27,M,001,012345678,alive,,0971234567,"12 ngõ 5, phố Huế",Kinh';
export const BINH = '901190000002,Trần Thị Bình,1990-07,F,079,012345678;112233445,deceased,,,Ấp 3,Khmer';

export interface Imported extends ImportResult {
  /** Lines of the rejects file without its header; empty where there is none. */
  readonly rejects: readonly string[];
}

/** Writes lines as a file, imports it, gives the result with the rejects. */
export function createImporter(db: TestDatabase, defaults: Partial<ImportOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-import-'));
  let count = 0;
  const run = async (content: string | Buffer, options: Partial<ImportOptions> = {}): Promise<Imported> => {
    const file = join(folder, `${++count}.csv`);
    writeFileSync(file, content);
    const rejectsPath = `${file}.rejects`;
    const result = await importPersons({
      file,
      url: db.url,
      keys: testKeys(),
      deploymentKind: 'development',
      rejectsPath,
      ...defaults,
      ...options,
    });
    let rejects: string[] = [];
    try {
      rejects = readFileSync(rejectsPath, 'utf8').trimEnd().split('\n').slice(1);
    } catch {}
    return { ...result, rejects };
  };
  return {
    /** Whole content. */
    file: run,
    /** Lines below the promised header. */
    rows: (...lines: string[]) => run(`${[HEADER, ...lines].join('\n')}\n`),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A database and an importer of its own for each test of a file. */
export function importing() {
  const now = {} as { db: TestDatabase; importer: ReturnType<typeof createImporter> };
  beforeEach(async () => {
    now.db = await createTestDatabase();
    now.importer = createImporter(now.db);
  });
  afterEach(async () => {
    now.importer.remove();
    await now.db.drop();
  });
  return now;
}

/** Everything the register says, in a form that two registers can be compared by: without person numbers, times and keys. */
export async function snapshot(db: TestDatabase): Promise<unknown> {
  const person = await db.pool.query(
    `SELECT personal_id, full_name, date_of_birth, sex, id_status, life_status, mobile, permanent_detail, birth_registration_place,
       length(log_key) AS key_length, length(sealed) AS sealed_length, sealed_key
     FROM person WHERE merged_into IS NULL ORDER BY personal_id`,
  );
  const identifier = await db.pool.query(
    'SELECT i.value, i.kind, i.status, p.personal_id FROM identifier i JOIN person p USING (person_no) ORDER BY 1, 2, 4',
  );
  const match = await db.pool.query(
    `SELECT m.value, m.kind, m.current_id, m.birth_date, m.id_status, m.sex, m.person_status, m.name, p.personal_id, m.log_key = p.log_key AS same_key
     FROM person_match m JOIN person p USING (person_no) ORDER BY m.value, p.personal_id`,
  );
  const relation = await db.pool.query(
    `SELECT p.personal_id, r.kind, r.ordinal, r.name, r.relative_id, o.personal_id AS relative
     FROM relation r JOIN person p USING (person_no) LEFT JOIN person o ON o.person_no = r.relative_no ORDER BY 1, 2, 3`,
  );
  return { person: person.rows, identifier: identifier.rows, match: match.rows, relation: relation.rows };
}
