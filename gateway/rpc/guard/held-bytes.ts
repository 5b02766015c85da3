/** Bytes that were received, or are about to be, and are not answered yet: of each party and of the process. */

export interface HeldBytesLimits {
  /** Of all parties together. */
  readonly heldBytes: number;
  /** Of one legal entity. */
  readonly heldBytesPerEntity: number;
}

/** A single call is small and somebody waits for it: there is room for it when streams have to wait. */
const CALL_SHARE = 1.25;

export interface HeldBytes {
  readonly total: number;
  /** The most there ever was. */
  readonly peak: number;
  /** Those that wait for room. */
  readonly waiting: number;
  of(party: string): number;
  /**
   * False where there is no room, and nothing was taken. Whoever holds nothing may always take one message: nobody's hoard stops
   * another, and nobody stops for ever.
   */
  take(party: string, bytes: number, kind: 'call' | 'frame'): boolean;
  /** Takes whatever there is room for: for what lies here already. */
  force(party: string, bytes: number): void;
  /** Takes for a stream as soon as there is room, parties in turns, each one's in order; returns how to give up waiting. */
  wait(party: string, bytes: number, taken: () => void): () => void;
  release(party: string, bytes: number): void;
}

interface Waiter {
  readonly bytes: number;
  readonly taken: () => void;
}

export function createHeldBytes({ heldBytes, heldBytesPerEntity }: HeldBytesLimits): HeldBytes {
  const held = new Map<string, number>();
  /** By party, whose turn it is first. */
  const lines = new Map<string, Set<Waiter>>();
  let total = 0;
  let peak = 0;
  let waiting = 0;

  const of = (party: string) => held.get(party) ?? 0;

  function fits(party: string, bytes: number, share: number): boolean {
    const own = of(party);
    return own === 0 || (own + bytes <= heldBytesPerEntity * share && total + bytes <= heldBytes * share);
  }

  function force(party: string, bytes: number): void {
    held.set(party, of(party) + bytes);
    total += bytes;
    peak = Math.max(peak, total);
  }

  function leave(party: string, line: Set<Waiter>, waiter: Waiter): void {
    if (!line.delete(waiter)) return;
    waiting -= 1;
    if (line.size === 0) lines.delete(party);
  }

  /** Lets in whoever has room now, one of each party at a time. */
  function admit(): void {
    for (let more = waiting > 0; more; ) {
      more = false;
      for (const [party, line] of [...lines]) {
        const [first] = line;
        if (first === undefined || !fits(party, first.bytes, 1)) continue;
        leave(party, line, first);
        // Whoever had a turn stands last.
        if (lines.delete(party)) lines.set(party, line);
        force(party, first.bytes);
        more = true;
        first.taken();
      }
    }
  }

  return {
    get total() {
      return total;
    },
    get peak() {
      return peak;
    },
    get waiting() {
      return waiting;
    },
    of,
    take(party, bytes, kind) {
      // Past those of the same party that wait already only a call may go.
      if (kind === 'frame' && lines.has(party)) return false;
      if (!fits(party, bytes, kind === 'call' ? CALL_SHARE : 1)) return false;
      force(party, bytes);
      return true;
    },
    force,
    wait(party, bytes, taken) {
      const waiter = { bytes, taken };
      const line = lines.get(party) ?? new Set();
      lines.set(party, line.add(waiter));
      waiting += 1;
      admit();
      return () => leave(party, line, waiter);
    },
    release(party, bytes) {
      const left = of(party) - bytes;
      if (left > 0) held.set(party, left);
      else held.delete(party);
      total -= bytes;
      admit();
    },
  };
}
