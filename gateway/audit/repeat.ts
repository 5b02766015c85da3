import { tellFirst } from '../storage/tell-first.ts';

/**
 * Runs a task again and again, one at a time; a failure waits for the next turn, and `onFault` hears the first of a kind
 * ({@link tellFirst}).
 */
export function repeat(ms: number, task: () => Promise<void>, onFault: (error: unknown) => void): { stop(): void } {
  const run = tellFirst(task, onFault);
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    void run().finally(() => {
      running = false;
    });
  }, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
