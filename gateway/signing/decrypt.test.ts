import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecryptProblem, decrypt } from './decrypt.ts';
import { encrypt } from './encrypt.ts';
import { type DecryptionKey, loadDecryptionKey, MAX_JWE_LENGTH, recipientKeyOf } from './encryption-key.ts';
import { encode, forgeEncrypted, newDecryptionKey, readGolden } from './test-fixtures.ts';

const own = await newDecryptionKey();
const other = await newDecryptionKey();
const keysOf = (key: DecryptionKey) => (kid: string) => (kid === key.kid ? key : undefined);
const open = (token: string) => decrypt(token, keysOf(own));
const recipient = recipientKeyOf(own.publicJwk);
const MEGABYTE = 1024 * 1024;
const content = Buffer.from('Nhóm máu: AB+');

const good = encrypt(content, recipient);
const [head = '', , iv = '', text = '', tag = ''] = good.split('.');
const header = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as Record<string, unknown>;
const epk = header.epk as Record<string, unknown>;
/** The same token under another header. */
const under = (changed: unknown) =>
  `${encode(typeof changed === 'string' ? changed : JSON.stringify(changed))}..${iv}.${text}.${tag}`;
const problemOf = (token: string): DecryptProblem | undefined => {
  const opened = open(token);
  return opened.ok ? undefined : opened.problem;
};

/** A y that does not go with its x. */
const offCurve = encode(Buffer.from(String(epk.y), 'base64url').map((byte, at) => (at === 31 ? byte ^ 1 : byte)));

describe('an encrypted answer', () => {
  it('opens to what was encrypted, and to no one else; equal contents give different tokens', () => {
    expect(open(good)).toEqual({ ok: true, content, kid: own.kid });
    expect(decrypt(good, keysOf(other))).toEqual({ ok: false, problem: 'UNKNOWN_KEY' });
    expect(decrypt(good, () => ({ ...other, kid: own.kid }))).toEqual({ ok: false, problem: 'NOT_AUTHENTIC' });
    expect(decrypt(good, () => other)).toEqual({ ok: false, problem: 'UNKNOWN_KEY' });
    const again = encrypt(content, recipient);
    expect(again).not.toBe(good);
    expect(again.split('.').slice(2)).not.toEqual([iv, text, tag]);
  });

  it('has a header of exactly alg, enc, epk, kid and typ, and no encrypted key', () => {
    expect(Object.keys(header)).toEqual(['alg', 'enc', 'epk', 'kid', 'typ']);
    expect(Object.keys(epk)).toEqual(['crv', 'kty', 'x', 'y']);
    expect(header).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: own.kid, typ: 'lt-answer+jwe' });
    expect(good.split('.')).toHaveLength(5);
    expect(good.split('.')[1]).toBe('');
  });

  it('of any content comes back whole; with any character changed it is refused', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ é';
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 600 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.constantFrom(...letters),
        (bytes, where, letter) => {
          const token = encrypt(bytes, recipient);
          expect(open(token)).toMatchObject({ ok: true, content: Buffer.from(bytes) });
          const at = Math.floor(where * token.length);
          if (token[at] === letter) return;
          expect(open(`${token.slice(0, at)}${letter}${token.slice(at + 1)}`).ok).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('with any bit of nonce, text or tag changed, or cut, is not authentic', () => {
    for (const [part, name] of [
      [iv, 'iv'],
      [text, 'text'],
      [tag, 'tag'],
    ] as const) {
      const bytes = Buffer.from(part, 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(problemOf(good.replace(part, encode(flipped))), `${name} ${bit}`).toBe('NOT_AUTHENTIC');
      }
    }
    expect(problemOf(`${head}..${iv}.${encode(Buffer.from(text, 'base64url').subarray(1))}.${tag}`)).toBe(
      'NOT_AUTHENTIC',
    );
  });

  it.each<[string, unknown]>([
    ['zip', { ...header, zip: 'DEF' }],
    ['zip of nothing', { ...header, zip: '' }],
    ['apu', { ...header, apu: 'QQ' }],
    ['crit', { ...header, crit: ['exp'] }],
    ['jku', { ...header, jku: 'https://example.org' }],
    ['a key of its own', { ...header, jwk: epk }],
    ['p2c', { ...header, p2c: 1_000_000_000 }],
    ['cty', { ...header, cty: 'JWT' }],
    ['no kid', { ...header, kid: undefined }],
    ['a kid that is no text', { ...header, kid: 1 }],
    ['no typ', { ...header, typ: undefined }],
    ['the typ of a signature', { ...header, typ: 'lt-answer+jws' }],
    ['dir', { ...header, alg: 'dir' }],
    ['key wrapping', { ...header, alg: 'ECDH-ES+A256KW' }],
    ['RSA1_5', { ...header, alg: 'RSA1_5' }],
    ['A128GCM', { ...header, enc: 'A128GCM' }],
    ['CBC', { ...header, enc: 'A256CBC-HS512' }],
    ['no epk', { ...header, epk: undefined }],
    ['an epk that is a list', { ...header, epk: [epk] }],
    ['an epk with its private number', { ...header, epk: { ...epk, d: epk.x } }],
    ['an epk without y', { ...header, epk: { ...epk, y: undefined } }],
    ['another curve', { ...header, epk: { ...epk, crv: 'P-384' } }],
    ['another type of key', { ...header, epk: { ...epk, kty: 'OKP' } }],
    ['a short coordinate', { ...header, epk: { ...epk, x: String(epk.x).slice(2) } }],
    ['a long coordinate', { ...header, epk: { ...epk, x: `AA${epk.x}` } }],
    ['stray bits in a coordinate', { ...header, epk: { ...epk, x: `${String(epk.x).slice(0, -1)}B` } }],
    ['two kids', `{"kid":"${other.kid}",${JSON.stringify(header).slice(1)}`],
    ['two alg, one escaped', `{"\\u0061lg":"dir",${JSON.stringify(header).slice(1)}`],
    ['no object', '[]'],
    ['broken UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')],
    ['a header of a megabyte', JSON.stringify(header).replace('{', `{${' '.repeat(1_000)}`)],
  ])('with %s in its header is refused before anything is derived', (_, changed) => {
    expect(problemOf(under(changed))).toBe('BAD_HEADER');
  });

  it('with a point that is not on the curve, or the point at infinity, is refused', () => {
    expect(problemOf(under({ ...header, epk: { ...epk, y: offCurve } }))).toBe('BAD_POINT');
    const zero = encode(Buffer.alloc(32));
    expect(problemOf(under({ ...header, epk: { ...epk, x: zero, y: zero } }))).toBe('BAD_POINT');
    const p = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';
    expect(problemOf(under({ ...header, epk: { ...epk, x: encode(Buffer.from(p, 'hex')) } }))).toBe('BAD_POINT');
  });

  it.each<[string, string, DecryptProblem]>([
    ['no dots', head, 'MALFORMED'],
    ['four parts', `${head}..${iv}.${text}`, 'MALFORMED'],
    ['six parts', `${good}.`, 'MALFORMED'],
    ['an encrypted key', `${head}.AAAA.${iv}.${text}.${tag}`, 'MALFORMED'],
    ['padding', `${head}..${iv}.${text}.${tag}==`, 'MALFORMED'],
    ['plain base64', `${head}..${iv}.${text}+/.${tag}`, 'MALFORMED'],
    ['a line break', `${head}..${iv}.${text}\n.${tag}`, 'MALFORMED'],
    [
      'stray bits in the tag',
      `${head}..${iv}.${text}.${tag.slice(0, -1)}${tag.endsWith('B') ? 'C' : 'B'}`,
      'MALFORMED',
    ],
    ['a short nonce', `${head}..${iv.slice(4)}.${text}.${tag}`, 'MALFORMED'],
    ['a long nonce', `${head}..AAAA${iv}.${text}.${tag}`, 'MALFORMED'],
    ['a short tag', `${head}..${iv}.${text}.${encode(Buffer.from(tag, 'base64url').subarray(0, 12))}`, 'MALFORMED'],
    ['no tag', `${head}..${iv}.${text}.`, 'MALFORMED'],
    ['more than any answer has', good.padEnd(MAX_JWE_LENGTH + 1, 'A'), 'TOO_LARGE'],
    ['a key of somebody else', encrypt(content, recipientKeyOf(other.publicJwk)), 'UNKNOWN_KEY'],
  ])('of %s is refused', (_, token, problem) => {
    expect(problemOf(token)).toBe(problem);
  });

  it('that inflates to 200 MB is refused, and not inflated: truly encrypted to this key, and zip in its header', () => {
    const part = deflateRawSync(Buffer.alloc(2 * MEGABYTE), { finishFlush: constants.Z_FULL_FLUSH });
    const deflated = Buffer.concat([...Array.from({ length: 100 }, () => part), deflateRawSync(Buffer.alloc(0))]);
    expect(inflateRawSync(deflated).length).toBe(200 * MEGABYTE);
    const bomb = forgeEncrypted(own, { zip: 'DEF' }, deflated);
    expect(bomb.length).toBeGreaterThan(250_000);
    expect(bomb.length).toBeLessThan(MAX_JWE_LENGTH);
    const before = process.memoryUsage().arrayBuffers;
    expect(problemOf(bomb)).toBe('BAD_HEADER');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * MEGABYTE);
    // The forge makes tokens that open, where their header may be.
    expect(open(forgeEncrypted(own, {}, content))).toMatchObject({ ok: true, content });
  });

  it('is not made of more than a reader takes', () => {
    expect(() => encrypt(Buffer.alloc(MAX_JWE_LENGTH), recipient)).toThrow(RangeError);
  });
});

describe('frozen tokens', () => {
  const frozen = JSON.parse(readGolden('encrypted.json').toString('utf8')) as {
    readonly ephemeral: JsonWebKey;
    readonly [name: string]: unknown;
  };
  const bytes = (name: string) => Buffer.from(String(frozen[name]), 'base64url');

  it('are made and read as the same bytes', () => {
    const key = loadDecryptionKey(JSON.parse(readGolden('published-example-encryption-key.jwk.json').toString('utf8')));
    const privateKey = createPrivateKey({ key: frozen.ephemeral, format: 'jwk' });
    const made = encrypt(bytes('content'), recipientKeyOf(key.publicJwk), {
      ephemeral: { privateKey, publicKey: createPublicKey(privateKey) },
      iv: bytes('iv'),
    });
    expect(made).toBe(frozen.token);
    expect(decrypt(made, keysOf(key))).toEqual({ ok: true, content: bytes('content'), kid: key.kid });
  });
});
