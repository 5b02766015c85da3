/** Watches over the connections and streams of one server; what a stream's bytes count against is shared by its party. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { constants, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Metadata } from '@grpc/grpc-js';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Peer, Transport } from '../../exchange/ports.ts';
import { type EdgeUsage, TURNED_AWAY, type TurnedAway, zeros } from '../../telemetry/edge-usage.ts';
import type { RpcLog } from '../log.ts';
import { edgeRefusal } from '../status.ts';
import { type Bucket, takeFrom } from './bucket.ts';
import type { EdgeLimits } from './edge-limits.ts';
import { hearFirst } from './hear-first.ts';
import type { HeldBytes } from './held-bytes.ts';
import { networkOf } from './network.ts';
import { createNoiseMeter, type NoiseMeter } from './noise.ts';
import type { Parties, Party } from './parties.ts';
import { type GuardedStream, guardStream, respond, type StreamKind } from './stream-guard.ts';
import {
  createThreadShare,
  HANDSHAKE_MICROS,
  MICROS_A_BYTE,
  MICROS_A_STRAY_BYTE,
  REFUSAL_MICROS,
  RESET_MICROS,
  STREAM_MICROS,
  type Valve,
} from './thread-share.ts';
import { transportOf } from './transport.ts';
import { valveOf } from './valve.ts';

const CHANNEL = 'http2.server.stream.created';
/** A header that only this process sets: what was sent under its name is overwritten. */
const TAG = 'lt-edge-stream';
const RETRY_MS = 500;
/** Calls of a connection that its peer may give up before they are answered. */
const RESETS_A_SECOND = 33;
const MOST_RESETS = 512;
/** Whoever has waited so long gives up with reason. */
const PATIENCE_MS = 1_000;

interface Connection {
  readonly socket: TLSSocket;
  readonly transport: Transport;
  readonly party: Party;
  readonly address: string;
  readonly valve: Valve;
  windowBytes: number;
  readonly noise: NoiseMeter;
  /** Streams opened in one turn of the loop, and which turn that was. */
  opened: number;
  turn: number;
  readonly resets: Bucket;
}

export interface EdgeGuardOptions {
  readonly limits: EdgeLimits;
  readonly held: HeldBytes;
  readonly parties: Parties;
  readonly kindOf: (path: string) => StreamKind;
  /** Whom a peer's connections count against. */
  readonly partyOf: (peer: Peer) => string;
  readonly windowBytes: number;
  /** Streams that a connection may have open at the same time. */
  readonly concurrentStreams: number;
  /** From this address come only those who were let go: few handshakes for a while. */
  readonly slow: (address: string) => void;
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
  /** Whether anybody was served within the last two seconds. */
  readonly busy: boolean;
  usage(): Omit<EdgeUsage, 'refusedHandshakes'>;
  start(): void;
  stop(): void;
}

export function createEdgeGuard(options: EdgeGuardOptions): EdgeGuard {
  const { limits, held, parties, kindOf, partyOf, windowBytes, concurrentStreams, slow, log } = options;
  const byCertificate = new WeakMap<PeerCertificate, Connection>();
  const bySession = new WeakMap<Http2Session, Connection>();
  const connections = new Set<Connection>();
  const streams = new Map<string, { readonly guarded: GuardedStream; readonly connection: Connection }>();
  const share = createThreadShare({
    nowMs: () => performance.now(),
    later: (work, ms) => void setTimeout(work, ms).unref(),
  });
  const counts = zeros(TURNED_AWAY);
  let told = { ...counts };
  let tags = 0;
  let timer: NodeJS.Timeout | undefined;
  let lookedAt = 0;
  let turn = 0;
  let turnEnds = false;

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

  /** Closes a connection; its party may come back in some seconds. */
  function letGo({ socket, party, address }: Connection, why: TurnedAway): void {
    if (!socket.destroyed) turnedAway(why);
    parties.bar(party, performance.now());
    slowIfNobodyElse(address, party.name);
    socket.destroy();
  }

  /** Where nobody else comes from the same address: behind a balancer that hides addresses everybody does. */
  function slowIfNobodyElse(address: string, name: string): void {
    for (const one of connections) if (one.address === address && one.party.name !== name) return;
    slow(address);
  }

  /** Whoever goes on asking while he is refused is let go: a refusal costs about as much as an answer. */
  function mayRefuse(connection: Connection): boolean {
    share.spend(connection.party.name, REFUSAL_MICROS);
    if (parties.refuse(connection.party, performance.now())) return true;
    letGo(connection, 'REFUSALS');
    return false;
  }

  /**
   * Whether a connection opened more streams in one turn of the loop than it may have open, twice: it resets them at once, by hundreds in
   * what is read together, and nothing that waits could come in between.
   */
  function bursts(connection: Connection): boolean {
    if (!turnEnds) {
      turnEnds = true;
      setImmediate(() => {
        turn += 1;
        turnEnds = false;
      });
    }
    if (connection.turn !== turn) [connection.turn, connection.opened] = [turn, 0];
    connection.opened += 1;
    return connection.opened > 2 * concurrentStreams;
  }

  /** Whoever gives up what he asked for, time and again, has it worked on for nothing. */
  function wasReset(connection: Connection, openedAt: number): void {
    const now = performance.now();
    share.spend(connection.party.name, RESET_MICROS);
    if (connection.socket.destroyed || now - openedAt >= PATIENCE_MS) return;
    if (!takeFrom(connection.resets, RESETS_A_SECOND, MOST_RESETS, now)) letGo(connection, 'NOISE');
  }

  function onStream(message: unknown): void {
    const { stream, headers } = message as { stream: ServerHttp2Stream; headers: IncomingHttpHeaders };
    const { session } = stream;
    const connection = session && connectionOf(session);
    if (connection === undefined) return;
    const { party, socket } = connection;
    connection.noise.opened();
    share.here(party.name);
    share.spend(party.name, STREAM_MICROS, connection.valve);
    if (!socket.destroyed && bursts(connection)) letGo(connection, 'NOISE');
    if (socket.destroyed) {
      // What was read together with what it was closed for: nobody is to work on it.
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      return;
    }
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
    const { 'grpc-encoding': encoding, ':path': path } = headers;
    const facts = {
      ...{ party: party.name, kind: kindOf(String(path)) },
      encoding: typeof encoding === 'string' ? encoding : undefined,
    };
    const { transport } = connection;
    const deps = { transport, limits, held, turnedAway, mayRefuse: () => mayRefuse(connection) };
    streams.set(tag, { guarded: guardStream(stream, facts, deps), connection });
    const openedAt = performance.now();
    // Node ends what is closed; what is whole has ended by the time of its answer.
    let whole = false;
    stream.once('finish', () => {
      whole = stream.readableEnded;
    });
    hearFirst(stream, (data) => {
      if (facts.kind === 'chunks') share.here(party.name);
      connection.noise.heard(data.length);
      share.spend(party.name, data.length * MICROS_A_BYTE, connection.valve);
    });
    stream.once('close', () => {
      parties.close(party);
      streams.delete(tag);
      // Whoever gives his stream up sends no more of it; whoever is told that it is over may be in the middle.
      connection.noise.closed(stream.readableLength, whole || !stream.headersSent ? 0 : windowBytes);
      if (!stream.headersSent) wasReset(connection, openedAt);
    });
  }

  function hush(connection: Connection, waiting: number, elapsedMs: number): void {
    const { bytes, noise } = connection.noise.look(connection.socket.bytesRead, waiting);
    share.spend(connection.party.name, bytes * MICROS_A_STRAY_BYTE);
    if (noise > Math.max(limits.noiseBytes, (limits.noiseBytes * elapsedMs) / 1000)) letGo(connection, 'NOISE');
  }

  function look(): void {
    const now = performance.now();
    const elapsed = now - lookedAt;
    lookedAt = now;
    const waiting = new Map<Connection, number>();
    for (const { guarded, connection } of [...streams.values()]) {
      guarded.look(elapsed);
      waiting.set(connection, (waiting.get(connection) ?? 0) + guarded.unheard);
    }
    for (const connection of [...connections]) hush(connection, waiting.get(connection) ?? 0, elapsed);
    for (const why of TURNED_AWAY) {
      const count = counts[why] - told[why];
      if (count > 0) log.warn({ reason: why, count }, 'the edge turned away');
    }
    told = { ...counts };
  }

  return {
    connected(socket, peer) {
      const name = peer && partyOf(peer);
      const address = networkOf(socket.remoteAddress ?? '');
      const now = performance.now();
      const party = name === undefined ? undefined : parties.connect(name, now);
      if (party === undefined) {
        turnedAway('CONNECTIONS');
        if (name !== undefined && parties.isBarred(name, now)) slowIfNobodyElse(address, name);
        socket.destroy();
        return false;
      }
      const connection: Connection = {
        ...{ socket, party, address, transport: transportOf(socket), valve: valveOf(socket) },
        ...{ windowBytes: 0, noise: createNoiseMeter(), opened: 0, turn, resets: { left: MOST_RESETS, at: now } },
      };
      connections.add(connection);
      share.add(party.name, connection.valve);
      share.spend(party.name, HANDSHAKE_MICROS);
      byCertificate.set(socket.getPeerCertificate(), connection);
      socket.once('close', () => {
        connections.delete(connection);
        share.delete(party.name, connection.valve);
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
      return typeof tag === 'string' ? streams.get(tag)?.guarded : undefined;
    },
    turnedAway,
    get busy() {
      return share.busy;
    },
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
