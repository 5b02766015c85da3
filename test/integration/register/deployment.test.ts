import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDeployment, stampDeployment } from '../../../gateway/register/deployment.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createImporter, HEADER } from './import-files.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('a database once stamped production refuses development for ever', async () => {
  const development = { deploymentId: 'dev-1', kind: 'development' } as const;
  const production = { deploymentId: 'dev-1', kind: 'production' } as const;
  expect(await readDeployment(db.pool)).toBeUndefined();
  await stampDeployment(db.pool, development);
  await stampDeployment(db.pool, development);
  await expect(stampDeployment(db.pool, { ...development, deploymentId: 'dev-2' })).rejects.toMatchObject({
    reason: 'OTHER_DEPLOYMENT',
  });
  await stampDeployment(db.pool, production);
  await expect(stampDeployment(db.pool, development)).rejects.toMatchObject({ reason: 'PRODUCTION_FOR_EVER' });
  // Not only through this code: the database itself holds it.
  for (const sql of [
    "UPDATE deployment SET kind = 'development'",
    "UPDATE deployment SET deployment_id = 'other'",
    'DELETE FROM deployment',
    'TRUNCATE deployment',
  ]) {
    await expect(db.pool.query(sql)).rejects.toMatchObject({ kind: 'constraint', constraint: 'deployment_guard' });
  }
  expect(await readDeployment(db.pool)).toEqual(production);
  const importer = createImporter(db);
  await expect(importer.rows('901085000001,An,1985,M,,,alive,,,,')).rejects.toMatchObject({ reason: 'DEPLOYMENT' });
  const refused = await importer.file(`${HEADER}\n901085000001,An,1985,M,,,alive,,,,\n`, {
    deploymentKind: 'production',
  });
  expect(refused.rejects).toEqual(['2,personal_id,PREFIX_SYNTHETIC']);
  importer.remove();
});
