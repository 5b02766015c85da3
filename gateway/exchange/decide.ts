import { create } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Revisions } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { RevisionsSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { Basis, Decision, DecisionReason } from '../policy/decision.ts';
import type { PolicyInput } from '../policy/input.ts';
import { CallRefused } from './refused.ts';
import type { Verified } from './verify-call.ts';
import type { Work } from './work.ts';

export interface DecideDeps {
  readonly decide: (input: PolicyInput) => Decision;
  /** Revision of the policy bundle in force. */
  readonly policyRevision: () => string;
  readonly profileVersion: string;
  /** Path of a field id, for what people read. */
  readonly pathOf: (id: number) => string;
  /** Whether a field is of class sensitive. */
  readonly isSensitive: (id: number) => boolean;
  readonly nowSeconds: () => number;
  /** Milliseconds that an agency must wait for its next call for a purpose, of which it has so many a minute; undefined where it need not. */
  readonly rateWaitMs?: (agency: string, purpose: string, most: number | undefined) => number | undefined;
}

/** Stage 3: the policy allows it, field by field. */
class DecidedCall {
  readonly #stage = 'decided';
  readonly verified: Verified;
  readonly work: Work;
  readonly decision: Decision;
  readonly revisions: Revisions;
  /** When it was decided, unix seconds: a stream's opening is decided again after a second. */
  readonly at: number;
  /** Whether the answer may only leave encrypted: the value of a sensitive field is granted, whether or not there is one. */
  readonly encrypted: boolean;

  constructor(
    verified: Verified,
    work: Work,
    decision: Decision,
    revisions: Revisions,
    { at, encrypted }: { at: number; encrypted: boolean },
  ) {
    this.verified = verified;
    this.work = work;
    this.decision = decision;
    this.revisions = revisions;
    this.at = at;
    this.encrypted = encrypted;
  }

  get stage(): string {
    return this.#stage;
  }

  /** Ids granted for a use, ascending. */
  granted(use: 'release' | 'match'): number[] {
    return this.decision.fields.filter((field) => field.use === use).map((field) => field.id);
  }

  /** The bases of the fields that were granted. */
  get bases(): ReadonlySet<Basis> {
    return new Set(this.decision.fields.map((field) => field.basis));
  }
}
export type Decided = DecidedCall;

const REASONS = {
  REQUEST_INVALID: ErrorReason.BAD_REQUEST,
  AGENCY_NOT_ACTIVE: ErrorReason.REVOKED,
  LEGAL_ENTITY_MISMATCH: ErrorReason.NOT_AGREED,
  NO_AGREEMENT: ErrorReason.NOT_AGREED,
  AGREEMENT_NOT_IN_FORCE: ErrorReason.NOT_AGREED,
  METHOD_NOT_AGREED: ErrorReason.NOT_AGREED,
  CONTEXT_MISSING: ErrorReason.CONTEXT_MISSING,
  FIELD_NOT_GRANTED: ErrorReason.FIELD_NOT_GRANTED,
  POLICY_UNAVAILABLE: ErrorReason.POLICY_UNAVAILABLE,
} as const satisfies Record<Exclude<DecisionReason, 'OK'>, ErrorReason>;

/** Asks the policy once for the whole call. Time comes in from outside: the policy has no clock. */
export function createDecide(deps: DecideDeps) {
  return (verified: Verified, work: Work): Decided => {
    const { caller } = verified.authenticated;
    const { context, release, match, allowPartial } = work.asked;
    const at = deps.nowSeconds();
    const decision = deps.decide({
      now: Math.floor(at),
      caller: { agency: caller.agency, legal_entity: caller.legalEntity, certificate: caller.certificate },
      context: {
        purpose: context.purpose,
        service_code: context.serviceCode,
        unit_code: context.unitCode,
        officer_code: context.officerCode,
        case_ref: context.caseRef,
      },
      method: verified.method,
      release,
      match,
      allow_partial: allowPartial,
    });
    if (!decision.allow || decision.reason !== 'OK') {
      const reason = decision.reason === 'OK' ? ErrorReason.POLICY_UNAVAILABLE : REASONS[decision.reason];
      const violations = [
        ...decision.refused.map((field) => ({ field: deps.pathOf(field.id), rule: 'NOT_GRANTED' as const })),
        ...decision.missing_context.map((name) => ({ field: `context.${name}`, rule: 'REQUIRED' as const })),
      ];
      throw new CallRefused(reason, violations.length > 0 ? { violations } : {}, decision);
    }
    const sensitive = decision.fields.filter(({ id, use }) => use === 'release' && deps.isSensitive(id));
    if (sensitive.length > 0 && caller.encryptionKey === undefined) {
      // Before anything is read. Also with allow_partial: what is trimmed is the policy's, and this can be mended by the caller.
      const violations = sensitive.map(({ id }) => ({ field: deps.pathOf(id), rule: 'ONLY_ENCRYPTED' as const }));
      throw new CallRefused(ErrorReason.ENCRYPTION_KEY_MISSING, { violations }, decision);
    }
    const looksUp = work.wanted.kind === 'rows' || work.wanted.kind === 'person';
    const { calls_per_minute: rate } = decision.limits;
    const spare = looksUp ? 0 : work.spare;
    const retryAfterMs =
      spare === undefined || rate === undefined
        ? undefined
        : deps.rateWaitMs?.(caller.agency, context.purpose, rate + spare);
    if (retryAfterMs !== undefined) {
      throw new CallRefused(ErrorReason.LIMITED, { limits: ['RATE'], retryAfterMs }, decision);
    }
    const { id, version } = decision.agreement;
    const revisions = create(RevisionsSchema, {
      policy: deps.policyRevision(),
      agreement: `${id}:${version}`,
      change: verified.authenticated.changeRevision,
      profile: deps.profileVersion,
    });
    return new DecidedCall(verified, work, decision, revisions, { at, encrypted: sensitive.length > 0 });
  };
}
