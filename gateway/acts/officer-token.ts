import { audienceOf, checkBinding } from '../signing/binding.ts';
import type { Signer } from '../signing/sign.ts';
import type { ClaimsOf } from '../signing/token-types.ts';
import { verifyToken } from '../signing/verify.ts';
import { type ActBook, barredSince, isBarred, OFFICER_ISSUER } from './book.ts';

/** Who signed, with which key, when. */
export interface OfficerSignature {
  readonly officer: string;
  readonly kid: string;
  /** Unix seconds, as signed. */
  readonly iat: number;
}

/** @param signer on the officer's key, issuer `gateway`. @param iat whole seconds */
export function signAct(
  signer: Signer,
  { digest, officer, deployment, iat }: { digest: string; officer: string; deployment: string; iat: number },
): string {
  return signer.sign('lt-act+jws', { aud: audienceOf(OFFICER_ISSUER, deployment), iat, dig: digest, off: officer });
}

export type SignedBy =
  | { readonly typ: 'lt-act+jws'; readonly digest: string }
  | {
      readonly typ: 'lt-agreement+jws';
      readonly digest: string;
      readonly agreement: string;
      readonly version: number;
    };

/**
 * The officer who signed exactly this, by the keys of the book; undefined for whatever is wrong with the token. The officer named
 * is the one whose key it is. A signature of a barred officer, one that a replaced key made later, one from the time since a key
 * was compromised, and one that is dated ahead of the book count for nothing (it would outrun the 30 days of `mayPair`); whether
 * the officer `counts` is the caller's to ask.
 */
export function officerOf(
  book: Pick<ActBook, 'deployment' | 'officers' | 'officerKeys' | 'barred' | 'now'>,
  token: string,
  expected: SignedBy,
): OfficerSignature | undefined {
  const signature = signatureOf(book, token, expected);
  if (signature === undefined) return undefined;
  const { officer, kid, iat } = signature;
  if (book.officers.get(officer)?.barred !== false || isBarred(book, 'key', kid)) return undefined;
  return iat >= (book.officerKeys.get(kid)?.compromisedFrom ?? Infinity) ? undefined : signature;
}

/** What an officer signed alone, and until when it counts for that: of one who was neither barred nor lost the key, for ever. */
export interface LastingSignature extends OfficerSignature {
  /** Unix seconds: what the log had before counts, and nothing that it had from then on. */
  readonly before: number;
}

/**
 * As {@link officerOf}, but that a bar takes nothing of what stood in the log before it. Whether it stood there is the caller's to find
 * out: of a barred officer the moment that is signed proves nothing.
 */
export function lastingSignatureOf(
  book: Pick<ActBook, 'deployment' | 'officers' | 'officerKeys' | 'barred' | 'barredAt' | 'compromised' | 'now'>,
  token: string,
  expected: SignedBy,
): LastingSignature | undefined {
  const signature = signatureOf(book, token, expected);
  if (signature === undefined) return undefined;
  const { officer, kid } = signature;
  // One of the table `officer` whom no act barred has no moment.
  const barred = book.officers.get(officer)?.barred === true ? (barredSince(book, 'officer', officer) ?? 0) : Infinity;
  const key = barredSince(book, 'key', kid) ?? Infinity;
  const lost = book.compromised.get(kid) ?? Infinity;
  // A bar is signed in whole seconds, and what the log had a moment before it may be of the same one.
  return { ...signature, before: Math.min(barred + 1, key + 1, lost) };
}

/** Whoever is barred, and whatever became of the key. */
function signatureOf(
  book: Pick<ActBook, 'deployment' | 'officers' | 'officerKeys' | 'now'>,
  token: string,
  expected: SignedBy,
): OfficerSignature | undefined {
  const keys = (kid: string) => book.officerKeys.get(kid)?.verification;
  const verified =
    expected.typ === 'lt-act+jws'
      ? verifyToken(token, { typ: 'lt-act+jws', form: 'act', keys })
      : verifyToken(token, { typ: 'lt-agreement+jws', form: 'agreement', keys });
  if (!verified.ok) return undefined;
  const { kid } = verified;
  // Both types have an officer; which of them it is was asked for.
  const claims: ClaimsOf<'lt-act+jws', 'act'> & Partial<ClaimsOf<'lt-agreement+jws'>> = verified.claims;
  const audience = audienceOf(OFFICER_ISSUER, book.deployment);
  if (checkBinding(claims, { audience, digest: expected.digest }) !== undefined) return undefined;
  if (expected.typ === 'lt-agreement+jws') {
    if (claims.agr !== expected.agreement || claims.ver !== expected.version) return undefined;
  }
  const key = book.officerKeys.get(kid);
  const officer = key === undefined ? undefined : book.officers.get(key.officer);
  if (key === undefined || officer === undefined || claims.off !== officer.code) return undefined;
  const { iat } = claims;
  if (iat > (key.until ?? Infinity) || iat > book.now + AHEAD) return undefined;
  return { officer: officer.code, kid, iat };
}

const AHEAD = 10;
