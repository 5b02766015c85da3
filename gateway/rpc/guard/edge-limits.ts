/** What one party may hold of the edge. A party is a legal entity, or a certificate that belongs to none. */

export interface EdgeLimits {
  /** Bytes received and not answered, of all together. */
  readonly heldBytes: number;
  /** The same, of one party. */
  readonly heldBytesPerEntity: number;
  /** How long a stream may wait for room before it is refused, milliseconds. */
  readonly heldWaitMs: number;
  /** Largest message of whatever is no chunk, bytes, after decompression. */
  readonly requestBytes: number;
  /** Largest message, bytes, after decompression. */
  readonly receiveBytes: number;
  /** Connections of one party. */
  readonly connectionsPerEntity: number;
  /** HTTP/2 streams of one party, over all of its connections, whatever is done in them. */
  readonly requestsPerEntity: number;
  /** Refusals a second, of one party, that are put into words; twice as many at once. Beyond, the party is let go. */
  readonly refusalsPerSecond: number;
  /** Sum of the raised windows of one party's connections, bytes; further connections keep the standard's 64 KB. */
  readonly windowBytesPerEntity: number;
  /** Time for a single call, for a message of a stream to come in once it has begun, and for one that leaves to be taken, milliseconds. */
  readonly messageMs: number;
  /** Bytes a second of a connection that are neither a message's nor a request's head: pings, settings, resets, window updates. */
  readonly noiseBytes: number;
  /** Handshakes that are under way, of all together. */
  readonly handshakes: number;
  /** Handshakes a second from one address; four times as many at once. */
  readonly handshakesPerAddress: number;
  /** How often streams and connections are looked at for what takes its time, milliseconds. */
  readonly lookMs: number;
}

const MB = 1024 * 1024;

export const EDGE_LIMITS: EdgeLimits = {
  heldBytes: 256 * MB,
  heldBytesPerEntity: 64 * MB,
  heldWaitMs: 10_000,
  requestBytes: 64 * 1024,
  receiveBytes: 8 * MB,
  connectionsPerEntity: 256,
  requestsPerEntity: 1024,
  refusalsPerSecond: 100,
  windowBytesPerEntity: 32 * MB,
  messageMs: 60_000,
  noiseBytes: 256 * 1024,
  handshakes: 256,
  handshakesPerAddress: 100,
  lookMs: 1000,
};
