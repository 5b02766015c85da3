import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyLookup, verificationKeyOf } from './public-key.ts';
import { EXAMPLE_KEY, encode, VECTORS } from './test-fixtures.ts';
import { verifyToken } from './verify.ts';

/** No token whose header, payload or encoding was changed in any way is accepted. */

const tokens = VECTORS.map((v) => {
  const keys = keyLookup([verificationKeyOf(EXAMPLE_KEY.publicJwk, v.issuer)]);
  return { ...v, accepts: (text: string) => verifyToken(text, { typ: v.typ, keys }).ok };
});
const anyToken = fc.constantFrom(...tokens);
const anyCharacter = fc.oneof(
  fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'),
  fc.constantFrom('=', '+', '/', ' ', '\n', '\0', '\u0141', '\ufeff', '%'),
);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('tampering', () => {
  it('is found in every single character of a token', () => {
    const { token, accepts } = tokens[0]!;
    expect(accepts(token)).toBe(true);
    for (let i = 0; i < token.length; i += 1) {
      // The neighbour in the alphabet differs in the lowest bit: in a last character, the bits that encode nothing.
      const neighbour = ALPHABET[ALPHABET.indexOf(token.charAt(i)) ^ 1] ?? 'A';
      expect(accepts(`${token.slice(0, i)}${neighbour}${token.slice(i + 1)}`), `character ${i}`).toBe(false);
      expect(accepts(token.slice(0, i) + token.slice(i + 1)), `without ${i}`).toBe(false);
    }
  });

  it('is found in every last character of a part, whatever it is changed into', () => {
    for (const { token, accepts } of tokens) {
      const parts = token.split('.');
      for (let part = 0; part < 3; part += 1) {
        for (const c of `${ALPHABET}=+/ `) {
          const text = parts.map((t, i) => (i === part ? t.slice(0, -1) + c : t)).join('.');
          if (text !== token) expect(accepts(text), `${part} ${c}`).toBe(false);
        }
      }
    }
  });

  it('is found in every bit of the signature', () => {
    const { token, accepts } = tokens[0]!;
    const [h, p, s = ''] = token.split('.');
    for (let bit = 0; bit < 512; bit += 1) {
      const raw = Buffer.from(s, 'base64url');
      raw[bit >> 3] = (raw[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(accepts(`${h}.${p}.${encode(raw)}`), `bit ${bit}`).toBe(false);
    }
  });

  it('is found after any edits of the text', () => {
    const edit = fc.record({ at: fc.nat(), with: fc.array(anyCharacter, { maxLength: 3 }), cut: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(anyToken, fc.array(edit, { minLength: 1, maxLength: 4 }), ({ token, accepts }, edits) => {
        let text = token;
        for (const e of edits) {
          const at = e.at % (text.length + 1);
          text = text.slice(0, at) + e.with.join('') + text.slice(at + e.cut);
        }
        fc.pre(text !== token);
        expect(accepts(text)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('is found after any edits of the bytes of header or payload, encoded again', () => {
    const edit = fc.record({ at: fc.nat(), with: fc.uint8Array({ maxLength: 3 }), cut: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(anyToken, fc.nat({ max: 1 }), fc.array(edit, { minLength: 1, maxLength: 3 }), (t, part, edits) => {
        const parts = t.token.split('.');
        let bytes = Buffer.from(parts[part] ?? '', 'base64url');
        for (const e of edits) {
          const at = e.at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, at), e.with, bytes.subarray(at + e.cut)]);
        }
        parts[part] = encode(bytes);
        fc.pre(parts.join('.') !== t.token);
        expect(t.accepts(parts.join('.'))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('is found where only the writing changed and every claim kept its value', () => {
    const rewrite = fc.constantFrom<(text: string) => string>(
      (text) => ` ${text}`,
      (text) => `${text}\n`,
      (text) => JSON.stringify(JSON.parse(text), null, 1),
      (text) => text.replace(/^\{"(.)/, (_, c: string) => `{"\\u00${c.charCodeAt(0).toString(16)}`),
      (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse())),
    );
    fc.assert(
      fc.property(anyToken, fc.nat({ max: 1 }), rewrite, ({ token, accepts }, part, change) => {
        const parts = token.split('.');
        const text = Buffer.from(parts[part] ?? '', 'base64url').toString('utf8');
        expect(JSON.parse(change(text))).toEqual(JSON.parse(text));
        expect(change(text)).not.toBe(text);
        parts[part] = encode(change(text));
        expect(accepts(parts.join('.'))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('is found where the parts of two tokens are mixed', () => {
    for (const a of tokens) {
      for (const b of tokens) {
        for (let mask = 1; mask < 7; mask += 1) {
          const other = b.token.split('.');
          const text = a.token
            .split('.')
            .map((part, i) => ((mask >> i) & 1 ? (other[i] ?? '') : part))
            .join('.');
          if (text === a.token || text === b.token) continue;
          expect(a.accepts(text) || b.accepts(text)).toBe(false);
        }
      }
    }
  });
});
