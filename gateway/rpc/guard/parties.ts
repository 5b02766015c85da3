import { type Bucket, takeFrom } from './bucket.ts';
import type { EdgeLimits } from './edge-limits.ts';

const BURST_SECONDS = 2;
/** Connections a second that a party may open for long: each is a handshake. At once it may open all that it may have. */
const CONNECTS_A_SECOND = 20;
/** Parties that are remembered after they have gone. */
const MOST_REMEMBERED = 10_000;
/** Else whoever is let go comes back at once, with as many requests as a connection may have. Each time it is twice as long. */
const BARRED_MS = 5_000;
const LONGEST_BARRED_MS = 60_000;
/** Whoever behaved for so long after it is barred as if for the first time. */
const FORGIVEN_MS = 60_000;

/** One party and what it has open. */
export interface Party {
  readonly name: string;
  connections: number;
  requests: number;
  windowBytes: number;
  readonly refusals: Bucket;
}

/** Parties as long as they have a connection. */
export function createParties(
  limits: Pick<EdgeLimits, 'connectionsPerEntity' | 'requestsPerEntity' | 'windowBytesPerEntity' | 'refusalsPerSecond'>,
) {
  const mostRefusals = limits.refusalsPerSecond * BURST_SECONDS;
  /** Until when those let go may not come back, and how long that is. */
  const barred = new Map<string, { readonly until: number; readonly ms: number }>();
  const connects = new Map<string, Bucket>();
  /** A bucket outlives the connections that emptied it: else whoever comes back would have a full one. */
  const refusals = new Map<string, Bucket>();
  const parties = new Map<string, Party>();
  let connections = 0;
  let requests = 0;

  const isBarred = (name: string, nowMs: number) => nowMs < (barred.get(name)?.until ?? 0);

  function bar(name: string, nowMs: number): void {
    const before = barred.get(name);
    // Its other connections may give cause meanwhile: it is one offence.
    if (before !== undefined && nowMs < before.until) return;
    const again = before !== undefined && nowMs < before.until + FORGIVEN_MS;
    const ms = again ? Math.min(LONGEST_BARRED_MS, 2 * before.ms) : BARRED_MS;
    remember(barred, name, { until: nowMs + ms, ms });
  }

  function connectsTooOften(name: string, nowMs: number): boolean {
    const bucket = connects.get(name) ?? { left: limits.connectionsPerEntity, at: nowMs };
    remember(connects, name, bucket);
    return !takeFrom(bucket, CONNECTS_A_SECOND, limits.connectionsPerEntity, nowMs);
  }

  function refusalsOf(name: string): Bucket {
    const bucket = refusals.get(name) ?? { left: mostRefusals, at: 0 };
    remember(refusals, name, bucket);
    return bucket;
  }

  return {
    get connections() {
      return connections;
    },
    get requests() {
      return requests;
    },
    /** Undefined where it has as many connections as it may, was just let go, or is now: it opens them time and again. */
    connect(name: string, nowMs: number): Party | undefined {
      if (isBarred(name, nowMs)) return undefined;
      const party = parties.get(name) ?? {
        name,
        connections: 0,
        requests: 0,
        windowBytes: 0,
        refusals: refusalsOf(name),
      };
      if (party.connections >= limits.connectionsPerEntity) return undefined;
      if (connectsTooOften(name, nowMs)) {
        bar(name, nowMs);
        return undefined;
      }
      party.connections += 1;
      connections += 1;
      parties.set(name, party);
      return party;
    },
    /** @param windowBytes what {@link window} granted to the connection */
    disconnect(party: Party, windowBytes: number): void {
      party.connections -= 1;
      party.windowBytes -= windowBytes;
      connections -= 1;
      if (party.connections === 0) parties.delete(party.name);
    },
    /** False where it has as many requests open as it may. */
    open(party: Party): boolean {
      if (party.requests >= limits.requestsPerEntity) return false;
      party.requests += 1;
      requests += 1;
      return true;
    },
    close(party: Party): void {
      party.requests -= 1;
      requests -= 1;
    },
    /** False where it has been refused so often that telling it costs more than it is worth. */
    refuse(party: Party, nowMs: number): boolean {
      return takeFrom(party.refusals, limits.refusalsPerSecond, mostRefusals, nowMs);
    },
    /** It is let go: for some seconds no connection of it is taken. */
    bar: (party: Party, nowMs: number): void => bar(party.name, nowMs),
    isBarred,
    /** False where its connections have as much window as they may have. */
    window(party: Party, bytes: number): boolean {
      if (party.windowBytes + bytes > limits.windowBytesPerEntity) return false;
      party.windowBytes += bytes;
      return true;
    },
  };
}

function remember<T>(of: Map<string, T>, name: string, value: T): void {
  of.delete(name);
  of.set(name, value);
  const [oldest] = of.keys();
  if (of.size > MOST_REMEMBERED && oldest !== undefined) of.delete(oldest);
}

export type Parties = ReturnType<typeof createParties>;
