import type { KeyObject } from 'node:crypto';
import { formOfClaims, orderClaims } from './claims.ts';
import { signRaw, signRawAsync } from './es256.ts';
import { createRandomIds } from './random-id.ts';
import type { JsonObject } from './strict-json.ts';
import { type ClaimsOf, type FormOf, TOKEN_TYPES, type TokenType } from './token-types.ts';

/** What the caller gives: every claim but the issuer and the nonce, which are the signer's. */
export type ClaimsToSign<T extends TokenType, F extends FormOf<T> = FormOf<T>> = T extends TokenType
  ? F extends FormOf<T>
    ? Omit<ClaimsOf<T, F>, 'iss' | 'jti'>
    : never
  : never;

export type Signer = {
  readonly kid: string;
  readonly issuer: string;
  /**
   * A compact JWS. Throws TypeError where the claims are not exactly those of `typ`: what this side signs, its own
   * verifier accepts. `iat` is the caller's, because the clock of a deployment is its database's.
   */
  sign<T extends TokenType>(typ: T, claims: ClaimsToSign<T>): string;
  /** As `sign`, with the signature made on libuv's pool: for threads that must not stand still for bulk work. */
  signAsync<T extends TokenType>(typ: T, claims: ClaimsToSign<T>): Promise<string>;
};

/**
 * A signer for one key.
 *
 * @param key private P-256 key; kept as a bare KeyObject, which is what makes a signature cheap
 * @param kid RFC 7638 thumbprint of its public half
 * @param issuer agency's code, or `gateway`
 * @param nextId source of `jti`; random unless a test freezes it
 */
export function createSigner({
  key,
  kid,
  issuer,
  nextId = createRandomIds(),
}: {
  key: KeyObject;
  kid: string;
  issuer: string;
  nextId?: () => string;
}): Signer {
  if (key.type !== 'private' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new TypeError('a signing key is a private key on P-256');
  }
  const headers = new Map<TokenType, string>();
  for (const typ of Object.keys(TOKEN_TYPES) as TokenType[]) {
    headers.set(typ, `${Buffer.from(JSON.stringify({ alg: 'ES256', kid, typ })).toString('base64url')}.`);
  }

  function signingInput(typ: TokenType, claims: object): string {
    const whole = { ...claims, iss: issuer, jti: nextId() } as JsonObject;
    const form = formOfClaims(typ, whole);
    if (form === undefined) throw new TypeError(`claims are not those of ${typ}`);
    const payload = JSON.stringify(orderClaims(typ, form, whole));
    return `${headers.get(typ)}${Buffer.from(payload, 'utf8').toString('base64url')}`;
  }

  return {
    kid,
    issuer,
    sign(typ, claims) {
      const input = signingInput(typ, claims);
      return `${input}.${signRaw(Buffer.from(input, 'latin1'), key).toString('base64url')}`;
    },
    async signAsync(typ, claims) {
      const input = signingInput(typ, claims);
      return `${input}.${(await signRawAsync(Buffer.from(input, 'latin1'), key)).toString('base64url')}`;
    },
  };
}
