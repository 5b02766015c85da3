import { type Bucket, takeFrom } from './bucket.ts';
import type { EdgeLimits } from './edge-limits.ts';

const BURST_SECONDS = 4;
/** Else whoever is let go comes back at once, with as many requests as a connection may have. */
const BARRED_MS = 5_000;

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
  /** Until when those let go may not come back. */
  const barred = new Map<string, number>();
  const parties = new Map<string, Party>();
  let connections = 0;
  let requests = 0;
  return {
    get connections() {
      return connections;
    },
    get requests() {
      return requests;
    },
    /** Undefined where it has as many connections as it may, or was just let go. */
    connect(name: string, nowMs: number): Party | undefined {
      if (nowMs < (barred.get(name) ?? 0)) return undefined;
      barred.delete(name);
      const party = parties.get(name) ?? {
        name,
        connections: 0,
        requests: 0,
        windowBytes: 0,
        refusals: { left: mostRefusals, at: 0 },
      };
      if (party.connections >= limits.connectionsPerEntity) return undefined;
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
      const may = takeFrom(party.refusals, limits.refusalsPerSecond, mostRefusals, nowMs);
      if (!may) barred.set(party.name, nowMs + BARRED_MS);
      return may;
    },
    /** False where its connections have as much window as they may have. */
    window(party: Party, bytes: number): boolean {
      if (party.windowBytes + bytes > limits.windowBytesPerEntity) return false;
      party.windowBytes += bytes;
      return true;
    },
  };
}
export type Parties = ReturnType<typeof createParties>;
