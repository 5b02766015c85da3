/**
 * The one appender of a worker: gathers what waits into groups, a transaction each, and tells every caller what became of
 * its item after the commit. Two hundred calls share one flush to disk. Chunks go a lane of their own: megabytes are written
 * beside single calls, which wait for them only where both move the head.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Appender, AppendItem, JudgeRelease, LimitWatch } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { StorageError } from '../storage/errors.ts';
import { LogRolledBack, WorkerFenced } from './advance-head.ts';
import { appendGroup } from './append-group.ts';
import { APPEND_RETRY_MS, type Bounds, createAppendQueue, MOST_WAITING, type Waiting } from './append-queue.ts';
import type { HeldConnection } from './connection.ts';
import { type Head, KnownHeads } from './known-heads.ts';

export interface AppenderDeps {
  /** A connection for one lane of this appender alone. */
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
  const known = new KnownHeads(deps.seen);
  const newQueue = () => createAppendQueue(deps.queue ?? MOST_WAITING);
  /** Before all other calls, and in groups of its own: what changes what others stand on, and before that, because it is quick, what is urgent. */
  const [urgent, exclusive, others] = [newQueue(), newQueue(), newQueue()];
  const calls = newLane([urgent, exclusive, others]);
  const ofChunks = newQueue();
  const chunks = newLane([ofChunks]);
  const lanes = [calls, chunks];
  let stopped: CallRefused | undefined;
  let closed = false;

  function nextGroup({ queues }: Lane): readonly Waiting[] {
    for (const queue of queues) {
      const group = queue.next(limits);
      if (group.length > 0) return group;
    }
    return [];
  }

  function placeOf(item: AppendItem) {
    if (item.chunk !== undefined) return { lane: chunks, queue: ofChunks };
    if (item.exclusive === true) return { lane: calls, queue: exclusive };
    return { lane: calls, queue: item.urgent === true ? urgent : others };
  }

  async function commit(lane: Lane, group: readonly Waiting[]): Promise<void> {
    // A database that was away and is back: nobody is refused for a connection of before.
    if (lane.connection?.lost === true) closeLane(lane);
    lane.connection ??= await deps.connect();
    const items = group.map(({ item }) => item);
    const { outcomes, head, news, crossed } = await appendGroup(
      lane.connection,
      deps.workerId,
      items,
      known,
      deps.judgeRelease,
    );
    if (head !== undefined && known.committed(head)) deps.onHead(head);
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
  async function commitOrRetry(lane: Lane, group: readonly Waiting[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await commit(lane, group);
      } catch (error) {
        if (kindOf(error) !== 'serialization' || attempt > RETRIES) throw error;
        await sleep(attempt * RETRY_MS * (0.5 + Math.random()));
      }
    }
  }

  async function settle(lane: Lane, group: readonly Waiting[]): Promise<void> {
    try {
      if (stopped === undefined) return await commitOrRetry(lane, group);
      for (const { reject } of group) reject(stopped);
    } catch (error) {
      const kind = kindOf(error);
      if (error instanceof LogRolledBack || error instanceof WorkerFenced) {
        if (stopped === undefined) {
          stopped = new CallRefused(error instanceof LogRolledBack ? ErrorReason.LOG_BROKEN : ErrorReason.DRAINING);
          deps.onStopped?.(error);
        }
        for (const { reject } of group) reject(stopped);
      } else if (kind === 'unavailable') {
        closeLane(lane);
        for (const { reject } of group) reject(error);
      } else if (kind !== 'serialization' && group.length > 1) {
        // An item of the group is bad; the others must not suffer for it, nor be written with a flush to disk each.
        const half = group.length >> 1;
        await settle(lane, group.slice(0, half));
        await settle(lane, group.slice(half));
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }

  async function run(lane: Lane): Promise<void> {
    for (let group = nextGroup(lane); group.length > 0; group = nextGroup(lane)) await settle(lane, group);
    lane.running = undefined;
  }

  return {
    logRef: deps.logRef,
    waiting: () => {
      const queues = lanes.flatMap((lane) => lane.queues);
      const sum = (of: 'length' | 'bytes') => queues.reduce((total, queue) => total + queue[of], 0);
      return { items: sum('length'), bytes: sum('bytes') };
    },
    append(item) {
      if (closed) return Promise.reject(new Error('the appender is closed'));
      if (stopped !== undefined) return Promise.reject(stopped);
      return new Promise((resolve, reject) => {
        const { lane, queue } = placeOf(item);
        if (!queue.push(item, resolve, reject)) {
          reject(new CallRefused(ErrorReason.LIMITED, { retryAfterMs: APPEND_RETRY_MS, limits: ['BYTES'] }));
          return;
        }
        // The turn of the event loop is left first, so that calls which arrived together share a group.
        lane.running ??= new Promise<void>((start) => setImmediate(start)).then(() => run(lane));
      });
    },
    async close() {
      closed = true;
      await Promise.all(lanes.map(({ running }) => running));
      lanes.forEach(closeLane);
    },
  };
}

/** Groups of a lane follow one another on a connection of its own. */
interface Lane {
  /** In the order in which groups are taken of them. */
  readonly queues: readonly ReturnType<typeof createAppendQueue>[];
  running: Promise<void> | undefined;
  connection: HeldConnection | undefined;
}

function newLane(queues: Lane['queues']): Lane {
  return { queues, running: undefined, connection: undefined };
}

function closeLane(lane: Lane): void {
  lane.connection?.close();
  lane.connection = undefined;
}
