/** One HTTP/2 stream under guard: its messages are measured before anything is gathered of them. */
import { constants, type ServerHttp2Stream } from 'node:http2';
import { gunzipSync, inflateSync } from 'node:zlib';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import type { SentReason } from '../../errors/catalogue.ts';
import type { RefusalFacts } from '../../errors/refuse.ts';
import type { Refusal, Transport } from '../../exchange/ports.ts';
import type { TurnedAway } from '../../telemetry/edge-usage.ts';
import { edgeRefusal, statusOf } from '../status.ts';
import type { EdgeLimits } from './edge-limits.ts';
import { hearFirst } from './hear-first.ts';
import type { HeldBytes } from './held-bytes.ts';
import { createMessageMeter, type MessageHead } from './message-meter.ts';

/** `call`: one small message. `chunks`: a small one, then large ones. `other`: small ones. */
export type StreamKind = 'call' | 'chunks' | 'other';

export type EdgeRefusal = Refusal & { readonly traceableId: string };

export interface GuardedStream {
  /** The connection that it is answered by. */
  readonly transport: Transport;
  /**
   * For a message that the port was given: gives back what it holds, once. Held until then although the stream may be long closed:
   * whoever resets his streams has not made what he sent go away.
   */
  handedOver(): () => void;
  /** The port is through with the stream. */
  served(): void;
  /** The port refused it for a limit; false where the connection was closed instead of saying so. */
  refused(): boolean;
  /** Whoever serves the stream says how to end it from now on. */
  onRefusal(end: (refusal: EdgeRefusal) => void): void;
  /** Looks whether it is slow; called once a second or so. */
  look(elapsedMs: number): void;
  /** Bytes that came in and that nobody has heard: it waits. */
  readonly unheard: number;
}

export interface StreamGuardDeps {
  readonly transport: Transport;
  readonly limits: EdgeLimits;
  readonly held: HeldBytes;
  readonly turnedAway: (why: TurnedAway) => void;
  /** Counts a refusal of a limit; false where the connection was closed instead. */
  readonly mayRefuse: () => boolean;
}

/** gzip and deflate make no more than this of a byte. */
const MOST_INFLATED = 1032;
/** A piece of DATA is an object of about 300 bytes until its message is whole; honest ones are kilobytes long. */
const FREE_PIECES = 256;
const BYTES_A_PIECE = 128;
/** Time for trailers to leave. */
const LAST_WORDS_MS = 20;
const RETRY_MS = 500;
const STREAM_RETRY_MS = 5_000;
const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR } = constants;

export function guardStream(
  stream: ServerHttp2Stream,
  {
    party,
    kind,
    encoding,
  }: { readonly party: string; readonly kind: StreamKind; readonly encoding: string | undefined },
  { transport, limits, held, turnedAway, mayRefuse }: StreamGuardDeps,
): GuardedStream {
  const meter = createMessageMeter();
  /** Of messages taken and not handed over yet, oldest first. */
  const costs: number[] = [];
  let holds = 0;
  /** Of messages handed over and not given back yet. */
  let handed = 0;
  let messages = 0;
  let over = false;
  let requestIsWhole = false;
  /** A small compressed message that is not whole yet. */
  let small: { readonly parts: Buffer[]; left: number } | undefined;
  let stopWaiting: (() => void) | undefined;
  let slowMs = 0;
  let lingers = false;
  let stuckMs = 0;
  let unread = 0;
  let end: ((refusal: EdgeRefusal) => void) | undefined;

  function refuse(why: TurnedAway, reason: SentReason, facts: RefusalFacts): void {
    if (over) return;
    over = true;
    turnedAway(why);
    giveUpWaiting();
    if (!mayRefuse()) {
      // Its connection is on its way down; what was read with this piece is still handed on, and nobody is to work on it.
      stream.close(NGHTTP2_ENHANCE_YOUR_CALM);
      return;
    }
    const refusal = edgeRefusal(reason, facts);
    if (end !== undefined) {
      end(refusal);
      // What it sends now would be read, to be thrown away, until it stops by itself.
      stream.once('finish', () => setTimeout(() => stream.close(NGHTTP2_NO_ERROR), LAST_WORDS_MS).unref());
    } else respond(stream, refusal);
    // Nothing that is said gets past what is not read.
    if (unread > 0) stream.close(NGHTTP2_ENHANCE_YOUR_CALM);
  }

  const tooMuch = (why: TurnedAway) =>
    refuse(why, ErrorReason.LIMITED, {
      limits: ['BYTES'],
      retryAfterMs: kind === 'chunks' ? STREAM_RETRY_MS : RETRY_MS,
    });

  function tooLong(compressed: boolean): void {
    if (compressed) tooMuch('LENGTH');
    else if (kind === 'chunks')
      refuse('LENGTH', ErrorReason.STREAM_PROTOCOL, { violations: [{ field: 'opening', rule: 'LENGTH' }] });
    else refuse('LENGTH', ErrorReason.BAD_REQUEST, { violations: [{ field: 'message', rule: 'LENGTH' }] });
  }

  function giveUpWaiting(): void {
    stopWaiting?.();
    stopWaiting = undefined;
  }

  function took(cost: number): void {
    costs.push(cost);
    holds += cost;
  }

  function begin(head: MessageHead, whole: boolean): void {
    messages += 1;
    // grpc-js refuses it by its head.
    if (head.bytes > limits.receiveBytes) return;
    const isSmall = kind !== 'chunks' || messages === 1;
    if (isSmall && head.bytes > limits.requestBytes) tooLong(head.compressed);
    else if (kind !== 'other') take(head, isSmall, whole);
    if (isSmall && head.compressed) small = { parts: [], left: head.bytes };
  }

  function take(head: MessageHead, isSmall: boolean, whole: boolean): void {
    const inflates = head.compressed && !isSmall;
    const cost = inflates ? Math.min(limits.receiveBytes, head.bytes * MOST_INFLATED) : head.bytes;
    if (held.take(party, cost, kind === 'call' ? 'call' : 'frame')) took(cost);
    // What lies here already, a piece of DATA, is 16 KB; what it would be inflated to is not.
    else if (kind === 'call' || (whole && inflates)) tooMuch('BYTES');
    else if (whole) {
      held.force(party, cost);
      took(cost);
    } else wait(cost);
  }

  /** Nothing is read meanwhile, so the sender's window fills and it stops. */
  function wait(cost: number): void {
    let given = false;
    slowMs = 0;
    stream.pause();
    const forget = held.wait(party, cost, () => {
      given = true;
      stopWaiting = undefined;
      took(cost);
      stream.resume();
    });
    if (!given) stopWaiting = forget;
  }

  /** Looks into a small compressed message once it is whole. */
  function lookInto(data: Buffer): void {
    if (small === undefined) return;
    const part = data.subarray(0, small.left);
    small.parts.push(part);
    small.left -= part.length;
    if (small.left > 0) return;
    const bytes = Buffer.concat(small.parts);
    small = undefined;
    if (inflatesBeyond(bytes, encoding, limits.requestBytes)) tooLong(true);
  }

  /** Whoever lets an answer lie keeps its message's bytes held; a job goes on over another stream. */
  function lookAtAnswers(elapsedMs: number): void {
    const { writableLength } = stream;
    stuckMs = writableLength > 0 && writableLength === unread ? stuckMs + elapsedMs : 0;
    unread = writableLength;
    if (stuckMs > limits.messageMs) tooMuch('SLOW');
  }

  hearFirst(stream, (data) => {
    if (over) return;
    lookInto(data);
    const { begun, completed } = meter.push(data);
    for (const [i, head] of begun.entries()) {
      if (over) return;
      begin(head, i < begun.length - 1 || meter.head !== head);
      lookInto(data.subarray(head.at));
    }
    if (completed > 0 || begun.length > 0) slowMs = 0;
    if (meter.pieces > FREE_PIECES + (meter.head?.bytes ?? 0) / BYTES_A_PIECE) tooMuch('PIECES');
  });
  stream.once('end', () => {
    requestIsWhole = true;
  });
  // grpc-js reads on when it is asked to, knowing nothing of who waits here.
  stream.on('resume', () => {
    if (stopWaiting !== undefined) stream.pause();
  });
  stream.once('close', () => {
    over = true;
    giveUpWaiting();
    held.release(party, holds);
    holds = 0;
    costs.length = 0;
  });

  return {
    transport,
    handedOver() {
      const cost = costs.shift() ?? 0;
      holds -= cost;
      handed += cost;
      let given = false;
      return () => {
        if (given || handed === 0) return;
        given = true;
        handed -= cost;
        held.release(party, cost);
      };
    },
    served() {
      held.release(party, handed);
      handed = 0;
    },
    refused: () => over || mayRefuse(),
    get unheard() {
      return stream.readableLength;
    },
    onRefusal(how) {
      end = how;
    },
    look(elapsedMs) {
      // Answered, and the other end neither ends nor goes.
      if (stream.writableFinished) {
        if (lingers) stream.close(NGHTTP2_NO_ERROR);
        lingers = true;
      }
      if (over) return;
      lookAtAnswers(elapsedMs);
      const waits = stopWaiting !== undefined;
      // A call is waited for until all of it is here; a stream only inside of a message that is being read.
      const comes = kind === 'call' ? !requestIsWhole : meter.inside && stream.readableFlowing === true;
      slowMs = waits || comes ? slowMs + elapsedMs : 0;
      if (slowMs <= (waits ? limits.heldWaitMs : limits.messageMs)) return;
      if (waits) tooMuch('BYTES');
      else tooMuch('SLOW');
    },
  };
}

/** A small message is inflated here first, up to what it may be: a bomb never gets to who would inflate it whole. */
function inflatesBeyond(bytes: Buffer, encoding: string | undefined, maxOutputLength: number): boolean {
  try {
    if (encoding === 'gzip') gunzipSync(bytes, { maxOutputLength });
    else if (encoding === 'deflate') inflateSync(bytes, { maxOutputLength });
    return false;
  } catch (error) {
    // What cannot be inflated at all is refused by grpc-js.
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  }
}

/** Ends a stream that nobody serves yet: trailers only, then a reset that says that no more is wanted. */
export function respond(stream: ServerHttp2Stream, refusal: EdgeRefusal): void {
  if (stream.destroyed || stream.closed) return;
  // Its answer has begun: nothing more can be said.
  if (stream.headersSent) {
    stream.close(NGHTTP2_ENHANCE_YOUR_CALM);
    return;
  }
  const { code, details, metadata } = statusOf(refusal);
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc+proto',
      'grpc-status': code,
      'grpc-message': encodeURI(details),
      ...metadata.toHttp2Headers(),
    },
    { endStream: true },
  );
  stream.close(NGHTTP2_NO_ERROR);
}
