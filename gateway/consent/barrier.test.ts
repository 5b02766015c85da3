import { expect, test } from 'vitest';
import { StorageError } from '../storage/errors.ts';
import type { Database, Rows } from '../storage/pool.ts';
import { createBarrier } from './barrier.ts';

const RECEIPT = Buffer.alloc(16, 1);

/** Its looks go on at once; what is asked is answered by `answer`. */
function barrierOn(
  answer: (sql: string) => unknown[],
  append: () => Promise<never> = () => Promise.reject(new Error('not asked for')),
) {
  const faults: unknown[] = [];
  const asked: string[] = [];
  const query = async (statement: string | { text: string }) => {
    const sql = typeof statement === 'string' ? statement : statement.text;
    asked.push(sql);
    return { rows: answer(sql), rowCount: 0 } as Rows<unknown>;
  };
  const barrier = createBarrier({
    ...{ db: { query } as unknown as Database, workerId: '', place: undefined, nowMs: () => 0, everyMs: 1 },
    ...{ appender: { append }, settleAll: async () => undefined, keepFirst: async () => undefined },
    ...{ onFault: (error: unknown) => faults.push(error), onEnded: () => undefined },
  });
  return { barrier, faults, asked };
}

test('a database that is away for many looks is told once, and once more when it goes away again', async () => {
  let away = true;
  const { barrier, faults, asked } = barrierOn(() => {
    if (away) throw new StorageError('unavailable', 'ECONNREFUSED', {}, undefined);
    return [];
  });
  const looks = (more: number) => {
    const from = asked.length;
    return expect.poll(() => asked.length).toBeGreaterThan(from + more);
  };
  barrier.start();
  await looks(10);
  expect(faults).toHaveLength(1);
  away = false;
  await looks(2);
  away = true;
  await looks(10);
  expect(faults).toHaveLength(2);
  await barrier.stop();
});

test('a withdrawal that cannot be acknowledged is told once, however often it is tried', async () => {
  let tried = 0;
  const due = [{ receipt_id: RECEIPT, entry_id: RECEIPT }];
  const { barrier, faults } = barrierOn(
    (sql) => (sql.includes('consent_matter') ? due : [{ newest: 0, scopes: null, pending: true }]),
    async () => {
      tried += 1;
      throw new StorageError('unavailable', 'ECONNREFUSED', {}, undefined);
    },
  );
  barrier.start();
  await expect.poll(() => tried).toBeGreaterThan(10);
  await barrier.stop();
  expect(faults).toHaveLength(1);
});
