/** The matching threads of the process. Whoever serves calls, in whatever thread, has a channel to each of them. */
import { availableParallelism } from 'node:os';
import type { MessagePort, Worker } from 'node:worker_threads';
import type { GuardKeys } from '../exchange/guard-units.ts';
import type { PeopleKeys } from '../exchange/seal-people.ts';
import { RESTART_MS } from '../jobs/threads/chunk-threads.ts';
import { CHUNKS_PER_SECOND, createTurns, type Turns } from '../jobs/turns.ts';
import { startThread } from '../threads/start-thread.ts';
import { helpersYieldToCalls } from '../threads/yield-to-calls.ts';
import type { MatchingThreadData } from './matching-thread.ts';

/** One core is left to each thread that holds connections; more threads than this wait for the database. */
const MOST_BY_DEFAULT = 4;
/** What a chunk leaves behind is buffers, which lie elsewhere: with twice as much the gateway's peak rose with the length of the file. */
const YOUNG_GENERATION_MB = 12;
/** Of V8's helper threads, whose work beside a job is mostly these threads' buffers. */
const HELPERS_NICENESS = 10;

export interface MatchingThreads {
  readonly count: number;
  /** Gives the thread a channel more to take chunks from; a dead one is started again first, at most once a second. */
  attach(at: number, port: MessagePort): void;
  /** Threads that run. */
  running(): number;
  close(): Promise<void>;
}

export interface MatchingThreadsOptions {
  readonly databaseUrl: string;
  readonly keys: PeopleKeys;
  readonly guardKeys: GuardKeys;
  readonly count: number | undefined;
  /** Threads that hold connections. */
  readonly ioThreads: number;
  /** Told of a thread that ended by itself; sees the error, and must not log values. */
  readonly onFault: (error: unknown) => void;
}

export function openMatchingThreads(options: MatchingThreadsOptions): MatchingThreads {
  const { databaseUrl, keys, guardKeys, ioThreads, onFault } = options;
  const workerData: MatchingThreadData = {
    databaseUrl,
    keys: { 'log-key': keys['log-key'], evidence: keys.evidence },
    guardKeys,
  };
  const count = options.count ?? Math.max(1, Math.min(MOST_BY_DEFAULT, availableParallelism() - ioThreads));
  const workers: (Worker | undefined)[] = [];
  const startedAt: number[] = [];
  let closing = false;
  helpersYieldToCalls(HELPERS_NICENESS);

  function start(at: number): Worker {
    const worker = startThread(new URL('./matching-thread.ts', import.meta.url), {
      workerData,
      youngGenerationMb: YOUNG_GENERATION_MB,
    });
    startedAt[at] = performance.now();
    workers[at] = worker;
    let fault: unknown;
    worker.on('error', (error) => {
      fault = error;
    });
    worker.on('exit', () => {
      workers[at] = undefined;
      if (!closing) onFault(fault);
    });
    return worker;
  }
  for (let at = 0; at < count; at++) start(at);

  return {
    count,
    attach(at, port) {
      const resting = closing || performance.now() - (startedAt[at] ?? 0) < RESTART_MS;
      const worker = workers[at] ?? (resting ? undefined : start(at));
      // Whoever asked finds the channel closed, and asks again later.
      if (worker === undefined) port.close();
      else worker.postMessage({ port }, [port]);
    },
    running: () => workers.filter((worker) => worker !== undefined).length,
    async close() {
      closing = true;
      await Promise.all(workers.map((worker) => worker?.terminate()));
    },
  };
}

/** Chunks that a thread has at the same time: while it judges one, the database looks up others. */
const CHUNKS_A_THREAD = 8;
/**
 * The same while others than the job's party ask single calls: whatever more were begun, the calls would wait for behind it, at
 * every step of theirs, for a core, a connection or the disk.
 */
const CHUNKS_A_THREAD_BESIDE_CALLS = 1;

/** The turns of one of the threads that hold connections: each has its part of what all may begin. */
export function openTurns(options: {
  readonly matchingThreads: number;
  readonly ioThreads: number;
  readonly perSecond: number | undefined;
  /** Whether somebody else than this party asks single calls of the thread. */
  readonly othersCall: (party: string) => boolean;
}): Turns {
  const { matchingThreads, ioThreads, perSecond = CHUNKS_PER_SECOND, othersCall } = options;
  const share = (aThread: number) => Math.max(1, Math.ceil((aThread * matchingThreads) / ioThreads));
  const [alone, besideCalls] = [share(CHUNKS_A_THREAD), share(CHUNKS_A_THREAD_BESIDE_CALLS)];
  return createTurns({
    atOnce: (party) => (othersCall(party) ? besideCalls : alone),
    perSecond: Math.ceil(perSecond / ioThreads),
    nowMs: () => performance.now(),
  });
}
