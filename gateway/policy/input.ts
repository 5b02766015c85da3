/** What the decision is told about a call: typed on the way in, and judged again at run time before it reaches the engine. */

/** Members of the request context as they stand in the caller's signed message; absent and blank mean the same. */
export interface PolicyContext {
  readonly purpose: string;
  readonly service_code?: string;
  readonly unit_code?: string;
  readonly officer_code?: string;
  readonly case_ref?: string;
}

export interface PolicyCaller {
  /** Agency code, from the certificate. */
  readonly agency: string;
  /** Legal entity the certificate was issued to. */
  readonly legal_entity: string;
  /** SHA-256 of the certificate, 64 lower-case hex digits. */
  readonly certificate: string;
}

export interface PolicyInput {
  /** Unix seconds. The policy has no clock of its own. */
  readonly now: number;
  readonly caller: PolicyCaller;
  readonly context: PolicyContext;
  /** `/package.Service/Method`. */
  readonly method: string;
  /** Field ids whose values are asked for. */
  readonly release: readonly number[];
  /** Field ids the caller's values are compared with. */
  readonly match: readonly number[];
  /** True trims what is not granted, false refuses the call for it. */
  readonly allow_partial: boolean;
}

/** Bounds of one input; far above any honest call, far below what could hurt the engine. */
export const INPUT_BOUNDS = { text: 256, fields: 256, fieldId: 65_535 } as const;

const CONTEXT_MEMBERS = ['service_code', 'unit_code', 'officer_code', 'case_ref'] as const;
const METHOD = /^\/[A-Za-z][\w.]*\/[A-Za-z]\w*$/;
const CERTIFICATE = /^[0-9a-f]{64}$/;

/**
 * Copies the known members of `source`, and only them, into a new input.
 * Context members that are blank (also by a space that only Unicode knows) are left out: absent and blank are one input.
 */
export function createPolicyInput(source: PolicyInput): PolicyInput {
  const { caller, context } = source;
  const named: Record<string, string> = {};
  for (const member of CONTEXT_MEMBERS) {
    const value = context[member];
    if (value !== undefined && value.trim() !== '') named[member] = value;
  }
  return {
    now: source.now,
    caller: { agency: caller.agency, legal_entity: caller.legal_entity, certificate: caller.certificate },
    context: { purpose: context.purpose, ...named },
    method: source.method,
    release: [...source.release],
    match: [...source.match],
    allow_partial: source.allow_partial,
  };
}

/**
 * True where every member has its type and stays within {@link INPUT_BOUNDS}.
 * Callers write part of these texts: a lone surrogate or deep nesting would abort the engine, so neither gets that far.
 */
export function isPolicyInput(value: PolicyInput): boolean {
  const { caller, context } = value;
  return (
    isRecord(caller) &&
    isRecord(context) &&
    isCount(value.now, Number.MAX_SAFE_INTEGER) &&
    isText(caller.agency) &&
    isText(caller.legal_entity) &&
    typeof caller.certificate === 'string' &&
    CERTIFICATE.test(caller.certificate) &&
    isText(context.purpose) &&
    CONTEXT_MEMBERS.every((member) => context[member] === undefined || isText(context[member])) &&
    isText(value.method) &&
    METHOD.test(value.method) &&
    isFieldList(value.release) &&
    isFieldList(value.match) &&
    typeof value.allow_partial === 'boolean'
  );
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return (
    typeof value === 'string' && value.length <= INPUT_BOUNDS.text && value.isWellFormed() && !/\p{Cc}/u.test(value)
  );
}

function isFieldList(value: unknown): boolean {
  // Copied, because every() skips the holes of a sparse list.
  return (
    Array.isArray(value) &&
    value.length <= INPUT_BOUNDS.fields &&
    [...value].every((id) => isCount(id, INPUT_BOUNDS.fieldId) && id > 0)
  );
}

function isCount(value: unknown, maximum: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maximum && !Object.is(value, -0);
}
