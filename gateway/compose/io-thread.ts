/** A thread that serves calls beside the one that keeps the log, wired. */
import { MessageChannel, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { MOST_WAITING } from '../audit/append-queue.ts';
import { readLogBoard } from '../audit/threads/log-board.ts';
import { createRemoteAppender } from '../audit/threads/remote-appender.ts';
import type { TakenBack } from '../exchange/flights.ts';
import { threadOver } from '../jobs/threads/port-thread.ts';
import type { BundleFiles } from '../policy/signed-bundle.ts';
import { faultFields } from '../rpc/log.ts';
import { CallEnded } from '../rpc/running-calls.ts';
import { createDatabaseClock } from '../storage/database-clock.ts';
import { createLog } from '../telemetry/log.ts';
import type { ThreadFigures } from '../telemetry/metrics.ts';
import { createLink } from '../threads/link.ts';
import { monotonicMs } from '../threads/monotonic.ts';
import { openThreadPools } from './open-database.ts';
import { type Guarding, openLimits } from './open-limits.ts';
import { openServing, type Serving, type ServingConfig, type ServingOptions } from './open-serving.ts';
import { openTelemetry, type TelemetryOptions } from './open-telemetry.ts';

export interface IoThreadData extends Pick<ServingOptions, 'version' | 'startedAt' | 'threads' | 'shared'> {
  /** Holds a password and keys: never to be printed. */
  readonly config: Omit<ServingConfig, 'policy' | 'readOwn'> &
    TelemetryOptions['config'] & { readonly policy: Pick<ServingConfig['policy'], 'key'> };
  readonly logLevel: string;
  /** From 2: the first is the process's own. */
  readonly thread: number;
  readonly logRef: string;
  readonly logId: string;
  readonly board: SharedArrayBuffer;
  readonly appends: MessagePort;
  readonly matchingThreads: number;
}

/** What the process asks of the thread, in this order but for the figures and its health. */
export type OfThread = {
  readonly open: { readonly value: undefined; readonly result: undefined };
  readonly listen: { readonly value: number; readonly result: undefined };
  readonly figures: { readonly value: undefined; readonly result: ThreadFigures };
  readonly settle: { readonly value: TakenBack; readonly result: undefined };
  readonly setServing: { readonly value: boolean; readonly result: undefined };
  readonly drain: { readonly value: number; readonly result: undefined };
  readonly close: { readonly value: undefined; readonly result: undefined };
};

/** What the thread asks of the process. */
export type OfProcess = {
  /** The head as it stands, signed; over the log's own connections or those for proofs. */
  readonly checkpoint: { readonly value: 'log' | 'proofs'; readonly result: string };
  readonly checkpointAt: { readonly value: number; readonly result: string };
  /** A head that covers all that is committed, kept outside of the database. */
  readonly keepFirst: { readonly value: undefined; readonly result: undefined };
  /** The bundle as it lies on the disk; whether it counts, each thread judges for itself. */
  readonly rules: { readonly value: undefined; readonly result: BundleFiles };
  /** The gateway's own keys as they lie there. */
  readonly ownKeys: { readonly value: undefined; readonly result: ServingConfig['own'] };
  readonly matching: {
    readonly value: { readonly at: number; readonly port: MessagePort };
    readonly result: undefined;
  };
};

async function open(data: IoThreadData, toProcess: MessagePort): Promise<void> {
  const { config, threads, thread, board } = data;
  const log = createLog(data.logLevel, process.stderr, { thread });
  const pools = openThreadPools(config.databaseUrl, threads);
  const clock = createDatabaseClock(pools.watchers);
  const isCallEnded = (error: unknown) => error instanceof CallEnded;
  const telemetry = await openTelemetry({ config, version: data.version, log, faultFields, isCallEnded });
  const logBoard = readLogBoard(board, monotonicMs);
  const most = { items: MOST_WAITING.items / threads, bytes: MOST_WAITING.bytes / threads };
  let serving: Serving | undefined;
  let guarding: Guarding | undefined;

  const link = createLink<OfThread, OfProcess>(toProcess, {
    async open() {
      await clock.start();
      guarding = await openLimits({
        ...{ db: pools.watchers, pseudonym: config.keys.pseudonym, nowSeconds: clock.nowSeconds, purges: false },
        onFault: (task, error) => log.error({ task, ...faultFields(error) }, 'a task failed'),
      });
      serving = await openServing({
        ...data,
        ...{ pools, clock, log, telemetry, guarding },
        config: {
          ...config,
          policy: { ...config.policy, read: () => link.ask('rules', undefined) },
          readOwn: () => link.ask('ownKeys', undefined),
        },
        logged: {
          appender: createRemoteAppender({
            ...{ port: data.appends, logRef: data.logRef, most },
            limitWatch: guarding.watch,
          }),
          logId: data.logId,
          heads: {
            checkpoint: (on) => link.ask('checkpoint', on === undefined ? 'log' : 'proofs'),
            checkpointAt: (size) => link.ask('checkpointAt', size),
          },
          keepFirst: () => link.ask('keepFirst', undefined),
          trouble: logBoard.trouble,
          tokenFloor: logBoard.tokenFloor,
          facts() {
            const keptAt = logBoard.keptAt();
            return { size: logBoard.size(), headKeptAt: keptAt === undefined ? undefined : keptAt / 1000 };
          },
        },
        matching: {
          count: data.matchingThreads,
          open(at) {
            const { port1, port2 } = new MessageChannel();
            link.ask('matching', { at, port: port2 }, [port2]).catch(() => port1.close());
            return threadOver(port1);
          },
        },
      });
      return undefined;
    },
    async listen(port) {
      await serving?.listen(port, true);
      log.info({ port }, 'listening');
      return undefined;
    },
    async figures() {
      const used = serving?.usage() ?? { callsInFlight: 0, lookups: 0, matchingChunks: 0 };
      const { lookups, proofs, watchers } = pools;
      return {
        usage: {
          ...used,
          chunksInFlight: telemetry.chunksInFlight(),
          pools: { lookups: lookups.usage(), proofs: proofs.usage(), watchers: watchers.usage() },
        },
        counted: await telemetry.counted(),
      };
    },
    async settle(taken) {
      await serving?.settle(taken);
      return undefined;
    },
    setServing(serves) {
      serving?.setServing(serves);
      return undefined;
    },
    async drain(graceMs) {
      await serving?.drain(graceMs);
      return undefined;
    },
    async close() {
      clock.stop();
      guarding?.stop();
      await serving?.close();
      await telemetry.close();
      await pools.end();
      return undefined;
    },
  });
}

if (parentPort !== null) await open(workerData as IoThreadData, parentPort);
