/**
 * The ports between the gRPC edge and the exchange: bytes in, bytes out. The edge never decodes a signed request; the
 * exchange decodes it from the very bytes that were signed.
 */
import type { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';

/** The other end of a mutual TLS connection. */
export interface Peer {
  /** SHA-256 of the client certificate's DER, lower-case hex. */
  readonly fingerprint: string;
  /** End of the certificate's validity, unix seconds. */
  readonly notAfter: number;
}

/** A call that is refused: everything the edge puts on the wire. */
export interface Refusal {
  /** Canonical gRPC status code. */
  readonly code: number;
  /** English sentence without personal data. */
  readonly message: string;
  /** Serialised google.rpc.Status for `grpc-status-details-bin`. */
  readonly details: Uint8Array;
  readonly reason: ErrorReason;
  /** `lt-answer+jws` over `details`; absent before authentication. */
  readonly signature?: string;
  /** What the call is called in log lines and in the trailer `lt-request-id`; the edge makes one where it is absent. */
  readonly traceableId?: string;
}

/** A connection, as far as a withdrawal must know it. */
export interface Transport {
  /** Bytes were given to it that the kernel has not taken. */
  pending(): boolean;
  /** Ends it at once: what the kernel has not taken never leaves. */
  cut(): void;
}

/** A signed unary call. `method` is "/package.Service/Method". */
export interface UnaryCall {
  readonly method: string;
  readonly message: Uint8Array;
  readonly signature: string | undefined;
  readonly peer: Peer | undefined;
  readonly signal: AbortSignal;
  /** The connection that the answer leaves by. */
  readonly transport: Transport | undefined;
  /** The client's own W3C trace, as it was sent; believed in nothing. */
  readonly traceparent?: string | undefined;
}

/** What is left of a limit, for the trailers `lt-quota-remaining` and `lt-quota-reset`. */
export interface QuotaLeft {
  /** As in QuotaFailure. Example: "RATE". */
  readonly limit: string;
  readonly most: number;
  readonly used: number;
  /** When it begins anew, unix seconds. */
  readonly resetAt: number;
}

export interface UnaryAnswer {
  readonly message: Uint8Array;
  /** Absent where it stands inside an encrypted answer. */
  readonly signature?: string;
  /** As a refusal's. */
  readonly traceableId?: string;
  readonly quotas?: readonly QuotaLeft[];
  /** To be called when it was given to the connection whole, or the call ended: something waits for it. */
  readonly onLeft?: () => void;
}

export interface Refused {
  readonly refusal: Refusal;
}

export type UnaryPort = (call: UnaryCall) => Promise<UnaryAnswer | Refused>;

/** One message of a signed stream. */
export interface Frame {
  readonly payload: Uint8Array;
  readonly jws: string;
}

/** A frame as it came: until it is done, its bytes count against its sender. */
export interface ReceivedFrame extends Frame {
  /** Its answer has left, or there will be none. */
  readonly done?: (() => void) | undefined;
}

/** What a stream's frames throw where bytes came that are none: the client's doing. The edge knows what to answer. */
export class UndecodableFrame extends Error {
  override readonly name = 'UndecodableFrame';
  constructor() {
    super('a message of the stream is no frame');
  }
}

export interface ChunkStream {
  readonly peer: Peer | undefined;
  /** As a call's. */
  readonly traceparent?: string | undefined;
  /** @throws {UndecodableFrame} */
  readonly frames: AsyncIterable<ReceivedFrame>;
  /** The connection that answers leave by. */
  readonly transport: Transport | undefined;
  /** Resolves when the socket wants more. */
  write(frame: Frame): Promise<void>;
  /** Aborted when the client cancels, the deadline passes or the server drains by force. */
  readonly signal: AbortSignal;
}

/** A stream that was served to its end. */
export interface Served {
  /** As a refusal's, of the stream's opening. */
  readonly traceableId?: string;
  /** After its last chunk. */
  readonly quotas?: readonly QuotaLeft[];
}

/** Serves a stream to its end; a refusal ends it with a status. */
export type ChunkStreamPort = (stream: ChunkStream) => Promise<Served | Refusal>;

/** A call that needs a known certificate and no signature (server.v1, audit.v1). */
export interface OpenCall {
  readonly method: string;
  readonly message: Uint8Array;
  readonly peer: Peer | undefined;
  readonly traceparent?: string | undefined;
}

export type OpenPort = (
  call: OpenCall,
) => Promise<{ readonly message: Uint8Array; readonly traceableId?: string } | Refused>;
