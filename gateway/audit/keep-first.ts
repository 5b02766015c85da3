import { setTimeout as sleep } from 'node:timers/promises';

/** The head was not kept in time: whatever waits for it must do without. */
export class HeadNotKept extends Error {
  constructor() {
    super('the head of the log was not kept in time');
  }
}

/** Longer than a disk that works; a withdrawal that waits for it is answered before its caller's patience is over. */
const MOST_MS = 5_000;

/**
 * For what must not be told before the head behind it is kept. Those who ask while one is being kept share the next, which begins
 * after they asked and so covers what was committed before; a disk that hangs gathers nothing.
 * @param keep as `Heads.keep`
 * @returns a function that rejects with HeadNotKept after `mostMs`, or with what `keep` fails of
 */
export function createKeepFirst(keep: () => Promise<void>, mostMs = MOST_MS): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  async function begin(): Promise<void> {
    await running.catch(() => undefined);
    next = undefined;
    running = keep();
    await running;
  }

  return async () => {
    next ??= begin();
    const over = new AbortController();
    const late = sleep(mostMs, undefined, { signal: over.signal }).then(() => {
      throw new HeadNotKept();
    });
    await Promise.race([next, late]).finally(() => over.abort());
  };
}
