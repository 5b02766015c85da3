import { expect, test } from 'vitest';
import { StorageError } from './errors.ts';
import { tellFirst } from './tell-first.ts';

const away = () => new StorageError('unavailable', 'ECONNREFUSED', {}, undefined);
const denied = () => new StorageError('denied', '42501', {}, undefined);

test('the first failure of a kind is told, and again after a success only', async () => {
  const told: unknown[] = [];
  let next: Error | undefined;
  const run = tellFirst(
    async () => {
      if (next !== undefined) throw next;
    },
    (error) => told.push(error),
  );
  const codes: string[] = [];
  for (const error of [away(), denied(), away(), denied(), undefined, denied(), away(), away()]) {
    next = error;
    const before = told.length;
    await run();
    codes.push(told.length > before ? (error?.code ?? '') : '-');
  }
  expect(codes).toEqual(['ECONNREFUSED', '42501', '-', '-', '-', '42501', 'ECONNREFUSED', '-']);
});
