import { KitError } from './kit-error.ts';
import { GatewayError } from './refusal.ts';
import { backoffMs, pause } from './retry.ts';

/** A gateway that has been away for more than a moment: since when, and until when it is tried again. */
export type Outage = { readonly since: Date; readonly until: Date };

/** How long all parts of one job together wait for a gateway that is away. */
export type Patience = {
  /** Something came through. */
  moved(): void;
  /** Forgets an outage while nobody tries to end it. */
  rest(): void;
  /**
   * How long to wait before the next attempt, milliseconds. Throws `error` where waiting does not mend it, or has been tried
   * long enough.
   *
   * @param attempt which of those in a row failed, from 0 on
   */
  afterFailure(error: unknown, attempt: number): number;
  /** Does work until it comes through. Throws as `afterFailure`; KitError INTERRUPTED. */
  through<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
};

/** A gateway that is started anew is no outage that anybody need hear of. */
const TELL_AFTER = { attempts: 3, ms: 5_000 } as const;

/**
 * @param forMs counted from the first failure since something came through
 * @param onOutage told once of each outage, and with undefined once it is over
 */
export function createPatience({
  forMs,
  onOutage,
}: {
  forMs: number;
  onOutage?: ((outage: Outage | undefined) => void) | undefined;
}): Patience {
  let first: { readonly at: number; readonly since: number } | undefined;
  let told = false;

  const self: Patience = {
    moved() {
      const wasTold = told;
      self.rest();
      if (wasTold) onOutage?.(undefined);
    },
    rest() {
      first = undefined;
      told = false;
    },
    afterFailure(error, attempt) {
      if (!isPassing(error)) throw error;
      first ??= { at: performance.now(), since: Date.now() };
      const awayMs = performance.now() - first.at;
      const asked = error instanceof GatewayError ? error.refusal?.retryAfterMs : undefined;
      // Nor longer than there is patience for where it is told how long: a limit of a day ends a run at once.
      if (awayMs > forMs || (asked !== undefined && awayMs + asked > forMs)) throw error;
      if (!told && (attempt + 1 >= TELL_AFTER.attempts || awayMs > TELL_AFTER.ms)) {
        told = true;
        onOutage?.({ since: new Date(first.since), until: new Date(first.since + forMs) });
      }
      return asked ?? Math.min(backoffMs(attempt, { awayMs }), Math.max(1, Math.ceil(forMs - awayMs)));
    },
    async through(work, signal) {
      for (let attempt = 0; ; attempt++) {
        try {
          const done = await work();
          self.moved();
          return done;
        } catch (error) {
          await pause(self.afterFailure(error, attempt), signal);
        }
      }
    },
  };
  return self;
}

function isPassing(error: unknown): boolean {
  if (error instanceof GatewayError) return error.passing;
  return error instanceof KitError && (error.reason === 'UNAVAILABLE' || error.reason === 'INCOMPLETE');
}
