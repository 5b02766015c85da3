/**
 * The one appender of a worker: gathers what waits into groups, a transaction each, and tells every caller what became of
 * its item after the commit, or that it is not known yet. Two hundred calls share one flush to disk. Chunks go a lane of their own: megabytes are written
 * beside single calls, which wait for them only where both move the head.
 */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Appender, AppendItem, JudgeRelease, LimitWatch } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { LogRolledBack, WorkerFenced } from './advance-head.ts';
import { createLane, type LaneState } from './append-lane.ts';
import { APPEND_RETRY_MS, type Bounds, createAppendQueue, MOST_WAITING } from './append-queue.ts';
import type { HeldConnection } from './connection.ts';
import { type Head, KnownHeads } from './known-heads.ts';

export interface AppenderDeps {
  /** A connection for one lane of this appender alone: it has three at most. */
  readonly connect: () => Promise<HeldConnection>;
  readonly workerId: string;
  /** `<log id>:<epoch>`. */
  readonly logRef: string;
  /** The last head that was verified before this appender began; undefined where none is known. */
  readonly seen?: Head | undefined;
  /** Called after each commit, in order of size. */
  readonly onHead: (head: Head) => void;
  /** Called once, when this appender has stopped for good: the log was rolled back under it, or it was fenced off. */
  readonly onStopped?: (why: LogRolledBack | WorkerFenced) => void;
  /** Hears of limits, before the callers hear of their items. */
  readonly limitWatch?: LimitWatch | undefined;
  /** Says whether officers released a job; without it none is. */
  readonly judgeRelease?: JudgeRelease | undefined;
  /** What a group holds. */
  readonly limits?: Bounds;
  /** What may wait. */
  readonly queue?: Bounds;
  /** How long a group may be under way before its callers, and those behind it, are told that the store is away; default 10,000. */
  readonly patienceMs?: number;
}

/** A group's bytes are capped as well as its items: a bulk load must not make single calls wait. */
const DEFAULT_LIMITS: Bounds = { items: 256, bytes: 4 * 1024 * 1024 };

/**
 * `append` rejects with {CallRefused} LIMITED where the queue is full, LOG_BROKEN once the log was rolled back, DRAINING once
 * this worker was fenced off; with {StorageError} where the database failed.
 */
export function createAppender(deps: AppenderDeps): Appender & { waiting(): Bounds; close(): Promise<void> } {
  const limits = deps.limits ?? DEFAULT_LIMITS;
  const mostWaiting = deps.queue ?? MOST_WAITING;
  const open = () => createAppendQueue(mostWaiting);
  const [calls, exclusive, chunks, urgent] = [open(), open(), open(), open()];
  const queues = [calls, exclusive, chunks, urgent];
  const state: LaneState = { known: new KnownHeads(deps.seen), stopped: undefined };
  /** What changes what others stand on: before all other calls, and in groups of its own. */
  const main = createLane(deps, state, () => (exclusive.length > 0 ? exclusive : calls).next(limits));
  const bulk = createLane(deps, state, () => chunks.next(limits));
  /** What must not wait for a group of the others', which may itself wait for other gateways' groups. */
  const beside = createLane(deps, state, () => urgent.next(limits));
  let closed = false;

  function placeOf(item: AppendItem) {
    if (item.urgent !== true) {
      if (item.chunk !== undefined) return { queue: chunks, lane: bulk };
      return { queue: item.exclusive === true ? exclusive : calls, lane: main };
    }
    // The list of changes is not held while it is written.
    if (item.exclusive === true || item.consents !== undefined || item.standsOn.length > 0) {
      throw new TypeError('what is urgent stands on nothing, and changes nothing that others stand on');
    }
    return { queue: urgent, lane: beside };
  }

  return {
    logRef: deps.logRef,
    waiting: () => ({
      items: queues.reduce((sum, { length }) => sum + length, 0),
      bytes: queues.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
    append(item) {
      if (closed) return Promise.reject(new Error('the appender is closed'));
      if (state.stopped !== undefined) return Promise.reject(state.stopped);
      return new Promise((resolve, reject) => {
        const { queue, lane } = placeOf(item);
        if (queue.push(item, resolve, reject)) lane.wake();
        else reject(new CallRefused(ErrorReason.LIMITED, { retryAfterMs: APPEND_RETRY_MS, limits: ['BYTES'] }));
      });
    },
    async close() {
      closed = true;
      await Promise.all([main, bulk, beside].map((lane) => lane.close()));
    },
  };
}
