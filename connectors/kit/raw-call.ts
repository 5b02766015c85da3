import grpc from '@grpc/grpc-js';
import type { Profile } from './profile.ts';

/** One unary call of raw bytes: what came back, before anything of it is believed. */

export const SIGNATURE_KEY = 'lt-signature';
const DETAILS_KEY = 'grpc-status-details-bin';
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

const asIs = (bytes: Buffer): Buffer => bytes;

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
    const cancel = (): void => call.cancel();
    const options = { deadline: Date.now() + deadlineMs };
    const call = client.makeUnaryRequest(path, asIs, asIs, bytes, metadata, options, (_error, value) => {
      answer = value;
    });
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted === true) call.cancel();
    // After the callback, and with the trailers also where the call succeeded.
    call.on('status', (status: grpc.StatusObject) => {
      signal?.removeEventListener('abort', cancel);
      resolve(rawAnswerOf(status, answer));
    });
  });
}

export function rawAnswerOf(status: grpc.StatusObject, message: Buffer | undefined): RawAnswer {
  const [details] = status.metadata.get(DETAILS_KEY);
  const [signature] = status.metadata.get(SIGNATURE_KEY);
  return {
    code: status.code,
    text: status.details,
    message: status.code === 0 ? message : undefined,
    details: Buffer.isBuffer(details) ? details : undefined,
    signature: typeof signature === 'string' ? signature : undefined,
  };
}
