import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/golden/matching/arbitraries.ts';
import { MARKED, toEntities, toUnicodeEscapes } from '../../test/golden/matching/encoders.ts';
import { unescapeText } from './escaped-text.ts';

test.each(MARKED)('%s is read back from every escape', (letter) => {
  const word = `Q${letter}x`;
  const hex = (letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
  const quoted = encodeURIComponent(word).replaceAll('%', '=');
  for (const escaped of [
    toEntities(word),
    `Q&#x${hex};x`,
    `Q&amp;#x${hex};x`,
    toUnicodeEscapes(word),
    `Q\\\\u${hex}x`,
    `Q%u${hex}x`,
    `Q\\u{${hex}}x`,
    encodeURIComponent(word),
    quoted,
  ]) {
    expect(unescapeText(escaped), escaped).toBe(word);
  }
});

test.each([
  ['L&ecirc; V&agrave;ng', 'Lê Vàng'],
  ['&ETH;&agrave;o', 'Ðào'],
  ['Nguy%E1%BB%85n+V%C4%83n', 'Nguyễn Văn'],
  ['Nguy+HsU-n', 'Nguyễn'],
])('%j is %s', (text, name) => expect(unescapeText(text)).toBe(name));

test.each(['Nguyễn Văn An', 'An & Bình', '100%', 'a=b', 'C+', '\\', ''])('%j holds no escape', (text) =>
  expect(unescapeText(text)).toBeUndefined());

test('what stands for no character is a lost letter, and nothing throws', () => {
  expect(unescapeText('A&#0;B')).toBe('A\ufffdB');
  expect(unescapeText('A%FFB')).toBe('A\ufffdB');
  fc.assert(
    fc.property(
      fc.oneof(anyText, fc.stringMatching(/^[&#;%=+\\u0-9a-fA-F-]{0,40}$/)),
      (text) => void unescapeText(text),
    ),
  );
});
