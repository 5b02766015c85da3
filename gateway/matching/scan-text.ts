import { isWrittenSyllable } from './syllable.ts';

/** Digits and signs that a scanner took for letters, within words only. Total, linear, pure. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  0: ['o'],
  1: ['i', 'l'],
  5: ['s'],
  8: ['b'],
  6: ['g', 'b'],
  9: ['g'],
  2: ['z'],
  '|': ['i', 'l'],
  '!': ['i', 'l'],
  $: ['s'],
  '@': ['a'],
};

/** Letters whose strokes a scanner parts, or takes two for one. */
const PARTED: readonly (readonly [RegExp, string])[] = [
  [/rn/gi, 'm'],
  [/ri/gi, 'n'],
  [/ii/gi, 'u'],
  [/cl/gi, 'd'],
  [/vv/gi, 'w'],
];

/** The text with such letters put together in words that are no syllables and become some; undefined where there are none. */
export function readParted(text: string): string | undefined {
  if (!/rn|ri|ii|cl|vv/i.test(text)) return undefined;
  const read = text.replace(/\S+/g, (word) => {
    if (isWrittenSyllable(word)) return word;
    return PARTED.map(([parted, whole]) => word.replace(parted, whole)).find(isWrittenSyllable) ?? word;
  });
  return read === text ? undefined : read;
}

/** The text with letters in the place of such signs; two readings where a sign stands for two letters. */
export function readScanned(text: string): string[] {
  if (!/\p{L}[0-9|!$@]|[0-9|!$@]\p{L}/u.test(text)) return [];
  const read = (choice: number): string =>
    Array.from(text, (sign) => SIGNS[sign]?.[choice] ?? SIGNS[sign]?.[0] ?? sign).join('');
  return [...new Set([read(0), read(1)])];
}
