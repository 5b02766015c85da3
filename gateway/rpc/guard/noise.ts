/** Tells which of a connection's bytes nobody has use for: pings, settings, resets, window updates, frames without data. */

/** What a request's head may have of them: Node refuses larger ones. */
const HEAD_BYTES = 64 * 1024;
const FRAME_HEAD_BYTES = 9;

/** Since it was asked before. */
export interface Strays {
  /** Bytes that came and are no message's, whatever they are. */
  readonly bytes: number;
  /** Those of them that nothing accounts for. */
  readonly noise: number;
}

export interface NoiseMeter {
  /** A stream was opened. */
  opened(): void;
  /** A piece of DATA was handed on. */
  heard(bytes: number): void;
  /**
   * A stream is closed.
   * @param unheard bytes of it that lay here and that nobody will hear
   * @param comesStill how much its peer may have sent before it hears that it is closed
   */
  closed(unheard: number, comesStill: number): void;
  /**
   * @param read bytes that the connection has brought so far, decrypted
   * @param waiting those of them that lie in its streams, to be heard later
   */
  look(read: number, waiting: number): Strays;
}

/** What was granted and is not used by the next look but one is lost: else whoever has called for an hour might make noise for another. */
export function createNoiseMeter(): NoiseMeter {
  let heard = 0;
  let strays = 0;
  let granted = 0;
  let grantedBefore = 0;
  return {
    opened() {
      granted += HEAD_BYTES;
    },
    heard(bytes) {
      heard += bytes + FRAME_HEAD_BYTES;
    },
    closed(unheard, comesStill) {
      heard += unheard;
      granted += comesStill;
    },
    look(read, waiting) {
      const before = strays;
      strays = Math.max(before, read - heard - waiting);
      const bytes = strays - before;
      const left = grantedBefore + granted - bytes;
      grantedBefore = Math.max(0, Math.min(granted, left));
      granted = 0;
      return { bytes, noise: Math.max(0, -left) };
    },
  };
}
