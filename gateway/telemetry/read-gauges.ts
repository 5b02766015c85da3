import type { EdgeUsage } from './edge-usage.ts';
import type { MetricName } from './metric-table.ts';
import type { ThreadFigures } from './metrics.ts';
import { DUE, EXPIRING, GATEWAY_STATES, JOB_STATES, KEY_STATES, MATTERS, WITHIN_DAYS } from './standing-metrics.ts';
import { POOLS } from './work-metrics.ts';

/** What one thread that serves calls has under way. */
export interface ThreadUsage {
  readonly callsInFlight: number;
  readonly chunksInFlight: number;
  readonly lookups: number;
  /** Absent before it listens. */
  readonly edge?: EdgeUsage | undefined;
  /** Chunks of its streams that lie in matching threads. */
  readonly matchingChunks: number;
  readonly pools: Readonly<Partial<Record<(typeof POOLS)[number], PoolUsage>>>;
}

interface PoolUsage {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** What is read of the process at each scrape. */
export interface Readings {
  readonly callsInFlight: () => number;
  readonly edge: () => EdgeUsage;
  readonly append: () => { readonly items: number; readonly bytes: number };
  readonly lookups: () => number;
  readonly matching: () => { readonly threads: number; readonly chunks: number };
  readonly pool: (name: (typeof POOLS)[number]) => PoolUsage;
  /** Threads that hold connections and serve calls, this one included. */
  readonly ioThreads: () => number;
  /** The others of them; one that has said nothing of itself yet is left out. */
  readonly others: () => Promise<readonly ThreadFigures[]>;
  readonly state: () => (typeof GATEWAY_STATES)[number];
  readonly log: () => {
    readonly size: number;
    readonly headWaitingSeconds: number;
    /** Unix seconds; undefined where this gateway has kept none. */
    readonly headKeptAt: number | undefined;
  };
  /** The rules that decide, and whether others lie on the disk that do not count. */
  readonly rules: () => { readonly revision: number; readonly end: number; readonly refused: boolean };
  /** The key set that is told, and whether other keys lie on the disk that do not fit. */
  readonly ownKeys: () => { readonly version: number; readonly refused: boolean };
  /** Rows that count for nothing. */
  readonly ignored: () => number;
  /** Unix seconds. */
  readonly startedAt: number;
  /** What stands in the database; the last that could be read, undefined where nothing could yet. */
  readonly stored: () => Promise<StoredFacts | undefined>;
}

export interface StoredFacts {
  /** Unix seconds. */
  readonly readAt: number;
  readonly usedTokens: number;
  readonly storedAnswers: number;
  readonly guessCrossings: number;
  readonly jobs: Readonly<Record<string, number>>;
  readonly agencyKeys: Readonly<Record<string, number>>;
  readonly expiries: readonly { readonly what: (typeof EXPIRING)[number]; readonly until: number }[];
  /** How far the index of accesses is behind the log, and how many runs of it are to be merged. */
  readonly accesses: { readonly behindSeconds: number; readonly unmerged: number };
  /** Uses that persons are not shown yet, and until when (unix seconds). */
  readonly delays: { readonly uses: number; readonly until: number };
  /** Matters of persons that wait, and the end of the clock that ends first (unix seconds). */
  readonly matters: {
    readonly counts: Readonly<Record<(typeof MATTERS)[number], Readonly<Record<(typeof DUE)[number], number>>>>;
    readonly nextDue: number | undefined;
  };
}

export interface GaugeValue {
  readonly of: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const EDGE_GAUGES = [
  ['connections', 'connections'],
  ['openRequests', 'requests'],
  ['heldBytes', 'heldBytes'],
  // The threads' peaks need not have been at the same moment: together no less than what there was.
  ['heldBytesPeak', 'peakHeldBytes'],
  ['heldWaiting', 'waiting'],
] as const;
const DAY = 86_400;

/** All gauges; every value of a closed set is said each time, so that what is gone reads 0. */
export async function readGauges(
  readings: Readings,
  chunksInFlight: number,
  others: readonly ThreadUsage[],
): Promise<GaugeValue[]> {
  const append = readings.append();
  const log = readings.log();
  const matching = readings.matching();
  const state = readings.state();
  /** Of this thread and the others together. */
  const summed = (own: number, of: (other: ThreadUsage) => number | undefined): number =>
    others.reduce((sum, other) => sum + (of(other) ?? 0), own);
  const rules = readings.rules();
  const keys = readings.ownKeys();
  const plain = (of: MetricName, value: number): GaugeValue => ({ of, labels: {}, value });
  const stored = await readings.stored();
  return [
    plain('ioThreads', readings.ioThreads()),
    plain(
      'callsInFlight',
      summed(readings.callsInFlight(), (other) => other.callsInFlight),
    ),
    plain(
      'chunksInFlight',
      summed(chunksInFlight, (other) => other.chunksInFlight),
    ),
    ...EDGE_GAUGES.map(([of, what]) =>
      plain(
        of,
        summed(readings.edge()[what], (other) => other.edge?.[what]),
      ),
    ),
    plain('appendItems', append.items),
    plain('appendBytes', append.bytes),
    plain(
      'lookupItems',
      summed(readings.lookups(), (other) => other.lookups),
    ),
    plain('matchingThreads', matching.threads),
    plain(
      'matchingChunks',
      summed(matching.chunks, (other) => other.matchingChunks),
    ),
    ...POOLS.flatMap((pool): GaugeValue[] => {
      const own = readings.pool(pool);
      const [total, idle, waiting] = (['total', 'idle', 'waiting'] as const).map((what) =>
        summed(own[what], (other) => other.pools[pool]?.[what]),
      ) as [number, number, number];
      return [
        { of: 'poolConnections', labels: { pool, state: 'used' }, value: total - idle },
        { of: 'poolConnections', labels: { pool, state: 'idle' }, value: idle },
        { of: 'poolWaiting', labels: { pool }, value: waiting },
      ];
    }),
    ...GATEWAY_STATES.map((one): GaugeValue => ({ of: 'state', labels: { state: one }, value: one === state ? 1 : 0 })),
    plain('logEntries', log.size),
    plain('headWaiting', log.headWaitingSeconds),
    ...(log.headKeptAt === undefined ? [] : [plain('headKept', log.headKeptAt)]),
    plain('rulesRevision', rules.revision),
    plain('rulesRefused', rules.refused ? 1 : 0),
    plain('keySetVersion', keys.version),
    plain('keysRefused', keys.refused ? 1 : 0),
    plain('ignoredRows', readings.ignored()),
    plain('started', readings.startedAt),
    ...(stored === undefined ? [] : storedGauges(stored)),
  ];
}

function storedGauges(stored: StoredFacts): GaugeValue[] {
  const { readAt, expiries, matters, delays } = stored;
  return [
    { of: 'storedRead', labels: {}, value: readAt },
    { of: 'usedTokens', labels: {}, value: stored.usedTokens },
    { of: 'storedAnswers', labels: {}, value: stored.storedAnswers },
    { of: 'accessesBehindSeconds', labels: {}, value: stored.accesses.behindSeconds },
    { of: 'accessesUnmerged', labels: {}, value: stored.accesses.unmerged },
    { of: 'guessCrossings', labels: {}, value: stored.guessCrossings },
    ...MATTERS.flatMap((kind) =>
      DUE.map((due): GaugeValue => ({ of: 'mattersOpen', labels: { kind, due }, value: matters.counts[kind][due] })),
    ),
    ...(matters.nextDue === undefined ? [] : [{ of: 'mattersNextDue' as const, labels: {}, value: matters.nextDue }]),
    { of: 'accessesDelayed', labels: {}, value: delays.uses },
    ...(delays.uses === 0 ? [] : [{ of: 'accessesDelayedUntil' as const, labels: {}, value: delays.until }]),
    ...JOB_STATES.map((state): GaugeValue => ({ of: 'jobs', labels: { state }, value: stored.jobs[state] ?? 0 })),
    ...KEY_STATES.map(
      (state): GaugeValue => ({ of: 'agencyKeys', labels: { state }, value: stored.agencyKeys[state] ?? 0 }),
    ),
    ...EXPIRING.flatMap((what): GaugeValue[] => {
      const ends = expiries.filter((one) => one.what === what).map(({ until }) => until);
      return [
        ...(ends.length === 0 ? [] : [{ of: 'expiryEarliest' as const, labels: { what }, value: Math.min(...ends) }]),
        ...WITHIN_DAYS.map(
          (days): GaugeValue => ({
            of: 'expiring',
            labels: { what, within_days: String(days) },
            value: ends.filter((until) => until <= readAt + days * DAY).length,
          }),
        ),
      ];
    }),
  ];
}
