import { ProofError } from '../../gateway/proof/errors.ts';
import { checkAgainstClaims, type Receipt } from '../../gateway/proof/receipt.ts';
import { audienceOf } from '../../gateway/signing/binding.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { evidenceKeys, type KeySet, withNewerStates } from '../../gateway/signing/key-set.ts';
import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import { type KeySetProblem, type SignedKeySet, verifyKeySet } from '../../gateway/signing/signed-key-set.ts';
import type { ClaimsOf } from '../../gateway/signing/token-types.ts';
import { type VerifyProblem, verifyToken } from '../../gateway/signing/verify.ts';
import { audienceIn } from './gateway-differs.ts';
import { GATEWAY } from './key-set-source.ts';
import { KitError } from './kit-error.ts';

/** From the pinned root to what a receipt's token says: root → key set → token. Pure, offline. */

export type ReceiptClaims = ClaimsOf<'lt-receipt+jws', 'receipt'>;

/** Whom a receipt must be of, where the caller knows it. */
export type Expected = {
  readonly agency?: string | undefined;
  readonly deployment?: string | undefined;
  /**
   * The newest key set that the caller has: which of the keys have fallen into other hands since. Without it that is not known,
   * because a receipt carries the set of its own day.
   */
  readonly newest?: SignedKeySet | undefined;
};

export type TrustedReceipt = {
  readonly claims: ReceiptClaims;
  readonly agency: string;
  readonly deployment: string;
  readonly set: KeySet;
};

/** Which part does not hold, and what the verifier of that part said. */
export type Untrusted =
  | { readonly part: 'token'; readonly problem: VerifyProblem | 'WRONG_DIGEST' | undefined }
  | { readonly part: 'key_set'; readonly problem: KeySetProblem }
  /** `found` is what the token says, which nobody has verified. */
  | { readonly part: 'agency' | 'deployment'; readonly problem: undefined; readonly found: string };

export type TrustResult =
  | ({ readonly ok: true } & TrustedReceipt)
  | { readonly ok: false; readonly untrusted: Untrusted };

const untrusted = (found: Untrusted): TrustResult => ({ ok: false, untrusted: found });

/**
 * Believes a receipt's token only by way of the pinned root. That the claims are those of the rows at hand is for the
 * caller; keys that the set, or the newest that the caller has, says are compromised prove nothing here, whenever they signed:
 * only the log knows when that was, and the gateway gives a receipt of its own anew.
 */
export function trustReceipt(
  { token, keySet }: { readonly token: string; readonly keySet: SignedKeySet },
  root: PublicJwk,
  expected: Expected,
): TrustResult {
  // Before anything of it is believed: it says which deployment's key set to ask for.
  const audience = audienceIn(token);
  if (audience === undefined) return untrusted({ part: 'token', problem: undefined });
  const [agency = '', deployment = ''] = audience.split('@');
  if (expected.deployment !== undefined && expected.deployment !== deployment)
    return untrusted({ part: 'deployment', problem: undefined, found: deployment });
  if (expected.agency !== undefined && expected.agency !== agency)
    return untrusted({ part: 'agency', problem: undefined, found: agency });
  const pinned = { root, issuer: GATEWAY, audience: audienceOf('*', deployment) };
  const known = verifyKeySet(keySet, pinned);
  if (!known.ok) return untrusted({ part: 'key_set', problem: known.problem });
  const newest = expected.newest === undefined ? known : verifyKeySet(expected.newest, pinned);
  if (!newest.ok) return untrusted({ part: 'key_set', problem: newest.problem });
  const set = newest.mark.version > known.mark.version ? withNewerStates(known.set, newest.set) : known.set;
  const keys = evidenceKeys(set, GATEWAY, Number.POSITIVE_INFINITY);
  const verified = verifyToken(token, { typ: 'lt-receipt+jws', form: 'receipt', keys });
  if (!verified.ok) return untrusted({ part: 'token', problem: verified.problem });
  const { claims } = verified;
  if (claims.dig !== digestOf(Buffer.from(claims.head, 'utf8')))
    return untrusted({ part: 'token', problem: 'WRONG_DIGEST' });
  return { ok: true, claims, agency, deployment, set };
}

/** Throws KitError RECEIPT_WRONG unless these claims are of this receipt: job, opening, rows, root, head and number of chunks. */
export function demandClaims(receipt: Receipt, claims: ReceiptClaims, file: string): void {
  try {
    checkAgainstClaims(receipt, {
      jobId: claims.job,
      opening: Buffer.from(claims.opn, 'base64url'),
      rows: claims.rows,
      rowRoot: Buffer.from(claims.root, 'base64url'),
    });
  } catch (error) {
    if (error instanceof ProofError) throw new KitError('RECEIPT_WRONG', { file }, { cause: error });
    throw error;
  }
  if (claims.head !== receipt.logHead || claims.cnt !== receipt.chunks.length)
    throw new KitError('RECEIPT_WRONG', { file });
}
