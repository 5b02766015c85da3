import { KitError } from './kit-error.ts';
import { type RawAnswer, rawAnswerOf } from './raw-call.ts';

/** The transport below a stream of chunks: how it ends, and what ends it. */

type Status = Parameters<typeof rawAnswerOf>[0];
/** What of the library's stream is needed here. */
type Wire = {
  cancel(): void;
  on(event: 'error', heard: () => void): unknown;
  on(event: 'status', heard: (status: Status) => void): unknown;
};

/** Settles with the status and trailers, however the stream ends. */
export function statusOf(wire: Wire): Promise<RawAnswer> {
  // The error itself is read through the iterator; without a listener it would end the process.
  wire.on('error', () => {});
  return new Promise((resolve) => {
    wire.on('status', (status: Status) => resolve(rawAnswerOf(status, undefined)));
  });
}

/** Cancels the stream when the signal says so, and leaves nothing behind on a signal that outlives it. */
export function endWith(wire: Wire, status: Promise<RawAnswer>, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  const cancel = (): void => wire.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  void status.then(() => signal.removeEventListener('abort', cancel));
  if (signal.aborted) cancel();
}

/** Runs `open`; a stream that does not open in time, or not at all, is cancelled. */
export async function withinTime<T>(
  open: () => Promise<T>,
  wire: Wire,
  { openMs, address }: { openMs: number; address: string },
): Promise<T> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    wire.cancel();
  }, openMs);
  try {
    return await open();
  } catch (error) {
    wire.cancel();
    throw late ? new KitError('UNAVAILABLE', { address }, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}
