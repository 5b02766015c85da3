import { setTimeout as sleep } from 'node:timers/promises';
import { KitError } from './kit-error.ts';
import { GatewayError } from './refusal.ts';

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = { ofAnOutage: 2_000, ofALongOne: 30_000 } as const;

/**
 * Waiting time before attempt `attempt` + 1, with half of it random so that clients do not come back together.
 *
 * @param awayMs how long it has been tried: of an outage of minutes a tenth of it, up to half a minute
 */
export function backoffMs(
  attempt: number,
  { awayMs = 0, random = Math.random }: { readonly awayMs?: number; readonly random?: () => number } = {},
): number {
  const { ofAnOutage, ofALongOne } = LONGEST_DELAY_MS;
  const longest = Math.min(ofALongOne, Math.max(ofAnOutage, awayMs / 10));
  const whole = Math.min(longest, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (0.5 + random() / 2));
}

/** Waits; throws KitError INTERRUPTED when the signal says so. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw new KitError('INTERRUPTED');
  }
}

/** What `shared` comes to; throws KitError INTERRUPTED when the signal says so, and leaves it to the others that wait for it. */
export function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return shared;
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new KitError('INTERRUPTED'));
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

/**
 * Runs `once` again while it fails in passing and `forMs` from the first failure are not over. What is to be waited for longer than
 * that is thrown at once: nobody waits for the limit of a day.
 */
export async function withRetries<T>(
  once: () => Promise<T>,
  { forMs, signal }: { forMs: number; signal: AbortSignal | undefined },
): Promise<T> {
  let firstFailure: number | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof GatewayError) || !error.passing) throw error;
      firstFailure ??= performance.now();
      // Calls that were refused together were all told the same moment.
      const delay = (error.refusal?.retryAfterMs ?? 0) + backoffMs(attempt);
      if (performance.now() + delay - firstFailure > forMs) throw error;
      await pause(delay, signal);
    }
  }
}
