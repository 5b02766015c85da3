/** A decision as the log keeps it: a message of the contract. Each closed set has its table, so that a new member does not compile without its number. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  Strictness as Closeness,
  DecisionSchema,
  Obligation as Duty,
  FieldBasis,
  FieldUse,
  DecisionReason as Reason,
  RefusedFieldReason as Refusal,
} from '../../proto/gen/lienthong/audit/v1/decision_pb.js';
import {
  type Basis,
  DEMANDS,
  type Decision,
  type DecisionReason,
  type Limit,
  type Limits,
  type Obligation,
  type RefusedFieldReason,
  type Strictness,
  type Use,
} from '../policy/decision.ts';

const REASONS = {
  OK: Reason.OK,
  REQUEST_INVALID: Reason.REQUEST_INVALID,
  AGENCY_NOT_ACTIVE: Reason.AGENCY_NOT_ACTIVE,
  LEGAL_ENTITY_MISMATCH: Reason.LEGAL_ENTITY_MISMATCH,
  NO_AGREEMENT: Reason.NO_AGREEMENT,
  AGREEMENT_NOT_IN_FORCE: Reason.AGREEMENT_NOT_IN_FORCE,
  METHOD_NOT_AGREED: Reason.METHOD_NOT_AGREED,
  CONTEXT_MISSING: Reason.CONTEXT_MISSING,
  FIELD_NOT_GRANTED: Reason.FIELD_NOT_GRANTED,
  POLICY_UNAVAILABLE: Reason.POLICY_UNAVAILABLE,
} as const satisfies Record<DecisionReason, Reason>;

const USES = {
  aggregate: FieldUse.AGGREGATE,
  match: FieldUse.MATCH,
  release: FieldUse.RELEASE,
} as const satisfies Record<Use, FieldUse>;

const BASES = {
  agreement: FieldBasis.AGREEMENT,
  consent: FieldBasis.CONSENT,
  emergency: FieldBasis.EMERGENCY,
  statute: FieldBasis.STATUTE,
} as const satisfies Record<Basis, FieldBasis>;

const REFUSALS = {
  FIELD_UNKNOWN: Refusal.FIELD_UNKNOWN,
  FIELD_NOT_IN_AGREEMENT: Refusal.FIELD_NOT_IN_AGREEMENT,
  USE_NOT_IN_AGREEMENT: Refusal.USE_NOT_IN_AGREEMENT,
} as const satisfies Record<RefusedFieldReason, Refusal>;

const CLOSENESS = {
  exact: Closeness.EXACT,
  standard: Closeness.STANDARD,
  review: Closeness.REVIEW,
} as const satisfies Record<Strictness, Closeness>;

const DUTIES = {
  CHECK_CONSENT: Duty.CHECK_CONSENT,
  RECORD_TRIMMING: Duty.RECORD_TRIMMING,
  REPORT_EMERGENCY: Duty.REPORT_EMERGENCY,
} as const satisfies Record<Obligation, Duty>;

const LIMIT_MEMBERS = {
  rows_per_job: 'rowsPerJob',
  rows_per_day: 'rowsPerDay',
  calls_per_minute: 'callsPerMinute',
  subjects_per_day: 'subjectsPerDay',
  wrong_values_per_field: 'wrongValuesPerField',
  wrong_numbers_per_name: 'wrongNumbersPerName',
} as const satisfies Record<Limit, string>;

/** A serialised `lienthong.audit.v1.Decision`. */
export function writeDecision(decision: Decision): Uint8Array {
  const { fields, refused, grants, limits, agreement } = decision;
  const message = create(DecisionSchema, {
    allow: decision.allow,
    reason: REASONS[decision.reason],
    fields: fields.map(({ id, use, basis }) => ({ id, use: USES[use], basis: BASES[basis] })),
    refused: refused.map(({ id, use, reason }) => ({ id, use: USES[use], reason: REFUSALS[reason] })),
    missingContext: [...decision.missing_context],
    grants: {
      fieldResults: grants.field_results,
      scoreBand: grants.score_band,
      exactScore: grants.exact_score,
      reasons: grants.reasons,
      notices: grants.notices,
      existence: grants.existence,
      currentId: grants.current_id,
    },
    limits: Object.fromEntries(
      Object.entries(limits).map(([name, limit]) => [LIMIT_MEMBERS[name as Limit], BigInt(limit)]),
    ),
    strictness: CLOSENESS[decision.strictness],
    agreementId: agreement.id,
    agreementVersion: BigInt(agreement.version),
    obligations: decision.obligations.map((duty) => DUTIES[duty]),
  });
  return toBinary(DecisionSchema, message);
}

/** @throws where the bytes are no decision, or say what no decision of this version says. */
export function readDecision(bytes: Uint8Array): Decision {
  const message = fromBinary(DecisionSchema, bytes);
  const { grants } = message;
  if (grants === undefined) throw new RangeError('a decision without grants');
  const limits: Partial<Record<Limit, number>> = {};
  for (const [name, member] of Object.entries(LIMIT_MEMBERS)) {
    const limit = message.limits?.[member];
    if (limit !== undefined) limits[name as Limit] = Number(limit);
  }
  return {
    allow: message.allow,
    reason: nameIn(REASONS, message.reason),
    fields: message.fields.map(({ id, use, basis }) => ({ id, use: nameIn(USES, use), basis: nameIn(BASES, basis) })),
    refused: message.refused.map(({ id, use, reason }) => ({
      id,
      use: nameIn(USES, use),
      reason: nameIn(REFUSALS, reason),
    })),
    missing_context: message.missingContext.map((name) => known(DEMANDS.find((demand) => demand === name))),
    grants: {
      field_results: grants.fieldResults,
      score_band: grants.scoreBand,
      exact_score: grants.exactScore,
      reasons: grants.reasons,
      notices: grants.notices,
      existence: grants.existence,
      current_id: grants.currentId,
    },
    limits: limits satisfies Limits,
    strictness: nameIn(CLOSENESS, message.strictness),
    agreement: { id: message.agreementId, version: Number(message.agreementVersion) },
    obligations: message.obligations.map((duty) => nameIn(DUTIES, duty)),
  };
}

function nameIn<Name extends string>(table: Readonly<Record<Name, number>>, value: number): Name {
  return known((Object.keys(table) as Name[]).find((name) => table[name] === value));
}

function known<T>(name: T | undefined): T {
  if (name === undefined) throw new RangeError('a member that no decision of this version has');
  return name;
}
