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

/** Counts of `turnedAway` only rise. */
export interface EdgeUsage {
  readonly heldBytes: number;
  readonly peakHeldBytes: number;
  /** Streams that wait for room. */
  readonly waiting: number;
  readonly connections: number;
  readonly requests: number;
  readonly turnedAway: Readonly<Record<TurnedAway, number>>;
}

/** Of an edge that does not listen yet. */
export const NOTHING_HELD: EdgeUsage = {
  ...{ heldBytes: 0, peakHeldBytes: 0, waiting: 0, connections: 0, requests: 0 },
  turnedAway: Object.fromEntries(TURNED_AWAY.map((why) => [why, 0])) as Record<TurnedAway, number>,
};
