import type { TLSSocket } from 'node:tls';
import type { Valve } from './thread-share.ts';

/** HTTP/2 reads off the handle, below the socket, whose own pause it does not ask: Node has no other way to leave a connection unread. */
interface WithHandle {
  readonly _handle?: { readStop?(): unknown; readStart?(): unknown } | null;
}

/** Leaves a connection unread, and reads on. What is to be written is written all the same. */
export function valveOf(socket: TLSSocket): Valve {
  const handle = () => (socket.destroyed ? undefined : (socket as WithHandle)._handle);
  return {
    stop: () => void handle()?.readStop?.(),
    start: () => void handle()?.readStart?.(),
  };
}
