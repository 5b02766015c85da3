/**
 * A task that is run again and again, made to end well whatever it fails of: `onFault` hears the first failure of a kind, and again
 * only after the task has worked or has failed of something else. A database that is away fails every look; one line says it.
 */
export function tellFirst<Args extends readonly unknown[]>(
  task: (...args: Args) => Promise<void>,
  onFault: (error: unknown) => void,
): (...args: Args) => Promise<void> {
  let told: string | undefined;
  return async (...args) => {
    try {
      await task(...args);
      told = undefined;
    } catch (error) {
      const kind = kindOf(error);
      if (kind !== told) onFault(error);
      told = kind;
    }
  };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return `${error.constructor.name}/${'code' in error ? String(error.code) : ''}`;
}
