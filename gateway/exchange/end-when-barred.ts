import type { createAuthenticate } from './authenticate.ts';
import type { ChunkStreamPort, Frame } from './ports.ts';
import { CallRefused } from './refused.ts';

const LOOK_MS = 500;

/**
 * A stream is looked at for each chunk; one that sends none would stand open after its sender was barred. Here it is looked at by
 * the clock as well, and ends as it would with its next chunk: refused, signed, in the log.
 */
export function endWhenBarred(
  serve: ChunkStreamPort,
  authenticate: ReturnType<typeof createAuthenticate>,
  lookMs = LOOK_MS,
): ChunkStreamPort {
  return async (stream) => {
    const { peer, transport, traceparent, signal } = stream;
    const frames = interruptible(stream.frames);
    const timer = setInterval(() => {
      try {
        authenticate(peer);
      } catch (error) {
        // A database that is away for a moment ends nothing here: the next chunk will tell.
        if (error instanceof CallRefused) frames.interrupt(error);
      }
    }, lookMs);
    timer.unref();
    try {
      return await serve({ peer, transport, traceparent, signal, frames, write: (frame) => stream.write(frame) });
    } finally {
      clearInterval(timer);
    }
  };
}

/** The frames, until `interrupt`: whoever waits for one is thrown the error, and so is whoever asks afterwards. */
function interruptible(source: AsyncIterable<Frame>) {
  let frames: AsyncIterator<Frame> | undefined;
  let error: CallRefused | undefined;
  let waiting: ((error: CallRefused) => void) | undefined;
  return {
    interrupt(cause: CallRefused) {
      error = cause;
      waiting?.(cause);
    },
    [Symbol.asyncIterator](): AsyncIterator<Frame> {
      const own = frames ?? source[Symbol.asyncIterator]();
      frames = own;
      return {
        next: () =>
          new Promise((resolve, reject) => {
            if (error !== undefined) return reject(error);
            waiting = reject;
            own.next().then(resolve, reject);
          }),
      };
    },
  };
}
