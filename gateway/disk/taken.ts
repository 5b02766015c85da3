import type { Writable } from 'node:stream';

/**
 * Resolves once the system has taken all that was written to a stream, to be called before the process ends: what Node still
 * holds for a pipe that is full would be lost, and nobody could tell it from the whole. For as long as the pipe's reader is slow.
 *
 * Resolves with the error where no more can be written, such as EPIPE of a reader that has gone; never rejects. The error is the
 * stream's own as well, which emits it. Whether a reader is still there is not asked where nothing is left to be written.
 */
export function taken(stream: Writable): Promise<Error | undefined> {
  if (stream.writableLength === 0 && stream.errored === null) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    // Writes are done in order: this one is when all before it are.
    stream.write('', (error) => resolve(error ?? undefined));
  });
}
