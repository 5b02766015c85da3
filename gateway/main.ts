/**
 * The gateway process, wired: the only reader of the environment, the only opener of sockets.
 *
 *   node gateway/main.ts --config FILE     serves until SIGTERM or SIGINT; one JSON line on stdout when it listens
 *   node gateway/main.ts --descriptors     writes the contract as a FileDescriptorSet to stdout
 *
 * Exit codes: 0 stopped as asked, 2 configuration, or a database that does not let its user in,
 * 5 the database cannot be reached or a port is taken, 1 anything else (`compose/failed-start.ts`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { createReleaseJudge } from './agreements/release.ts';
import { purge } from './audit/housekeeping.ts';
import { repeat } from './audit/repeat.ts';
import { createCertificateWatch } from './compose/certificate-watch.ts';
import { createEnding } from './compose/ending.ts';
import { failedStart } from './compose/failed-start.ts';
import { gatewayReadings } from './compose/gateway-readings.ts';
import { openIoThreads } from './compose/io-threads.ts';
import { openMatchingThreads } from './compose/matching-threads.ts';
import { openAccesses } from './compose/open-accesses.ts';
import { openBarrier, openMatterWatch } from './compose/open-consent.ts';
import { checkDatabase, openPools } from './compose/open-database.ts';
import { openLimits } from './compose/open-limits.ts';
import { openLog } from './compose/open-log.ts';
import { openServing } from './compose/open-serving.ts';
import { openTelemetry } from './compose/open-telemetry.ts';
import { portProblem } from './compose/port-problem.ts';
import { readVersion } from './compose/read-version.ts';
import { createShared } from './compose/shared.ts';
import { START_WORDS } from './compose/start-words.ts';
import { gatewayState, tellHealth } from './compose/tell-health.ts';
import { ConfigError } from './config/config-error.ts';
import { readGatewayConfig } from './config/read-config.ts';
import { descriptorSet } from './contract/descriptors.ts';
import { taken } from './disk/taken.ts';
import type { JudgeRelease, LimitWatch } from './exchange/log-port.ts';
import { threadOver } from './jobs/threads/port-thread.ts';
import { faultFields } from './rpc/log.ts';
import { CallEnded } from './rpc/running-calls.ts';
import { createDatabaseClock } from './storage/database-clock.ts';
import { NOTHING_HELD } from './telemetry/edge-usage.ts';
import { createLog } from './telemetry/log.ts';

const PURGE_MS = 60_000;
const TAKEN_BACK_MS = 2_000;
const SAID_MS = 2_000;

/** Whether `lienthong serve` started this process: then a line to it stands, which closes however that ends, kill -9 included. */
const held = process.connected === true;

/** What an end takes back: a lease that stood until its own end would keep withdrawals waiting for nobody. */
let takeBack = async (): Promise<void> => {};
const giveUp = (): Promise<void> => Promise.race([takeBack(), sleep(TAKEN_BACK_MS)]);

/** A reader of the log that is slow has the last lines too; one that is stuck does not hold an end. */
const said = (): Promise<unknown> =>
  Promise.race([Promise.all([taken(process.stdout), taken(process.stderr)]), sleep(SAID_MS)]);

/** What is done before the process ends. While it starts nothing was answered, and nothing is to be drained. */
let end = giveUp;
let ending = false;

/** Ends the process, once: whatever asks for it after that finds it done. */
async function stop(code: 0 | 1 | 2 | 5): Promise<void> {
  if (ending) return;
  ending = true;
  await end();
  await said();
  process.exit(code);
}

/** From the first moment: a start takes seconds, and one that waits for the database as long as that. */
function stopAsAsked(): void {
  process.on('SIGTERM', () => void stop(0));
  process.on('SIGINT', () => void stop(0));
  // Nobody is left who would pass a signal on, and the next start would find the port taken.
  if (held && !process.connected) void stop(0);
  else if (held) process.once('disconnect', () => void stop(0));
}

async function serve(configPath: string): Promise<void> {
  const config = await readGatewayConfig(configPath, process.env);
  const logLevel = process.env.LIENTHONG_LOG_LEVEL ?? 'info';
  const log = createLog(logLevel, process.stderr);
  const { deployment, limits } = config;
  const threads = limits.ioThreads ?? 1;

  for (const problem of await checkDatabase(config.databaseUrl, deployment, config.keys)) {
    log.warn({ problem }, 'a setting of the database server is off: what was committed may be lost with its machine');
  }

  const pools = openPools(config.databaseUrl, threads);
  const clock = createDatabaseClock(pools.watchers);
  await clock.start();
  const { nowSeconds } = clock;
  let listening = false;
  // Nobody serves before all is there: until then nobody is to be told of anything, and no job to go on.
  let tellThreads = (): void => {};
  let learn: LimitWatch['learn'] = () => {};
  let judgeRelease: JudgeRelease = () => undefined;
  const onTaskFault = (task: string, error: unknown) => log.error({ task, ...faultFields(error) }, 'a task failed');
  const guarding = await openLimits({
    ...{ db: pools.watchers, pseudonym: config.keys.pseudonym, nowSeconds, onFault: onTaskFault, purges: true },
  });
  const openingLog = openLog({
    ...{ pools, log, faultFields, config: config.log, read: config.readOwn },
    limitWatch: {
      ...guarding.watch,
      learn(news) {
        guarding.watch.learn(news);
        learn(news);
      },
      crossed: (count) => log.warn({ count }, 'several legal entities guess the same of somebody'),
    },
    judgeRelease: (release) => judgeRelease(release),
    onFenced: () => void stop(1),
    onTrouble: () => tellThreads(),
  });
  // Also a lease that is being taken as the end comes.
  takeBack = async () => {
    const left = openingLog.then(({ leave }) => leave());
    await left.catch(() => undefined);
  };
  const opened = await openingLog;
  const { heads, writer, appender, readOwn } = opened;

  const version = readVersion();
  const startedAt = Math.floor(nowSeconds());
  const state = () => gatewayState({ watch: opened.watch, draining: () => ending });
  const isCallEnded = (error: unknown) => error instanceof CallEnded;
  const telemetry = await openTelemetry({ config, version, log, faultFields, isCallEnded });

  const matching = openMatchingThreads({
    databaseUrl: config.databaseUrl,
    keys: config.keys,
    guardKeys: guarding.guardKeys,
    count: limits.matchingThreads,
    ioThreads: threads,
    onFault: (error) => log.error(faultFields(error), 'a matching thread ended'),
  });
  const shared = createShared();
  const { log: logConfig, readOwn: _, ...rest } = config;
  const servingConfig = { ...rest, logOrigin: logConfig.origin, witnesses: logConfig.witnesses };
  const others = openIoThreads({
    count: threads - 1,
    data: {
      config: { ...servingConfig, policy: { key: config.policy.key } },
      ...{ logLevel, version, startedAt, threads, shared },
      ...{ logRef: opened.logRef, logId: writer.logId },
    },
    ...{ appender, matching },
    heads: {
      checkpoint: (on) => heads.checkpoint(pools[on]),
      checkpointAt: (size) => heads.checkpointAt(size, pools.proofs),
    },
    logFacts: opened.facts,
    keepFirst: opened.keepFirst,
    ...{ readRules: config.policy.read, readOwn },
    onDeath(error) {
      log.error(faultFields(error), 'a thread that serves calls ended: the gateway drains and ends');
      // Before that, the start fails of it.
      if (listening) void stop(1);
    },
  });
  ({ tellLog: tellThreads, learn } = others);
  const opening = others.open();
  opening.catch(() => undefined);
  const serving = await openServing({
    ...{ version, startedAt, threads, shared, pools, clock, log, telemetry, guarding },
    config: { ...servingConfig, readOwn },
    logged: {
      ...{ appender, heads, logId: writer.logId, facts: opened.stated, keepFirst: opened.keepFirst },
      trouble: opened.watch.trouble,
      tokenFloor: opened.watch.tokenFloor,
    },
    matching: {
      count: matching.count,
      open(at) {
        const { port1, port2 } = new MessageChannel();
        matching.attach(at, port2);
        return threadOver(port1);
      },
    },
  });
  judgeRelease = createReleaseJudge({ book: serving.book, nowSeconds });

  const accesses = config.indexesAccesses
    ? openAccesses({ databaseUrl: config.databaseUrl, evidence: config.keys.evidence }, (fields) =>
        log.error({ task: 'accesses', ...fields }, 'a task failed'),
      )
    : undefined;
  const barrier = openBarrier({
    ...{ pools, appender, nowSeconds, log, workerId: writer.workerId, keepFirst: opened.keepFirst },
    onFault: (error) => onTaskFault('withdrawals', error),
    settleAll: async (taken) => {
      await Promise.all([serving.settle(taken), others.settle(taken)]);
    },
  });
  barrier.start();
  const matters = openMatterWatch({
    ...{ pools, config, nowSeconds, log, book: serving.book },
    onFault: (error) => onTaskFault('matters', error),
  });
  matters.start();
  const tellEnds = createCertificateWatch({ own: config.tls, nowSeconds, log });
  tellEnds();
  const everyMinute = repeat(
    PURGE_MS,
    () => {
      tellEnds();
      return purge(pools.watchers);
    },
    (error) => onTaskFault('purge', error),
  );

  const readings = gatewayReadings({
    ...{ pools, log: opened, appender, tls: config.tls, nowSeconds, startedAt },
    agreements: serving.agreements,
    book: serving.book,
    actsOnly: config.deployment.kind === 'production',
    ignored: () => serving.ignored() + matters.ignored(),
    rules: serving.rules,
    ownKeys: serving.ownKeys,
    callsInFlight: () => serving.usage().callsInFlight,
    edge: () => serving.usage().edge ?? NOTHING_HELD,
    lookups: () => serving.usage().lookups,
    matching: () => ({ threads: matching.running(), chunks: serving.usage().matchingChunks }),
    ioThreads: () => others.count() + 1,
    others: others.figures,
    state,
  });

  await opening;
  const metricsPort = await telemetry.listen(readings);
  const port = await serving.listen(config.listen.port).catch((error: unknown) => {
    throw portProblem('listen', config.listen, error);
  });
  await others.listen(port);
  listening = true;
  const health = tellHealth({
    ...{ state, log },
    tell(serves) {
      serving.setServing(serves);
      others.setServing(serves);
    },
  });
  end = createEnding({
    ...{ log, health, serving, others, barrier, matters, everyMinute, accesses, guarding, opened, telemetry },
    ...{ clock, matching, pools },
  });
  process.stdout.write(
    `${JSON.stringify({ event: 'listening', port, deployment: deployment.id, metrics_port: metricsPort })}\n`,
  );
  log.info(
    { port, deployment: deployment.id, log_id: writer.logId, epoch: writer.epoch, state: opened.state },
    'listening',
  );
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === '--descriptors') {
    process.stdout.write(descriptorSet());
    return;
  }
  const [flag, path] = args;
  if (flag !== '--config' || path === undefined) throw new ConfigError('--config', START_WORDS.configUnnamed);
  stopAsAsked();
  await serve(path);
}

function lastWords(event: string, fields: object): void {
  process.stderr.write(`${JSON.stringify({ level: 60, time: new Date().toISOString(), event, ...fields })}\n`);
}

// Also of a promise that nobody waits for. By itself Node would print the error as it is, and it may quote a value.
let broken = false;
process.on('uncaughtException', async (error) => {
  if (broken) return;
  broken = true;
  lastWords('a fault that nobody caught', faultFields(error));
  // Nothing is drained: what is served from now on is served by a process of which nobody knows the state.
  await giveUp();
  await said();
  process.exit(1);
});

main(process.argv.slice(2)).catch(async (error: unknown) => {
  // What was taken from under a start that is given up.
  if (ending) return;
  const { code, ...said } = failedStart(error, faultFields);
  lastWords('the gateway did not start', said);
  await stop(code);
});
