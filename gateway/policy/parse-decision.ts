/** Reads the engine's result set into a {@link Decision}; anything but exactly one well-formed decision is undefined. */
import {
  BASES,
  DECISION_REASONS,
  DEMANDS,
  type Decision,
  GRANTS,
  LIMITS,
  OBLIGATIONS,
  REFUSED_FIELD_REASONS,
  STRICTNESS,
  USES,
  type Use,
} from './decision.ts';
import { hasExactly, isOneOf, isRecord, isSafeCount } from './shape.ts';

const MEMBERS = [
  'allow',
  'reason',
  'fields',
  'refused',
  'missing_context',
  'grants',
  'limits',
  'strictness',
  'agreement',
  'obligations',
] as const;

/**
 * @param resultSet what the engine returned: `[{ result }]` where the policy answered, `[]` where it is undefined.
 * @param asked the field ids of the request, by use: a decision about any other field is not a decision about this call.
 */
export function parseDecision(
  resultSet: unknown,
  asked: { readonly release: readonly number[]; readonly match: readonly number[] },
): Decision | undefined {
  if (!Array.isArray(resultSet) || resultSet.length !== 1) return undefined;
  const only: unknown = resultSet[0];
  if (!isRecord(only) || !hasExactly(only, ['result'])) return undefined;
  const { result } = only;
  if (!isRecord(result) || !hasExactly(result, MEMBERS) || !isDecision(result)) return undefined;
  return isCoherent(result, asked) ? result : undefined;
}

function isDecision(value: Record<string, unknown>): value is Record<string, unknown> & Decision {
  return (
    typeof value.allow === 'boolean' &&
    isOneOf(DECISION_REASONS, value.reason) &&
    isListOf(value.fields, (field) => isUse(field, 'basis') && isOneOf(BASES, field.basis)) &&
    isListOf(value.refused, (field) => isUse(field, 'reason') && isOneOf(REFUSED_FIELD_REASONS, field.reason)) &&
    isSetOf(DEMANDS, value.missing_context) &&
    isRecord(value.grants) &&
    hasExactly(value.grants, GRANTS) &&
    Object.values(value.grants).every((grant) => typeof grant === 'boolean') &&
    isRecord(value.limits) &&
    Object.entries(value.limits).every(([name, limit]) => isOneOf(LIMITS, name) && isSafeCount(limit)) &&
    isOneOf(STRICTNESS, value.strictness) &&
    isRecord(value.agreement) &&
    hasExactly(value.agreement, ['id', 'version']) &&
    typeof value.agreement.id === 'string' &&
    isSafeCount(value.agreement.version) &&
    isSetOf(OBLIGATIONS, value.obligations)
  );
}

/** An answer that contradicts itself, or speaks of what was not asked, is worth no more than none. */
function isCoherent(
  decision: Decision,
  asked: { readonly release: readonly number[]; readonly match: readonly number[] },
): boolean {
  const { allow, fields, refused } = decision;
  if (allow !== (decision.reason === 'OK')) return false;
  if (!allow && (fields.length > 0 || decision.obligations.length > 0)) return false;
  if (!allow && Object.values(decision.grants).some((grant) => grant)) return false;
  if (allow && decision.agreement.version === 0) return false;
  const wanted = new Set([
    ...asked.release.map((id) => pair(id, 'release')),
    ...asked.match.map((id) => pair(id, 'match')),
  ]);
  const answered = [...fields, ...refused].map(({ id, use }) => pair(id, use));
  const distinct = new Set(answered);
  if (distinct.size !== answered.length || !answered.every((one) => wanted.has(one))) return false;
  // An allowed call accounts for every field that was asked: granted or trimmed, never lost.
  return !allow || answered.length === wanted.size;
}

/** A field for a use as one number. */
function pair(id: number, use: Use): number {
  return id * USES.length + USES.indexOf(use);
}

function isUse(field: Record<string, unknown>, third: string): boolean {
  return hasExactly(field, ['id', 'use', third]) && isSafeCount(field.id) && isOneOf(USES, field.use);
}

function isListOf(value: unknown, test: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isRecord(item) && test(item));
}

function isSetOf(table: readonly string[], value: unknown): boolean {
  return Array.isArray(value) && new Set(value).size === value.length && value.every((item) => isOneOf(table, item));
}
