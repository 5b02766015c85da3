/** What a gateway does every second for its log: keeps the head, reads the floor of tokens, renews its lease. */
import type { LogTrouble, Transaction } from '../exchange/log-port.ts';
import { LogRolledBack, type WorkerFenced } from './advance-head.ts';
import type { Heads } from './heads.ts';
import { readTokenFloor } from './housekeeping.ts';
import { renewLease } from './log-store.ts';
import { repeat } from './repeat.ts';

export interface LogWatchDeps {
  readonly db: Transaction;
  readonly heads: Pick<Heads, 'keep' | 'lateMs' | 'state'>;
  readonly workerId: string;
  /** Floor of tokens as it was read at the start, unix seconds. */
  readonly tokenFloor: number;
  /** Told of a fault once for each kind of it, not once a second. */
  readonly onFault: (task: 'heads' | 'token floor' | 'lease', error: unknown) => void;
  /** Called once: this writer was struck off, or fenced while it appended. */
  readonly onFenced: () => void;
  /** Milliseconds between turns; default 1,000. */
  readonly everyMs?: number;
  /** How long a head may wait to be kept before nothing is disclosed any more; default 30,000. */
  readonly lateAfterMs?: number;
  /** How long the lease may go without a renewal before calls are refused; default 5,000. */
  readonly unconfirmedAfterMs?: number;
}

const LATE_AFTER_MS = 30_000;
/** The lease is renewed every second, by a commit like any other: where that is not answered, no answer can be recorded either. */
const UNCONFIRMED_AFTER_MS = 5_000;

/** Three repeats that know nothing of each other: a disk that is full must not end the lease. */
export function createLogWatch(deps: LogWatchDeps) {
  const { db, heads, workerId, onFault, everyMs = 1000, lateAfterMs = LATE_AFTER_MS } = deps;
  const { unconfirmedAfterMs = UNCONFIRMED_AFTER_MS } = deps;
  let tokenFloor = deps.tokenFloor;
  let fenced = false;
  let rolledBack = false;
  let renewedAt = performance.now();

  function fence(): void {
    if (fenced) return;
    fenced = true;
    deps.onFenced();
  }

  const tasks = [
    repeat(
      everyMs,
      () => heads.keep(),
      (error) => onFault('heads', error),
    ),
    repeat(
      everyMs,
      async () => {
        tokenFloor = await readTokenFloor(db);
      },
      (error) => onFault('token floor', error),
    ),
    repeat(
      everyMs,
      async () => {
        // Struck off while frozen: another writer may have taken over, and this one must not add to the log again.
        if (!(await renewLease(db, workerId))) fence();
        renewedAt = performance.now();
      },
      (error) => onFault('lease', error),
    ),
  ];

  return {
    tokenFloor: () => tokenFloor,

    /** What an appender stopped of. */
    onStopped(why: LogRolledBack | WorkerFenced): void {
      if (why instanceof LogRolledBack) {
        rolledBack = true;
        onFault('heads', why);
      } else fence();
    },

    /** Why nothing may be disclosed; undefined where it may. */
    trouble(): LogTrouble | undefined {
      if (rolledBack || heads.state !== 'sound') return 'another';
      if (fenced) return 'fenced';
      if (heads.lateMs() > lateAfterMs) return 'unkept';
      // Also after a freeze, until the first renewal.
      return performance.now() - renewedAt > unconfirmedAfterMs ? 'unconfirmed' : undefined;
    },

    stop(): void {
      for (const task of tasks) task.stop();
    },
  };
}
