/** Who may say who a person is, and witness a consent: whom officers' acts admitted, and nobody else. */
import { type ActBook, issuerKeys } from '../acts/book.ts';
import { changedIssuer } from '../acts/issuers.ts';
import { parseToken } from '../signing/parse.ts';
import type { VerificationKey } from '../signing/public-key.ts';

/** A registered issuer, by one of its active keys. */
export interface Issuer {
  /** Its code: the `iss` of its tokens. */
  readonly code: string;
  readonly legalEntity: string;
  readonly key: VerificationKey;
}

export interface IssuerKeys {
  /** Undefined for a key that is nobody's, has ended, is retired or barred. */
  find(kid: string): Issuer | undefined;
}

/** @param book as it was last read: asked at each look-up, so that what officers end has ended with the next call */
export function createIssuerKeys(book: () => ActBook, nowSeconds: () => number): IssuerKeys {
  return {
    find(kid) {
      const read = book();
      const code = read.issuerKeys.get(kid)?.issuer ?? '';
      const issuer = read.issuers.get(code);
      const key = issuerKeys(read, code, nowSeconds())(kid);
      return issuer === undefined || key === undefined ? undefined : { code, legalEntity: issuer.legal_entity, key };
    },
  };
}

/** Whose token it claims to be; nothing of it is believed by that. */
export function issuerOf(issuers: IssuerKeys, jws: string): Issuer | undefined {
  const parsed = parseToken(jws);
  return parsed.ok ? issuers.find(parsed.token.kid) : undefined;
}

/** What an append names so that it is refused where officers retire or bar one of these before it is recorded. */
export function standsOnIssuers(issuers: readonly Issuer[]): string[] {
  return issuers.flatMap(({ code, key }) => [`key:${key.kid}`, `key:${changedIssuer(code)}`]);
}
