import type { ChunkStreamPort, OpenPort, Refused, UnaryPort } from '../exchange/ports.ts';
import { type Ending, outcomeOfReason, type Watcher } from './watcher.ts';

/** The ports that the edge serves. */
export interface Ports {
  readonly unary: UnaryPort;
  readonly open: OpenPort;
  readonly chunks: ChunkStreamPort;
}

type Answered = { readonly traceableId?: string } | Refused;

function endingOf(answer: Answered): Ending {
  if (!('refusal' in answer)) return { outcome: 'OK', requestId: answer.traceableId };
  return { outcome: outcomeOfReason(answer.refusal.reason), requestId: answer.refusal.traceableId };
}

/** The same ports, with a watcher told of each call and stream. */
export function watchPorts({ unary, open, chunks }: Ports, watcher: Watcher, streamMethod: string): Ports {
  return {
    unary: (call) => watcher.call(call, () => unary(call), endingOf),
    open: (call) => watcher.call(call, () => open(call), endingOf),
    chunks: (stream) =>
      watcher.call(
        { method: streamMethod, traceparent: stream.traceparent },
        () => chunks(stream),
        (ended) => ('reason' in ended ? endingOf({ refusal: ended }) : endingOf(ended)),
      ),
  };
}
