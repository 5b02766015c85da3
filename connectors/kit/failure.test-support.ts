import { expect } from 'vitest';
import { KitError } from './kit-error.ts';

/** The error that something fails with. */
export async function failure(work: Promise<unknown>): Promise<KitError> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(KitError);
  return error as KitError;
}
