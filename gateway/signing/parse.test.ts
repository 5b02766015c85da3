import { describe, expect, it } from 'vitest';
import { P256_ORDER } from './es256.ts';
import { MAX_TOKEN_LENGTH, type ParseProblem, parseToken } from './parse.ts';
import { createSigner } from './sign.ts';
import { encode, forge, EXAMPLE_KEY as KEY, vector } from './test-fixtures.ts';

const { header, payload, token } = vector('lt-call+jws');
const [h = '', p = '', s = ''] = token.split('.');
const TYP = 'lt-call+jws';
const signature = Buffer.from(s, 'base64url');
const withSignature = (raw: Uint8Array) => `${h}.${p}.${encode(raw)}`;
const half = (at: 0 | 32, scalar: Uint8Array) => {
  const raw = Buffer.from(signature);
  raw.set(scalar, at);
  return raw;
};
const withHeader = (text: string | Uint8Array) => forge(KEY, text, payload);
const withPayload = (text: string | Uint8Array) => forge(KEY, header, text);
const plus = (member: string) => withHeader(header.replace(/}$/, `,${member}}`));

const REFUSED: readonly (readonly [string, string, ParseProblem])[] = [
  ['nothing', '', 'MALFORMED'],
  ['two parts', `${h}.${p}`, 'MALFORMED'],
  ['four parts', `${token}.`, 'MALFORMED'],
  ['five parts, a JWE', `${h}.${p}.${s}.${s}.${s}`, 'MALFORMED'],
  ['an empty header', `.${p}.${s}`, 'MALFORMED'],
  ['an empty (detached) payload', `${h}..${s}`, 'MALFORMED'],
  ['an empty signature', `${h}.${p}.`, 'BAD_SIGNATURE_FORM'],
  ['the JSON serialisation', JSON.stringify({ protected: h, payload: p, signature: s }), 'MALFORMED'],
  ['padding', `${h}.${p}.${s}==`, 'MALFORMED'],
  ['padding of the header', `${h}=.${p}.${s}`, 'BAD_HEADER'],
  ['white space in front', ` ${token}`, 'BAD_HEADER'],
  ['white space behind', `${token}\n`, 'MALFORMED'],
  ['the other base64 alphabet', `${h}.${p}.${s.slice(0, -1)}+`, 'MALFORMED'],
  ['the signature cut by a byte', withSignature(signature.subarray(0, 63)), 'BAD_SIGNATURE_FORM'],
  ['the signature longer by a byte', withSignature(Buffer.concat([signature, Buffer.of(0)])), 'BAD_SIGNATURE_FORM'],
  ['a DER signature', withSignature(Buffer.concat([Buffer.of(0x30, 68, 2, 32), signature])), 'BAD_SIGNATURE_FORM'],
  ['r = 0', withSignature(half(0, Buffer.alloc(32))), 'BAD_SIGNATURE_FORM'],
  ['s = 0', withSignature(half(32, Buffer.alloc(32))), 'BAD_SIGNATURE_FORM'],
  ['r = n', withSignature(half(0, P256_ORDER)), 'BAD_SIGNATURE_FORM'],
  ['s = n', withSignature(half(32, P256_ORDER)), 'BAD_SIGNATURE_FORM'],
  ['r = s = 0, which some libraries took', withSignature(Buffer.alloc(64)), 'BAD_SIGNATURE_FORM'],
  ['alg none', withHeader(header.replace('ES256', 'none')), 'BAD_HEADER'],
  ['alg none without a signature', `${encode(header.replace('ES256', 'none'))}.${p}.`, 'BAD_SIGNATURE_FORM'],
  ['alg es256', withHeader(header.replace('ES256', 'es256')), 'BAD_HEADER'],
  ['alg HS256', withHeader(header.replace('ES256', 'HS256')), 'BAD_HEADER'],
  ['alg ES384', withHeader(header.replace('ES256', 'ES384')), 'BAD_HEADER'],
  ['alg as a list', withHeader(header.replace('"ES256"', '["ES256"]')), 'BAD_HEADER'],
  ['no alg', withHeader(JSON.stringify({ kid: KEY.kid, typ: TYP })), 'BAD_HEADER'],
  ['no kid', withHeader(JSON.stringify({ alg: 'ES256', typ: TYP })), 'BAD_HEADER'],
  ['no typ', withHeader(JSON.stringify({ alg: 'ES256', kid: KEY.kid })), 'BAD_HEADER'],
  ['kid a number', withHeader(JSON.stringify({ alg: 'ES256', kid: 1, typ: TYP })), 'BAD_HEADER'],
  ['another member for kid', withHeader(header.replace('"kid"', '"Kid"')), 'BAD_HEADER'],
  ['an embedded key', plus(`"jwk":${JSON.stringify(KEY.publicJwk)}`), 'BAD_HEADER'],
  ['jku', plus('"jku":"urn:x"'), 'BAD_HEADER'],
  ['x5u', plus('"x5u":"urn:x"'), 'BAD_HEADER'],
  ['x5c', plus('"x5c":[]'), 'BAD_HEADER'],
  ['crit', plus('"crit":["exp"]'), 'BAD_HEADER'],
  ['b64', plus('"b64":false,"crit":["b64"]'), 'BAD_HEADER'],
  ['zip', plus('"zip":"DEF"'), 'BAD_HEADER'],
  ['cty', plus('"cty":"JWT"'), 'BAD_HEADER'],
  ['an empty name', plus('"":""'), 'BAD_HEADER'],
  ['alg twice', plus('"alg":"ES256"'), 'BAD_HEADER'],
  ['alg twice, once with an escape', plus('"\\u0061lg":"none"'), 'BAD_HEADER'],
  ['kid twice', plus(`"kid":"${KEY.kid}"`), 'BAD_HEADER'],
  ['a header that is a list', withHeader('["ES256"]'), 'BAD_HEADER'],
  ['a header that is a string', withHeader('"ES256"'), 'BAD_HEADER'],
  ['a header that is null', withHeader('null'), 'BAD_HEADER'],
  ['a header with a byte order mark', withHeader(`\ufeff${header}`), 'BAD_HEADER'],
  [
    'a header in broken UTF-8',
    withHeader(Buffer.concat([Buffer.from(header.slice(0, -2)), Buffer.of(0xff, 0x22, 0x7d)])),
    'BAD_HEADER',
  ],
  ['a long header', withHeader(`${' '.repeat(500)}${header}`), 'BAD_HEADER'],
  ['iss twice', withPayload(payload.replace('{', '{"iss":"gateway",')), 'BAD_PAYLOAD'],
  ['iss twice, once with an escape', withPayload(payload.replace('{', '{"\\u0069ss":"gateway",')), 'BAD_PAYLOAD'],
  [
    'an overlong UTF-8 form',
    withPayload(Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xc0, 0xa2), Buffer.from('"}')])),
    'BAD_PAYLOAD',
  ],
  [
    'a surrogate in UTF-8',
    withPayload(Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xed, 0xa0, 0x80), Buffer.from('"}')])),
    'BAD_PAYLOAD',
  ],
  ['UTF-16', withPayload(Buffer.from(payload, 'utf16le')), 'BAD_PAYLOAD'],
  ['a payload that is no JSON', withPayload('iss=viettel'), 'BAD_PAYLOAD'],
  ['a payload that is a list', withPayload('[]'), 'BAD_PAYLOAD'],
  ['deep nesting', withPayload(`{"a":${'['.repeat(3000)}${']'.repeat(3000)}}`), 'BAD_PAYLOAD'],
  ['a huge payload', withPayload(`{"a":"${'x'.repeat(200_000)}"}`), 'TOO_LARGE'],
  ['a million dots', '.'.repeat(1_000_000), 'TOO_LARGE'],
  ['dots only', '...', 'MALFORMED'],
  ['characters beyond latin1', `${h}.${p.slice(0, -1)}\u0141.${s}`, 'BAD_PAYLOAD'],
];

describe('strict parsing', () => {
  it.each(REFUSED)('refuses %s', (_, text, problem) => {
    expect(parseToken(text)).toEqual({ ok: false, problem });
  });

  it('takes our own', () => {
    const result = parseToken(token);
    expect(result).toMatchObject({ ok: true, token: { kid: KEY.kid, typ: TYP, claims: JSON.parse(payload) } });
    expect(result.ok && result.token.signed.toString()).toBe(`${h}.${p}`);
  });

  it.each([
    ['spaces and lines', JSON.stringify(JSON.parse(payload), null, 2)],
    ['escaped slashes', payload.replaceAll('/', '\\/')],
    ['escaped letters', payload.replace('"iss"', '"\\u0069ss"')],
    ['another order', JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(payload)).reverse()))],
  ])('takes what other languages write: %s', (_, text) => {
    const spaced = JSON.stringify({ typ: TYP, kid: KEY.kid, alg: 'ES256' }, null, 1);
    expect(parseToken(forge(KEY, spaced, text))).toMatchObject({ ok: true, token: { claims: JSON.parse(payload) } });
  });

  it('takes the largest receipt that the claims allow, and nothing longer than the cap', () => {
    const claims = { ...vector('lt-receipt+jws').claims, head: `${'ẫ'.repeat(2999)}\n` };
    const signer = createSigner({ key: KEY.key, kid: KEY.kid, issuer: 'gateway' });
    const largest = signer.sign('lt-receipt+jws', claims as never);
    expect(parseToken(largest).ok).toBe(true);
    expect(parseToken('x'.repeat(MAX_TOKEN_LENGTH + 1))).toEqual({ ok: false, problem: 'TOO_LARGE' });
  });
});
