/** Keeps the index behind the log, and its runs few. One of these runs in each gateway process; the database says whose turn it is. */
import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from '../exchange/log-port.ts';
import type { Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { createBodyIds } from './body-ids.ts';
import { indexStep, type Step } from './index-step.ts';
import { accessKeys } from './keys.ts';
import { createPostings } from './postings.ts';
import { type MergeOptions, mergeRuns, RUNS_AT_REST, RUNS_AT_WORK } from './runs.ts';
import { createSweeper } from './sweep-blocks.ts';

/** Between two looks at a log that has nothing new. */
const IDLE_MS = 250;
/**
 * From the beginning of a step to that of the next while the log grows: what comes meanwhile is one step, and one run to merge, instead
 * of many. A step that takes long on a busy machine is not waited for on top: what is new would be behind by both.
 */
const GATHER_MS = 500;
/** After a fault: the database may be away. */
const FAULT_MS = 1_000;
/** Leaves of a step that only a job brings. */
const JOB_LEAVES = 4_096;

export interface IndexerDeps {
  /** Two connections: steps go on while runs are merged. */
  readonly pool: Pool;
  readonly evidence: KeyObject;
  /** Told of the first fault of a kind; sees the error, and must not log values. */
  readonly onFault: (error: unknown) => void;
}

/** One step at a time, in a transaction of its own. */
export function createStepper(pool: Pool, evidence: KeyObject) {
  const keys = accessKeys(evidence);
  const bodies = createBodyIds();
  const postings = createPostings();
  const sweep = createSweeper(pool);
  return {
    /** True where some of an index that was thrown away was taken out. */
    sweep,
    async step(): Promise<Step> {
      try {
        return await inTransaction(pool, (tx) => indexStep(tx as Transaction, { evidence, keys, bodies, postings }));
      } catch (error) {
        bodies.forget();
        throw error;
      }
    },
    /** True where runs were merged. */
    merge: (options?: MergeOptions): Promise<boolean> =>
      inTransaction(pool, (tx) => mergeRuns(tx as Transaction, keys.block, options)),
  };
}

export function startIndexer({ pool, evidence, onFault }: IndexerDeps) {
  const { step, merge, sweep } = createStepper(pool, evidence);
  const ended = new AbortController();

  /** `work` says how long to wait before the next. */
  async function loop(work: () => Promise<number>): Promise<void> {
    let told: string | undefined;
    while (!ended.signal.aborted) {
      let pause = IDLE_MS;
      try {
        pause = await work();
        told = undefined;
      } catch (error) {
        pause = FAULT_MS;
        const kind = error instanceof Error ? error.constructor.name : typeof error;
        if (kind !== told) onFault(error);
        told = kind;
      }
      // Also with nothing to wait for: whatever else this thread does gets its turn.
      await sleep(pause, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    }
  }
  // A merge works between two steps, and on one range for each where one follows the other: what is new goes in first.
  let stepping: PromiseWithResolvers<void> | undefined;
  const turn = () => stepping?.promise ?? Promise.resolve();
  let enough = RUNS_AT_REST;
  const loops = [
    loop(async () => {
      const began = performance.now();
      stepping = Promise.withResolvers();
      try {
        const { entries, leaves, full } = await step();
        enough = leaves < JOB_LEAVES ? RUNS_AT_REST : RUNS_AT_WORK;
        if (full) return 0;
        return entries > 0 ? Math.max(0, began + GATHER_MS - performance.now()) : IDLE_MS;
      } finally {
        stepping.resolve();
        stepping = undefined;
      }
    }),
    loop(async () => ((await sweep()) || (await merge({ enough, turn })) ? 0 : IDLE_MS)),
  ];

  return {
    /** After the step and the merge that are under way. */
    async stop(): Promise<void> {
      ended.abort();
      await Promise.all(loops);
    },
  };
}
