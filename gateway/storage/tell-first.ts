/**
 * A task that is run again and again, made to end well whatever it fails of: `onFault` hears the first failure of a kind, and again
 * only after the task has worked. A database that is away fails every look, now by a refused connection and now by a cut one; a line
 * of each says it.
 */
export function tellFirst<Args extends readonly unknown[]>(
  task: (...args: Args) => Promise<void>,
  onFault: (error: unknown) => void,
): (...args: Args) => Promise<void> {
  const told = new Set<string>();
  return async (...args) => {
    try {
      await task(...args);
      told.clear();
    } catch (error) {
      const kind = kindOf(error);
      if (told.has(kind)) return;
      told.add(kind);
      onFault(error);
    }
  };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return `${error.constructor.name}/${'code' in error ? String(error.code) : ''}`;
}
