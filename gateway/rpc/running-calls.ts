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
  /** Made when first looked at: most unary calls are over before anyone asks. */
  readonly signal: AbortSignal;
  /** True once the signal is aborted, or would be. */
  readonly aborted: boolean;
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
  const running = new Set<Call>();
  let onIdle: (() => void) | undefined;
  const left = (call: Call): void => {
    running.delete(call);
    if (running.size === 0) onIdle?.();
  };
  return {
    begin(onForce) {
      const call = new Call(onForce, left);
      running.add(call);
      return call;
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
      for (const call of [...running]) call.force();
    },
  };
}

class Call implements RunningCall {
  readonly #onForce: () => void;
  readonly #onEnd: (call: Call) => void;
  #controller: AbortController | undefined;
  #ending: Ending | undefined;

  constructor(onForce: () => void, onEnd: (call: Call) => void) {
    this.#onForce = onForce;
    this.#onEnd = onEnd;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#ending !== undefined) this.#controller.abort(new CallEnded(this.#ending));
    }
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#ending !== undefined;
  }

  cancel(): void {
    this.#abort('CANCELLED');
  }

  force(): void {
    this.#abort('DRAINING');
    this.#onForce();
  }

  end(): void {
    this.#onEnd(this);
  }

  #abort(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#controller?.abort(new CallEnded(ending));
  }
}
