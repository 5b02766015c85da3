import { StorageError } from './errors.ts';
import type { Database } from './pool.ts';

/** Readings older than this are not trusted: whoever cannot reach the database cannot judge what is fresh. */
const STALE_MS = 15_000;
const INTERVAL_MS = 1000;
/** Readings that took longer are thrown away. */
const SLOW_MS = 2000;

export interface DatabaseClock {
  /** Whole milliseconds since 1970 by the database's clock. @throws {StorageError} `unavailable` where no reading is recent */
  nowMs(): number;
  /** The same in seconds, with fractions. */
  nowSeconds(): number;
  /** Takes a first reading, then one a second. */
  start(): Promise<void>;
  stop(): void;
}

/**
 * The database's clock, read every second and carried on by this process's monotonic clock. A deployment has one clock
 * however many gateways it has, and a step of this machine's clock changes nothing.
 */
export function createDatabaseClock(db: Database): DatabaseClock {
  let offset = Number.NaN;
  let readAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let timer: NodeJS.Timeout | undefined;
  let reading = false;

  async function read(): Promise<void> {
    // A database that hangs must not have a reading more waiting for it every second.
    if (reading) return;
    reading = true;
    const before = performance.now();
    try {
      const { rows } = await db.query<{ ms: number }>(
        'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
      );
      const after = performance.now();
      // Somewhere in a long wait says nothing: the reading before, carried on, is better.
      if (after - before > SLOW_MS) throw new Error('the reading of the database clock took too long');
      // The server looked at its clock somewhere between: half of the way there is the best guess.
      offset = (rows[0]?.ms ?? Number.NaN) - (before + after) / 2;
      readAt = after;
      failure = undefined;
    } catch (error) {
      failure = error;
    } finally {
      reading = false;
    }
  }

  const nowMs = () => {
    const now = performance.now();
    // Also a process that was frozen: until it has read the clock again, it knows no more than one whose database is away.
    if (now - readAt > STALE_MS) throw new StorageError('unavailable', '', {}, failure);
    return Math.floor(now + offset);
  };

  return {
    nowMs,
    nowSeconds: () => nowMs() / 1000,
    async start() {
      await read();
      nowMs();
      timer = setInterval(() => void read(), INTERVAL_MS);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
    },
  };
}
