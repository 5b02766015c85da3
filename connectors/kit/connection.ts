import type grpc from '@grpc/grpc-js';
import { createGathering } from '../../gateway/turns/gather.ts';
import { KitError } from './kit-error.ts';
import type { Profile } from './profile.ts';
import { callRaw, connect, type RawAnswer } from './raw-call.ts';

/** The one connection of a client's unary calls, left for another where it has gone silent, or may have. */

type CallOptions = Parameters<typeof callRaw>[3];

export type Connection = {
  /** As {@link callRaw}. Throws KitError CLIENT_CLOSED. */
  call(path: string, message: Uint8Array, options: CallOptions): Promise<RawAnswer>;
  close(): void;
};

const DEADLINE_EXCEEDED = 4;
/** Sooner than what stands on the way forgets a connection that carries nothing: the usual ones take four minutes or more. */
const IDLE_MS = 180_000;

/**
 * Opens at the first call. What swallows bytes without an end (a firewall that forgot the connection, a balancer whose gateway hangs)
 * is no failure to the library, which would send every later call the same way: a call that waited for its whole deadline while
 * nothing at all came back makes the next ones go over a new connection. One slow call beside others that are answered does not,
 * and calls still under way on the old connection end there.
 *
 * A connection that carried nothing for three minutes is left before it is used again: a handshake costs milliseconds, one that was forgotten
 * a whole deadline. Pings would find no more than that a call waits in vain, some seconds later, and a gateway that drains is not to
 * be pinged (design/rpc.md).
 */
export function createConnection(profile: Pick<Profile, 'address' | 'ca' | 'certificate' | 'key'>): Connection {
  let client: grpc.Client = connect(profile);
  /** By the clock of the wall: a machine that slept was away, too. */
  let usedAt: number | undefined;
  let heardAt = Number.NEGATIVE_INFINITY;
  let closed = false;
  /** Answers that came together are checked together. */
  const gather = createGathering();

  function judge(used: grpc.Client, sentAt: number, { code, details }: RawAnswer): void {
    if (used !== client || closed) return;
    if (code === 0 || details !== undefined) heardAt = performance.now();
    else if (code === DEADLINE_EXCEEDED && heardAt < sentAt) leave();
  }

  function leave(): void {
    const used = client;
    client = connect(profile);
    used.close();
  }

  return {
    async call(path, message, options) {
      // Before a first attempt and before every other: of whoever waited meanwhile, too.
      if (closed) throw new KitError('CLIENT_CLOSED');
      // A clock that is set leaves one for nothing, which costs no more than that.
      if (usedAt !== undefined && Math.abs(Date.now() - usedAt) > IDLE_MS) leave();
      usedAt = Date.now();
      const [used, sentAt] = [client, performance.now()];
      const answer = await callRaw(used, path, message, options);
      usedAt = Date.now();
      judge(used, sentAt, answer);
      await gather();
      return answer;
    },
    // What is under way is still answered.
    close() {
      closed = true;
      client.close();
    },
  };
}
