/** What a client must know before it can sign: who the gateway is, and its keys. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  GetKeySetRequestSchema,
  GetKeySetResponseSchema,
  GetServerInfoRequestSchema,
  GetServerInfoResponseSchema,
  type OwnAgreementSchema,
  type OwnQuotaSchema,
} from '../../proto/gen/lienthong/server/v1/server_pb.js';
import type { ChangedLimitSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { DEFAULT_BOUNDS } from '../exchange/guard-port.ts';
import type { QuotaState } from '../exchange/log-port.ts';
import type { OpenMethod } from '../exchange/open-exchange.ts';
import { LARGEST_REQUEST } from '../exchange/pipeline.ts';
import { decodeRequest, encodeMessage } from '../exchange/request.ts';
import { MOST_PATHS } from '../fields/mask.ts';
import { MAX_AGE_SECONDS, MAX_AHEAD_SECONDS } from '../signing/freshness.ts';
import { endingOf } from './ending.ts';
import { createExplain, type ExplainDeps, type ExplainedAgreement } from './explain.ts';

const SERVICE = '/lienthong.server.v1.ServerService';

/** The facts of a deployment that do not change while it runs. */
export interface ServerFacts {
  readonly deployment: string;
  readonly version: string;
  readonly vocabularyVersion: number;
  readonly profileVersion: string;
  readonly logId: string;
  readonly logOrigin: string;
  readonly development: boolean;
  readonly maxChunkRows: number;
  readonly maxChunksInFlight: number;
  /** When it began to serve, unix seconds. */
  readonly startedAt: number;
  /** What the edge takes; the rest of the limits are this gateway's version's. */
  readonly transport: {
    readonly receiveBytes: number;
    readonly concurrentStreams: number;
    readonly connectionAgeMs: number;
    readonly connectionsPerEntity: number;
    readonly streamsPerEntity: number;
    readonly chunksPerSecond: number;
    readonly heldBytesPerEntity: number;
  };
}

/** The part of an agreement that its agency is told. */
export interface AgreementTerms {
  readonly id: string;
  readonly version: number;
  readonly purpose: string;
  /** Unix seconds. */
  readonly valid_from: number;
  readonly valid_to: number;
  readonly methods: readonly string[];
  readonly limits: {
    readonly rows_per_job: number;
    readonly rows_per_day: number;
    readonly wrong_values_per_field?: number;
    readonly wrong_numbers_per_name?: number;
  };
  /** Those of them that are not as the agreement says. */
  readonly changedLimits: readonly MessageInitShape<typeof ChangedLimitSchema>[];
}

/** Oldest client kit whose messages, signatures and receipts this gateway serves. */
const MIN_CLIENT_VERSION = '0.1.0';

export interface ServerDeps extends Omit<ExplainDeps, 'agreementsOf'> {
  readonly facts: ServerFacts;
  readonly policyRevision: () => string;
  readonly nowSeconds: () => number;
  readonly log: () => {
    readonly size: number;
    /** Unix seconds; undefined where no head was kept since the start. */
    readonly headKeptAt: number | undefined;
  };
  /** The agreements of one agency. */
  readonly agreementsOf: (agency: string) => readonly (AgreementTerms & ExplainedAgreement)[];
  /** How the limits of an agency's agreements stand; undefined where that cannot be read. */
  readonly quotasOf: (
    agency: string,
    terms: readonly AgreementTerms[],
  ) => Promise<readonly (readonly QuotaState[])[] | undefined>;
  /** Keys of one agency that end by themselves. */
  readonly keysOf: (agency: string) => readonly { readonly kid: string; readonly until: number }[];
  readonly keySet: () => Promise<{ readonly payload: Uint8Array; readonly jws: string }>;
}

export function createServerMethods(deps: ServerDeps): readonly OpenMethod[] {
  const { facts, policyRevision, nowSeconds, keySet } = deps;
  const { transport, ...stated } = facts;
  const limits = {
    maxMessageBytes: BigInt(transport.receiveBytes),
    maxUnaryBytes: BigInt(LARGEST_REQUEST),
    maxConcurrentStreams: transport.concurrentStreams,
    connectionAgeSeconds: Math.floor(transport.connectionAgeMs / 1000),
    signatureAgeSeconds: MAX_AGE_SECONDS,
    signatureAheadSeconds: MAX_AHEAD_SECONDS,
    maxConnections: transport.connectionsPerEntity,
    maxStreams: transport.streamsPerEntity,
    chunksPerSecond: transport.chunksPerSecond,
    maxHeldBytes: BigInt(transport.heldBytesPerEntity),
    maxMaskPaths: MOST_PATHS,
  };
  return [
    {
      path: `${SERVICE}/GetServerInfo`,
      async answer(caller, message, peer) {
        decodeRequest(GetServerInfoRequestSchema, message);
        const { size, headKeptAt } = deps.log();
        const terms = deps.agreementsOf(caller.agency);
        const quotas = await deps.quotasOf(caller.agency, terms);
        return encodeMessage(GetServerInfoResponseSchema, {
          ...stated,
          limits,
          startedAt: BigInt(facts.startedAt),
          minClientVersion: MIN_CLIENT_VERSION,
          logSize: BigInt(size),
          logHeadKeptAt: BigInt(Math.floor(headKeptAt ?? 0)),
          certificateNotAfter: BigInt(peer.notAfter),
          agreements: terms.map((one, i) => termsOf(one, quotas?.[i])),
          serverTime: BigInt(Math.floor(nowSeconds())),
          policyRevision: policyRevision(),
          agency: caller.agency,
          ending: endingOf(
            { agreements: terms, keys: deps.keysOf(caller.agency), certificate: peer.notAfter },
            nowSeconds(),
          ),
        });
      },
    },
    createExplain(deps),
    {
      path: `${SERVICE}/GetKeySet`,
      async answer(_caller, message) {
        decodeRequest(GetKeySetRequestSchema, message);
        return encodeMessage(GetKeySetResponseSchema, await keySet());
      },
    },
  ];
}

function termsOf(
  { id, version, purpose, methods, limits, changedLimits, ...term }: AgreementTerms,
  quotas: readonly QuotaState[] | undefined,
): MessageInitShape<typeof OwnAgreementSchema> {
  return {
    ...{ id, version, purpose, methods: [...methods] },
    validFrom: BigInt(term.valid_from),
    validTo: BigInt(term.valid_to),
    rowsPerJob: BigInt(limits.rows_per_job),
    rowsPerDay: BigInt(limits.rows_per_day),
    quotas: quotas?.map(toQuota) ?? [],
    quotasUnknown: quotas === undefined,
    wrongValuesPerField: limits.wrong_values_per_field ?? DEFAULT_BOUNDS.perField,
    wrongNumbersPerName: limits.wrong_numbers_per_name ?? DEFAULT_BOUNDS.perName,
    changedLimits: [...changedLimits],
  };
}

function toQuota({ limit, most, used, resetAt }: QuotaState): MessageInitShape<typeof OwnQuotaSchema> {
  return { limit, most: BigInt(most), used: BigInt(used), resetsAt: BigInt(Math.ceil(resetAt)) };
}
