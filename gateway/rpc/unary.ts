import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { makeRequestId } from '../errors/request-id.ts';
import type { OpenPort, Peer, QuotaLeft, Refused, UnaryPort } from '../exchange/ports.ts';
import { asBuffer } from './adapter.ts';
import type { EdgeGuard } from './guard/edge-guard.ts';
import { endFields, faultFields, type RpcLog } from './log.ts';
import type { Peers } from './peers.ts';
import type { RunningCall, RunningCalls } from './running-calls.ts';
import { edgeRefusal, signatureOf, statusOf, traceparentOf, trailerOf } from './status.ts';

type RawCall = ServerUnaryCall<Buffer, Buffer>;
export type UnaryHandler = (call: RawCall, callback: sendUnaryData<Buffer>) => void;
type Answer =
  | {
      readonly message: Uint8Array;
      readonly signature?: string;
      readonly traceableId?: string;
      readonly quotas?: readonly QuotaLeft[];
      readonly onLeft?: () => void;
    }
  | Refused;

export interface UnaryEdge {
  readonly calls: RunningCalls;
  readonly peers: Peers;
  readonly log: RpcLog;
  readonly guard: EdgeGuard;
  /** Where calls that came together begin together. */
  readonly gather: () => Promise<void>;
}

/** Serves a signed unary method through the exchange. */
export function signedUnary(edge: UnaryEdge, method: string, port: UnaryPort): UnaryHandler {
  return serve(edge, method, (call, peer, running) =>
    port({
      method,
      message: call.request,
      signature: signatureOf(call.metadata),
      peer,
      transport: edge.guard.of(call.metadata)?.transport,
      traceparent: traceparentOf(call.metadata),
      get signal() {
        return running.signal;
      },
    }),
  );
}

/** Serves a unary method that needs a known certificate and no signature. */
export function openUnary(edge: UnaryEdge, method: string, port: OpenPort): UnaryHandler {
  return serve(edge, method, (call, peer) =>
    port({ method, message: call.request, peer, traceparent: traceparentOf(call.metadata) }),
  );
}

function serve(
  { calls, peers, log, guard, gather }: UnaryEdge,
  method: string,
  answer: (call: RawCall, peer: Peer | undefined, running: RunningCall) => Promise<Answer>,
): UnaryHandler {
  return (call, callback) => {
    const startedAt = performance.now();
    let answered = false;
    let onLeft: (() => void) | undefined;
    const send = (result: Answer): void => {
      // Nobody is there for it any more.
      if (answered && 'message' in result) result.onLeft?.();
      if (answered) return;
      answered = true;
      if ('refusal' in result) {
        if (result.refusal.reason === ErrorReason.LIMITED && guard.of(call.metadata)?.refused() === false) return;
        const refusal = { ...result.refusal, traceableId: result.refusal.traceableId ?? makeRequestId() };
        log.debug(endFields(method, refusal.traceableId, startedAt, refusal.reason), 'a call ended');
        callback(statusOf(refusal));
        return;
      }
      const { message, signature, traceableId = makeRequestId(), quotas } = result;
      log.debug(endFields(method, traceableId, startedAt), 'a call ended');
      onLeft = result.onLeft;
      callback(null, asBuffer(message), trailerOf(signature, traceableId, quotas));
    };
    if (calls.draining) return send({ refusal: edgeRefusal(ErrorReason.DRAINING) });
    const running = calls.begin(() => send({ refusal: edgeRefusal(ErrorReason.DRAINING) }));
    // grpc-js says `cancelled` after every call, also when its answer is out: that is when it has left our hands.
    call.on('cancelled', () => {
      if (!answered) running.cancel();
      answered = true;
      onLeft?.();
      running.end();
    });
    const begun = gather().then(() => {
      // Unless it was cancelled, or ended by a drain, before.
      return answered ? undefined : answer(call, peers.of(call), running);
    });
    const told = (result: Answer | undefined): void => result && send(result);
    begun.then(told, (fault: unknown) => {
      const refusal = edgeRefusal(ErrorReason.INTERNAL);
      if (!running.aborted)
        log.error({ method, request_id: refusal.traceableId, ...faultFields(fault) }, 'a port threw');
      send({ refusal });
    });
  };
}
