import {
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import type { ChunkStreamPort, OpenPort, UnaryPort } from '../../gateway/exchange/ports.ts';
import type { RpcLimits } from '../../gateway/rpc/limits.ts';
import { createRpcServer, type RpcServer } from '../../gateway/rpc/server.ts';
import { createTestCa, type TestCa, type TestCertificate } from './test-ca.ts';

export const GET_PERSON = '/lienthong.person.v1.PersonService/GetPerson';
export const GET_INFO = '/lienthong.server.v1.ServerService/GetServerInfo';
export const VERIFY_CHUNKS = '/lienthong.verification.v1.VerificationService/VerifyChunks';

/** What became of a unary call: the message or the error, and the status with its trailers either way. */
export interface Outcome {
  readonly message: Buffer | undefined;
  readonly error: ServiceError | undefined;
  readonly trailers: Metadata;
}

export interface RpcHarness {
  readonly server: RpcServer;
  readonly port: number;
  readonly authority: TestCa;
  readonly agency: TestCertificate;
  /** Everything the server logged, as JSON lines. */
  readonly logged: string[];
  /** A client on a connection of its own, with the agency's certificate unless told otherwise. */
  connect(identity?: { ca?: string; certificate?: TestCertificate | undefined }): Client;
  stop(): Promise<void>;
}

interface Ports {
  readonly unary?: UnaryPort;
  readonly open?: OpenPort;
  readonly chunks?: ChunkStreamPort;
  readonly limits?: Partial<RpcLimits>;
}

/** A server over real TLS sockets whose ports echo, save those given. */
export async function startRpc({ unary, open, chunks, limits = {} }: Ports = {}): Promise<RpcHarness> {
  const authority = await createTestCa();
  const [own, agency] = await Promise.all([authority.issue('localhost'), authority.issue('viettel')]);
  const logged: string[] = [];
  const note = (fields: object, message: string): void => {
    logged.push(JSON.stringify({ ...fields, message }));
  };
  const server = createRpcServer({
    address: 'localhost:0',
    tls: { ca: authority.ca, cert: own.cert, key: own.key },
    unary: unary ?? (async ({ message }) => ({ message, signature: 'signed' })),
    open: open ?? (async ({ message }) => ({ message })),
    chunks: chunks ?? echoFrames,
    limits,
    log: { debug: () => {}, info: note, warn: note, error: note },
  });
  const port = await server.start();
  const clients: Client[] = [];
  return {
    server,
    port,
    authority,
    agency,
    logged,
    connect(identity = {}) {
      const { ca = authority.ca } = identity;
      const certificate = 'certificate' in identity ? identity.certificate : agency;
      const root = Buffer.from(ca);
      const secure = certificate
        ? credentials.createSsl(root, Buffer.from(certificate.key), Buffer.from(certificate.cert))
        : credentials.createSsl(root);
      const client = new Client(`localhost:${port}`, secure, {
        'grpc.use_local_subchannel_pool': 1,
        'grpc.enable_retries': 0,
      });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.close();
      await server.drain(0);
    },
  };
}

const echoFrames: ChunkStreamPort = async ({ frames, write }) => {
  for await (const frame of frames) await write(frame);
  return {};
};

const raw = (bytes: Buffer): Buffer => bytes;

export interface CallOptions {
  readonly signature?: string;
  /** Milliseconds from now. */
  readonly deadline?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

/** Makes a unary call with raw bytes; never rejects. */
export function callUnary(
  client: Client,
  path: string,
  message: Uint8Array,
  options: CallOptions = {},
): Promise<Outcome> {
  const metadata = new Metadata();
  if (options.signature !== undefined) metadata.set('lt-signature', options.signature);
  const settings = { deadline: Date.now() + (options.deadline ?? 20_000) };
  return new Promise((resolve) => {
    let answer: { message: Buffer | undefined; error: ServiceError | undefined } | undefined;
    let status: StatusObject | undefined;
    const settle = (): void => {
      if (answer !== undefined && status !== undefined) resolve({ ...answer, trailers: status.metadata });
    };
    const call = client.makeUnaryRequest(path, raw, raw, Buffer.from(message), metadata, settings, (error, value) => {
      answer = { message: value, error: error ?? undefined };
      settle();
    });
    call.on('status', (given) => {
      status = given;
      settle();
    });
    options.signal?.addEventListener('abort', () => call.cancel());
    if (options.signal?.aborted) call.cancel();
  });
}

/** Opens a two-way stream with raw bytes. Errors arrive as `status` too, so `error` is listened to and dropped here. */
export function openStream(client: Client, path: string, deadline = 20_000): ClientDuplexStream<Buffer, Buffer> {
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>(path, raw, raw, new Metadata(), {
    deadline: Date.now() + deadline,
  });
  stream.on('error', () => {});
  return stream;
}

/** The status that a stream ends with. */
export function statusOf(stream: ClientDuplexStream<Buffer, Buffer>): Promise<StatusObject> {
  return new Promise((resolve) => stream.once('status', resolve));
}
