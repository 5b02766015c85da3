import type { TLSSocket } from 'node:tls';
import type { Valve } from './thread-share.ts';

/** HTTP/2 reads off the handle, below the socket, whose own pause it does not ask: Node has no other way to leave a connection unread. */
interface WithHandle {
  readonly _handle?: { readStop?(): unknown; readStart?(): unknown; readonly writeQueueSize?: number } | null;
}

const LOOK_AGAIN_MS = 10;

/**
 * Leaves a connection unread, and reads on. What is to be written is written all the same.
 *
 * Node has the same handle in its hands: it stops reading while what it wrote has not left, and reads on once it has. So whoever wants
 * a connection to stay unread stops it again where anything comes nevertheless; and where something waits to be written reading on is
 * left to wait: what came would be put by, in one piece that is copied anew with each of its parts.
 */
export function valveOf(socket: TLSSocket): Valve {
  let stopped = false;
  let looks: NodeJS.Timeout | undefined;
  const handle = () => (socket.destroyed ? undefined : (socket as WithHandle)._handle);

  function shut(): void {
    if (stopped) handle()?.readStop?.();
  }

  function open(): void {
    looks = undefined;
    if (stopped) return;
    if ((handle()?.writeQueueSize ?? 0) === 0) handle()?.readStart?.();
    else looks = setTimeout(open, LOOK_AGAIN_MS).unref();
  }

  return {
    stop() {
      stopped = true;
      shut();
      // What is written in this turn has mostly left at its end.
      setImmediate(shut);
    },
    start() {
      stopped = false;
      if (looks === undefined) open();
    },
  };
}
