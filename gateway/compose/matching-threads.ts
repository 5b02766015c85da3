import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { GuardKeys } from '../exchange/guard-units.ts';
import type { PeopleKeys } from '../exchange/seal-people.ts';
import { type ChunkThreads, createChunkThreads } from '../jobs/threads/chunk-threads.ts';
import type { MatchingThreadData } from './matching-thread.ts';

/** One core is left to the thread that holds the connections; more threads than this wait for the database. */
const MOST_BY_DEFAULT = 4;
/** Bounded like the gateway's own: what a chunk leaves behind is soon thrown away. */
const YOUNG_GENERATION_MB = 24;

export interface MatchingThreadsOptions {
  readonly databaseUrl: string;
  readonly keys: PeopleKeys;
  readonly guardKeys: GuardKeys;
  readonly count: number | undefined;
  readonly onFault: (error: unknown) => void;
}

export function openMatchingThreads({
  databaseUrl,
  keys,
  guardKeys,
  count,
  onFault,
}: MatchingThreadsOptions): ChunkThreads {
  const workerData: MatchingThreadData = {
    databaseUrl,
    keys: { 'log-key': keys['log-key'], evidence: keys.evidence },
    guardKeys,
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
