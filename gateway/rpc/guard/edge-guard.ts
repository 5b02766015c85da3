/** Watches over the connections and streams of one server; what a stream's bytes count against is shared by its party. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Metadata } from '@grpc/grpc-js';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Peer, Transport } from '../../exchange/ports.ts';
import { type EdgeUsage, TURNED_AWAY, type TurnedAway } from '../../telemetry/edge-usage.ts';
import type { RpcLog } from '../log.ts';
import { edgeRefusal } from '../status.ts';
import type { EdgeLimits } from './edge-limits.ts';
import { hearFirst } from './hear-first.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { Parties, Party } from './parties.ts';
import { type GuardedStream, guardStream, respond, type StreamKind } from './stream-guard.ts';
import { transportOf } from './transport.ts';

const CHANNEL = 'http2.server.stream.created';
/** A header that only this process sets: what was sent under its name is overwritten. */
const TAG = 'lt-edge-stream';
/** What a request's head may have of a connection's bytes: Node refuses larger ones. */
const HEAD_BYTES = 64 * 1024;
const RETRY_MS = 500;

interface Connection {
  readonly socket: TLSSocket;
  readonly transport: Transport;
  readonly party: Party;
  windowBytes: number;
  /** Bytes that its streams may account for. */
  useful: number;
  noise: number;
}

export interface EdgeGuardOptions {
  readonly limits: EdgeLimits;
  readonly held: HeldBytes;
  readonly parties: Parties;
  readonly kindOf: (path: string) => StreamKind;
  /** Whom a peer's connections count against. */
  readonly partyOf: (peer: Peer) => string;
  readonly windowBytes: number;
  readonly log: RpcLog;
}

export interface EdgeGuard {
  /** Counts a connection in after its handshake; false where it was closed instead. */
  connected(socket: TLSSocket, peer: Peer | undefined): boolean;
  /** Whether a connection's windows may be raised. */
  mayRaise(socket: TLSSocket): boolean;
  /** The guard of a call, found by its metadata; undefined where the stream is not one of this server's. */
  of(metadata: Metadata): GuardedStream | undefined;
  turnedAway(why: TurnedAway): void;
  usage(): EdgeUsage;
  start(): void;
  stop(): void;
}

export function createEdgeGuard(options: EdgeGuardOptions): EdgeGuard {
  const { limits, held, parties, kindOf, partyOf, windowBytes, log } = options;
  const byCertificate = new WeakMap<PeerCertificate, Connection>();
  const bySession = new WeakMap<Http2Session, Connection>();
  const connections = new Set<Connection>();
  const streams = new Map<string, GuardedStream>();
  const counts = Object.fromEntries(TURNED_AWAY.map((why) => [why, 0])) as Record<TurnedAway, number>;
  let told = { ...counts };
  let tags = 0;
  let timer: NodeJS.Timeout | undefined;
  let lookedAt = 0;

  const turnedAway = (why: TurnedAway) => {
    counts[why] += 1;
  };

  function connectionOf(session: Http2Session): Connection | undefined {
    const known = bySession.get(session);
    if (known !== undefined || session.encrypted !== true || session.destroyed) return known;
    const found = byCertificate.get((session.socket as TLSSocket).getPeerCertificate());
    if (found !== undefined) bySession.set(session, found);
    return found;
  }

  /** Whoever goes on asking while he is refused is let go: a refusal costs about as much as an answer. */
  function mayRefuse({ socket, party }: Connection): boolean {
    if (parties.refuse(party, performance.now())) return true;
    if (!socket.destroyed) turnedAway('REFUSALS');
    socket.destroy();
    return false;
  }

  function onStream(message: unknown): void {
    const { stream, headers } = message as { stream: ServerHttp2Stream; headers: IncomingHttpHeaders };
    const { session } = stream;
    const connection = session && connectionOf(session);
    if (connection === undefined) return;
    const { party } = connection;
    connection.useful += HEAD_BYTES;
    if (!parties.open(party)) {
      turnedAway('REQUESTS');
      // Some streams are closed before their first turn; nobody else listens for their errors then.
      stream.on('error', () => undefined);
      if (mayRefuse(connection))
        respond(stream, edgeRefusal(ErrorReason.LIMITED, { limits: ['RATE'], retryAfterMs: RETRY_MS }));
      return;
    }
    const tag = String(++tags);
    headers[TAG] = tag;
    const encoding = headers['grpc-encoding'];
    const facts = {
      party: party.name,
      kind: kindOf(String(headers[':path'])),
      encoding: typeof encoding === 'string' ? encoding : undefined,
    };
    const { transport } = connection;
    const deps = { transport, limits, held, turnedAway, mayRefuse: () => mayRefuse(connection) };
    streams.set(tag, guardStream(stream, facts, deps));
    hearFirst(stream, (data) => {
      connection.useful += data.length;
    });
    stream.once('close', () => {
      parties.close(party);
      streams.delete(tag);
    });
  }

  /** Bytes that no message and no head accounts for; what lies unread in the window may be either. */
  function hush(connection: Connection, elapsedMs: number): void {
    const { socket, useful } = connection;
    const noise = Math.max(0, socket.bytesRead - useful - windowBytes);
    const most = Math.max(limits.noiseBytes, (limits.noiseBytes * elapsedMs) / 1000);
    if (noise - connection.noise > most) {
      turnedAway('NOISE');
      socket.destroy();
    }
    connection.noise = noise;
  }

  function look(): void {
    const now = performance.now();
    const elapsed = now - lookedAt;
    lookedAt = now;
    for (const stream of [...streams.values()]) stream.look(elapsed);
    for (const connection of [...connections]) hush(connection, elapsed);
    for (const why of TURNED_AWAY) {
      const count = counts[why] - told[why];
      if (count > 0) log.warn({ why, count }, 'the edge turned away');
    }
    told = { ...counts };
  }

  return {
    connected(socket, peer) {
      const party = peer === undefined ? undefined : parties.connect(partyOf(peer), performance.now());
      if (party === undefined) {
        turnedAway('CONNECTIONS');
        socket.destroy();
        return false;
      }
      const transport = transportOf(socket);
      const connection: Connection = { socket, transport, party, windowBytes: 0, useful: 0, noise: 0 };
      connections.add(connection);
      byCertificate.set(socket.getPeerCertificate(), connection);
      socket.once('close', () => {
        connections.delete(connection);
        parties.disconnect(party, connection.windowBytes);
      });
      return true;
    },
    mayRaise(socket) {
      const connection = byCertificate.get(socket.getPeerCertificate());
      if (connection === undefined || !parties.window(connection.party, windowBytes)) return false;
      connection.windowBytes += windowBytes;
      return true;
    },
    of(metadata) {
      const [tag] = metadata.get(TAG);
      return typeof tag === 'string' ? streams.get(tag) : undefined;
    },
    turnedAway,
    usage: () => ({
      heldBytes: held.total,
      peakHeldBytes: held.peak,
      waiting: held.waiting,
      connections: parties.connections,
      requests: parties.requests,
      turnedAway: { ...counts },
    }),
    start() {
      subscribe(CHANNEL, onStream);
      lookedAt = performance.now();
      timer = setInterval(look, limits.lookMs).unref();
    },
    stop() {
      unsubscribe(CHANNEL, onStream);
      clearInterval(timer);
    },
  };
}
