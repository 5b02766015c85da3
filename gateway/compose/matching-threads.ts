import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PeopleKeys } from '../exchange/seal-people.ts';
import { type ChunkThreads, createChunkThreads } from '../jobs/threads/chunk-threads.ts';
import { CHUNKS_PER_SECOND, createTurns, type Turns } from '../jobs/turns.ts';
import type { MatchingThreadData } from './matching-thread.ts';

/** One core is left to the thread that holds the connections; more threads than this wait for the database. */
const MOST_BY_DEFAULT = 4;
/** Bounded like the gateway's own: what a chunk leaves behind is soon thrown away. */
const YOUNG_GENERATION_MB = 24;

export interface MatchingThreadsOptions {
  readonly databaseUrl: string;
  readonly keys: PeopleKeys;
  readonly count: number | undefined;
  readonly onFault: (error: unknown) => void;
}

export function openMatchingThreads({ databaseUrl, keys, count, onFault }: MatchingThreadsOptions): ChunkThreads {
  const workerData: MatchingThreadData = {
    databaseUrl,
    keys: { 'log-key': keys['log-key'], evidence: keys.evidence },
  };
  return createChunkThreads({
    count: count ?? Math.max(1, Math.min(MOST_BY_DEFAULT, availableParallelism() - 1)),
    start: () =>
      new Worker(new URL('./matching-thread.ts', import.meta.url), {
        workerData,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      }),
    nowMs: () => performance.now(),
    onFault,
  });
}

/** Chunks that a thread has at the same time: while it judges one, the database looks up others. */
const CHUNKS_A_THREAD = 8;

export function openTurns(threads: ChunkThreads, perSecond: number = CHUNKS_PER_SECOND): Turns {
  return createTurns({
    atOnce: () => CHUNKS_A_THREAD * Math.max(1, threads.usage().threads),
    perSecond,
    nowMs: () => performance.now(),
  });
}
