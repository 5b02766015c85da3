import { type ActBook, endingKeys } from '../acts/book.ts';
import { changedLimitMessages, limitsNow } from '../acts/limits.ts';
import { createAuditMethods } from '../audit/audit-methods.ts';
import type { Witnesses } from '../audit/witnesses.ts';
import { ADMISSION } from '../exchange/admission.ts';
import type { OpenMethod } from '../exchange/open-exchange.ts';
import { VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { CHUNK_ROWS } from '../jobs/start-job.ts';
import { CHUNKS_PER_SECOND } from '../jobs/turns.ts';
import { DEFAULT_LIMITS } from '../rpc/limits.ts';
import { createServerMethods, type ServerDeps } from '../server/server-methods.ts';
import { explainer } from './explainer.ts';
import type { openPolicy } from './open-policy.ts';
import type { ServingOptions } from './open-serving.ts';

/** What needs a known certificate and no signature: what the gateway says of itself, and the log's proofs. */
export function methodsWithoutSignature(
  { config, version, startedAt, pools, clock, guarding, logged }: ServingOptions,
  made: {
    readonly policy: Pick<Awaited<ReturnType<typeof openPolicy>>, 'watch' | 'revision'>;
    readonly witnesses: Witnesses;
    readonly book: () => ActBook;
    readonly keySet: ServerDeps['keySet'];
    readonly profileVersion: string;
    readonly maxChunksInFlight: number;
  },
): readonly OpenMethod[] {
  const { deployment, limits, logOrigin } = config;
  const { watch, revision } = made.policy;
  const { nowSeconds } = clock;
  return [
    ...createServerMethods({
      facts: {
        ...{ deployment: deployment.id, development: deployment.kind === 'development', version, startedAt },
        ...{ vocabularyVersion: VOCABULARY_VERSION, profileVersion: made.profileVersion },
        ...{ logId: logged.logId, logOrigin },
        ...{ maxChunkRows: CHUNK_ROWS.most, maxChunksInFlight: made.maxChunksInFlight },
        transport: { ...DEFAULT_LIMITS, ...ADMISSION, chunksPerSecond: CHUNKS_PER_SECOND, ...limits },
      },
      policyRevision: revision,
      nowSeconds,
      log: logged.facts,
      quotasOf: guarding.quotasOf,
      agreementsOf(agency) {
        const { data, book } = watch;
        const now = nowSeconds();
        return Object.values(data.agreements[agency] ?? {}).map((one) => ({
          ...{ ...one, limits: limitsNow(book, one, now) },
          changedLimits: changedLimitMessages(book, one, now),
        }));
      },
      keysOf: (agency) => endingKeys(made.book(), agency),
      ...explainer(watch.decide, nowSeconds),
      keySet: made.keySet,
    }),
    ...createAuditMethods({ db: pools.proofs, heads: logged.heads, witnesses: made.witnesses }),
  ];
}
