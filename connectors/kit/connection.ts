import type grpc from '@grpc/grpc-js';
import { createGathering } from '../../gateway/turns/gather.ts';
import { KitError } from './kit-error.ts';
import type { Profile } from './profile.ts';
import { callRaw, connect, type RawAnswer } from './raw-call.ts';

/** The one connection of a client's unary calls, left for another where it has gone silent. */

type CallOptions = Parameters<typeof callRaw>[3];

export type Connection = {
  /** As {@link callRaw}. Throws KitError CLIENT_CLOSED. */
  call(path: string, message: Uint8Array, options: CallOptions): Promise<RawAnswer>;
  close(): void;
};

const DEADLINE_EXCEEDED = 4;

/**
 * Opens at the first call. What swallows bytes without an end (a firewall that forgot the connection, a balancer whose gateway hangs)
 * is no failure to the library, which would send every later call the same way: a call that waited for its whole deadline while
 * nothing at all came back makes the next ones go over a new connection. One slow call beside others that are answered does not,
 * and calls still under way on the old connection end there.
 */
export function createConnection(profile: Pick<Profile, 'address' | 'ca' | 'certificate' | 'key'>): Connection {
  let client: grpc.Client = connect(profile);
  let heardAt = Number.NEGATIVE_INFINITY;
  let closed = false;
  /** Answers that came together are checked together. */
  const gather = createGathering();

  function judge(used: grpc.Client, sentAt: number, { code, details }: RawAnswer): void {
    if (used !== client || closed) return;
    if (code === 0 || details !== undefined) heardAt = performance.now();
    else if (code === DEADLINE_EXCEEDED && heardAt < sentAt) {
      client = connect(profile);
      used.close();
    }
  }

  return {
    async call(path, message, options) {
      // Before a first attempt and before every other: of whoever waited meanwhile, too.
      if (closed) throw new KitError('CLIENT_CLOSED');
      const [used, sentAt] = [client, performance.now()];
      const answer = await callRaw(used, path, message, options);
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
