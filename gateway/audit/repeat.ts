/**
 * Runs a task again and again, one at a time; a failure waits for the next turn. `onFault` hears the first failure of a kind,
 * and again only after the task has worked or has failed of something else.
 */
export function repeat(ms: number, task: () => Promise<void>, onFault: (error: unknown) => void): { stop(): void } {
  let running = false;
  let told: string | undefined;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    // Begun inside of a promise, so that what throws at once is a failure like any other.
    Promise.resolve()
      .then(task)
      .then(
        () => {
          told = undefined;
        },
        (error: unknown) => {
          const kind = kindOf(error);
          if (kind !== told) onFault(error);
          told = kind;
        },
      )
      .finally(() => {
        running = false;
      });
  }, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return `${error.constructor.name}/${'code' in error ? String(error.code) : ''}`;
}
