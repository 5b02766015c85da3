import { type BindingProblem, checkBinding } from './binding.ts';
import { digestOf } from './digest.ts';
import { type KeySet, type KeySetMark, markOf, readKeySet, serialiseKeySet } from './key-set.ts';
import type { PublicJwk } from './public-key.ts';
import { keyLookup, verificationKeyOf } from './public-key.ts';
import type { Signer } from './sign.ts';
import { readStrictObject } from './strict-json.ts';
import { type Refused, type VerifyProblem, verifyToken } from './verify.ts';

/** A key set and the root key's signature over its bytes, as they travel and as they are kept. */
export type SignedKeySet = { readonly payload: Uint8Array; readonly jws: string };

export const KEY_SET_PROBLEMS = {
  BAD_KEY_SET: 'signed bytes are not a key set',
  WRONG_VERSION: 'version of the set and of its signature differ',
  ROLLED_BACK: 'older than the last accepted, or another set under the same version',
} as const;
export type KeySetProblem = VerifyProblem | BindingProblem | keyof typeof KEY_SET_PROBLEMS;

export type KeySetResult =
  | { readonly ok: true; readonly set: KeySet; readonly mark: KeySetMark }
  | Refused<KeySetProblem>;

/**
 * Signs a key set with the root key.
 *
 * @param root signer on the root key, issuer `gateway`
 * @param audience `*@<deployment id>`
 * @param iat whole seconds
 */
export function signKeySet(
  set: KeySet,
  { root, audience, iat }: { readonly root: Signer; readonly audience: string; readonly iat: number },
): SignedKeySet {
  const payload = serialiseKeySet(set);
  // What a reader would refuse must not leave with the root's signature.
  if (readKeySet(payload) === undefined) throw new TypeError('not a valid key set');
  return { payload, jws: root.sign('lt-keys+jws', { aud: audience, iat, dig: digestOf(payload), ver: set.version }) };
}

/**
 * Verifies a key set against the root that the profile pins, and against what was accepted before.
 *
 * Freshness is not judged: a set stands until a higher version comes. Whoever withholds the higher version is not
 * found out here.
 *
 * @param root pinned public key of the root
 * @param last mark of the last set accepted, where there was one
 */
export function verifyKeySet(
  { payload, jws }: SignedKeySet,
  {
    root,
    issuer,
    audience,
    last,
  }: { readonly root: PublicJwk; readonly issuer: string; readonly audience: string; readonly last?: KeySetMark },
): KeySetResult {
  const keys = keyLookup([verificationKeyOf(root, issuer)]);
  const verified = verifyToken(jws, { typ: 'lt-keys+jws', keys });
  if (!verified.ok) return verified;
  const mark = markOf(verified.claims.ver, payload);
  const unbound = checkBinding(verified.claims, { audience, digest: mark.digest });
  if (unbound !== undefined) return { ok: false, problem: unbound };
  const set = readKeySet(payload);
  if (set === undefined) return { ok: false, problem: 'BAD_KEY_SET' };
  if (set.version !== mark.version) return { ok: false, problem: 'WRONG_VERSION' };
  if (last !== undefined && isRollback(mark, last)) return { ok: false, problem: 'ROLLED_BACK' };
  return { ok: true, set, mark };
}

/** The text of a file that holds a signed key set. */
export function signedKeySetText({ payload, jws }: SignedKeySet): string {
  return `${JSON.stringify({ payload: Buffer.from(payload).toString('base64url'), jws }, null, 2)}\n`;
}

/** What such a text holds, nothing of it verified yet; undefined where it is none. */
export function readSignedKeySet(text: string): SignedKeySet | undefined {
  const { payload, jws } = readStrictObject(text) ?? {};
  if (typeof payload !== 'string' || typeof jws !== 'string') return undefined;
  return { payload: Buffer.from(payload, 'base64url'), jws };
}

function isRollback(mark: KeySetMark, last: KeySetMark): boolean {
  return mark.version < last.version || (mark.version === last.version && mark.digest !== last.digest);
}
