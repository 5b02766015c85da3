/**
 * The gateway process, wired: the only reader of the environment, the only opener of sockets.
 *
 *   node gateway/main.ts --config FILE     serves until SIGTERM or SIGINT; one JSON line on stdout when it listens
 *   node gateway/main.ts --descriptors     writes the contract as a FileDescriptorSet to stdout
 *
 * Exit codes: 0 stopped as asked, 2 configuration, 5 the database cannot be reached, 1 anything else.
 */
import { createDirectory } from './agencies/directory.ts';
import { createReleaseJudge } from './agreements/release.ts';
import { inStep, openAgreements } from './agreements/watch.ts';
import { createAuditMethods } from './audit/audit-methods.ts';
import { purge } from './audit/housekeeping.ts';
import { repeat } from './audit/repeat.ts';
import { gatewayReadings } from './compose/gateway-readings.ts';
import { openMatchingThreads } from './compose/matching-threads.ts';
import { checkDatabase, openPools } from './compose/open-database.ts';
import { openLimits } from './compose/open-limits.ts';
import { openLog } from './compose/open-log.ts';
import { openTelemetry } from './compose/open-telemetry.ts';
import { readVersion } from './compose/read-version.ts';
import { ConfigError } from './config/config-error.ts';
import { DeploymentMismatch } from './config/deployment-stamp.ts';
import { readGatewayConfig } from './config/read-config.ts';
import { ADMISSION, admit } from './exchange/admission.ts';
import { createAuthenticate } from './exchange/authenticate.ts';
import { createConsent } from './exchange/consent.ts';
import { createDecide } from './exchange/decide.ts';
import { createFetch } from './exchange/fetch.ts';
import { createFilter } from './exchange/filter.ts';
import { createOpenExchange } from './exchange/open-exchange.ts';
import { createUnaryExchange, type Stages } from './exchange/pipeline.ts';
import { createRecord } from './exchange/record.ts';
import { createRefusalBudget } from './exchange/refusal-budget.ts';
import { createRefuseCall } from './exchange/refuse-call.ts';
import { createSign } from './exchange/sign.ts';
import { createVerifyCall } from './exchange/verify-call.ts';
import { createVerifyChunk } from './exchange/verify-chunk.ts';
import { pathOf, VOCABULARY, VOCABULARY_VERSION } from './fields/vocabulary.ts';
import { createCloseJob } from './jobs/close-job.ts';
import { createCancelJob, createGetJob, createListJobs } from './jobs/job-methods.ts';
import { CHUNK_ROWS, createStartJob } from './jobs/start-job.ts';
import { createVerifyChunks, VERIFY_CHUNKS } from './jobs/verify-chunks.ts';
import { PROFILE } from './matching/index.ts';
import { readPolicyBundle } from './policy/revision.ts';
import { policyVocabulary } from './policy/vocabulary.ts';
import { coalesceLookups } from './register/coalesce.ts';
import { getPerson } from './register/get-person.ts';
import { createLookup } from './register/lookup.ts';
import { descriptorSet } from './rpc/descriptors.ts';
import { DEFAULT_LIMITS } from './rpc/limits.ts';
import { faultFields } from './rpc/log.ts';
import { CallEnded } from './rpc/running-calls.ts';
import { createRpcServer } from './rpc/server.ts';
import { createServerMethods } from './server/server-methods.ts';
import { createSigner } from './signing/sign.ts';
import { createDatabaseClock } from './storage/database-clock.ts';
import { StorageError } from './storage/errors.ts';
import { createLog } from './telemetry/log.ts';
import { verifyPerson } from './verification/verify-person.ts';

/** Chunks that a stream may have unanswered: enough to keep database, matching and log busy at the same time. */
const CHUNKS_IN_FLIGHT = 12;
const DRAIN_MS = 10_000;
const PURGE_MS = 60_000;
const PROFILE_VERSION = `${PROFILE.id}:${PROFILE.version}`;

async function serve(configPath: string): Promise<void> {
  const config = await readGatewayConfig(configPath, process.env);
  const log = createLog(process.env.LIENTHONG_LOG_LEVEL ?? 'info', process.stderr);
  const { deployment, keys } = config;

  await checkDatabase(config.databaseUrl, deployment);

  const pools = openPools(config.databaseUrl);
  const clock = createDatabaseClock(pools.watchers);
  await clock.start();
  const directory = createDirectory({ pool: pools.watchers, log });
  await directory.start();
  let stopping = false;
  const { host, watch } = await openAgreements({
    pool: pools.watchers,
    bundle: readPolicyBundle(config.policy),
    log,
    vocabulary: policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION),
    deployment: deployment.id,
    pinned: config.officers,
  });
  watch.start();
  const callers = inStep(directory, watch);

  const onTaskFault = (task: string, error: unknown) => log.error({ task, ...faultFields(error) }, 'a task failed');
  const limits = await openLimits({
    ...{ db: pools.watchers, pseudonym: keys.pseudonym, nowSeconds: clock.nowSeconds },
    onFault: onTaskFault,
    onCrossed: (count) => log.warn({ count }, 'several legal entities guess the same of somebody'),
  });
  const opened = await openLog({
    ...{ pools, config: config.log, log, faultFields, limitWatch: limits.watch },
    judgeRelease: createReleaseJudge({ deployment: deployment.id, pinned: config.officers }),
    onFenced: () => void stop(1),
  });
  const { heads, writer, logRef, appender } = opened;

  const signer = createSigner({ key: config.signingKey.key, kid: config.signingKey.kid, issuer: 'gateway' });
  const audience = `gateway@${deployment.id}`;
  const { nowMs, nowSeconds } = clock;
  const isStorageFault = (error: unknown) => error instanceof StorageError;
  const onFault = (error: unknown, method: string, requestId: string) =>
    log.error({ method, request_id: requestId, ...faultFields(error) }, 'a call failed inside');
  const lookup = coalesceLookups(
    createLookup({ pool: pools.lookups, keys: { keyId: 'sensitive-1', key: async () => keys.sensitive } }),
  );
  const version = readVersion();
  const startedAt = Math.floor(nowSeconds());
  const readings = gatewayReadings({
    ...{ pools, log: opened, appender, lookup, tls: config.tls, nowSeconds, startedAt },
    policyData: () => watch.data,
    callsInFlight: () => rpc.running,
    matching: () => threads.usage(),
    draining: () => stopping,
  });
  const isCallEnded = (error: unknown) => error instanceof CallEnded;
  const telemetry = await openTelemetry({ config, version, log, faultFields, isCallEnded, readings });
  const policyRevision = () => `${host.revision.policy}.${host.revision.agreements}`;
  const answerSigner = createSign({ signer, deployment: deployment.id, logRef, nowSeconds });
  const authenticate = createAuthenticate({ directory: callers, nowSeconds });
  const stages: Stages = telemetry.stages({
    authenticate,
    verify: createVerifyCall({ audience, nowSeconds, iatFloor: opened.watch.tokenFloor }),
    decide: createDecide({
      decide: (input) => watch.decide(input),
      policyRevision,
      profileVersion: PROFILE_VERSION,
      pathOf,
      nowSeconds,
      rateWaitMs: limits.rateWaitMs,
    }),
    // No consent can be given yet, so none is found: whoever needs one is told so.
    consent: createConsent({ lookup, findConsents: async () => new Set(), units: limits.units }),
    fetch: createFetch({ lookup }),
    filter: createFilter({ guard: limits.guard, nowMs }),
    recorder: createRecord({ appender, keys, units: limits.units, nowMs, logTrouble: opened.watch.trouble }),
    signer: answerSigner,
  });
  const refuseCall = createRefuseCall({
    recorder: stages.recorder,
    signer: stages.signer,
    isStorageFault,
    budget: telemetry.budget(
      createRefusalBudget({
        nowMs: () => performance.now(),
        onSkipped: (count) =>
          log.warn({ count }, 'refusals of unsigned calls beyond the budget were not logged one by one'),
      }),
    ),
    onFault,
  });
  const jobs = { db: pools.lookups, key: keys.answer };
  const methods = [
    getPerson,
    verifyPerson,
    createStartJob({ key: keys.answer, nowSeconds, mostOpen: config.limits.jobsPerAgency }),
    createCloseJob({ ...jobs, signer, deployment: deployment.id, nowSeconds, checkpoint: heads.checkpoint }),
    createGetJob(jobs),
    createListJobs(jobs),
    createCancelJob(jobs),
  ];
  const openMethods = [
    ...createServerMethods({
      facts: {
        deployment: deployment.id,
        version,
        vocabularyVersion: VOCABULARY_VERSION,
        profileVersion: PROFILE_VERSION,
        logId: writer.logId,
        logOrigin: config.log.origin,
        development: deployment.kind === 'development',
        maxChunkRows: CHUNK_ROWS.most,
        maxChunksInFlight: CHUNKS_IN_FLIGHT,
        startedAt,
        transport: { ...DEFAULT_LIMITS, ...config.limits },
      },
      policyRevision,
      nowSeconds,
      log: readings.log,
      quotasOf: limits.quotasOf,
      agreementsOf: (agency) => Object.values(watch.data.agreements[agency] ?? {}),
      keySet: () => config.keySet,
    }),
    ...createAuditMethods({ db: pools.proofs, heads }),
  ];

  const threads = openMatchingThreads({
    databaseUrl: config.databaseUrl,
    keys,
    guardKeys: limits.guardKeys,
    count: config.limits.matchingThreads,
    onFault: (error) => log.error(faultFields(error), 'a matching thread ended'),
  });
  const served = {
    unary: createUnaryExchange(stages, new Map(methods.map((method) => [method.path, method])), refuseCall),
    open: createOpenExchange({ authenticate: stages.authenticate, methods: openMethods, isStorageFault, onFault }),
    chunks: createVerifyChunks({
      ...jobs,
      stages,
      verifyChunk: telemetry.verifyChunk(createVerifyChunk({ audience, method: VERIFY_CHUNKS, nowSeconds })),
      aroundChunk: telemetry.aroundChunk,
      threads,
      refuseCall,
      signer,
      deployment: deployment.id,
      audience,
      nowSeconds,
      maxInFlight: CHUNKS_IN_FLIGHT,
      decisionRevision: () => `${policyRevision()}/${callers.revision}`,
    }),
  };
  const admission = {
    authenticate,
    refuseCall,
    limits: { ...ADMISSION, ...config.limits },
    streamMethod: VERIFY_CHUNKS,
  };
  const ports = telemetry.ports(admit(served, admission), VERIFY_CHUNKS);
  const rpc = createRpcServer({
    address: `${config.listen.host}:${config.listen.port}`,
    tls: { ca: config.tls.ca, cert: config.tls.certificate, key: config.tls.key },
    limits: config.limits,
    ...ports,
    log,
  });

  const everyMinute = repeat(
    PURGE_MS,
    () => purge(pools.watchers),
    (error) => onTaskFault('purge', error),
  );

  const metricsPort = await telemetry.listen();
  const port = await rpc.start();
  process.stdout.write(
    `${JSON.stringify({ event: 'listening', port, deployment: deployment.id, metrics_port: metricsPort })}\n`,
  );
  log.info(
    { port, deployment: deployment.id, log_id: writer.logId, epoch: writer.epoch, state: opened.state },
    'listening',
  );

  async function stop(code: 0 | 1): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({}, 'draining');
    await rpc.drain(DRAIN_MS);
    everyMinute.stop();
    limits.stop();
    await opened.close();
    await telemetry.close();
    clock.stop();
    await watch.stop();
    await directory.stop();
    await opened.leave();
    await threads.close();
    await pools.end();
    log.info({}, 'stopped');
    process.exit(code);
  }
  process.on('SIGTERM', () => void stop(0));
  process.on('SIGINT', () => void stop(0));
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === '--descriptors') {
    process.stdout.write(descriptorSet());
    return;
  }
  const [flag, path] = args;
  if (flag !== '--config' || path === undefined)
    throw new ConfigError('--config', 'say which configuration file to serve with');
  await serve(path);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const usage = error instanceof ConfigError || error instanceof DeploymentMismatch;
  const code = usage ? 2 : error instanceof StorageError && error.kind === 'unavailable' ? 5 : 1;
  process.stderr.write(
    `${JSON.stringify({ level: 60, event: 'the gateway did not start', message: sentenceOf(error) })}\n`,
  );
  process.exit(code);
});

/** Messages of our own errors are free of data; of others only the class is told. */
function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DeploymentMismatch || error instanceof StorageError) {
    return error.message;
  }
  return JSON.stringify(faultFields(error));
}
