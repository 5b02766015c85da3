/** Who may sign on behalf of people, as acts make them: admitted with a key, given further keys, retired. */
import { type VerificationKey, verificationKeyOf } from '../signing/public-key.ts';
import type { ActOf } from './act.ts';
import type { OpenBook } from './apply-act.ts';
import { type ActBook, type ActProblem, isBarred, issuerKeys } from './book.ts';
import { provenAt } from './possession.ts';

type IssuerAct = ActOf<'issuer.admit'> | ActOf<'issuer.key'> | ActOf<'issuer.retire'>;

/** How a change names an issuer, with all its keys at once: no thumbprint is spelt so. */
export const changedIssuer = (issuer: string): string => `issuer:${issuer}`;

/** How many may sign on behalf of people at this moment, unix seconds: with a key that counts. */
export function countIssuers(book: ActBook, now: number): number {
  const signing = [...book.issuerKeys].filter(([kid, { issuer }]) => issuerKeys(book, issuer, now)(kid) !== undefined);
  return new Set(signing.map(([, { issuer }]) => issuer)).size;
}

/** Changes the book, or says what is wrong and changes nothing. */
export function applyIssuerAct(
  book: OpenBook,
  act: IssuerAct,
  isKeyTaken: (book: OpenBook, key: VerificationKey) => boolean,
): ActProblem | undefined {
  const known = book.issuers.get(act.issuer);
  if (isBarred(book, 'issuer', act.issuer)) return 'STATE_WRONG';
  if (act.kind === 'issuer.retire') {
    if (known?.state !== 'active') return 'STATE_WRONG';
    book.issuers.set(act.issuer, { ...known, state: 'retired' });
    return undefined;
  }
  // A code is one issuer's for ever: what was signed under it must not become another's.
  if ((act.kind === 'issuer.admit') !== (known === undefined)) return 'STATE_WRONG';
  if (known !== undefined && known.state !== 'active') return 'STATE_WRONG';
  const { issuer, key: jwk, proof, deployment, key_until: until } = act;
  const key = verificationKeyOf(jwk, issuer);
  if (isKeyTaken(book, key)) return 'STATE_WRONG';
  if (provenAt(proof, { deployment, of: 'issuer', holder: issuer, key: jwk }) === undefined) return 'PROOF_WRONG';
  if (act.kind === 'issuer.admit') {
    const { legal_entity, name_vi, name_en } = act;
    book.issuers.set(issuer, { code: issuer, legal_entity, name_vi, name_en, state: 'active' });
  }
  book.issuerKeys.set(key.kid, { key, issuer, until });
  return undefined;
}
