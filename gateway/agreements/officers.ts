import { standingSignatures } from '../acts/administration.ts';
import { type ActBook, ADMINISTRATION, OFFICER_ISSUER } from '../acts/book.ts';
import { officerOf } from '../acts/officer-token.ts';
import type { VerifyOfficer } from '../policy/agreements.ts';
import { audienceOf } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import type { Signer } from '../signing/sign.ts';

/**
 * One officer's signature over an agreement's exact bytes.
 *
 * @param signer on the officer's key, issuer `gateway`
 * @param officer the officer's code
 * @param iat whole seconds
 */
export function signAgreement(
  signer: Signer,
  agreement: {
    readonly body: Uint8Array;
    readonly id: string;
    readonly version: number;
    readonly officer: string;
    readonly deployment: string;
    readonly iat: number;
  },
): string {
  const { body, id, version, officer, deployment, iat } = agreement;
  const aud = audienceOf(OFFICER_ISSUER, deployment);
  return signer.sign('lt-agreement+jws', { aud, iat, dig: digestOf(body), agr: id, ver: version, off: officer });
}

/**
 * Verifies officers' signatures by the book, for agreements of its deployment: one counts whose officer is of the book and has
 * held a role that signs agreements. When it was signed is judged for the pair only: an agreement stands until its term is over.
 * That of administration was judged in its place among the acts, and counts by that alone: of exactly these bytes, or a row that
 * borrows its signatures would be one too.
 */
export function officerVerifier(book: ActBook): VerifyOfficer {
  return (token, { digest, agreement, version }) => {
    if (agreement === ADMINISTRATION && book.standing.size > 0) {
      const stood = standingSignatures(book, digest).find((one) => one.token === token);
      return stood && { officer: stood.officer, at: stood.iat };
    }
    const signed = officerOf(book, token, { typ: 'lt-agreement+jws', digest, agreement, version });
    const officer = signed === undefined ? undefined : book.officers.get(signed.officer);
    if (signed === undefined || officer === undefined) return undefined;
    if (!officer.everHeld.has('proposer') && !officer.everHeld.has('approver')) return undefined;
    return { officer: signed.officer, unpinned: !officer.counts, at: signed.iat };
  };
}
