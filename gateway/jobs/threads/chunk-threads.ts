/** The gateway's side of the threads that work on chunks: a chunk stays with the thread that opened it. */
import type { RowDesk } from '../../exchange/row-desk.ts';
import type { FileProfile } from '../../matching/index.ts';
import { errorOf, threadEnded } from '../../threads/told-error.ts';
import type { ChunkReply, ChunkRequest, ChunkStep, StepResults } from './messages.ts';

/** What is used of a worker thread. */
export interface Thread {
  postMessage(request: ChunkRequest, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (reply: ChunkReply) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  terminate(): Promise<unknown>;
}

/** A chunk that lies in a thread, read. */
export interface OpenedChunk {
  readonly num: number;
  readonly ackedThrough: number;
  readonly desk: RowDesk;
  /** Gives the chunk up where it was not judged. */
  close(): void;
}

export interface ChunkThreads {
  /** @throws {CallRefused} BAD_REQUEST where the bytes are no chunk; {@link StorageError} where no thread runs */
  open(payload: Uint8Array, maxRows: number, habits: FileProfile): Promise<OpenedChunk>;
  /** Threads that run, and chunks that lie in them. */
  usage(): { readonly threads: number; readonly chunks: number };
  close(): Promise<void>;
}

/** A thread that died is not started again before this has passed: one that cannot start must not be tried in a circle. */
export const RESTART_MS = 1000;

interface Lane {
  readonly thread: Thread;
  readonly waiting: Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>;
  /** Chunks that lie there. */
  chunks: number;
  ended: boolean;
}

export interface ChunkThreadsOptions {
  readonly count: number;
  /** Starts the thread of a place, or finds it. */
  readonly start: (at: number) => Thread;
  readonly nowMs: () => number;
  /** Told of a thread that ended by itself; sees the error, and must not log values. */
  readonly onFault?: (error: unknown) => void;
}

export function createChunkThreads({ count, start, nowMs, onFault }: ChunkThreadsOptions): ChunkThreads {
  const lanes: (Lane | undefined)[] = Array.from({ length: count });
  const startedAt: number[] = new Array(count).fill(Number.NEGATIVE_INFINITY);
  let closing = false;
  let ids = 0;

  function startLane(at: number): Lane {
    const lane: Lane = { thread: start(at), waiting: new Map(), chunks: 0, ended: false };
    const { thread, waiting } = lane;
    startedAt[at] = nowMs();
    thread.on('message', (reply) => {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (asked !== undefined) settle(reply, asked);
    });
    let told = false;
    thread.on('error', (error) => {
      told = true;
      onFault?.(error);
    });
    thread.on('exit', () => {
      lane.ended = true;
      if (lanes[at] === lane) lanes[at] = undefined;
      // What ended it has been told where it was thrown.
      if (!closing && !told) onFault?.(threadEnded());
      for (const { reject } of waiting.values()) reject(threadEnded());
      waiting.clear();
    });
    lanes[at] = lane;
    return lane;
  }
  for (let at = 0; at < count; at++) startLane(at);

  /** The thread with the fewest chunks. */
  function pick(): Lane {
    let best: Lane | undefined;
    for (let at = 0; at < count; at++) {
      const lane = lanes[at] ?? (!closing && nowMs() - (startedAt[at] ?? 0) >= RESTART_MS ? startLane(at) : undefined);
      if (lane !== undefined && (best === undefined || lane.chunks < best.chunks)) best = lane;
    }
    if (best === undefined) throw threadEnded();
    return best;
  }

  function ask<S extends ChunkStep>(lane: Lane, ticket: number, step: S, transfer: ArrayBuffer[] = []) {
    return new Promise<StepResults[S['op']]>((resolve, reject) => {
      if (lane.ended) return reject(threadEnded());
      const id = ++ids;
      lane.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      lane.thread.postMessage({ id, ticket, ...step }, transfer);
    });
  }

  function deskIn(lane: Lane, ticket: number, rows: number, end: () => void): RowDesk {
    return {
      count: rows,
      resolve: () => ask(lane, ticket, { op: 'resolve' }),
      read: (covered) =>
        ask(lane, ticket, {
          op: 'read',
          covered: covered && { ...covered, covered: Float64Array.from(covered.covered) },
        }),
      async judge(rules) {
        const judged = await ask(lane, ticket, { op: 'judge', rules });
        end();
        return { ...judged, people: asBuffers(judged.people) };
      },
    };
  }

  return {
    async open(payload, maxRows, habits) {
      const lane = pick();
      const ticket = ++ids;
      lane.chunks += 1;
      let open = true;
      const end = () => {
        if (open) lane.chunks -= 1;
        open = false;
      };
      try {
        // A copy of its own, given away: what the edge hands over is a part of a larger buffer.
        const bytes = Uint8Array.from(payload);
        const read = await ask(lane, ticket, { op: 'open', payload: bytes, maxRows, habits }, [bytes.buffer]);
        return {
          num: read.num,
          ackedThrough: read.ackedThrough,
          desk: deskIn(lane, ticket, read.count, end),
          close() {
            if (!open) return;
            end();
            ask(lane, ticket, { op: 'close' }).catch(() => undefined);
          },
        };
      } catch (error) {
        end();
        throw error;
      }
    },
    usage() {
      const running = lanes.filter((lane) => lane !== undefined);
      return { threads: running.length, chunks: running.reduce((sum, { chunks }) => sum + chunks, 0) };
    },
    async close() {
      closing = true;
      await Promise.all(lanes.map((lane) => lane?.thread.terminate()));
    },
  };
}

function settle(reply: ChunkReply, asked: { resolve(value: unknown): void; reject(error: unknown): void }): void {
  if ('value' in reply) asked.resolve(reply.value);
  else asked.reject(errorOf(reply));
}

/** Buffers cross as plain bytes. */
function asBuffers(people: StepResults['judge']['people']): StepResults['judge']['people'] {
  if (!('entryId' in people)) throw new TypeError('a chunk is sealed where it was judged');
  const { stored } = people;
  return {
    ...people,
    entryId: bufferOver(people.entryId),
    ...(stored === undefined
      ? {}
      : {
          stored: {
            persons: bufferOver(stored.persons),
            personBodies: bufferOver(stored.personBodies),
            personLeaves: stored.personLeaves,
          },
        }),
  };
}

function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
