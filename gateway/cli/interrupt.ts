import { CliProblem } from './problem.ts';

/**
 * Waits for work that cannot be told to stop; an interruption ends the waiting with CliProblem INTERRUPTED. What the work
 * holds (connections, threads) ends with this program or with the server that it talks to.
 */
export async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Left behind, it may still fail: nobody is interested then.
  work.catch(() => undefined);
  let stop: (() => void) | undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new CliProblem('INTERRUPTED'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** Resolves once an interruption has come. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
