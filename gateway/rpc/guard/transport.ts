/** A connection as a withdrawal knows it: whether the kernel has taken all that was given to it, and how to end it. */
import type { TLSSocket } from 'node:tls';
import type { Transport } from '../../exchange/ports.ts';

/** HTTP/2 writes to the handle below the socket's own queue, so it is the handle that knows what waits: Node has no other way to ask. */
interface WithHandle {
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

export function transportOf(socket: TLSSocket): Transport {
  return {
    pending() {
      if (socket.destroyed) return false;
      const queued = (socket as WithHandle)._handle?.writeQueueSize;
      // A runtime that does not say keeps its withdrawals waiting until they cut: never the other way.
      return queued === undefined || queued > 0 || socket.writableLength > 0;
    },
    cut() {
      socket.destroy();
    },
  };
}
