/** A database whose clock is set back under a gateway that serves: what officers did counts on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { BAR, enrolled, rowAt } from '../acts/acts.test-support.ts';
import { neverBack } from '../acts/never-back.ts';
import { createEnrolment } from '../development/enrol.ts';
import { createPool, type Pool } from '../storage/pool.ts';
import { withChanges } from './changes.ts';
import { createDirectory } from './directory.ts';

const PRINT = 'ab'.repeat(32);
let database: TestDatabase;
/** Its database's clock can be set: by a function that stands before the server's own. */
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`CREATE SCHEMA set; CREATE TABLE set.clock (ahead interval NOT NULL);
    INSERT INTO set.clock VALUES ('0');
    CREATE FUNCTION set.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM set.clock'`);
  pool = createPool({ url: `${database.url}?options=${encodeURIComponent('-c search_path=set,public,pg_catalog')}` });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

test('whoever officers barred stays barred, whatever is read anew', async () => {
  const enrolment = createEnrolment({ pool });
  await enrolment.addAgency({ code: 'viettel', legalEntity: 'LE', nameVi: 'x', nameEn: 'x' });
  await enrolment.addCertificate({ agency: 'viettel', fingerprint: PRINT, notAfter: new Date('2100-01-01') });
  for (const { code, kid, jwk, status } of enrolled()) {
    await pool.query('INSERT INTO officer (code, kid, jwk, status) VALUES ($1, $2, $3, $4)', [code, kid, jwk, status]);
  }
  const officers = { deployment: BAR.deployment, pinned: undefined, actsOnly: false, asOf: neverBack() };
  const directory = createDirectory({ pool, officers });
  await directory.start();
  expect(directory.find(PRINT)).toMatchObject({ agency: 'viettel' });

  await pool.query("UPDATE set.clock SET ahead = '1 hour'");
  const { digest, body, signature } = rowAt(Math.floor(Date.now() / 1000) + 3_600, BAR, 0);
  await withChanges(pool, async (tx) => {
    await tx.query("INSERT INTO act (digest, kind, body, officer, signature) VALUES ($1, 'act', $2, 'officer-a', $3)", [
      ...[digest, body, signature],
    ]);
    await tx.query("INSERT INTO act_decision (digest, outcome, officer) VALUES ($1, 'alone', 'officer-a')", [digest]);
    return [{ kind: 'agency', subject: 'viettel' }];
  });
  await directory.refresh();
  expect(directory.find(PRINT)).toBe('barred');

  await pool.query("UPDATE set.clock SET ahead = '0'");
  await enrolment.addAgency({ code: 'moh', legalEntity: 'LE-2', nameVi: 'x', nameEn: 'x' });
  await directory.refresh();
  expect(directory.find(PRINT)).toBe('barred');
  await directory.stop();
});
