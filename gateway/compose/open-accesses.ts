import type { KeyObject } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../threads/start-thread.ts';

export interface AccessesThreadData {
  /** Holds a password: never to be printed. */
  readonly databaseUrl: string;
  readonly evidence: KeyObject;
}

/** A thread that died is started again after so long. */
const RESTART_MS = 1_000;
/** Bounded like the others': what a step leaves behind is soon thrown away. */
const YOUNG_GENERATION_MB = 12;

/**
 * Keeps the index of accesses behind the log. Whatever happens to it, calls are served: the lists say how far they are complete,
 * and `lienthong status` how far behind that is.
 */
export function openAccesses(
  { databaseUrl, evidence }: AccessesThreadData,
  onFault: (fields: object) => void,
): { close(): Promise<void> } {
  const workerData: AccessesThreadData = { databaseUrl, evidence };
  let closing = false;
  let waiting: NodeJS.Timeout | undefined;
  let worker = start();

  function start(): Worker {
    const started = startThread(new URL('./accesses-thread.ts', import.meta.url), {
      workerData,
      youngGenerationMb: YOUNG_GENERATION_MB,
    });
    started.on('message', onFault);
    started.on('error', (error) => onFault({ fault: error instanceof Error ? error.constructor.name : typeof error }));
    started.on('exit', () => {
      if (closing) return;
      waiting = setTimeout(() => {
        worker = start();
      }, RESTART_MS);
    });
    return started;
  }

  return {
    /** In the middle of whatever it does: what was not committed is done again by the next. */
    async close(): Promise<void> {
      closing = true;
      clearTimeout(waiting);
      await worker.terminate();
    },
  };
}
