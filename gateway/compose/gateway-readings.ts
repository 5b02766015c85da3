import type { createAppender } from '../audit/appender.ts';
import type { GatewayConfig } from '../config/read-config.ts';
import { readExpiries } from '../operation/expiries.ts';
import { readWaiting } from '../operation/waiting.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import type { Readings } from '../telemetry/read-gauges.ts';
import { remembered } from '../telemetry/remembered.ts';
import type { Pools } from './open-database.ts';
import type { openLog } from './open-log.ts';

export interface ReadingParts {
  readonly pools: Pools;
  readonly log: Pick<Awaited<ReturnType<typeof openLog>>, 'heads' | 'watch'>;
  readonly appender: Pick<ReturnType<typeof createAppender>, 'waiting'>;
  readonly lookup: { waiting(): number };
  readonly policyData: () => PolicyData;
  readonly tls: GatewayConfig['tls'];
  readonly nowSeconds: () => number;
  readonly startedAt: number;
  readonly callsInFlight: () => number;
  readonly edge: Readings['edge'];
  readonly matching: Readings['matching'];
  readonly draining: () => boolean;
}

const STORED = { everyMs: 15_000, waitMs: 2_000 };

/** What a scrape reads of a gateway that runs. */
export function gatewayReadings(parts: ReadingParts): Readings {
  const { pools, log, appender, lookup, tls, nowSeconds } = parts;
  return {
    callsInFlight: parts.callsInFlight,
    edge: parts.edge,
    append: appender.waiting,
    lookups: lookup.waiting,
    matching: parts.matching,
    pool: (name) => pools[name].usage(),
    state() {
      const trouble = log.watch.trouble();
      if (trouble !== undefined) return trouble === 'fenced' ? 'fenced' : 'broken';
      return parts.draining() ? 'draining' : 'serving';
    },
    log() {
      const keptAt = log.heads.keptAt();
      return {
        size: log.heads.size(),
        headWaitingSeconds: log.heads.lateMs() / 1000,
        headKeptAt: keptAt === undefined ? undefined : keptAt / 1000,
      };
    },
    startedAt: parts.startedAt,
    stored: remembered(async () => {
      const readAt = nowSeconds();
      const [waiting, expiries] = await Promise.all([
        readWaiting(pools.proofs),
        readExpiries(pools.proofs, parts.policyData(), tls, readAt),
      ]);
      return { readAt, ...waiting, expiries };
    }, STORED),
  };
}
