/** The answer of the policy, as a closed shape: whatever does not fit it exactly is no answer, and no answer denies. */

export const USES = ['aggregate', 'match', 'release'] as const;
export const BASES = ['agreement', 'consent', 'emergency', 'statute'] as const;
export const GRANTS = [
  'field_results',
  'score_band',
  'exact_score',
  'reasons',
  'notices',
  'existence',
  'current_id',
] as const;
export const STRICTNESS = ['exact', 'standard', 'review'] as const;
/** Demands of an agreement on the request context. */
export const DEMANDS = ['service_code', 'unit_code', 'officer_code', 'case_ref'] as const;
/** What the gateway must still do before anything leaves. */
export const OBLIGATIONS = ['CHECK_CONSENT', 'RECORD_TRIMMING', 'REPORT_EMERGENCY'] as const;
/** Limits an agreement may state; the first two it must. Whole numbers, 0 means none allowed. */
export const LIMITS = [
  'rows_per_job',
  'rows_per_day',
  'calls_per_minute',
  'subjects_per_day',
  'wrong_values_per_field',
  'wrong_numbers_per_name',
] as const;
/** Bounds of the guessing guard, 3 to 200: a limit of none would be a purpose of none, and below three a slip of the pen would use it up. */
export const GUESS_LIMITS = ['wrong_values_per_field', 'wrong_numbers_per_name'] as const;
export const REFUSED_FIELD_REASONS = ['FIELD_UNKNOWN', 'FIELD_NOT_IN_AGREEMENT', 'USE_NOT_IN_AGREEMENT'] as const;

/** Why a call is allowed (OK) or not. The last one is the host's own: the policy could not be asked or did not answer. */
export const DECISION_REASONS = [
  'OK',
  'REQUEST_INVALID',
  'AGENCY_NOT_ACTIVE',
  'LEGAL_ENTITY_MISMATCH',
  'NO_AGREEMENT',
  'AGREEMENT_NOT_IN_FORCE',
  'METHOD_NOT_AGREED',
  'CONTEXT_MISSING',
  'FIELD_NOT_GRANTED',
  'POLICY_UNAVAILABLE',
] as const;

export type Use = (typeof USES)[number];
export type Basis = (typeof BASES)[number];
export type Grant = (typeof GRANTS)[number];
export type Strictness = (typeof STRICTNESS)[number];
export type Demand = (typeof DEMANDS)[number];
export type Obligation = (typeof OBLIGATIONS)[number];
export type Limit = (typeof LIMITS)[number];
export type DecisionReason = (typeof DECISION_REASONS)[number];
export type RefusedFieldReason = (typeof REFUSED_FIELD_REASONS)[number];
export type Grants = Readonly<Record<Grant, boolean>>;
export type Limits = Readonly<Partial<Record<Limit, number>>>;

export interface GrantedField {
  readonly id: number;
  readonly use: Use;
  readonly basis: Basis;
}

export interface RefusedField {
  readonly id: number;
  readonly use: Use;
  readonly reason: RefusedFieldReason;
}

export interface Decision {
  readonly allow: boolean;
  readonly reason: DecisionReason;
  /** What may be used, by use and then id; empty when denied. */
  readonly fields: readonly GrantedField[];
  /** What was asked and is not granted: the cause of a refusal, or with `allow_partial` what was trimmed. */
  readonly refused: readonly RefusedField[];
  readonly missing_context: readonly Demand[];
  readonly grants: Grants;
  readonly limits: Limits;
  readonly strictness: Strictness;
  /** The agreement judged, also where it refused; version 0 and an empty id where there is none. */
  readonly agreement: { readonly id: string; readonly version: number };
  readonly obligations: readonly Obligation[];
}

const NO_GRANTS: Grants = Object.freeze(
  Object.fromEntries(GRANTS.map((name) => [name, false])) as Record<Grant, boolean>,
);

/** A denial the host itself pronounces: nothing granted, nothing told. */
export function denied(reason: Exclude<DecisionReason, 'OK'>): Decision {
  return {
    allow: false,
    reason,
    fields: [],
    refused: [],
    missing_context: [],
    grants: NO_GRANTS,
    limits: {},
    strictness: 'exact',
    agreement: { id: '', version: 0 },
    obligations: [],
  };
}
