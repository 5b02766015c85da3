/**
 * The one appender of a worker: gathers what waits into groups, a transaction each, and tells every caller what became of
 * its item after the commit. Two hundred calls share one flush to disk.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Appender, JudgeRelease, LimitWatch } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { StorageError } from '../storage/errors.ts';
import { LogRolledBack, WorkerFenced } from './advance-head.ts';
import { type AppendConnection, appendGroup, type NewHead } from './append-group.ts';
import { APPEND_RETRY_MS, type Bounds, createAppendQueue, MOST_WAITING, type Waiting } from './append-queue.ts';

export interface AppenderDeps {
  /** A connection for this appender alone. */
  readonly connect: () => Promise<AppendConnection & { close(): void }>;
  readonly workerId: string;
  /** `<log id>:<epoch>`. */
  readonly logRef: string;
  /** The last head that was verified before this appender began; undefined where none is known. */
  readonly seen?: NewHead | undefined;
  /** Called after each commit, in order of size. */
  readonly onHead: (head: NewHead) => void;
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
}

/** A group's bytes are capped as well as its items: a bulk load must not make single calls wait. */
const DEFAULT_LIMITS: Bounds = { items: 256, bytes: 4 * 1024 * 1024 };
/** A group that met a deadlock is run again whole this often. */
const RETRIES = 4;
const RETRY_MS = 20;

const kindOf = (error: unknown) => (error instanceof StorageError ? error.kind : undefined);

/**
 * `append` rejects with {CallRefused} LIMITED where the queue is full, LOG_BROKEN once the log was rolled back, DRAINING once
 * this worker was fenced off; with {StorageError} where the database failed.
 */
export function createAppender(deps: AppenderDeps): Appender & { waiting(): Bounds; close(): Promise<void> } {
  const limits = deps.limits ?? DEFAULT_LIMITS;
  const mostWaiting = deps.queue ?? MOST_WAITING;
  const queue = createAppendQueue(mostWaiting);
  /** Before all else, and in groups of its own: what changes what others stand on, and before that, because it is quick, what is urgent. */
  const [urgent, exclusive] = [createAppendQueue(mostWaiting), createAppendQueue(mostWaiting)];
  const queues = [urgent, exclusive, queue];
  const nextGroup = () => {
    const [next = queue] = queues.filter(({ length }) => length > 0);
    return next.next(limits);
  };
  let seen = deps.seen;
  let running: Promise<void> | undefined;
  let connection: (AppendConnection & { close(): void }) | undefined;
  let stopped: CallRefused | undefined;
  let closed = false;

  async function commit(group: readonly Waiting[]): Promise<void> {
    connection ??= await deps.connect();
    const items = group.map(({ item }) => item);
    const { outcomes, head, news, crossed } = await appendGroup(
      connection,
      deps.workerId,
      items,
      seen,
      deps.judgeRelease,
    );
    if (head !== undefined) {
      seen = head;
      deps.onHead(head);
    }
    for (const one of news) deps.limitWatch?.learn(one);
    if (crossed > 0) deps.limitWatch?.crossed(crossed);
    for (const [i, outcome] of outcomes.entries()) {
      const item = items[i];
      if (outcome.kind !== 'recorded' || item?.limits === undefined || outcome.quotas === undefined) continue;
      deps.limitWatch?.left(item.agency, item.limits.purpose, outcome.quotas);
    }
    for (const [i, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined) reject(new Error('an appended item has no outcome'));
      else resolve(outcome);
    }
  }

  /** A deadlock says nothing about the items: all of them again, a little later. */
  async function commitOrRetry(group: readonly Waiting[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await commit(group);
      } catch (error) {
        if (kindOf(error) !== 'serialization' || attempt > RETRIES) throw error;
        await sleep(attempt * RETRY_MS * (0.5 + Math.random()));
      }
    }
  }

  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      if (stopped === undefined) return await commitOrRetry(group);
      for (const { reject } of group) reject(stopped);
    } catch (error) {
      const kind = kindOf(error);
      if (error instanceof LogRolledBack || error instanceof WorkerFenced) {
        stopped = new CallRefused(error instanceof LogRolledBack ? ErrorReason.LOG_BROKEN : ErrorReason.DRAINING);
        deps.onStopped?.(error);
        for (const { reject } of group) reject(stopped);
      } else if (kind === 'unavailable') {
        connection?.close();
        connection = undefined;
        for (const { reject } of group) reject(error);
      } else if (kind !== 'serialization' && group.length > 1) {
        // An item of the group is bad; the others must not suffer for it, nor be written with a flush to disk each.
        const half = group.length >> 1;
        await settle(group.slice(0, half));
        await settle(group.slice(half));
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }

  async function run(): Promise<void> {
    for (let group = nextGroup(); group.length > 0; group = nextGroup()) await settle(group);
    running = undefined;
  }

  return {
    logRef: deps.logRef,
    waiting: () => ({
      items: queues.reduce((sum, { length }) => sum + length, 0),
      bytes: queues.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
    append(item) {
      if (closed) return Promise.reject(new Error('the appender is closed'));
      if (stopped !== undefined) return Promise.reject(stopped);
      return new Promise((resolve, reject) => {
        const line = item.exclusive === true ? exclusive : item.urgent === true ? urgent : queue;
        if (!line.push(item, resolve, reject)) {
          reject(new CallRefused(ErrorReason.LIMITED, { retryAfterMs: APPEND_RETRY_MS, limits: ['BYTES'] }));
          return;
        }
        // The turn of the event loop is left first, so that calls which arrived together share a group.
        running ??= new Promise<void>((start) => setImmediate(start)).then(run);
      });
    },
    async close() {
      closed = true;
      await running;
      connection?.close();
      connection = undefined;
    },
  };
}
