import { formOfClaims } from './claims.ts';
import { verifyRaw } from './es256.ts';
import { PARSE_PROBLEMS, type ParseProblem, parseToken } from './parse.ts';
import type { KeyLookup } from './public-key.ts';
import type { ClaimsOf, FormOf, TokenType } from './token-types.ts';

export const VERIFY_PROBLEMS = {
  ...PARSE_PROBLEMS,
  WRONG_TYPE: 'typ is not the one that belongs here',
  UNKNOWN_KEY: 'kid is no key of this party',
  BAD_CLAIMS: 'claims are not exactly those of the typ',
  WRONG_ISSUER: 'iss is not the owner of the key',
  BAD_SIGNATURE: 'signature does not verify',
} as const;
export type VerifyProblem = ParseProblem | keyof typeof VERIFY_PROBLEMS;

export type Expectation<T extends TokenType, F extends FormOf<T> = FormOf<T>> = {
  readonly typ: T;
  /** Where a typ has several forms: the one that belongs here. */
  readonly form?: F;
  /** Only the keys of the party that the transport has authenticated. */
  readonly keys: KeyLookup;
};

export type Verified<C> = { readonly ok: true; readonly claims: C; readonly kid: string; readonly issuer: string };
export type Refused<P extends string> = { readonly ok: false; readonly problem: P };
export type VerifyResult<C> = Verified<C> | Refused<VerifyProblem>;

const refused = (problem: VerifyProblem): Refused<VerifyProblem> => ({ ok: false, problem });

/**
 * Verifies one token: its form, its type, its claims, whose key it names, its signature. Never throws.
 *
 * Not looked at: whether it belongs to the message at hand (`checkBinding`), whether it is fresh (`checkFreshness`),
 * whether it was seen before. A token's identity for that last question is (`iss`, `jti`), never its text: whoever
 * holds a token can write a second signature (r, n−s) that verifies as well.
 */
export function verifyToken<T extends TokenType, F extends FormOf<T> = FormOf<T>>(
  text: string,
  { typ, form, keys }: Expectation<T, F>,
): VerifyResult<ClaimsOf<T, F>> {
  const parsed = parseToken(text);
  if (!parsed.ok) return parsed;
  const { token } = parsed;
  if (token.typ !== typ) return refused('WRONG_TYPE');
  const key = keys(token.kid);
  if (key === undefined || key.kid !== token.kid) return refused('UNKNOWN_KEY');
  const found = token.form ?? formOfClaims(typ, token.claims);
  if (found === undefined || (form !== undefined && found !== form)) return refused('BAD_CLAIMS');
  if (token.claims.iss !== key.issuer) return refused('WRONG_ISSUER');
  // The dear part comes last: whatever else is wrong is found first.
  if (!verifyRaw(token.signed, key.key, token.signature)) return refused('BAD_SIGNATURE');
  // formOfClaims has compared these claims with the table that the type of the claims is derived from.
  return { ok: true, claims: token.claims as ClaimsOf<T, F>, kid: key.kid, issuer: key.issuer };
}
