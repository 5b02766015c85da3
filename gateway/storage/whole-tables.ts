/** Transactions that begin by locking whole tables, and keep nobody waiting while they try. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LOCK_NOT_AVAILABLE, StorageError } from './errors.ts';
import type { Connection } from './pool.ts';

export interface TakeOptions {
  /** Default "BEGIN". */
  readonly begin?: string;
  /** How long one attempt waits, and the pause after it. Whoever comes after it waits behind it, so this is short. */
  readonly lockTimeoutMs?: number;
  /** How often it comes again. */
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Begins a transaction with `take`, statements that lock whole tables. A table that a long transaction holds is not waited for in
 * its queue, where all that comes later would stand behind: it steps back, lets go what it has, and comes again. So two that want
 * the same tables in another order do not wait for each other for ever either.
 * Throws StorageError with LOCK_NOT_AVAILABLE after the last attempt; no transaction is open then.
 */
export async function beginWithTables(
  connection: Connection,
  take: string,
  { begin = 'BEGIN', lockTimeoutMs = 3_000, attempts = 20, signal }: TakeOptions = {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await connection.query(
        `${begin}; SET LOCAL lock_timeout = ${lockTimeoutMs}; ${take}; SET LOCAL lock_timeout = DEFAULT`,
      );
      return;
    } catch (error) {
      await connection.query('ROLLBACK').catch(() => undefined);
      if (!(error instanceof StorageError) || error.code !== LOCK_NOT_AVAILABLE || attempt >= attempts) throw error;
      await sleep(lockTimeoutMs, undefined, { signal });
    }
  }
}
