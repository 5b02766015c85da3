/** What has to be undone at the end, whichever end it is; last in, first out. */
export interface Cleanup {
  add(undo: () => Promise<void> | void): Disposer;
  /** Undoes everything once; a failure does not keep the rest from being undone. */
  run(): Promise<void>;
}

/** Undoes one thing now, once. */
export type Disposer = () => Promise<void>;

export function createCleanup(): Cleanup {
  const stack = new Set<Disposer>();
  return {
    add(undo) {
      let done: Promise<void> | undefined;
      const disposer: Disposer = () => {
        stack.delete(disposer);
        done ??= (async () => undo())();
        return done;
      };
      stack.add(disposer);
      return disposer;
    },
    async run() {
      for (const disposer of [...stack].reverse()) await disposer().catch(() => undefined);
    },
  };
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Cleans up on the signals that end a program, then ends it with the shell's code for them.
 *
 * @returns aborted from the first such signal on: whoever sees it has nothing more to say
 */
export function cleanUpOnSignals(cleanup: Cleanup): AbortSignal {
  const interruption = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      interruption.abort();
      process.stderr.write(`\n${signal}: stopping what was started …\n`);
      void cleanup.run().finally(() => process.exit(code));
    });
  }
  return interruption.signal;
}
