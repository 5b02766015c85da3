/**
 * How much of this gateway one legal entity may hold at the same time, all its agencies and certificates together: whoever fills
 * every connection with calls, or opens streams and lets them lie, takes from himself and not from the others.
 */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Limit } from '../errors/rules.ts';
import type { Authenticated } from './authenticate.ts';
import type { CallTurns } from './call-turns.ts';
import { endWhenBarred } from './end-when-barred.ts';
import type { ChunkStreamPort, OpenPort, Peer, UnaryPort } from './ports.ts';
import type { RefuseCall } from './refuse-call.ts';
import { CallRefused } from './refused.ts';

export interface AdmissionLimits {
  /** Signed unary calls that are being served. */
  readonly callsPerEntity: number;
  /** Streams that are open, whatever is going on in them. */
  readonly streamsPerEntity: number;
}

/**
 * Four times what a busy client has under way on one connection, and more streams than a file is sent over. A call waits behind
 * those before it, so this is also how long one entity can make another wait.
 */
export const ADMISSION: AdmissionLimits = { callsPerEntity: 256, streamsPerEntity: 64 };

/** Certificates that nobody knows, in one. */
export const STRANGERS = '';

const CALL_RETRY_MS = 500;
/** Somebody has to close a stream first. */
const STREAM_RETRY_MS = 5_000;

/** How many each name holds. */
export interface Counts {
  /** False where the name has as many as it may. */
  enter(name: string): boolean;
  leave(name: string): void;
}

export interface AdmissionDeps {
  readonly authenticate: (peer: Peer | undefined) => Authenticated;
  readonly refuseCall: RefuseCall;
  /** Calls that are being served, and streams that are open, of each legal entity in all threads of this gateway. */
  readonly calls: Counts;
  readonly streams: Counts;
  readonly streamMethod: string;
  /** Calls of a party beside others' are begun in turns. */
  readonly turns: CallTurns;
}

/**
 * The ports, with calls and streams beyond the limits refused as LIMITED, with the time to wait; a stream that was let in ends when
 * its sender is barred.
 */
export function admit<
  P extends { readonly unary: UnaryPort; readonly open: OpenPort; readonly chunks: ChunkStreamPort },
>(ports: P, { authenticate, refuseCall, calls, streams, streamMethod, turns }: AdmissionDeps): P {
  /** Undefined for whoever is not known or barred: the port says so itself. */
  function callerOf(peer: Peer | undefined): Authenticated | undefined {
    try {
      return authenticate(peer);
    } catch {
      return undefined;
    }
  }

  async function within<T>(
    counts: Counts,
    peer: Peer | undefined,
    serve: (party: string) => Promise<T>,
    refuse: (authenticated: Authenticated) => Promise<T>,
  ): Promise<T> {
    const authenticated = callerOf(peer);
    if (authenticated === undefined) return serve(STRANGERS);
    const { legalEntity } = authenticated.caller;
    if (!counts.enter(legalEntity)) return refuse(authenticated);
    try {
      return await serve(legalEntity);
    } finally {
      counts.leave(legalEntity);
    }
  }

  const limited = (limit: Limit, retryAfterMs: number) =>
    new CallRefused(ErrorReason.LIMITED, { retryAfterMs, limits: [limit] });

  const chunks = endWhenBarred(ports.chunks, authenticate);
  return {
    ...ports,
    unary: (call) =>
      within(
        calls,
        call.peer,
        (party) => {
          if (party !== STRANGERS) turns.asks(party);
          return turns.run(party, () => ports.unary(call), call);
        },
        async (authenticated) => ({
          refusal: await refuseCall(limited('RATE', CALL_RETRY_MS), {
            method: call.method,
            message: call.message,
            authenticated,
          }),
        }),
      ),
    open: (call) => turns.run(callerOf(call.peer)?.caller.legalEntity ?? STRANGERS, () => ports.open(call)),
    chunks: (stream) =>
      within(
        streams,
        stream.peer,
        () => chunks(stream),
        (authenticated) =>
          refuseCall(limited('STREAMS', STREAM_RETRY_MS), {
            method: streamMethod,
            message: new Uint8Array(0),
            authenticated,
          }),
      ),
  };
}
