import { expect, it } from 'vitest';
import { firstDifference } from './compare.ts';

const shown = (...texts: string[]) => texts.map((text, index) => ({ line: index + 1, text }));

it('compares letter by letter, and takes … for what differs', () => {
  expect(firstDifference(shown('a (b) *', '8 rows in … s.'), 'a (b) *\n8 rows in 0.3 s.\n')).toBeUndefined();
  expect(firstDifference(shown('a.c'), 'abc\n')).toMatchObject({ text: 'a.c' });
  expect(firstDifference(shown('8 rows in … s.'), '9 rows in 0.3 s.')).toMatchObject({ line: 1 });
});

it('finds what is missing, what is added and what has another order', () => {
  expect(firstDifference(shown('a', 'b'), 'a')).toMatchObject({ text: 'b' });
  expect(firstDifference(shown('a'), 'a\nb')).toBe('MORE');
  expect(firstDifference(shown('a', 'b'), 'b\na')).toMatchObject({ text: 'a' });
  expect(firstDifference(shown(), 'a')).toBe('MORE');
  expect(firstDifference(shown(), '\n')).toBeUndefined();
});

it('… alone stands for any number of lines, and only where it stands', () => {
  expect(firstDifference(shown('a', '…', 'd'), 'a\nb\nc\nd')).toBeUndefined();
  expect(firstDifference(shown('a', '…', 'b'), 'a\nb')).toBeUndefined();
  expect(firstDifference(shown('…', 'b', 'c', '…'), 'b\nx\nb\nc\ny')).toBeUndefined();
  expect(firstDifference(shown('…'), '')).toBeUndefined();
  expect(firstDifference(shown('…', 'c', '…'), 'a\nb')).toMatchObject({ text: 'c' });
  expect(firstDifference(shown('a', '…', 'a'), 'a')).toMatchObject({ line: 3 });
  expect(firstDifference(shown('…', 'b', '…', 'a', '…'), 'a\nb')).toMatchObject({ text: 'a' });
});
