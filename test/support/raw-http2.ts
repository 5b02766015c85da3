/** gRPC written by hand over bare HTTP/2: a client that need not behave. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type Settings,
} from 'node:http2';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type ReadRefusal, readRefusal } from '../../gateway/errors/read.ts';

/** PEM. */
export interface RawIdentity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Where the connection comes from, 127.0.0.0/8; wherever the system likes unless given. */
  readonly localAddress?: string;
}

export interface RawEnd {
  /** gRPC status; undefined where the stream ended without one. */
  readonly code: number | undefined;
  readonly refusal: ReadRefusal | undefined;
  /** HTTP/2 error code of the reset; 0 where there was none. */
  readonly reset: number;
  /** Bytes of messages that came. */
  readonly received: number;
}

export interface RawStream {
  readonly http2: ClientHttp2Stream;
  readonly ended: Promise<RawEnd>;
}

/** A connection; errors of it show as `closed` only. `settings`: what it announces as it begins. */
export function rawConnect(
  port: number,
  identity: RawIdentity,
  settings: Settings = {},
): { session: ClientHttp2Session; closed: Promise<void> } {
  const options = { ...identity, settings, servername: 'localhost', maxSessionMemory: 100 };
  const session = connect(`https://${hostFor(identity)}:${port}`, options);
  session.on('error', () => undefined);
  return { session, closed: new Promise((resolve) => session.once('close', resolve)) };
}

const hostFor = ({ localAddress }: RawIdentity) => (localAddress === undefined ? 'localhost' : '127.0.0.1');

/** Opens a call and sends nothing but its head. */
export function rawCall(session: ClientHttp2Session, path: string, headers: Record<string, string> = {}): RawStream {
  const http2 = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  let end: IncomingHttpHeaders = {};
  let received = 0;
  const note = (given: IncomingHttpHeaders) => {
    if (given['grpc-status'] !== undefined) end = given;
  };
  http2.on('response', note);
  http2.on('trailers', note);
  http2.on('error', () => undefined);
  http2.on('data', (data: Buffer) => {
    received += data.length;
  });
  const ended = new Promise<RawEnd>((resolve) => {
    http2.once('close', () => {
      const code = end['grpc-status'] === undefined ? undefined : Number(end['grpc-status']);
      const details = end['grpc-status-details-bin'];
      const bytes = typeof details === 'string' ? Buffer.from(details, 'base64') : undefined;
      const refusal = code === undefined || code === 0 ? undefined : readRefusal(code, bytes);
      resolve({ code, refusal, reset: http2.rstCode ?? 0, received });
    });
  });
  return { http2, ended };
}

/** A message with its gRPC head. `bytes` says another length than it has. */
export function framed(message: Uint8Array, { compressed = false, bytes = message.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed ? 1 : 0;
  head.writeUInt32BE(bytes, 1);
  return Buffer.concat([head, message]);
}

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PING = 6;
export const CONTINUATION = 9;

/** A connection without HTTP/2, for frames made by hand. Reads and forgets whatever comes. */
export function rawTls(port: number, identity: RawIdentity): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const options = { port, host: hostFor(identity), ...identity, servername: 'localhost', ALPNProtocols: ['h2'] };
    const socket = connectTls(options, () => resolve(socket));
    socket.on('error', reject);
    socket.resume();
  });
}

export function http2Frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const END_HEADERS = 4;

/** The head of a call, and at once its reset. */
export function openAndReset(stream: number, path: string): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
  // HPACK without its table: POST, https, and literals.
  const head = [Buffer.of(0x83, 0x87, 0x04), text(path), Buffer.of(0x01), text('localhost')];
  const more = [Buffer.of(0x0f, 0x10), text('application/grpc'), Buffer.of(0x00), text('te'), text('trailers')];
  return Buffer.concat([
    http2Frame(HEADERS, END_HEADERS, stream, Buffer.concat([...head, ...more])),
    http2Frame(RST_STREAM, 0, stream, Buffer.of(0, 0, 0, 8)),
  ]);
}
