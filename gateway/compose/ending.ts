import type { Log } from '../telemetry/log.ts';
import type { IoThreads } from './io-threads.ts';
import type { OpenedLog } from './open-log.ts';
import type { Serving } from './open-serving.ts';

const DRAIN_MS = 10_000;

interface Stops {
  stop(): void;
}
interface StopsSlowly {
  stop(): Promise<void>;
}
interface Closes {
  close(): Promise<void>;
}

/** All that a gateway which serves has begun. */
export interface EndingParts {
  readonly log: Pick<Log, 'info'>;
  readonly health: Stops;
  readonly serving: Pick<Serving, 'drain' | 'close'>;
  /** The other threads that serve calls. */
  readonly others: Pick<IoThreads, 'drain' | 'close'>;
  readonly barrier: StopsSlowly;
  readonly matters: StopsSlowly;
  readonly everyMinute: Stops;
  readonly accesses: Closes | undefined;
  readonly guarding: Stops;
  readonly opened: Pick<OpenedLog, 'close' | 'leave'>;
  readonly telemetry: Closes;
  readonly clock: Stops;
  readonly matching: Closes;
  readonly pools: { end(): Promise<unknown> };
}

/**
 * Ends a gateway that serves. In this order: what a call still records is taken and kept, the lease stands until the last answer is
 * out, and the connections go when nobody asks the database any more.
 */
export function createEnding(parts: EndingParts): () => Promise<void> {
  const { log, serving, others, opened } = parts;
  return async () => {
    parts.health.stop();
    log.info({}, 'draining');
    await Promise.all([serving.drain(DRAIN_MS), others.drain(DRAIN_MS)]);
    await parts.barrier.stop();
    await parts.matters.stop();
    parts.everyMinute.stop();
    await parts.accesses?.close();
    parts.guarding.stop();
    await others.close();
    await opened.close();
    await parts.telemetry.close();
    parts.clock.stop();
    await serving.close();
    await opened.leave();
    await parts.matching.close();
    await parts.pools.end();
    log.info({}, 'stopped');
  };
}
