import { describe, expect, it } from 'vitest';
import { readKeySet, serialiseKeySet } from './key-set.ts';
import { keyLookup, verificationKeyOf } from './public-key.ts';
import { createSigner } from './sign.ts';
import { EXAMPLE_KEY, readGolden, VECTORS } from './test-fixtures.ts';
import { type FormOf, TOKEN_TYPES, type TokenType } from './token-types.ts';
import { verifyToken } from './verify.ts';

const HEADERS: Record<TokenType, string> = Object.fromEntries(
  Object.keys(TOKEN_TYPES).map((typ) => [typ, `{"alg":"ES256","kid":"${EXAMPLE_KEY.kid}","typ":"${typ}"}`]),
) as Record<TokenType, string>;

describe('frozen tokens', () => {
  it('cover each form of each typ', () => {
    const forms = Object.entries(TOKEN_TYPES).flatMap(([typ, byForm]) => Object.keys(byForm).map((f) => `${typ} ${f}`));
    expect(new Set(VECTORS.map((v) => `${v.typ} ${v.form}`))).toEqual(new Set(forms));
  });

  it.each(
    VECTORS.map((v) => [`${v.typ} ${v.form} ${v.jti}`, v] as const),
  )('%s: same header and claims bytes', (_, v) => {
    const { key, kid } = EXAMPLE_KEY;
    const token = createSigner({ key, kid, issuer: v.issuer, nextId: () => v.jti }).sign(v.typ, v.claims as never);
    const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'));
    expect(header).toBe(HEADERS[v.typ]);
    expect(header).toBe(v.header);
    expect(payload).toBe(v.payload);
  });

  it.each(VECTORS.map((v) => [`${v.typ} ${v.form} ${v.jti}`, v] as const))('%s: the kept token verifies', (_, v) => {
    const keys = keyLookup([verificationKeyOf(EXAMPLE_KEY.publicJwk, v.issuer)]);
    const result = verifyToken(v.token, { typ: v.typ, form: v.form as FormOf<TokenType>, keys });
    expect(result).toEqual({
      ok: true,
      claims: { ...v.claims, iss: v.issuer, jti: v.jti },
      kid: EXAMPLE_KEY.kid,
      issuer: v.issuer,
    });
    expect(v.token.split('.')[1]).toBe(Buffer.from(v.payload).toString('base64url'));
  });

  it('the key set is read and written as the same bytes', () => {
    const bytes = readGolden('key-set.json');
    const set = readKeySet(bytes);
    expect(set?.keys.map((key) => key.state)).toEqual(['active', 'compromised']);
    expect(set && serialiseKeySet(set)).toEqual(bytes);
  });
});
