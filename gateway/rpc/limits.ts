import type { ServerOptions } from '@grpc/grpc-js';
import { EDGE_LIMITS, type EdgeLimits } from './guard/edge-limits.ts';

export interface RpcLimits extends EdgeLimits {
  /** Calls at the same time on one connection. */
  readonly concurrentStreams: number;
  /** Memory that one HTTP/2 session may hold, MB. */
  readonly sessionMemoryMb: number;
  /** A connection is asked to go after about this time, so that balancers can spread clients anew, milliseconds. */
  readonly connectionAgeMs: number;
  /** Time that its calls then have, milliseconds. */
  readonly connectionAgeGraceMs: number;
  /** A connection without a call is asked to go after this, milliseconds. */
  readonly connectionIdleMs: number;
  /** HTTP/2 window of a stream and of a connection, bytes: so much of a stream that waits lies here unread. */
  readonly windowBytes: number;
  /** Time for a TLS handshake, milliseconds. */
  readonly handshakeMs: number;
  /** Connections at the same time. */
  readonly connections: number;
}

export const DEFAULT_LIMITS: RpcLimits = {
  ...EDGE_LIMITS,
  concurrentStreams: 256,
  sessionMemoryMb: 64,
  connectionAgeMs: 60 * 60 * 1000,
  connectionAgeGraceMs: 10 * 60 * 1000,
  connectionIdleMs: 15 * 60 * 1000,
  windowBytes: 512 * 1024,
  handshakeMs: 10_000,
  connections: 10_000,
};

/**
 * grpc-js's own options. Left out on purpose: `keepalive_time_ms`, whose ping after GOAWAY kills calls in flight. Without
 * channelz the server forgets its sessions at `forceShutdown`, so the caller destroys the sockets.
 */
export function grpcOptions(limits: RpcLimits): ServerOptions {
  return {
    'grpc.max_concurrent_streams': limits.concurrentStreams,
    'grpc.max_receive_message_length': limits.receiveBytes,
    'grpc-node.max_session_memory': limits.sessionMemoryMb,
    'grpc.max_connection_age_ms': limits.connectionAgeMs,
    'grpc.max_connection_age_grace_ms': limits.connectionAgeGraceMs,
    'grpc.max_connection_idle_ms': limits.connectionIdleMs,
    'grpc.enable_channelz': 0,
  };
}

/** Limits of what all threads hold together, of which each has its part: the kernel spreads connections among them. */
const DIVIDED = [
  'connections',
  'connectionsPerEntity',
  'heldBytes',
  'heldBytesPerEntity',
  'requestsPerEntity',
  'windowBytesPerEntity',
  'handshakes',
  'handshakesPerAddress',
] as const;

/** The part of one of so many threads. */
export function shareOf(limits: Partial<RpcLimits>, threads: number): Partial<RpcLimits> {
  return Object.fromEntries(DIVIDED.map((name) => [name, Math.ceil((limits[name] ?? DEFAULT_LIMITS[name]) / threads)]));
}
