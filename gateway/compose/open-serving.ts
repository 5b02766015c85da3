/**
 * All that a thread needs that serves calls, wired: who may call, the policy, the stages, the methods and the edge with its own
 * listener. The thread that keeps the log serves as well; whatever must be one for all of them is given.
 */

import { createDirectory } from '../agencies/directory.ts';
import { ignoredRows } from '../agreements/store.ts';
import { createTakeUp } from '../agreements/take-up.ts';
import { inStep } from '../agreements/watch.ts';
import type { Heads } from '../audit/heads.ts';
import { createWitnesses } from '../audit/witnesses.ts';
import type { OwnKeys } from '../config/own-keys.ts';
import type { GatewayConfig } from '../config/read-config.ts';
import { ADMISSION, admit, STRANGERS } from '../exchange/admission.ts';
import { createAuthenticate, partyOf } from '../exchange/authenticate.ts';
import { CALLS_BESIDE_OTHERS, createCallTurns } from '../exchange/call-turns.ts';
import { createConsent } from '../exchange/consent.ts';
import { createDecide } from '../exchange/decide.ts';
import { createFetch } from '../exchange/fetch.ts';
import { createFilter } from '../exchange/filter.ts';
import type { TakenBack } from '../exchange/flights.ts';
import type { Appender, LogTrouble } from '../exchange/log-port.ts';
import { createOpenExchange } from '../exchange/open-exchange.ts';
import { createUnaryExchange, type Stages } from '../exchange/pipeline.ts';
import { createRecord } from '../exchange/record.ts';
import { createRefuseCall } from '../exchange/refuse-call.ts';
import { createSign } from '../exchange/sign.ts';
import { createVerifyCall } from '../exchange/verify-call.ts';
import { createVerifyChunk } from '../exchange/verify-chunk.ts';
import { isSensitive, pathOf, VOCABULARY, VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { createCloseJob } from '../jobs/close-job.ts';
import { createCancelJob, createGetJob, createListJobs } from '../jobs/job-methods.ts';
import { createStartJob } from '../jobs/start-job.ts';
import { createChunkThreads, type Thread } from '../jobs/threads/chunk-threads.ts';
import { createVerifyChunks, VERIFY_CHUNKS } from '../jobs/verify-chunks.ts';
import { PROFILE } from '../matching/index.ts';
import { policyVocabulary } from '../policy/vocabulary.ts';
import { coalesceLookups } from '../register/coalesce.ts';
import { getPerson } from '../register/get-person.ts';
import { createLookup } from '../register/lookup.ts';
import { shareOf } from '../rpc/limits.ts';
import { faultFields } from '../rpc/log.ts';
import { createRpcServer } from '../rpc/server.ts';
import { createKeyWatch } from '../server/key-watch.ts';
import type { ServerDeps } from '../server/server-methods.ts';
import type { DatabaseClock } from '../storage/database-clock.ts';
import type { Log } from '../telemetry/log.ts';
import { monotonicMs } from '../threads/monotonic.ts';
import { createSharedCounts } from '../threads/shared-counts.ts';
import { createSharedRefusalBudget } from '../threads/shared-refusal-budget.ts';
import { verifyPerson } from '../verification/verify-person.ts';
import { callFaults } from './call-faults.ts';
import { citizenView } from './citizen-view.ts';
import { openTurns } from './matching-threads.ts';
import { methodsWithoutSignature } from './methods-without-signature.ts';
import { officersTrust, openAdmin } from './open-admin.ts';
import { openConsent } from './open-consent.ts';
import type { Pools } from './open-database.ts';
import type { Guarding } from './open-limits.ts';
import { openPolicy } from './open-policy.ts';
import type { Telemetry } from './open-telemetry.ts';
import type { Shared } from './shared.ts';

/** Chunks that a stream may have unanswered: enough to keep database, matching and log busy at the same time. */
const CHUNKS_IN_FLIGHT = 12;
const PROFILE_VERSION = `${PROFILE.id}:${PROFILE.version}`;

/** Of the configuration, what serving needs: the log's key is not in it. */
export type ServingConfig = Pick<
  GatewayConfig,
  'deployment' | 'listen' | 'databaseUrl' | 'tls' | 'own' | 'keys' | 'policy' | 'officers' | 'limits'
> & { readonly readOwn: () => Promise<OwnKeys>; readonly logOrigin: string; readonly witnesses: number };

export interface ServingOptions {
  readonly config: ServingConfig;
  readonly version: string;
  /** When the gateway began to serve, unix seconds. */
  readonly startedAt: number;
  /** Threads that serve calls, this one included. */
  readonly threads: number;
  readonly shared: Shared;
  readonly pools: Pick<Pools, 'lookups' | 'proofs' | 'watchers'>;
  readonly clock: DatabaseClock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly guarding: Guarding;
  /** The log as this thread reaches it. */
  readonly logged: {
    readonly appender: Appender;
    readonly logId: string;
    readonly heads: Pick<Heads, 'checkpoint' | 'checkpointAt'>;
    /** Resolves when a head that covers all that is committed is kept. */
    readonly keepFirst: () => Promise<void>;
    readonly trouble: () => LogTrouble | undefined;
    /** Unix seconds. */
    readonly tokenFloor: () => number;
    readonly facts: ServerDeps['log'];
  };
  readonly matching: { readonly count: number; readonly open: (at: number) => Thread };
}

export type Serving = Awaited<ReturnType<typeof openServing>>;

export async function openServing(options: ServingOptions) {
  const { config, pools, clock, log, telemetry, guarding, logged, shared, threads } = options;
  const { deployment, keys, limits } = config;
  const { nowMs, nowSeconds } = clock;
  const trust = officersTrust(config);
  const vocabulary = policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION);
  const directory = createDirectory({ pool: pools.watchers, log, officers: trust, nowSeconds });
  await directory.start();
  const policy = await openPolicy({
    ...{ config, trust, vocabulary, log, nowSeconds },
    pool: pools.watchers,
    onFault: telemetry.policyFault,
  });
  const { watch } = policy;
  const callers = inStep(directory, watch);
  // The directory's: agreements are read anew only where they may have changed.
  const book = () => directory.book ?? watch.book;

  const own = createKeyWatch({ opened: config.own, read: config.readOwn, log });
  own.start();
  const { signer } = own;
  const audience = `gateway@${deployment.id}`;
  const faults = callFaults(log, faultFields);
  const lookup = coalesceLookups(
    createLookup({ pool: pools.lookups, keys: { keyId: 'sensitive-1', key: async () => keys.sensitive } }),
  );
  const policyRevision = policy.revision;
  const authenticate = createAuthenticate({ directory: callers, nowSeconds });
  const consents = openConsent({
    ...{ pools, deployment, book, keys, lookup, nowSeconds, appender: logged.appender, iatFloor: logged.tokenFloor },
    ...{ policyData: () => watch.data, keepFirst: logged.keepFirst },
  });
  const stages: Stages = telemetry.stages({
    authenticate,
    verify: createVerifyCall({ audience, nowSeconds, iatFloor: logged.tokenFloor }),
    decide: createDecide({
      decide: (input) => watch.decide(input),
      policyRevision,
      profileVersion: PROFILE_VERSION,
      pathOf,
      isSensitive,
      nowSeconds,
      rateWaitMs: guarding.rateWaitMs,
    }),
    consent: createConsent({ lookup, ...consents, units: guarding.units }),
    fetch: createFetch({ lookup }),
    filter: createFilter({ guard: guarding.guard, nowMs }),
    recorder: createRecord({
      ...{ appender: logged.appender, keys, units: guarding.units, nowMs },
      logTrouble: logged.trouble,
    }),
    takeUp: createTakeUp(directory, watch),
    signer: createSign({ signer, deployment: deployment.id, logRef: logged.appender.logRef, nowSeconds }),
  });
  const refuseCall = createRefuseCall({
    recorder: stages.recorder,
    signer: stages.signer,
    budget: telemetry.budget(
      createSharedRefusalBudget(shared.refusals, {
        nowMs: monotonicMs,
        onSkipped: (count) =>
          log.warn({ count }, 'refusals of unsigned calls beyond the budget were not logged one by one'),
      }),
    ),
    ...faults,
  });
  const jobs = { db: pools.lookups, key: keys.answer };
  const admin = openAdmin({
    ...{ pools, config, trust, vocabulary, lookup, nowSeconds, module: policy.module, policyData: () => watch.data },
    onFailure: (error) => log.error({ task: 'announce', ...faultFields(error) }, 'a task failed'),
  });
  admin.announcer.start();
  const witnesses = createWitnesses({
    ...{ db: pools.proofs, heads: logged.heads, nowSeconds },
    ...{ origin: config.logOrigin, needed: config.witnesses },
  });
  const methods = [
    ...admin.methods,
    ...consents.methods,
    getPerson,
    verifyPerson,
    createStartJob({ key: keys.answer, nowSeconds, mostOpen: limits.jobsPerAgency }),
    createCloseJob({
      ...jobs,
      signer,
      isCompromised: own.isCompromised,
      isHeadLost: own.isHeadLost,
      deployment: deployment.id,
      nowSeconds,
      checkpoint: () => logged.heads.checkpoint(),
      checkpointAt: (size) => logged.heads.checkpointAt(size),
    }),
    createGetJob(jobs),
    createListJobs(jobs),
    createCancelJob(jobs),
    ...citizenView({
      ...{ config, pools, book, lookup, clock, witnesses, heads: logged.heads, tokenFloor: logged.tokenFloor },
    }),
  ];
  const openMethods = methodsWithoutSignature(options, {
    ...{ policy, witnesses, book, keySet: own.keySet, maxChunksInFlight: CHUNKS_IN_FLIGHT },
    profileVersion: PROFILE_VERSION,
  });
  const matching = createChunkThreads({
    count: options.matching.count,
    start: options.matching.open,
    nowMs: () => performance.now(),
  });
  const callTurns = createCallTurns({
    strangers: STRANGERS,
    besideOthers: CALLS_BESIDE_OTHERS,
    nowMs: () => performance.now(),
  });
  const served = {
    unary: createUnaryExchange(stages, new Map(methods.map((method) => [method.path, method])), refuseCall),
    open: createOpenExchange({ authenticate: stages.authenticate, methods: openMethods, ...faults }),
    chunks: createVerifyChunks({
      ...jobs,
      stages,
      verifyChunk: telemetry.verifyChunk(createVerifyChunk({ audience, method: VERIFY_CHUNKS, nowSeconds })),
      aroundChunk: telemetry.aroundChunk,
      threads: matching,
      turns: openTurns({
        matchingThreads: options.matching.count,
        ioThreads: threads,
        perSecond: limits.chunksPerSecond,
        othersCall: callTurns.othersCall,
      }),
      callTurns,
      refuseCall,
      signer,
      deployment: deployment.id,
      audience,
      nowSeconds,
      maxInFlight: CHUNKS_IN_FLIGHT,
      decisionRevision: () => `${policyRevision()}/${callers.revision}`,
    }),
  };
  const most = { ...ADMISSION, ...limits };
  const admission = {
    authenticate,
    refuseCall,
    calls: createSharedCounts(shared.calls, most.callsPerEntity),
    streams: createSharedCounts(shared.streams, most.streamsPerEntity),
    streamMethod: VERIFY_CHUNKS,
    turns: callTurns,
  };
  const ports = telemetry.ports(admit(served, admission), VERIFY_CHUNKS);

  /** The edge, which is to listen at this port; `joining` one that others of these threads listen at. */
  const edgeAt = (port: number, joining: boolean) =>
    createRpcServer({
      address: `${config.listen.host}:${port}`,
      tls: { ca: config.tls.ca, cert: config.tls.certificate, key: config.tls.key },
      limits: { ...limits, ...shareOf(limits, threads) },
      ...ports,
      partyOf: partyOf(callers),
      log,
      sharing: threads === 1 ? 'none' : joining ? 'joining' : 'first',
    });
  let rpc: ReturnType<typeof edgeAt> | undefined;

  return {
    agreements: () => ({ data: watch.data, coming: watch.coming }),
    book,
    ignored: () => ignoredRows({ refused: watch.refused, book: book() }),
    ownKeys: () => ({ version: own.version, refused: own.refused }),
    rules: () => ({ ...policy.bundle.current, refused: policy.bundle.refused !== undefined }),
    usage: () => ({
      callsInFlight: rpc?.running ?? 0,
      lookups: lookup.waiting(),
      edge: rpc?.edge(),
      matchingChunks: matching.usage().chunks,
    }),
    /** Resolves to the port. */
    listen(port: number, joining = false): Promise<number> {
      rpc = edgeAt(port, joining);
      return rpc.start();
    },
    /** Resolves when nothing that began before and tells by one of these scopes is on its way any more. */
    settle: (taken: TakenBack): Promise<void> => consents.flights.settle(taken),
    /** What health says of this thread. */
    setServing: (serves: boolean): void => rpc?.setServing(serves),
    drain: async (graceMs: number): Promise<void> => rpc?.drain(graceMs),
    /** After the last answer. */
    async close(): Promise<void> {
      await admin.announcer.stop();
      await own.stop();
      await policy.stop();
      await directory.stop();
      await matching.close();
    },
  };
}
