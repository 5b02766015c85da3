/** Why a call's signal is aborted; never sent to anyone. */
export const ENDINGS = ['CANCELLED', 'DRAINING'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Reason of an aborted call's signal. */
export class CallEnded extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(`the call ended: ${ending}`);
    this.name = 'CallEnded';
    this.ending = ending;
  }
}

export interface RunningCall {
  readonly signal: AbortSignal;
  /** The client cancelled or the deadline passed: aborts the signal. */
  cancel(): void;
  /** Nothing of the call is left in this process's hands. */
  end(): void;
}

export interface RunningCalls {
  /** Counts a call in. `onForce` runs if the drain's grace ends first, just after the signal was aborted. */
  begin(onForce: () => void): RunningCall;
  readonly count: number;
  readonly draining: boolean;
  /** From now on new calls are to be refused; resolves when none runs any more. */
  drain(): Promise<void>;
  /** Aborts all that still run. */
  force(): void;
}

/** Counts the calls in flight, so that a drain knows when it is done and whom to abort. */
export function createRunningCalls(): RunningCalls {
  const running = new Map<AbortController, () => void>();
  let onIdle: (() => void) | undefined;
  return {
    begin(onForce) {
      const controller = new AbortController();
      running.set(controller, onForce);
      return {
        signal: controller.signal,
        cancel: () => controller.abort(new CallEnded('CANCELLED')),
        end() {
          running.delete(controller);
          if (running.size === 0) onIdle?.();
        },
      };
    },
    get count() {
      return running.size;
    },
    get draining() {
      return onIdle !== undefined;
    },
    drain() {
      return new Promise((resolve) => {
        onIdle = resolve;
        if (running.size === 0) resolve();
      });
    },
    force() {
      for (const [controller, onForce] of [...running]) {
        controller.abort(new CallEnded('DRAINING'));
        onForce();
      }
    },
  };
}
