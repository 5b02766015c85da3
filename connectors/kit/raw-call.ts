import grpc from '@grpc/grpc-js';
import type { Profile } from './profile.ts';

/** One unary call of raw bytes: what came back, before anything of it is believed. */

export const SIGNATURE_KEY = 'lt-signature';
const DETAILS_KEY = 'grpc-status-details-bin';
const REQUEST_ID_KEY = 'lt-request-id';
const REMAINING_KEY = 'lt-quota-remaining';
const RESET_KEY = 'lt-quota-reset';
/** Room for a chunk of 8,192 rows with long texts, and for its answer. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const WINDOW_BYTES = 4 * 1024 * 1024;

export type RawAnswer = {
  /** Canonical gRPC code; 0 with `message`. */
  readonly code: number;
  /** Text of the transport or of the server, for telling TLS failures apart; never shown. */
  readonly text: string;
  readonly message: Buffer | undefined;
  readonly details: Buffer | undefined;
  readonly signature: string | undefined;
  /** What the call is called in the gateway's log. Not signed, as all that follows. */
  readonly loggedAs?: string | undefined;
  /** What is left of limits, by their names, and when they begin anew: `RATE=599,DAY_ROWS=49999`, unix seconds. */
  readonly quotaRemaining?: string | undefined;
  readonly quotaReset?: string | undefined;
};

/** A connection of its own over mutual TLS. Channels otherwise share one, and one connection stays on one server thread. */
export function connect(profile: Pick<Profile, 'address' | 'ca' | 'certificate' | 'key'>): grpc.Client {
  return new grpc.Client(profile.address, grpc.credentials.createSsl(profile.ca, profile.key, profile.certificate), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc-node.flow_control_window': WINDOW_BYTES,
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 2000,
    // The gateway's proofs need the very bytes: nothing on the way may answer twice on its own.
    'grpc.enable_retries': 0,
    'grpc.enable_channelz': 0,
  });
}

const NO_HOST = undefined;
const NO_PARENT = null;
const NO_FLAGS = undefined;

/**
 * One unary call, on the channel itself: what `Client.makeUnaryRequest` does with it, without the stack trace that is taken for the
 * error of every call, failed or not, and without the layers for interceptors, serialisation and events, none of which is used
 * here. They cost about as much as a signature. The library's types show what a call is while its text calls it opaque, hence
 * raw-call.test.ts, which holds the two ways against each other whenever the pinned version changes.
 *
 * Resolves whatever comes back; rejects where the client was closed, throws where `signature` is no header.
 */
export function callRaw(
  client: grpc.Client,
  path: string,
  message: Uint8Array,
  { signature, deadlineMs, signal }: { signature?: string; deadlineMs: number; signal?: AbortSignal | undefined },
): Promise<RawAnswer> {
  const metadata = new grpc.Metadata();
  if (signature !== undefined) metadata.set(SIGNATURE_KEY, signature);
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  return new Promise((resolve) => {
    let answer: Buffer | undefined;
    const call = client.getChannel().createCall(path, Date.now() + deadlineMs, NO_HOST, NO_PARENT, NO_FLAGS);
    const cancel = (): void => call.cancelWithStatus(grpc.status.CANCELLED, 'Cancelled on client');
    call.start(metadata, {
      onReceiveMetadata: () => {},
      onReceiveMessage: (value: Buffer) => {
        answer = value;
      },
      // Once and last, with the trailers.
      onReceiveStatus: (status) => {
        signal?.removeEventListener('abort', cancel);
        resolve(rawAnswerOf(status, answer));
      },
    });
    // Room for one message: where a second comes, no status does before the deadline.
    call.startRead();
    call.sendMessageWithContext({}, bytes);
    call.halfClose();
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted === true) cancel();
  });
}

export function rawAnswerOf(status: grpc.StatusObject, message: Buffer | undefined): RawAnswer {
  const [details] = status.metadata.get(DETAILS_KEY);
  const text = (key: string): string | undefined => {
    const [value] = status.metadata.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    code: status.code,
    text: status.details,
    message: status.code === 0 ? message : undefined,
    details: Buffer.isBuffer(details) ? details : undefined,
    signature: text(SIGNATURE_KEY),
    loggedAs: text(REQUEST_ID_KEY),
    quotaRemaining: text(REMAINING_KEY),
    quotaReset: text(RESET_KEY),
  };
}
