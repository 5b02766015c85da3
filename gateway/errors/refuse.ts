import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type Any, anyPack } from '@bufbuild/protobuf/wkt';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  QuotaFailureSchema,
  RequestInfoSchema,
  RetryInfoSchema,
} from '../../proto/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '../../proto/gen/google/rpc/status_pb.js';
import { SignatureHelpSchema } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { Refusal } from '../exchange/ports.ts';
import type { ClaimName } from '../signing/token-types.ts';
import { CATALOGUE, type ReasonRow, reasonName, type SentReason } from './catalogue.ts';
import { ERROR_DOMAIN, GRPC_CODES } from './codes.ts';
import { jobStateName } from './job-state.ts';
import { isRequestId } from './request-id.ts';
import { FIELD_RULES, LIMITS, type Limit } from './rules.ts';
import { isNameable, UNNAMED_FIELD, type Violation } from './violations.ts';

/** What a refusal tells besides its reason. Whatever is given is sent; values of people have no place in it. */
export interface RefusalFacts {
  /** Left out where it has not a request id's form (8 to 64 of `[A-Za-z0-9._-]`). */
  readonly requestId?: string | undefined;
  readonly violations?: readonly Violation[] | undefined;
  /** Least time to wait, milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly limits?: readonly Limit[] | undefined;
  /** State of the job, for JOB_STATE. */
  readonly jobState?: JobState | undefined;
  /** The claim of the token that is wrong; undefined where none is to blame alone. */
  readonly claim?: ClaimName | undefined;
  /** For DIGEST_MISMATCH (digest base64url, length in bytes) and CLOCK (unix seconds). */
  readonly help?: { receivedDigest?: string; receivedBytes?: number; serverTime?: number } | undefined;
}

/**
 * Bytes of violations that one refusal carries: the details travel in a header, base64, and common clients take 8 KiB of
 * headers. Those left out are counted in ErrorInfo's metadata `violations_omitted`.
 */
const VIOLATION_BYTES = 3800;

/**
 * Makes the refusal for a reason: canonical code, English message, and google.rpc.Status with ErrorInfo, LocalizedMessage
 * (vi, en) and whatever the facts ask for. The caller signs `details` where the caller of the call is known.
 */
export function refuse(reason: SentReason, facts: RefusalFacts = {}): Refusal {
  const row = CATALOGUE[reason];
  const code = GRPC_CODES[row.code];
  const message = sentence(row, 'en');
  const status = create(StatusSchema, { code, message, details: detailsOf(reason, row, facts) });
  return { code, message, details: toBinary(StatusSchema, status), reason };
}

function sentence(row: ReasonRow, locale: 'vi' | 'en'): string {
  return locale === 'vi' ? `${row.vi} ${row.nextVi}` : `${row.en} ${row.nextEn}`;
}

function detailsOf(reason: SentReason, row: ReasonRow, facts: RefusalFacts): Any[] {
  const { shown, omitted } = cutToFit(facts.violations ?? []);
  const metadata: Record<string, string> = {};
  if (facts.jobState !== undefined) metadata.state = jobStateName(facts.jobState);
  if (facts.claim !== undefined) metadata.claim = facts.claim;
  if (omitted > 0) metadata.violations_omitted = String(omitted);
  const details = [
    pack(ErrorInfoSchema, { reason: reasonName(reason), domain: ERROR_DOMAIN, metadata }),
    pack(LocalizedMessageSchema, { locale: 'vi', message: sentence(row, 'vi') }),
    pack(LocalizedMessageSchema, { locale: 'en', message: sentence(row, 'en') }),
  ];
  if (facts.requestId !== undefined && isRequestId(facts.requestId)) {
    details.push(pack(RequestInfoSchema, { requestId: facts.requestId }));
  }
  if (shown.length > 0) details.push(pack(BadRequestSchema, { fieldViolations: shown }));
  if (facts.limits !== undefined && facts.limits.length > 0) {
    const violations = facts.limits.map((limit) => ({ subject: limit, description: LIMITS[limit].en }));
    details.push(pack(QuotaFailureSchema, { violations }));
  }
  if (facts.retryAfterMs !== undefined)
    details.push(pack(RetryInfoSchema, { retryDelay: duration(facts.retryAfterMs) }));
  if (facts.help !== undefined) {
    const { receivedDigest, receivedBytes, serverTime } = facts.help;
    details.push(
      pack(SignatureHelpSchema, {
        ...(receivedDigest !== undefined && DIGEST.test(receivedDigest) && { receivedDigest }),
        ...(receivedBytes !== undefined && { receivedBytes: BigInt(receivedBytes) }),
        ...(serverTime !== undefined && { serverTime: BigInt(Math.floor(serverTime)) }),
      }),
    );
  }
  return details;
}

const DIGEST = /^[A-Za-z0-9_-]{43}$/;

function pack<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): Any {
  return anyPack(schema, create(schema, init));
}

function cutToFit(violations: readonly Violation[]) {
  const shown: { field: string; description: string }[] = [];
  let bytes = 0;
  for (const { field, rule } of violations) {
    const named = isNameable(field) ? field : UNNAMED_FIELD;
    const description = `${rule}: ${FIELD_RULES[rule].en}`;
    bytes += named.length + description.length + 8;
    if (bytes > VIOLATION_BYTES) break;
    shown.push({ field: named, description });
  }
  return { shown, omitted: violations.length - shown.length };
}

function duration(ms: number): { seconds: bigint; nanos: number } {
  const whole = Math.max(0, Math.ceil(ms));
  return { seconds: BigInt(Math.floor(whole / 1000)), nanos: (whole % 1000) * 1_000_000 };
}
