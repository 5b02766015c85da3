/** What the gRPC edge tells of what is held there, for metrics. */

/** Why the edge turned something away: the values of a metric's label. */
export const TURNED_AWAY = [
  'HANDSHAKES',
  'CONNECTIONS',
  'REQUESTS',
  'REFUSALS',
  'BYTES',
  'LENGTH',
  'PIECES',
  'SLOW',
  'NOISE',
] as const;
export type TurnedAway = (typeof TURNED_AWAY)[number];

/** Why a TLS handshake came to nothing: the values of a metric's label. */
export const HANDSHAKE_FAULTS = [
  /** The client showed none. */
  'NO_CERTIFICATE',
  /** No chain of signatures leads from the client's certificate to the CA of the configuration. */
  'UNKNOWN_AUTHORITY',
  /** By this machine's clock; also of an unknown authority's, since the last fault that was found is the one told. */
  'EXPIRED',
  /** As above. */
  'NOT_YET_VALID',
  /** Whatever else is wrong with a client's certificate, such as that it is none for clients. */
  'UNFIT_CERTIFICATE',
  /** The client said that it does not take the gateway's certificate. */
  'PEER_REFUSED',
  /** Another version of TLS, no HTTP/2, or no TLS at all. */
  'PROTOCOL',
  'TIMEOUT',
  /** The connection ended in the middle, without a word: a probe of the port, or a client that does not trust and does not say so. */
  'LEFT',
  'OTHER',
] as const;
export type HandshakeFault = (typeof HANDSHAKE_FAULTS)[number];

/** Counts of `turnedAway` and `refusedHandshakes` only rise. */
export interface EdgeUsage {
  readonly heldBytes: number;
  readonly peakHeldBytes: number;
  /** Streams that wait for room. */
  readonly waiting: number;
  readonly connections: number;
  readonly requests: number;
  readonly turnedAway: Readonly<Record<TurnedAway, number>>;
  readonly refusedHandshakes: Readonly<Record<HandshakeFault, number>>;
}

/** Nothing was counted yet. */
export const zeros = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;

/** Of an edge that does not listen yet. */
export const NOTHING_HELD: EdgeUsage = {
  ...{ heldBytes: 0, peakHeldBytes: 0, waiting: 0, connections: 0, requests: 0 },
  turnedAway: zeros(TURNED_AWAY),
  refusedHandshakes: zeros(HANDSHAKE_FAULTS),
};
