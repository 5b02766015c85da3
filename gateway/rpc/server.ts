import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { DescMethod } from '@bufbuild/protobuf';
import { Server, ServerCredentials, type UntypedHandleCall } from '@grpc/grpc-js';
import { SERVICES } from '../contract/services.ts';
import type { ChunkStreamPort, OpenPort, Peer, UnaryPort } from '../exchange/ports.ts';
import { type EdgeUsage, HANDSHAKE_FAULTS, zeros } from '../telemetry/edge-usage.ts';
import { createGathering } from '../turns/gather.ts';
import { methodPath, rawService } from './adapter.ts';
import { chunkStream } from './chunk-stream.ts';
import { raiseWindows } from './flow-control.ts';
import { createEdgeGuard } from './guard/edge-guard.ts';
import { createHeldBytes } from './guard/held-bytes.ts';
import { createParties } from './guard/parties.ts';
import type { StreamKind } from './guard/stream-guard.ts';
import { DEFAULT_LIMITS, grpcOptions, type RpcLimits } from './limits.ts';
import { createListener, type Sharing, type TlsMaterial } from './listener.ts';
import type { RpcLog } from './log.ts';
import { createPeers } from './peers.ts';
import { createReadGates } from './read-gate.ts';
import { createRunningCalls } from './running-calls.ts';
import { addHealth, addReflection } from './standard-services.ts';
import { openUnary, signedUnary } from './unary.ts';

export interface RpcServerOptions {
  /** `host:port` to listen at; port 0 takes a free one. */
  readonly address: string;
  readonly tls: TlsMaterial;
  /** Serves the signed unary methods. */
  readonly unary: UnaryPort;
  /** Serves the methods without signature (server.v1, audit.v1). */
  readonly open: OpenPort;
  /** Serves the two-way streams. */
  readonly chunks: ChunkStreamPort;
  readonly limits?: Partial<RpcLimits>;
  readonly log: RpcLog;
  /** Whether other threads of this process listen at the port too; default `none`. */
  readonly sharing?: Sharing;
  /** Whom a peer's connections, streams and bytes count against: its certificate unless given. */
  readonly partyOf?: (peer: Peer) => string;
}

export interface RpcServer {
  /** Listens; resolves to the port. */
  start(): Promise<number>;
  /**
   * Health says NOT_SERVING, no connection and no call is taken any more, running calls get `graceMs` to finish, then are refused
   * with DRAINING and their signals aborted. Resolves when every connection is closed.
   */
  drain(graceMs: number): Promise<void>;
  /** What health says of all services. */
  setServing(serving: boolean): void;
  /** Calls in flight, health and reflection not counted. */
  readonly running: number;
  /** What is held at the edge, and what was turned away and refused. */
  edge(): EdgeUsage;
}

/** Time for last words to leave before connections are cut. */
const FLUSH_MS = 250;

/** The gateway's gRPC server over its own TLS listener. */
export function createRpcServer(options: RpcServerOptions): RpcServer {
  const { address, tls, log, sharing = 'none' } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const peers = createPeers();
  const calls = createRunningCalls();
  const gates = createReadGates(streamPaths());
  const server = new Server({ ...grpcOptions(limits), interceptors: [gates.interceptor] });
  const guard = createEdgeGuard({
    limits,
    held: createHeldBytes(limits),
    parties: createParties(limits),
    kindOf: (path) => KINDS.get(path) ?? 'other',
    partyOf: options.partyOf ?? (({ fingerprint }) => fingerprint),
    windowBytes: limits.windowBytes,
    concurrentStreams: limits.concurrentStreams,
    slow: (from) => listener.slow(from),
    log,
  });
  const edge = { calls, peers, log, gates, guard, gather: createGathering() };
  for (const { service, signed } of SERVICES) {
    const handlers = service.methods.map(
      (method) =>
        [
          method.name,
          handlerOf(method, signed === true || (signed !== false && signed.includes(method.name))),
        ] as const,
    );
    server.addService(rawService(service), Object.fromEntries(handlers));
  }
  const setServing = addHealth(server, true);
  addReflection(server);

  function handlerOf(method: DescMethod, signed: boolean): UntypedHandleCall {
    const path = methodPath(method);
    if (method.methodKind === 'bidi_streaming') return chunkStream(edge, path, options.chunks);
    if (method.methodKind !== 'unary') throw new Error(`${path} has a kind of stream that no port serves`);
    return signed ? signedUnary(edge, path, options.unary) : openUnary(edge, path, options.open);
  }

  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<TLSSocket>();
  const refusedHandshakes = zeros(HANDSHAKE_FAULTS);
  const listener = createListener({
    ...limits,
    ...{ address, tls, log, sharing, accept },
    busy: () => guard.busy,
    onTurnedAway: () => guard.turnedAway('HANDSHAKES'),
    onRefused(why) {
      refusedHandshakes[why] += 1;
    },
  });
  let stopRaising = (): void => {};

  function accept(socket: TLSSocket): void {
    // The session reports what becomes of its calls; the socket's own error has nobody else to go to.
    socket.on('error', () => {});
    if (!guard.connected(socket, peers.remember(socket))) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    injector.injectConnection(socket);
  }

  return {
    start() {
      guard.start();
      stopRaising = raiseWindows(limits.windowBytes, (socket) => peers.knows(socket) && guard.mayRaise(socket));
      return listener.listen();
    },
    async drain(graceMs) {
      setServing(false);
      // In this order: an injector that drains still takes connections.
      listener.close();
      injector.drain(graceMs + FLUSH_MS);
      const idle = calls.drain();
      await Promise.race([idle, pause(graceMs)]);
      calls.force();
      await Promise.race([closed(sockets), pause(FLUSH_MS)]);
      for (const socket of sockets) socket.destroy();
      await closed(sockets);
      server.forceShutdown();
      stopRaising();
      guard.stop();
    },
    edge: () => ({ ...guard.usage(), refusedHandshakes: { ...refusedHandshakes } }),
    setServing,
    get running() {
      return calls.count;
    },
  };
}

/** Does not keep the process alive: open connections do that. */
function pause(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}

const KINDS: ReadonlyMap<string, StreamKind> = new Map(
  SERVICES.flatMap(({ service }) =>
    service.methods.map((method) => [methodPath(method), method.methodKind === 'unary' ? 'call' : 'chunks'] as const),
  ),
);

function streamPaths(): Set<string> {
  const methods = SERVICES.flatMap(({ service }) => service.methods);
  return new Set(methods.filter((method) => method.methodKind === 'bidi_streaming').map(methodPath));
}

function closed(sockets: ReadonlySet<TLSSocket>): Promise<unknown> {
  return Promise.all(Array.from(sockets, (socket) => new Promise((resolve) => socket.once('close', resolve))));
}
