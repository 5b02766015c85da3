import type { Metadata, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { refuse } from '../errors/refuse.ts';
import type { OpenPort, Peer, Refused, UnaryPort } from '../exchange/ports.ts';
import { asBuffer } from './adapter.ts';
import { faultFields, type RpcLog } from './log.ts';
import type { Peers } from './peers.ts';
import type { RunningCall, RunningCalls } from './running-calls.ts';
import { signatureOf, signatureTrailer, statusOf } from './status.ts';

type RawCall = ServerUnaryCall<Buffer, Buffer>;
export type UnaryHandler = (call: RawCall, callback: sendUnaryData<Buffer>) => void;
type Answer = { readonly message: Uint8Array; readonly signature?: string } | Refused;

export interface UnaryEdge {
  readonly calls: RunningCalls;
  readonly peers: Peers;
  readonly log: RpcLog;
}

/** Serves a signed unary method through the exchange. */
export function signedUnary(edge: UnaryEdge, method: string, port: UnaryPort): UnaryHandler {
  return serve(edge, method, (call, peer, running) =>
    port({
      method,
      message: call.request,
      signature: signatureOf(call.metadata),
      peer,
      get signal() {
        return running.signal;
      },
    }),
  );
}

/** Serves a unary method that needs a known certificate and no signature. */
export function openUnary(edge: UnaryEdge, method: string, port: OpenPort): UnaryHandler {
  return serve(edge, method, (call, peer) => port({ method, message: call.request, peer }));
}

function serve(
  { calls, peers, log }: UnaryEdge,
  method: string,
  answer: (call: RawCall, peer: Peer | undefined, running: RunningCall) => Promise<Answer>,
): UnaryHandler {
  return (call, callback) => {
    if (calls.draining) return callback(statusOf(refuse(ErrorReason.DRAINING)));
    let answered = false;
    const send = (result: Answer): void => {
      if (answered) return;
      answered = true;
      if ('refusal' in result) callback(statusOf(result.refusal));
      else callback(null, asBuffer(result.message), trailerOf(result.signature));
    };
    const running = calls.begin(() => send({ refusal: refuse(ErrorReason.DRAINING) }));
    // grpc-js says `cancelled` after every call, also when its answer is out: that is when it has left our hands.
    call.on('cancelled', () => {
      if (!answered) running.cancel();
      answered = true;
      running.end();
    });
    answer(call, peers.of(call), running).then(send, (fault: unknown) => {
      if (!running.aborted) log.error({ method, ...faultFields(fault) }, 'a port threw');
      send({ refusal: refuse(ErrorReason.INTERNAL) });
    });
  };
}

function trailerOf(signature: string | undefined): Metadata | undefined {
  return signature === undefined ? undefined : signatureTrailer(signature);
}
