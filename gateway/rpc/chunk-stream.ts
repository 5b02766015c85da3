import type { ServerDuplexStream } from '@grpc/grpc-js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { makeRequestId } from '../errors/request-id.ts';
import {
  type ChunkStreamPort,
  type Frame,
  type ReceivedFrame,
  type Refusal,
  type Served,
  UndecodableFrame,
} from '../exchange/ports.ts';
import { faultPoint } from '../faults/point.ts';
import { decodeFrame, encodeFrame } from './frames.ts';
import type { GuardedStream } from './guard/stream-guard.ts';
import { endFields, faultFields } from './log.ts';
import type { ReadGates } from './read-gate.ts';
import { CallEnded } from './running-calls.ts';
import { edgeRefusal, statusOf, traceparentOf, trailerOf } from './status.ts';
import type { UnaryEdge } from './unary.ts';

type RawStream = ServerDuplexStream<Buffer, Buffer>;

/**
 * Serves a two-way stream of signed frames through a port, with backpressure both ways: a frame is read off the socket when the
 * port asks for the next one, and a write resolves when the transport has taken it.
 */
export function chunkStream(
  { calls, peers, log, gates, guard }: UnaryEdge & { readonly gates: ReadGates },
  method: string,
  port: ChunkStreamPort,
): (stream: RawStream) => void {
  return (stream) => {
    const startedAt = performance.now();
    let answered = false;
    const guarded = guard.of(stream.metadata);
    const finish = (result: Served | Refusal): void => {
      if (answered) return;
      answered = true;
      const traceableId = result.traceableId ?? makeRequestId();
      const reason = 'reason' in result ? result.reason : undefined;
      if (reason === ErrorReason.LIMITED && guarded?.refused() === false) return;
      log.debug(endFields(method, traceableId, startedAt, reason), 'a call ended');
      if ('reason' in result) stream.emit('error', statusOf({ ...result, traceableId }));
      else stream.end(trailerOf(undefined, traceableId, result.quotas));
    };
    if (calls.draining) return finish(edgeRefusal(ErrorReason.DRAINING));
    const running = calls.begin(() => finish(edgeRefusal(ErrorReason.DRAINING)));
    const deadline = onDeadline(stream, () => running.cancel());
    stream.on('cancelled', () => {
      clearTimeout(deadline);
      if (!answered) running.cancel();
      answered = true;
      running.end();
    });
    guarded?.onRefusal((refusal) => {
      finish(refusal);
      running.cancel();
    });
    const frames = readFrames(stream, gates.of(stream.metadata), guarded, running.signal);
    const write = frameWriter(stream, running.signal);
    const traceparent = traceparentOf(stream.metadata);
    const { signal } = running;
    const served = port({ peer: peers.of(stream), traceparent, transport: guarded?.transport, frames, write, signal });
    served
      .finally(() => guarded?.served())
      .then(finish, (fault: unknown) => {
        // Whoever aborted the call has answered it: the client, the deadline, or the drain.
        if (running.aborted) return;
        if (fault instanceof UndecodableFrame) {
          return finish(
            edgeRefusal(ErrorReason.BAD_REQUEST, { violations: [{ field: 'payload', rule: 'NOT_DECODABLE' }] }),
          );
        }
        const refusal = edgeRefusal(ErrorReason.INTERNAL);
        log.error({ method, request_id: refusal.traceableId, ...faultFields(fault) }, 'a port threw');
        finish(refusal);
      });
  };
}

/** grpc-js ends a call at its deadline only as fast as the client reads; the port is told at once. */
function onDeadline(stream: RawStream, passed: () => void): NodeJS.Timeout | undefined {
  const left = Number(stream.getDeadline()) - Date.now();
  return left < 2 ** 31 ? setTimeout(passed, Math.max(0, left)) : undefined;
}

/**
 * The frames as they come, each read when asked for; ends at the client's half-close, throws CallEnded when the call is over.
 * That the frames end proves nothing: a client that dies may look like one that is done. Only a signed end counts.
 */
async function* readFrames(
  stream: RawStream,
  ask: () => void,
  guarded: GuardedStream | undefined,
  signal: AbortSignal,
): AsyncGenerator<ReceivedFrame, void, undefined> {
  let settle: { resolve(bytes: Buffer | undefined): void; reject(reason: unknown): void } | undefined;
  stream.on('data', (bytes: Buffer) => settle?.resolve(bytes));
  // A reset may show as an end first. The wait tells most apart, not all (Node's clients send an end before their reset).
  stream.on('end', () => setImmediate(() => settle?.resolve(undefined)));
  signal.addEventListener('abort', () => settle?.reject(signal.reason));
  for (;;) {
    signal.throwIfAborted();
    const next = new Promise<Buffer | undefined>((resolve, reject) => {
      settle = { resolve, reject };
    });
    ask();
    const bytes = await next;
    if (bytes === undefined) return;
    yield { ...decodeFrame(bytes), done: guarded?.handedOver() };
  }
}

function frameWriter(stream: RawStream, signal: AbortSignal): (frame: Frame) => Promise<void> {
  const waiting = new Set<(reason: unknown) => void>();
  signal.addEventListener('abort', () => {
    for (const reject of waiting) reject(signal.reason);
    waiting.clear();
  });
  return (frame) => {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      faultPoint('write');
      stream.write(encodeFrame(frame), (error?: Error | null) => {
        waiting.delete(reject);
        faultPoint('written');
        if (error) reject(new CallEnded('CANCELLED'));
        else resolve();
      });
    });
  };
}
