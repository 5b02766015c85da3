import type { KeyObject } from 'node:crypto';
import { repeat } from '../audit/repeat.ts';
import { createGuardUnits, guardKeysOf } from '../exchange/guard-units.ts';
import type { LimitWatch } from '../exchange/log-port.ts';
import { createGuessBook } from '../limits/guess-book.ts';
import { createPurge } from '../limits/purge-limits.ts';
import { createRateGate } from '../limits/rate-gate.ts';
import { createQuotaReader, statesOf } from '../limits/read-quotas.ts';
import type { Limits } from '../policy/decision.ts';
import { StorageError } from '../storage/errors.ts';
import type { Pool } from '../storage/pool.ts';

const REFRESH_MS = 1_000;
const PURGE_MS = 3_600_000;

export interface LimitsOptions {
  readonly db: Pool;
  /** What the guard's keys are derived from. */
  readonly pseudonym: KeyObject;
  readonly nowSeconds: () => number;
  /** Whether this is the one of the gateway's threads that deletes what counts no longer. */
  readonly purges: boolean;
  readonly onFault: (task: string, error: unknown) => void;
}

export type Guarding = Awaited<ReturnType<typeof openLimits>>;

/** What limits keep in memory in a thread that serves calls, in step with the database. */
export async function openLimits({ db, pseudonym, nowSeconds, purges, onFault }: LimitsOptions) {
  const guardKeys = guardKeysOf(pseudonym);
  const book = createGuessBook({ db, nowMs: () => performance.now() });
  await book.refresh();
  const gate = createRateGate(nowSeconds);
  const purge = createPurge(db);
  const readQuotas = createQuotaReader(db, () => performance.now());
  const watch: Pick<LimitWatch, 'learn' | 'left'> = { learn: book.learn, left: gate.left };
  const tasks = [
    repeat(REFRESH_MS, book.refresh, (error) => onFault('guesses', error)),
    repeat(
      PURGE_MS,
      async () => {
        if (purges) await purge();
        await book.reload();
      },
      (error) => onFault('limits', error),
    ),
  ];
  return {
    guardKeys,
    units: createGuardUnits(guardKeys),
    guard: book,
    watch,
    rateWaitMs: gate.waitMs,
    /** Undefined where the database is away: what else a server tells of itself does not wait for it. */
    async quotasOf(agency: string, agreements: readonly { readonly purpose: string; readonly limits: Limits }[]) {
      try {
        const used = await readQuotas(agency);
        return agreements.map(({ purpose, limits }) => statesOf(used, agency, purpose, limits));
      } catch (error) {
        if (error instanceof StorageError) return undefined;
        throw error;
      }
    },
    stop() {
      for (const task of tasks) task.stop();
    },
  };
}
