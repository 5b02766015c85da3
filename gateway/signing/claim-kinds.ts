import { BASE64URL_16_BYTES, BASE64URL_32_BYTES } from './base64url.ts';
import type { Json, JsonObject } from './strict-json.ts';

/**
 * The closed table of what a claim's value may be. Every kind is bounded in size, so that a token is.
 *
 * Times are whole seconds since 1970; counts are whole numbers that a double holds exactly.
 */

/** Names of the row verdicts that a receipt may count. */
export const VERDICT_NAMES = [
  'VERIFIED',
  'PROBABLE',
  'MISMATCH',
  'NOT_FOUND',
  'AMBIGUOUS',
  'INVALID',
  'NOT_PERMITTED',
  'CONSENT_MISSING',
  'LIMITED',
  'NOT_CONFIRMED',
] as const;
export type VerdictName = (typeof VERDICT_NAMES)[number];

/** Rows per verdict; a verdict that no row had may be left out. */
export type Totals = { readonly [name in VerdictName]?: number };

/** What an answer was decided under; the empty text where nothing of the sort was in play. */
export type Revisions = {
  /** Revision of the policy bundle. */
  readonly policy: string;
  /** Revision of the agreement. */
  readonly agreement: string;
  /** Highest revision of consents and revocations seen, in decimal. */
  readonly consent: string;
  /** Version of the matching profile. */
  readonly profile: string;
};

/** What the rows of a receipt are to be read with. */
export type Versions = {
  /** Version of the leaf and result bytes. */
  readonly format: string;
  /** Version of the field vocabulary. */
  readonly vocabulary: string;
  /** Version of the matching profile. */
  readonly profile: string;
  /** Revision of the policy bundle when the job closed. */
  readonly policy: string;
  /** Revision of the agreement when the job closed. */
  readonly agreement: string;
};

const REVISION = /^[A-Za-z0-9._:+-]{0,64}$/;
const IDENTIFIER = /^[A-Za-z0-9._:-]{1,64}$/;
const AGENCY = /^[a-z0-9][a-z0-9-]{0,31}$/;
const AUDIENCE = /^(?:[a-z0-9][a-z0-9-]{0,31}|\*)@[a-z0-9][a-z0-9.-]{0,63}$/;
const METHOD = /^\/[A-Za-z][A-Za-z0-9_.]{0,127}\/[A-Za-z][A-Za-z0-9_]{0,63}$/;
const VISIBLE_ASCII = /^[\x21-\x7e]{0,128}$/;
/** A signed note: lines of text, each ended; no control character but the line feed. */
const CHECKPOINT = /^(?:[^\x00-\x1f\x7f]*\n)+$/u;
/** In UTF-16 units: room for some twenty witnesses, and a receipt stays below the cap of a token in any script. */
const CHECKPOINT_MAX = 3000;
const CODE_MAX = 16;

const matches =
  (pattern: RegExp) =>
  (value: Json): boolean =>
    typeof value === 'string' && pattern.test(value);

const isCount = (value: Json): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isRevision = matches(REVISION);

const REVISION_NAMES = ['policy', 'agreement', 'consent', 'profile'] as const;

/** An object with exactly these members, each a revision. */
function hasExactly(...names: readonly string[]): (value: Json) => boolean {
  const known: ReadonlySet<string> = new Set(names);
  return (value) => {
    if (!isObject(value)) return false;
    const given = Object.keys(value);
    if (given.length !== known.size) return false;
    for (const name of given) if (!known.has(name) || !isRevision(value[name] as Json)) return false;
    return true;
  };
}

const verdictNames: ReadonlySet<string> = new Set(VERDICT_NAMES);

/** Kind → whether a value is of it. Every check is total: any JSON value may come in. */
export const CLAIM_KINDS = {
  /** Code of an agency, or `gateway`. */
  agency: matches(AGENCY),
  /** `<receiver>@<deployment id>`; the receiver is an agency's code, `gateway`, or `*` where all may rely on it. */
  audience: matches(AUDIENCE),
  /** Whole seconds. */
  seconds: isCount,
  /** Number of things, or a sequence number, from 0. */
  count: isCount,
  /** A version that rises, from 1. */
  version: (value: Json) => isCount(value) && value !== 0,
  /** 128 random bits: 22 characters of base64url. */
  bits128: matches(BASE64URL_16_BYTES),
  /** SHA-256: 43 characters of base64url. */
  digest: matches(BASE64URL_32_BYTES),
  /** `/package.Service/Method`. */
  method: matches(METHOD),
  /** Identifier that the gateway gave: job, log, agreement, officer. */
  identifier: matches(IDENTIFIER),
  /** Identifier that the caller gave; empty where it could not be read. */
  requestId: matches(VISIBLE_ASCII),
  /** Canonical gRPC status code, 0 to 16. */
  code: (value: Json) => isCount(value) && (value as number) <= CODE_MAX,
  /** Text of a C2SP checkpoint with its signatures. */
  checkpoint: (value: Json) =>
    typeof value === 'string' && value.length <= CHECKPOINT_MAX && value.isWellFormed() && CHECKPOINT.test(value),
  revisions: hasExactly(...REVISION_NAMES),
  versions: hasExactly('format', 'vocabulary', 'profile', 'policy', 'agreement'),
  totals: (value: Json) =>
    isObject(value) && Object.entries(value).every(([name, count]) => verdictNames.has(name) && isCount(count)),
} as const satisfies Record<string, (value: Json) => boolean>;

export type ClaimKind = keyof typeof CLAIM_KINDS;

const bodyOf = (pattern: RegExp): string => pattern.source.slice(1, -1);

/**
 * How values of a kind stand in JSON without escapes: a whole number, a string that is such a text, an object of these members in this
 * order. Of a string the text says all that its kind does; a number is still to be judged. Kinds that are missing say more.
 */
export const CLAIM_TEXTS: {
  readonly [K in ClaimKind]?: 'number' | { readonly text: string } | { readonly members: readonly string[] };
} = {
  agency: { text: bodyOf(AGENCY) },
  audience: { text: bodyOf(AUDIENCE) },
  seconds: 'number',
  count: 'number',
  version: 'number',
  bits128: { text: bodyOf(BASE64URL_16_BYTES) },
  digest: { text: bodyOf(BASE64URL_32_BYTES) },
  method: { text: bodyOf(METHOD) },
  identifier: { text: bodyOf(IDENTIFIER) },
  // Without the quote and the backslash, which would be escaped.
  requestId: { text: '[\\x21\\x23-\\x5b\\x5d-\\x7e]{0,128}' },
  code: 'number',
  revisions: { members: REVISION_NAMES },
};

/** What a member of `revisions` may be, as in {@link CLAIM_TEXTS}. */
export const REVISION_TEXT: string = bodyOf(REVISION);

/** The TypeScript type of each kind's values. */
export type ClaimValue = {
  agency: string;
  audience: string;
  seconds: number;
  count: number;
  version: number;
  bits128: string;
  digest: string;
  method: string;
  identifier: string;
  requestId: string;
  code: number;
  checkpoint: string;
  revisions: Revisions;
  versions: Versions;
  totals: Totals;
};
