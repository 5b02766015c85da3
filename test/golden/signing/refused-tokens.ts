/** Tokens of which each is wrong in one thing alone, made of good ones of the exchange; what refuses each is named as our code names it. */
import { randomBytes } from 'node:crypto';
import type { BindingProblem } from '../../../gateway/signing/binding.ts';
import { P256_ORDER, rawToDer } from '../../../gateway/signing/es256.ts';
import type { VerifyProblem } from '../../../gateway/signing/verify.ts';
import { forged, KEY } from './exchange-parts.ts';

export interface RefusedToken {
  readonly why: string;
  readonly problem: VerifyProblem | BindingProblem;
  /** Which of the exchange's tokens it would stand for, and so what it would have to be bound to. */
  readonly instead_of: 'call' | 'chunk' | 'answer';
  readonly token: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const textOf = (part = ''): string => Buffer.from(part, 'base64url').toString('utf8');

/** The last character with one of the bits set that no byte has. */
function strayBits(part: string): string {
  const last = ALPHABET.indexOf(part.at(-1) ?? '');
  return `${part.slice(0, -1)}${ALPHABET[last | 1]}`;
}

export function refusedTokens(good: {
  readonly call: string;
  readonly chunk: string;
  readonly answer: string;
}): RefusedToken[] {
  const [head = '', body = '', signature = ''] = good.call.split('.');
  const [header, payload] = [textOf(head), textOf(body)];
  const raw = Buffer.from(signature, 'base64url');
  const call = (problem: RefusedToken['problem'], why: string, token: string): RefusedToken => ({
    why,
    problem,
    instead_of: 'call',
    token,
  });
  const signed = (from: string, to: string): string => forged(header, replaced(payload, from, to));
  const withHeader = (from: string, to: string): string => forged(replaced(header, from, to), payload);
  const of = (
    which: 'chunk' | 'answer',
    problem: RefusedToken['problem'],
    why: string,
    from: string | RegExp,
    to: string,
  ): RefusedToken => {
    const [h, p] = good[which].split('.');
    return { why, problem, instead_of: which, token: forged(textOf(h), replaced(textOf(p), from, to)) };
  };
  const half = (at: 'r' | 's', value: Buffer): string => {
    const bytes = Buffer.from(raw);
    value.copy(bytes, at === 'r' ? 0 : 32);
    return `${head}.${body}.${bytes.toString('base64url')}`;
  };
  const changed = Buffer.from(raw);
  changed[40] = (changed[40] ?? 0) ^ 1;

  return [
    call('MALFORMED', 'stray bits in the last character of the signature', `${head}.${body}.${strayBits(signature)}`),
    call('MALFORMED', 'padding', `${head}.${body}.${signature}==`),
    call('MALFORMED', 'a fourth part', `${good.call}.`),
    call(
      'BAD_HEADER',
      'one member more in the header: jwk',
      withHeader('}', `,"jwk":${JSON.stringify(KEY.publicJwk)}}`),
    ),
    call('BAD_HEADER', 'one member more in the header: crit', withHeader('}', ',"crit":["exp"]}')),
    call('BAD_HEADER', 'alg none', withHeader('ES256', 'none')),
    call('BAD_HEADER', 'alg HS256', withHeader('ES256', 'HS256')),
    call('BAD_HEADER', 'no typ', withHeader(',"typ":"lt-call+jws"', '')),
    call('WRONG_TYPE', 'the typ of a chunk', withHeader('lt-call', 'lt-chunk')),
    call('BAD_PAYLOAD', 'a name twice', signed('{', '{"mth":"/a.B/C",')),
    call('BAD_PAYLOAD', 'a name twice, once by an escape', signed('{', '{"\\u006dth":"/a.B/C",')),
    call('BAD_PAYLOAD', 'a fraction, though of no size', signed('"iat":1795300000', '"iat":1795300000.0')),
    call(
      'BAD_PAYLOAD',
      'bytes that are no UTF-8',
      forged(header, Buffer.concat([Buffer.from(payload), Buffer.of(0xff)])),
    ),
    call('BAD_CLAIMS', 'a claim too many', signed('{', '{"exp":1795300060,')),
    call(
      'BAD_CLAIMS',
      'a claim missing',
      signed(',"mth":"/lienthong.verification.v1.VerificationService/VerifyPerson"', ''),
    ),
    call('BAD_CLAIMS', 'iat as text', signed('"iat":1795300000', '"iat":"1795300000"')),
    call('WRONG_ISSUER', 'the issuer is not the owner of the key', signed('"iss":"viettel"', '"iss":"mobifone"')),
    call('UNKNOWN_KEY', 'a kid that is nobody’s', withHeader(KEY.kid, randomBytes(32).toString('base64url'))),
    call('BAD_SIGNATURE_FORM', 'r of 0', half('r', Buffer.alloc(32))),
    call('BAD_SIGNATURE_FORM', 's of the order of the group', half('s', P256_ORDER)),
    call('BAD_SIGNATURE_FORM', 'the signature in DER', `${head}.${body}.${rawToDer(raw).toString('base64url')}`),
    call('BAD_SIGNATURE', 'one bit of the signature changed', `${head}.${body}.${changed.toString('base64url')}`),
    call('WRONG_AUDIENCE', 'meant for another deployment', signed('gateway@golden', 'gateway@elsewhere')),
    call('WRONG_AUDIENCE', 'meant for another receiver', signed('gateway@golden', 'viettel@golden')),
    call('WRONG_METHOD', 'another method', signed('/VerifyPerson', '/StartJob')),
    call('WRONG_JOB', 'names a job, and is no opening', signed('}', ',"job":"7"}')),
    call('WRONG_DIGEST', 'signs other bytes', signed(/"dig":"(.{43})"/.exec(payload)?.[1] ?? '', 'A'.repeat(43))),
    of('chunk', 'BAD_CLAIMS', 'num as text', '"num":0', '"num":"0"'),
    of('chunk', 'WRONG_NUMBER', 'another number', '"num":0', '"num":1'),
    of('chunk', 'WRONG_OPENING', 'another opening of the job', /"opn":".{43}"/, `"opn":"${'A'.repeat(43)}"`),
    of('answer', 'WRONG_AUDIENCE', 'an answer to another agency', 'viettel@', 'mobifone@'),
    of('answer', 'WRONG_REQUEST', 'an answer to another request', /"rqd":".{43}"/, `"rqd":"${'A'.repeat(43)}"`),
    of('answer', 'WRONG_REQUEST', 'an answer under another request id', /"req":"[^"]+"/, '"req":"another-one"'),
    of('answer', 'BAD_CLAIMS', 'a log without an entry', /,"leaf":"[^"]+"/, ''),
    of('answer', 'WRONG_ISSUER', 'signed by the agency itself', '"iss":"gateway"', '"iss":"viettel"'),
  ];
}

/** Throws an Error where nothing would be changed. */
function replaced(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`nothing to change: ${from}`);
  return changed;
}

/** Tokens that look otherwise and are as good: whoever refuses one of these refuses other languages. */
export function alsoGood(call: string): { readonly why: string; readonly token: string }[] {
  const [head = '', body = '', signature = ''] = call.split('.');
  const [header, payload] = [textOf(head), textOf(body)];
  const raw = Buffer.from(signature, 'base64url');
  const order = BigInt(`0x${P256_ORDER.toString('hex')}`);
  const other = (order - BigInt(`0x${raw.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0');
  const claims = Object.entries(JSON.parse(payload) as Record<string, unknown>).toReversed();
  return [
    {
      why: 'spaces, and the claims in another order',
      token: forged(header, JSON.stringify(Object.fromEntries(claims), null, 1)),
    },
    { why: 'escapes', token: forged(header, payload.replaceAll('/', '\\/')) },
    {
      why: 'r and n − s in the place of r and s: anyone can write it, so a token is known by iss and jti',
      token: `${head}.${body}.${Buffer.concat([raw.subarray(0, 32), Buffer.from(other, 'hex')]).toString('base64url')}`,
    },
  ];
}
