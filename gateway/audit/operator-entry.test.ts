import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { kindsInLog } from '../../test/support/entry-ids.ts';
import { recordImport } from './operator-entry.ts';
import { verifyLog } from './verify-log.ts';

test('an import stands in the log under an id that begins with its time, and the log is sound', async () => {
  const { pool, drop } = await createTestDatabase();
  await recordImport(pool, { fileDigest: Buffer.alloc(32, 1), rows: 7 });
  const { all, untimely } = await kindsInLog(pool);
  expect([[...all], untimely.size]).toEqual([['IMPORT'], 0]);
  expect((await verifyLog(pool)).findings).toEqual([]);
  await drop();
});
