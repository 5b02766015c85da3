import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { type Json, readStrictObject } from './strict-json.ts';

const leaf: fc.Arbitrary<Json> = fc.oneof(
  anyText().filter((s) => s.isWellFormed()),
  fc.maxSafeNat(),
  fc.boolean(),
  fc.constant(null),
);
const name = anyText().filter((s) => s.isWellFormed() && s !== '__proto__');
const object = (value: fc.Arbitrary<Json>) => fc.dictionary(name, value, { noNullPrototype: true, maxKeys: 5 });
const anyObject = object(fc.oneof(leaf, object(fc.oneof(leaf, fc.array(leaf))), fc.array(object(leaf))));

describe('strict JSON', () => {
  it.each([
    ['white space', ' {\r\n\t"a" : 1 ,\n"b" : [ ] , "c" : { } }\n', { a: 1, b: [], c: {} }],
    [
      'escapes in names and values',
      '{"\\u0061ud":"Nguy\\u1ec5n \\"A\\" \\/ \\ud83d\\ude00"}',
      { aud: 'Nguyễn "A" / 😀' },
    ],
    ['the largest whole number', '{"a":9007199254740991}', { a: 9007199254740991 }],
    ['words', '{"a":true,"b":false,"c":null}', { a: true, b: false, c: null }],
    ['an inherited name as a member', '{"constructor":"x","toString":"y"}', { constructor: 'x', toString: 'y' }],
  ])('reads %s', (_, text, value) => {
    expect(readStrictObject(text)).toEqual(value);
  });

  it.each([
    ['equal names', '{"a":1,"a":1}'],
    ['equal names, one written with an escape', '{"aud":"x","\\u0061ud":"y"}'],
    ['equal names below', '{"a":{"b":1,"b":2}}'],
    ['equal names in an array', '{"a":[{"b":1,"b":2}]}'],
    ['a repeated inherited name', '{"toString":1,"toString":2}'],
    ['__proto__', '{"__proto__":{"iss":"gateway"}}'],
    ['__proto__ with an escape', '{"__proto_\\u005f":{}}'],
    ['an array', '[]'],
    ['a string', '"a"'],
    ['nothing', ''],
    ['a byte order mark', '\ufeff{}'],
    ['something behind', '{} {}'],
    ['a NUL behind', '{}\0'],
    ['a trailing comma', '{"a":1,}'],
    ['a trailing comma in an array', '{"a":[1,]}'],
    ['a missing value', '{"a":}'],
    ['a missing colon', '{"a" 1}'],
    ['a name without quotes', '{a:1}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{/**/}'],
    ['a fraction', '{"a":1.5}'],
    ['a fraction of nothing', '{"a":1.0}'],
    ['an exponent', '{"a":1e3}'],
    ['a negative number', '{"a":-1}'],
    ['a negative zero', '{"a":-0}'],
    ['a leading zero', '{"a":01}'],
    ['a number that a double rounds', '{"a":9007199254740993}'],
    ['a plus sign', '{"a":+1}'],
    ['NaN', '{"a":NaN}'],
    ['a half word', '{"a":tru}'],
    ['a lone surrogate', '{"a":"\\ud800"}'],
    ['a lone surrogate in a name', '{"\\udc00":1}'],
    ['a bad escape', '{"a":"\\x41"}'],
    ['a short escape', '{"a":"\\u12"}'],
    ['a line feed in a string', '{"a":"\n"}'],
    ['a control character behind a backslash', '{"a":"\\\n"}'],
    ['no closing quote', '{"a":"b'],
    ['a backslash at the end', '{"a":"\\'],
    ['no closing brace', '{"a":1'],
    ['a no-break space', '{\u00a0}'],
    ['four levels', '{"a":{"b":{"c":{}}}}'],
    ['ten thousand levels', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['ten thousand open objects', '{"a":'.repeat(10_000)],
  ])('refuses %s', (_, text) => {
    expect(readStrictObject(text)).toBeUndefined();
  });

  it('reads what any JSON writer writes, spaces and escapes included', () => {
    const ascii = (text: string) =>
      text.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    fc.assert(
      fc.property(anyObject, fc.constantFrom(0, 2, '\t'), fc.boolean(), (value, spaces, escaped) => {
        const text = JSON.stringify(value, null, spaces);
        expect(readStrictObject(escaped && spaces === 0 ? ascii(text) : text)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('accepts nothing that JSON.parse refuses or reads otherwise', () => {
    let accepted = 0;
    const edit = fc.tuple(fc.nat(), fc.constantFrom(...'{}[]":,\\01 \nua-.e'), fc.constantFrom(0, 1, 2));
    fc.assert(
      fc.property(anyObject, fc.array(edit, { minLength: 1, maxLength: 3 }), (value, edits) => {
        let text = JSON.stringify(value);
        for (const [at, c, kind] of edits) {
          const i = at % text.length;
          text = text.slice(0, i) + (kind === 0 ? '' : c) + text.slice(kind === 1 ? i : i + 1);
          if (text === '') return;
        }
        const read = readStrictObject(text);
        if (read === undefined) return;
        accepted += 1;
        expect(JSON.parse(text)).toEqual(read);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('refuses any object with a name written twice', () => {
    fc.assert(
      fc.property(anyObject, name, leaf, leaf, (value, twice, first, second) => {
        const member = (v: Json) => `${JSON.stringify(twice)}:${JSON.stringify(v)}`;
        const rest = Object.entries(value).map(([n, v]) => `${JSON.stringify(n)}:${JSON.stringify(v)}`);
        const text = `{${[member(first), ...rest.filter((m) => !m.startsWith(`${JSON.stringify(twice)}:`)), member(second)].join(',')}}`;
        expect(readStrictObject(text)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
