import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFault, placeOf } from './json-fault.ts';

test('finds nothing in what is JSON, however it is laid out', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      const text = ` ${JSON.stringify(value, null, space)}\r\n`;
      expect(jsonFault(text)).toBe(text.length);
    }),
  );
});

test.each([
  ['a comma after the last', '{"a": 1,\n}', [2, 1]],
  ['a comma that is missing', '{"a": 1\n "b": 2}', [2, 2]],
  ['a name without quotes', '{"a": {\n  b: 1}}', [2, 3]],
  ['a value without quotes', '{\n"a": [1, x]}', [2, 10]],
  ['a string that does not end', '{\n  "a": "b\n}', [2, 8]],
  ['a number with a zero before', '[01]', [1, 3]],
  ['a comment', '{} // c', [1, 4]],
  ['an end too early', '{\n "a": 1\n', [3, 1]],
  ['nothing', '', [1, 1]],
])('names the place of %s', (_name, text, [line, column]) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(placeOf(text, jsonFault(text))).toEqual({ line, column });
});
