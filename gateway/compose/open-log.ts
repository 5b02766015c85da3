import { createAppender } from '../audit/appender.ts';
import { openAppendConnection } from '../audit/connection.ts';
import { createHeads } from '../audit/heads.ts';
import { readTokenFloor } from '../audit/housekeeping.ts';
import { createKeepFirst } from '../audit/keep-first.ts';
import { KeptHeadUnreadable } from '../audit/kept-head-error.ts';
import { registerWriter, removeWriter } from '../audit/log-store.ts';
import { createLogWatch } from '../audit/log-watch.ts';
import { strikeOff } from '../audit/strike-off.ts';
import type { LogFacts } from '../audit/threads/log-board.ts';
import { ConfigError } from '../config/config-error.ts';
import type { GatewayConfig } from '../config/read-config.ts';
import { filled } from '../errors/words.ts';
import type { JudgeRelease, LimitWatch } from '../exchange/log-port.ts';
import { endThere } from '../place/end-there.ts';
import { ownPlace, type Place } from '../place/own-place.ts';
import type { Log } from '../telemetry/log.ts';
import type { Pools } from './open-database.ts';
import { createOwnKeyReader } from './own-key-reader.ts';
import { START_WORDS } from './start-words.ts';

/** What the system says of a file: the one that holds heads lies outside of the database, where all else is. */
function throwOfHeads(error: unknown): never {
  const cause = { cause: error };
  if (error instanceof KeptHeadUnreadable)
    throw new ConfigError('log.heads', filled(START_WORDS.headUnreadable, { problem: error.problem }), cause);
  const { code, syscall } = Object(error) as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string' || typeof syscall !== 'string' || syscall === 'connect') throw error;
  throw new ConfigError('log.heads', filled(START_WORDS.headFile, { code }), cause);
}

export interface LogOptions {
  readonly pools: Pools;
  readonly config: GatewayConfig['log'];
  /** Reads our own keys, and the log's, as they lie there now. */
  readonly read: GatewayConfig['readOwn'];
  readonly log: Log;
  /** What a log line may say of an error. */
  readonly faultFields: (error: unknown) => object;
  /** This worker was struck off and must end. */
  readonly onFenced: () => void;
  /** The log may stand otherwise than a moment ago. */
  readonly onTrouble: () => void;
  readonly limitWatch: LimitWatch;
  readonly judgeRelease: JudgeRelease;
}

export type OpenedLog = Awaited<ReturnType<typeof openLog>>;

/**
 * Holds the log against the head kept of it and becomes one of its writers.
 * @throws {ConfigError} where no head is kept of a log that is not empty, or one that cannot be believed
 */
export async function openLog(options: LogOptions) {
  const { pools, config, log, faultFields, onFenced, onTrouble, limitWatch, judgeRelease } = options;
  const heads = createHeads({ db: pools.log, origin: config.origin, keys: config.keys, path: config.heads });
  const state = await heads.check().catch(throwOfHeads);
  // No check could tell such a log from one that was rolled back.
  if (state === 'unkept') throw new ConfigError('log.heads', START_WORDS.noHeadKept);
  if (state === 'sound') await heads.keep().catch(throwOfHeads);
  else log.error({ state }, 'the log is not the one last seen: nothing is disclosed');
  const tokenFloor = await readTokenFloor(pools.lookups);
  const place = ownPlace();
  // A writer of this very process stands no longer where another one is opened.
  const end = (other: Omit<Place, 'host'>) => other.pid === place?.pid || endThere(other);
  await strikeOff(pools.log, place && { host: place.host, end });
  // Last of what may fail: whoever waits for all this has the lease to give back.
  const writer = await registerWriter(pools.log, { serves: true, place });
  const logRef = `${writer.logId}:${writer.epoch}`;
  const watch = createLogWatch({
    db: pools.watchers,
    heads,
    workerId: writer.workerId,
    tokenFloor,
    onFault: (task, error) => {
      onTrouble();
      log.error({ task, ...faultFields(error) }, 'a task of the log failed');
    },
    onFenced: () => {
      onTrouble();
      log.error({ epoch: writer.epoch }, 'this worker was fenced off: it drains and ends');
      onFenced();
    },
  });
  const appender = createAppender({
    connect: () => openAppendConnection(pools.log),
    workerId: writer.workerId,
    logRef,
    seen: heads.known,
    onHead: heads.onHead,
    onStopped: watch.onStopped,
    limitWatch,
    judgeRelease,
  });
  return {
    heads,
    /** Resolves when a head that covers all that is committed is kept. */
    keepFirst: createKeepFirst(heads.keep),
    /** Our own keys as they lie there now; heads are signed with the log's from then on. */
    readOwn: createOwnKeyReader({ opened: config.keys, read: options.read, heads, log }),
    state,
    writer,
    logRef,
    watch,
    appender,
    facts: (): LogFacts => ({
      trouble: watch.trouble(),
      tokenFloor: watch.tokenFloor(),
      size: heads.size(),
      keptAt: heads.keptAt(),
    }),
    /** As the gateway states it to whoever asks. */
    stated() {
      const keptAt = heads.keptAt();
      return { size: heads.size(), headKeptAt: keptAt === undefined ? undefined : keptAt / 1000 };
    },
    /** After the last answer: what was appended is kept. */
    async close(): Promise<void> {
      watch.stop();
      await appender.close();
      await heads.keep().catch((error: unknown) => log.error(faultFields(error), 'the last head was not kept'));
    },
    async leave(): Promise<void> {
      watch.stop();
      await removeWriter(pools.log, writer.workerId).catch(() => undefined);
    },
  };
}
