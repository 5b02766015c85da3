/** Strict reading of an agreement: what is missing, unknown or out of bounds is named by its path, and the whole is refused. */
import type { Agreement } from './agreement.ts';
import { BASES, DEMANDS, GRANTS, GUESS_LIMITS, LIMITS, type Limit, STRICTNESS, USES } from './decision.ts';
import { isOneOf, isRecord, isSafeCount } from './shape.ts';

export const SHAPE_PROBLEMS = {
  MISSING: 'a member that must be there is not',
  UNKNOWN: 'a member that no agreement has',
  WRONG: 'not of the type, form or set of values that belongs here',
  DUPLICATE: 'a value stands twice in a list',
  EMPTY: 'a list or object that must hold something is empty',
  OUT_OF_ORDER: 'the term ends before it begins',
} as const;
export type ShapeProblem = keyof typeof SHAPE_PROBLEMS;

export interface ProblemAt {
  /** Member names joined by dots; empty for the whole. Example: "fields.2.basis". */
  readonly path: string;
  readonly problem: ShapeProblem;
}

type Check = (value: unknown, path: string) => ProblemAt[];

/** Of an agreement and of a purpose. */
export const CODE = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** As in the claims `iss` and `aud`. */
export const AGENCY_CODE = /^[a-z0-9][a-z0-9-]{0,31}$/;
const METHOD = /^\/[a-z][a-z0-9_.]*\.[A-Z][A-Za-z0-9]*\/[A-Z][A-Za-z0-9]*$/;
const FIELD_ID = /^[1-9]\d{0,4}$/;
const REQUIRED_LIMITS = ['rows_per_job', 'rows_per_day'] as const;
const MAXIMUM_TEXT = 500;
const GUESSES = { least: 3, most: 200 } as const;

const agencyCode: Check = (value, path) => (typeof value === 'string' && AGENCY_CODE.test(value) ? [] : wrong(path));
const code: Check = (value, path) => (typeof value === 'string' && CODE.test(value) ? [] : wrong(path));
const method: Check = (value, path) =>
  typeof value === 'string' && value.length <= 256 && METHOD.test(value) ? [] : wrong(path);
const flag: Check = (value, path) => (typeof value === 'boolean' ? [] : wrong(path));
const count: Check = (value, path) => (isSafeCount(value) ? [] : wrong(path));
const positive: Check = (value, path) => (isSafeCount(value) && value > 0 ? [] : wrong(path));
const guesses: Check = (value, path) =>
  isSafeCount(value) && value >= GUESSES.least && value <= GUESSES.most ? [] : wrong(path);
const limitOf = (name: Limit): Check => (isOneOf(GUESS_LIMITS, name) ? guesses : count);
const text: Check = (value, path) =>
  typeof value === 'string' &&
  value.trim() !== '' &&
  value.length <= MAXIMUM_TEXT &&
  value.isWellFormed() &&
  !/\p{Cc}/u.test(value)
    ? []
    : wrong(path);

const field = members({ use: listOf(oneOf(USES)), basis: oneOf(BASES) }, { article: text });

const agreement = members({
  id: code,
  version: positive,
  agency: agencyCode,
  purpose: code,
  purpose_text: members({ vi: text, en: text }),
  citation: text,
  methods: listOf(method),
  // None at all: methods that concern no field, as those of administration.
  fields: recordOf(FIELD_ID, field),
  grants: members(Object.fromEntries(GRANTS.map((name) => [name, flag]))),
  demands: listOf(oneOf(DEMANDS), { mayBeEmpty: true }),
  strictness: oneOf(STRICTNESS),
  limits: members(
    Object.fromEntries(REQUIRED_LIMITS.map((name) => [name, count])),
    Object.fromEntries(LIMITS.filter((name) => !isOneOf(REQUIRED_LIMITS, name)).map((name) => [name, limitOf(name)])),
  ),
  valid_from: positive,
  valid_to: positive,
  vocabulary_version: positive,
});

/** Reads parsed JSON as an agreement; otherwise everything that is wrong with it. */
export function checkAgreement(
  value: unknown,
):
  | { readonly ok: true; readonly agreement: Agreement }
  | { readonly ok: false; readonly problems: readonly ProblemAt[] } {
  const problems = agreement(value, '');
  if (problems.length > 0) return { ok: false, problems };
  const checked = value as Agreement;
  if (checked.valid_from >= checked.valid_to) {
    return { ok: false, problems: [{ path: 'valid_to', problem: 'OUT_OF_ORDER' }] };
  }
  return { ok: true, agreement: checked };
}

/** Whether an agreement may state this of a limit. */
export function isLimitValue(name: Limit, value: unknown): value is number {
  return limitOf(name)(value, name).length === 0;
}

function wrong(path: string): ProblemAt[] {
  return [{ path, problem: 'WRONG' }];
}

function join(path: string, name: string | number): string {
  return path === '' ? String(name) : `${path}.${name}`;
}

function oneOf(table: readonly string[]): Check {
  return (value, path) => (isOneOf(table, value) ? [] : wrong(path));
}

function members(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return (value, path) => {
    if (!isRecord(value)) return wrong(path);
    const known = new Map(Object.entries({ ...required, ...optional }));
    const missing = Object.keys(required).filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name): ProblemAt => ({ path: join(path, name), problem: 'MISSING' })),
      ...Object.entries(value).flatMap(([name, member]): ProblemAt[] => {
        const check = known.get(name);
        // The name of an unknown member is somebody's free text: only where it stands is told.
        return check === undefined ? [{ path, problem: 'UNKNOWN' }] : check(member, join(path, name));
      }),
    ];
  };
}

function recordOf(name: RegExp, check: Check): Check {
  return (value, path) => {
    if (!isRecord(value)) return wrong(path);
    return Object.entries(value).flatMap(([key, member]): ProblemAt[] =>
      name.test(key) ? check(member, join(path, key)) : [{ path, problem: 'UNKNOWN' }],
    );
  };
}

function listOf(check: Check, { mayBeEmpty = false } = {}): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return wrong(path);
    if (value.length === 0 && !mayBeEmpty) return [{ path, problem: 'EMPTY' }];
    if (new Set(value).size !== value.length) return [{ path, problem: 'DUPLICATE' }];
    return value.flatMap((item: unknown, index) => check(item, join(path, index)));
  };
}
