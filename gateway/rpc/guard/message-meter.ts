/** Follows a gRPC request through its DATA: where messages begin, how long each says it is, whether it is compressed. */

export interface MessageHead {
  /** Bytes on the wire, as the head says. */
  readonly bytes: number;
  readonly compressed: boolean;
  /** Where in the piece that completed the head the message's own bytes begin. */
  readonly at: number;
}

/** What a piece of DATA brought. */
export interface Met {
  /** Messages whose head became complete in this piece, in order. */
  readonly begun: readonly MessageHead[];
  /** Messages that became complete in this piece. */
  readonly completed: number;
}

const HEAD_BYTES = 5;
const NOTHING: Met = { begun: [], completed: 0 };

export interface MessageMeter {
  /** Reads the next piece; keeps nothing of it but what is left of a head. */
  push(data: Uint8Array): Met;
  /** True between the first byte of a message and its last. */
  readonly inside: boolean;
  /** Pieces that the message under way came in so far. */
  readonly pieces: number;
  /** The message under way, once its head is known. */
  readonly head: MessageHead | undefined;
}

export function createMessageMeter(): MessageMeter {
  let headRead = 0;
  let flag = 0;
  let length = 0;
  let left = 0;
  let pieces = 0;
  let head: MessageHead | undefined;

  return {
    push(data) {
      // The common case: a piece from the middle of a message.
      if (data.length > 0) pieces += 1;
      if (head !== undefined && data.length < left) {
        left -= data.length;
        return NOTHING;
      }
      const begun: MessageHead[] = [];
      let completed = 0;
      let at = 0;
      while (at < data.length) {
        if (head === undefined) {
          const byte = data[at++] as number;
          if (headRead === 0) {
            flag = byte;
            length = 0;
            pieces = 1;
          } else length = length * 256 + byte;
          headRead += 1;
          if (headRead < HEAD_BYTES) continue;
          head = { bytes: length, compressed: flag === 1, at };
          left = length;
          begun.push(head);
        } else {
          const taken = Math.min(left, data.length - at);
          at += taken;
          left -= taken;
        }
        if (left === 0) {
          completed += 1;
          headRead = 0;
          head = undefined;
        }
      }
      return { begun, completed };
    },
    get inside() {
      return headRead > 0;
    },
    get pieces() {
      return pieces;
    },
    get head() {
      return head;
    },
  };
}
