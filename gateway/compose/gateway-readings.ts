import { readDelays } from '../accesses/delayed.ts';
import { readIndexState } from '../accesses/index-state.ts';
import { countUnmerged } from '../accesses/runs.ts';
import type { ActBook } from '../acts/book.ts';
import type { createAppender } from '../audit/appender.ts';
import type { GatewayConfig } from '../config/read-config.ts';
import { readOpenMatters } from '../consent/open-matters.ts';
import { countAgencyKeys } from '../operation/agency-keys.ts';
import { type Decided, readExpiries } from '../operation/expiries.ts';
import { readWaiting } from '../operation/waiting.ts';
import type { Readings } from '../telemetry/read-gauges.ts';
import { remembered } from '../telemetry/remembered.ts';
import type { Pools } from './open-database.ts';
import type { OpenedLog } from './open-log.ts';

export interface ReadingParts {
  readonly pools: Pools;
  readonly log: Pick<OpenedLog, 'heads' | 'stated'>;
  readonly appender: Pick<ReturnType<typeof createAppender>, 'waiting'>;
  readonly lookups: () => number;
  readonly agreements: () => Pick<Decided, 'data' | 'coming'>;
  readonly rules: Readings['rules'];
  readonly ownKeys: Readings['ownKeys'];
  readonly book: () => ActBook;
  /** Whether agencies and their keys count by officers' acts alone. */
  readonly actsOnly: boolean;
  readonly ignored: () => number;
  readonly tls: GatewayConfig['tls'];
  readonly nowSeconds: () => number;
  readonly startedAt: number;
  readonly callsInFlight: () => number;
  readonly edge: Readings['edge'];
  readonly matching: Readings['matching'];
  readonly ioThreads: Readings['ioThreads'];
  readonly others: Readings['others'];
  readonly state: Readings['state'];
}

const STORED = { everyMs: 15_000, waitMs: 2_000 };

/** What a scrape reads of a gateway that runs. */
export function gatewayReadings(parts: ReadingParts): Readings {
  const { pools, log, appender, tls, nowSeconds } = parts;
  return {
    callsInFlight: parts.callsInFlight,
    edge: parts.edge,
    append: appender.waiting,
    lookups: parts.lookups,
    matching: parts.matching,
    ioThreads: parts.ioThreads,
    others: parts.others,
    pool: (name) => pools[name].usage(),
    state: parts.state,
    log: () => ({ ...log.stated(), headWaitingSeconds: log.heads.lateMs() / 1000 }),
    rules: parts.rules,
    ownKeys: parts.ownKeys,
    ignored: parts.ignored,
    startedAt: parts.startedAt,
    stored: remembered(async () => {
      const readAt = nowSeconds();
      const [waiting, agencyKeys, index, unmerged, delays, matters, expiries] = await Promise.all([
        readWaiting(pools.proofs),
        countAgencyKeys(pools.proofs, parts.book(), { actsOnly: parts.actsOnly, now: readAt }),
        readIndexState(pools.proofs),
        countUnmerged(pools.proofs),
        readDelays(pools.proofs),
        readOpenMatters(pools.proofs, readAt),
        readExpiries(
          pools.proofs,
          { ...parts.agreements(), book: parts.book() },
          { ...tls, rules: parts.rules() },
          readAt,
        ),
      ]);
      const accesses = { behindSeconds: index.behindSeconds, unmerged };
      return { readAt, ...waiting, agencyKeys, accesses, delays, matters, expiries };
    }, STORED),
  };
}
