import { type ActBook, OFFICER_ISSUER } from '../acts/book.ts';
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
 */
export function officerVerifier(book: ActBook): VerifyOfficer {
  return (token, { digest, agreement, version }) => {
    const signed = officerOf(book, token, { typ: 'lt-agreement+jws', digest, agreement, version });
    const officer = signed === undefined ? undefined : book.officers.get(signed.officer);
    if (signed === undefined || officer === undefined) return undefined;
    if (!officer.everHeld.has('proposer') && !officer.everHeld.has('approver')) return undefined;
    return { officer: signed.officer, unpinned: !officer.counts, at: signed.iat };
  };
}
