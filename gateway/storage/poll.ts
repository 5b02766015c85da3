/** Keeps a copy in step with what is stored: it is looked at again and again, one look at a time. */
export interface Poll {
  /** The next look begins `pollMs` from now, and each further one as long after the end of the one before. */
  start(): void;
  /** Resolves when the look that is under way has ended. */
  stop(): Promise<void>;
  /** A look after those that were asked for before; rejects with what it fails of. */
  refresh(): Promise<void>;
}

/**
 * @param look is told whether it was asked for, and not merely due
 * @param onFailure sees what a look failed of, whoever asked for it; the next one comes all the same
 */
export function createPoll(
  look: (asked: boolean) => Promise<void>,
  pollMs: number,
  onFailure: (error: unknown) => void = () => {},
): Poll {
  let queue: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  /** Asked for, and not begun yet: whoever asks now is served by it as well. */
  let coming: Promise<void> | undefined;

  function next(asked: boolean): Promise<void> {
    const mine = queue.then(() => {
      if (asked) coming = undefined;
      return look(asked);
    });
    queue = mine.catch(onFailure);
    return mine;
  }

  function schedule(): void {
    timer = setTimeout(async () => {
      await next(false).catch(() => {});
      if (running) schedule();
    }, pollMs);
    timer.unref();
  }

  return {
    start() {
      if (running) return;
      running = true;
      schedule();
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await queue;
    },
    refresh() {
      coming ??= next(true);
      return coming;
    },
  };
}
