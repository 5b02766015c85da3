/** One line of groups of an appender, each a transaction on a connection of its own; every caller is told what became of its item. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CallRefused } from '../exchange/refused.ts';
import { StorageError } from '../storage/errors.ts';
import { LogRolledBack, WorkerFenced } from './advance-head.ts';
import { appendGroup } from './append-group.ts';
import type { Waiting } from './append-queue.ts';
import type { AppenderDeps } from './appender.ts';
import type { HeldConnection } from './connection.ts';
import type { KnownHeads } from './known-heads.ts';

/** What the lanes of an appender have in common. */
export interface LaneState {
  readonly known: KnownHeads;
  /** Set once nothing is appended any more. */
  stopped: CallRefused | undefined;
}

export interface Lane {
  /** Something waits. */
  wake(): void;
  /** Resolves when all that waited has been told. */
  close(): Promise<void>;
}

/** A group that met a deadlock is run again whole this often. */
const RETRIES = 4;
const RETRY_MS = 20;

/**
 * So long a caller waits for the log. A commit may wait for a standby, and has then happened or not: whoever asks again finds out.
 * Longer than any lock is held by whoever lives, shorter than callers wait.
 */
const PATIENCE_MS = 10_000;

const kindOf = (error: unknown) => (error instanceof StorageError ? error.kind : undefined);

export function createLane(deps: AppenderDeps, state: LaneState, nextGroup: () => Waiting[]): Lane {
  const { patienceMs = PATIENCE_MS } = deps;
  let running: Promise<void> | undefined;
  let connection: HeldConnection | undefined;

  function disconnect(): void {
    connection?.close();
    connection = undefined;
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    // A database that was away and is back: nobody is refused for a connection of before.
    if (connection?.lost === true) disconnect();
    connection ??= await deps.connect();
    const items = group.map(({ item }) => item);
    const { outcomes, head, news, crossed } = await appendGroup(
      connection,
      deps.workerId,
      items,
      state.known,
      deps.judgeRelease,
    );
    // Word of another lane's commit, which came later, may have come first.
    if (head !== undefined && state.known.committed(head)) deps.onHead(head);
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

  /** For good: what other lanes have in hand still ends as it will. */
  function stop(why: LogRolledBack | WorkerFenced): CallRefused {
    if (state.stopped === undefined) {
      state.stopped = new CallRefused(why instanceof LogRolledBack ? ErrorReason.LOG_BROKEN : ErrorReason.DRAINING);
      deps.onStopped?.(why);
    }
    return state.stopped;
  }

  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      if (state.stopped === undefined) return await commitOrRetry(group);
      for (const { reject } of group) reject(state.stopped);
    } catch (error) {
      const kind = kindOf(error);
      if (error instanceof LogRolledBack || error instanceof WorkerFenced) {
        const stopped = stop(error);
        for (const { reject } of group) reject(stopped);
      } else if (kind === 'unavailable' || kind === 'denied' || kind === 'untrusted') {
        // No item's fault: tried one by one they would fare no better.
        disconnect();
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

  /** Settles a group; where that takes too long, those of it and those behind it are told that the store is away. */
  async function settleInTime(group: readonly Waiting[]): Promise<void> {
    let late = group;
    const patience = setInterval(() => {
      const away = new StorageError('unavailable', 'LOG_STALLED', {}, undefined);
      if (late.length === 0) late = nextGroup();
      for (; late.length > 0; late = nextGroup()) for (const { reject } of late) reject(away);
    }, patienceMs);
    await settle(group).finally(() => clearInterval(patience));
  }

  async function run(): Promise<void> {
    for (let group = nextGroup(); group.length > 0; group = nextGroup()) await settleInTime(group);
    running = undefined;
  }

  return {
    wake(): void {
      // The turn of the event loop is left first, so that calls which arrived together share a group.
      running ??= new Promise<void>((start) => setImmediate(start)).then(run);
    },
    async close(): Promise<void> {
      await running;
      disconnect();
    },
  };
}
