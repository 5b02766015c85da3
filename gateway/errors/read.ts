import { fromBinary } from '@bufbuild/protobuf';
import { type Any, anyUnpack, type Duration } from '@bufbuild/protobuf/wkt';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  QuotaFailureSchema,
  RequestInfoSchema,
  RetryInfoSchema,
} from '../../proto/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '../../proto/gen/google/rpc/status_pb.js';
import { ErrorReason, SignatureHelpSchema } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { ERROR_DOMAIN } from './codes.ts';
import { type FieldRule, isFieldRule, isLimit, type Limit } from './rules.ts';

/** A refusal as a client reads it. Parts that were not sent are undefined or empty. */
export interface ReadRefusal {
  /** Canonical gRPC code. */
  readonly code: number;
  /** UNSPECIFIED where the server is newer than this client and sends a reason unknown here; see `reasonName`. */
  readonly reason: ErrorReason;
  /** As sent. Example: `FIELD_NOT_GRANTED`. */
  readonly reasonName: string;
  readonly sentences: { readonly vi: string; readonly en: string };
  /** `rule` is undefined where this client does not know it; `description` is then all there is. */
  readonly violations: readonly { field: string; rule: FieldRule | undefined; description: string }[];
  readonly limits: readonly Limit[];
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** State of the job, with JOB_STATE. Example: `PAUSED`. */
  readonly jobState: string | undefined;
  /** The claim of the token that is wrong, where one alone is to blame. Example: `num`. */
  readonly claim: string | undefined;
  readonly help: { receivedDigest: string; receivedBytes: number; serverTime: number } | undefined;
}

/**
 * Reads the bytes of `grpc-status-details-bin`. Undefined where there are none, where they do not decode, or where they are not
 * of this domain: then the call failed on its way and the gateway has said nothing. Never throws.
 */
export function readRefusal(code: number, details: Uint8Array | undefined): ReadRefusal | undefined {
  if (details === undefined) return undefined;
  try {
    return read(code, fromBinary(StatusSchema, details).details);
  } catch {
    return undefined;
  }
}

function read(code: number, details: readonly Any[]): ReadRefusal | undefined {
  const info = first(details, (any) => anyUnpack(any, ErrorInfoSchema));
  if (info === undefined || info.domain !== ERROR_DOMAIN) return undefined;
  const messages = details.flatMap((any) => anyUnpack(any, LocalizedMessageSchema) ?? []);
  const say = (locale: string) => messages.find((message) => message.locale === locale)?.message ?? '';
  const help = first(details, (any) => anyUnpack(any, SignatureHelpSchema));
  const retry = first(details, (any) => anyUnpack(any, RetryInfoSchema))?.retryDelay;
  return {
    code,
    reason: reasonOf(info.reason),
    reasonName: info.reason,
    sentences: { vi: say('vi'), en: say('en') },
    violations: (first(details, (any) => anyUnpack(any, BadRequestSchema))?.fieldViolations ?? []).map((violation) => ({
      field: violation.field,
      rule: ruleOf(violation.description),
      description: violation.description,
    })),
    limits: (first(details, (any) => anyUnpack(any, QuotaFailureSchema))?.violations ?? [])
      .map((violation) => violation.subject)
      .filter(isLimit),
    requestId: first(details, (any) => anyUnpack(any, RequestInfoSchema))?.requestId,
    retryAfterMs: retry === undefined ? undefined : milliseconds(retry),
    jobState: info.metadata.state,
    claim: info.metadata.claim,
    help: help && {
      receivedDigest: help.receivedDigest,
      receivedBytes: Number(help.receivedBytes),
      serverTime: Number(help.serverTime),
    },
  };
}

function first<T>(details: readonly Any[], unpack: (any: Any) => T | undefined): T | undefined {
  for (const any of details) {
    const found = unpack(any);
    if (found !== undefined) return found;
  }
  return undefined;
}

function reasonOf(name: string): ErrorReason {
  const known: unknown = Object.hasOwn(ErrorReason, name) ? ErrorReason[name as keyof typeof ErrorReason] : undefined;
  return typeof known === 'number' ? known : ErrorReason.UNSPECIFIED;
}

function ruleOf(description: string): FieldRule | undefined {
  const name = description.slice(0, Math.max(0, description.indexOf(':')));
  return isFieldRule(name) ? name : undefined;
}

function milliseconds(delay: Duration): number {
  return Number(delay.seconds) * 1000 + Math.ceil(delay.nanos / 1_000_000);
}
