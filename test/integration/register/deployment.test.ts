import { afterAll, beforeAll, expect, test } from 'vitest';
import { stampDeployment } from '../../../gateway/config/deployment-stamp.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createImporter, HEADER } from './import-files.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('an import of the other kind than the database is stamped with is refused whole', async () => {
  await stampDeployment(db.pool, { id: 'register', kind: 'production' });
  const importer = createImporter(db);
  await expect(importer.rows('901085000001,An,1985,M,,,alive,,,,')).rejects.toMatchObject({ reason: 'DEPLOYMENT' });
  const refused = await importer.file(`${HEADER}\n901085000001,An,1985,M,,,alive,,,,\n`, {
    deploymentKind: 'production',
  });
  expect(refused.rejects).toEqual(['2,personal_id,PREFIX_SYNTHETIC']);
  importer.remove();
});
