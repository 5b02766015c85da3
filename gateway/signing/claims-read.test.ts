import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formOfClaims, orderClaims } from './claims.ts';
import { readClaims } from './claims-read.ts';
import { type Json, type JsonObject, readStrictObject } from './strict-json.ts';
import { VECTORS } from './test-fixtures.ts';
import { TOKEN_TYPES, type TokenType } from './token-types.ts';

const payloadOf = ({ payload }: (typeof VECTORS)[number]): string => payload;
const named = VECTORS.map((v) => [`${v.typ} ${v.form} ${v.jti}`, v] as const);
/** Its totals and its checkpoint are no plain texts. */
const OTHER_WAY = 'lt-receipt+jws';
const TYPES = Object.keys(TOKEN_TYPES) as TokenType[];

/** The definition: what is read where nothing is known of who wrote it. */
function readTheOtherWay(typ: TokenType, text: string): { form: string; claims: JsonObject } | undefined {
  const claims = readStrictObject(text);
  const form = claims && formOfClaims(typ, claims);
  return claims !== undefined && form !== undefined ? { form, claims } : undefined;
}

/** Whether the text was read; what is read is what the definition reads, to the order of the members. */
function readsAlike(typ: TokenType, text: string): boolean {
  const read = readClaims(typ, text);
  if (read === undefined) return false;
  expect(read).toEqual(readTheOtherWay(typ, text));
  expect(JSON.stringify(read.claims)).toBe(JSON.stringify(JSON.parse(text)));
  return true;
}

describe('claims read at once', () => {
  it.each(named)('%s: read as this side writes it', (_, v) => {
    expect(readsAlike(v.typ, payloadOf(v))).toBe(v.typ !== OTHER_WAY);
  });

  it.each(named)('%s: of no other type', (_, v) => {
    for (const typ of TYPES) {
      if (typ === v.typ) continue;
      expect(readClaims(typ, payloadOf(v))?.form).toBe(readTheOtherWay(typ, payloadOf(v))?.form);
    }
    for (const typ of ['', 'JWT', 'toString', '__proto__']) expect(readClaims(typ, payloadOf(v))).toBeUndefined();
  });

  const text = (of: string, maxLength = 80): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...of), maxLength });
  const value: fc.Arbitrary<Json> = fc.oneof(
    fc.maxSafeNat(),
    fc.constantFrom<Json>(
      0,
      1,
      16,
      17,
      -1,
      1.5,
      2 ** 53,
      1e21,
      true,
      null,
      'a',
      '"',
      '\\',
      '\u007f',
      'ã',
      '\ud800',
      [],
      {},
    ),
    text('AZaz09._:+-/@*"\\ \n'),
    fc.record({ policy: text('a:.1'), agreement: text('a+1'), consent: text('09'), profile: text('a -"') }),
  );

  it('with any claim another, left out or added: never otherwise than the definition', () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...VECTORS),
        fc.nat(),
        fc.option(value, { nil: undefined }),
        fc.boolean(),
        (v, at, other, wild) => {
          const claims = { ...(JSON.parse(payloadOf(v)) as JsonObject) } as { [name: string]: Json };
          const names = wild ? ['exp', 'job', 'log', 'leaf', 'root', 'rev'] : Object.keys(claims);
          const name = names[at % names.length] as string;
          if (other === undefined) delete claims[name];
          else claims[name] = other;
          for (const written of [
            claims,
            ...Object.keys(TOKEN_TYPES[v.typ]).map((form) => orderClaims(v.typ, form, claims)),
          ]) {
            if (readsAlike(v.typ, JSON.stringify(written))) read += 1;
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(500);
  });

  it('with characters changed: never otherwise than the definition', () => {
    let read = 0;
    const edit = fc.tuple(fc.nat(), fc.constantFrom(...'{}[]":,\\019 \nAau-.e@/*\u007fã'), fc.constantFrom(0, 1, 2));
    fc.assert(
      fc.property(fc.constantFrom(...VECTORS), fc.array(edit, { minLength: 1, maxLength: 3 }), (v, edits) => {
        let changed = payloadOf(v);
        for (const [at, c, kind] of edits) {
          const i = at % changed.length;
          changed = changed.slice(0, i) + (kind === 0 ? '' : c) + changed.slice(kind === 1 ? i : i + 1);
        }
        if (readsAlike(v.typ, changed)) read += 1;
      }),
      { numRuns: 4000 },
    );
    expect(read).toBeGreaterThan(200);
  });

  it.each([
    ['a name twice', (t: string) => t.replace('"iat"', '"aud":"*@golden","iat"')],
    ['the same name twice, the same value', (t: string) => t.replace(/("iat":\d+)/, '$1,$1')],
    ['a space', (t: string) => t.replace(':', ': ')],
    ['something behind', (t: string) => `${t}\n`],
    ['something in front', (t: string) => ` ${t}`],
    ['an escape', (t: string) => t.replace('"iss"', '"\\u0069ss"')],
    ['a leading zero', (t: string) => t.replace(/"iat":/, '"iat":0')],
    ['a fraction', (t: string) => t.replace(/("iat":\d+)/, '$1.0')],
    ['an exponent', (t: string) => t.replace(/"iat":\d+/, '"iat":1e3')],
    ['a negative number', (t: string) => t.replace(/"iat":/, '"iat":-')],
    ['a number that a double rounds', (t: string) => t.replace(/"iat":\d+/, '"iat":9007199254740993')],
    ['a number as a string', (t: string) => t.replace(/"iat":(\d+)/, '"iat":"$1"')],
    ['set bits behind the last byte', (t: string) => t.replace(/"jti":"(.{21})."/, '"jti":"$1B"')],
    ['a control character', (t: string) => t.replace('"aud":"', '"aud":"\u0001')],
  ])('leaves %s to the definition', (_, change) => {
    for (const v of VECTORS) {
      const payload = payloadOf(v);
      const changed = change(payload);
      expect(changed).not.toBe(payload);
      expect(readClaims(v.typ, changed)).toBeUndefined();
    }
  });

  it('takes no longer where nothing fits: one way to fail at each character', () => {
    const run = '-'.repeat(16_000);
    for (const typ of TYPES) {
      expect(readClaims(typ, `{"iss":"${run}`)).toBeUndefined();
      expect(readClaims(typ, `{"iss":"a","aud":"a@a${run}`)).toBeUndefined();
    }
  });
});
