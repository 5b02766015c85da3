/** Letters of Vietnamese taken apart: base, shape (breve, circumflex, horn, stroke) and tone. */

/** huyền, sắc, ngã, hỏi, nặng. */
export const TONES = ['\u0300', '\u0301', '\u0303', '\u0309', '\u0323'] as const;
export const TONE = /[\u0300\u0301\u0303\u0309\u0323]/u;
const ALL_TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu;
const MARKS = /\p{M}/gu;

/** Vietnamese vowels, any case, with any marks. */
export const VOWEL = /[aeiouyăâêôơư]/iu;

export const withoutTones = (text: string): string => text.normalize('NFD').replace(ALL_TONES, '').normalize('NFC');

/** Plain a–z: what a keyboard without an input method gives. */
export const withoutMarks = (text: string): string =>
  text
    .normalize('NFD')
    .replace(MARKS, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .replaceAll('ƀ', 'b')
    .replaceAll('Ƀ', 'B');

/** The tone of a letter or word, '' for none. */
export const toneOf = (text: string): string => TONE.exec(text.normalize('NFD'))?.[0] ?? '';

/** One letter with another tone ('' for none). */
export function withTone(letter: string, tone: string): string {
  return (withoutTones(letter) + tone).normalize('NFC');
}

export const lettersOf = (text: string): string[] => Array.from(text.normalize('NFC'));
export const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');
export const isUpper = (text: string): boolean => text === text.toUpperCase() && text !== text.toLowerCase();

/** Gives `text` the case of `model`: all capitals, a capital first, or small. */
export function inCaseOf(text: string, model: string): string {
  if (isUpper(model) && model.length > 1) return text.toUpperCase();
  const [first = '', ...rest] = Array.from(text);
  return isUpper(Array.from(model)[0] ?? '') ? first.toUpperCase() + rest.join('') : text.toLowerCase();
}

/** Places in a list where `test` holds. */
export const placesOf = <T>(list: readonly T[], test: (item: T) => boolean): number[] =>
  list.flatMap((item, at) => (test(item) ? [at] : []));

/** `undefined` where nothing changed: a damage that does not show is none. */
export const ifChanged = (value: string, from: string): string | undefined => (value === from ? undefined : value);

/** A name as it is said: two spellings of one name (Hòa and Hoà, Vi and Vy) are not two names. */
export const spoken = (name: string): string =>
  name
    .split(' ')
    .map((word) => withoutTones(word).toLowerCase().replaceAll('y', 'i') + toneOf(word))
    .join(' ');
