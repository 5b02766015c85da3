import { unescapeText } from './escaped-text.ts';
import { FAMILY_WORDS } from './name-frequencies.ts';

/**
 * What stands in a name's cell beside the name: titles, brackets, notes, numbers, words said twice. Each function gives
 * texts that may be the name alone; the comparison decides. Total, linear, pure.
 */

const TITLES =
  /^(?:(?:ông|ong|bà|ba|anh|chị|chi|cô|co|chú|chu|em|cháu|chau|bác|bac|cụ|cu|mr|mrs|ms|miss|kh|khách hàng|khach hang|họ và tên|ho va ten|họ tên|ho ten|tên|ten|name|full name|chủ thuê bao|chu thue bao|chủ tb|chu tb|chủ hộ|chu ho|sư|đại đức|dai duc|linh mục|linh muc|bs|ths|ts|gs|pgs|null|nan|none)[\s.:,/-]+)+/iu;
const LATER_NOTES =
  /(?:^|\s)(?:con|vợ|vo|chồng|chong|tức|tuc|đã mất|da mat|đã chết|da chet|cũ|cu|mới|moi|sim|đt|dt|sđt|sdt|cccd|cmnd|cmt|sn|ns|null|nan|jr|sr)(?=[\s.:\d]|$).*$/iu;
const BRACKETS = /[([{<«【（][^)\]}>»】）]*(?:[)\]}>»】）]|$)/gu;
/** Signs that end a name; a hyphen only between blanks, for names have hyphens; a digit behind a letter may be a key. */
const ENDS = /[|;:\\/,"“”*#=_]+|\s[-–—]+|[-–—]+\s|(?<!\p{L})\d+|\d{3,}/u;

const tidy = (text: string): string => text.trim();
const alone = (text: string): string => tidy(tidy(text).replace(TITLES, ''));

const countWords = (text: string): number => text.split(/\s+/u).length;

/** Letters and blanks as they are without marks and case. */
const bareWords = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replace(/\s+/gu, ' ');

/** A family name and at least one word more, all of them words and no initials of a note (Chủ TB). */
function isFullName(text: string): boolean {
  const words = bareWords(text).split(' ');
  return (
    words.length > 1 &&
    FAMILY_WORDS.has(words[0] ?? '') &&
    words.every((word) => word.length === 1 || /[aeiouy]/.test(word))
  );
}

/** Whole name twice, family name twice, or the end of the name once more. */
function saidOnce(text: string): string[] {
  const words = text.split(/\s+/u).filter((word) => word !== '');
  const same = (a: string | undefined, b: string | undefined): boolean => a?.toLowerCase() === b?.toLowerCase();
  const found: string[] = [];
  const half = words.length / 2;
  if (Number.isInteger(half) && half >= 1 && words.slice(0, half).every((word, i) => same(word, words[half + i]))) {
    found.push(words.slice(0, half).join(' '));
  }
  for (let i = 0; i + 1 < words.length; i++)
    if (same(words[i], words[i + 1])) found.push(words.toSpliced(i, 1).join(' '));
  for (let size = 2; size * 2 <= words.length; size++) {
    const from = words.length - size;
    if (words.slice(from).every((word, i) => same(word, words[from - size + i])))
      found.push(words.slice(0, from).join(' '));
  }
  if (words.length > 3 && same(words[0], words.at(-1)))
    found.push(words.slice(0, -1).join(' '), words.slice(1).join(' '));
  return found;
}

/**
 * The one part of the cell that is the name, chosen without a look at the register: or a cell could hold many names and
 * try them all. A part that begins with a family name, or else the first of three words. Undefined where no part has two words, or where a second full name stands there.
 */
function theName(parts: readonly string[]): string | undefined {
  const named = parts.filter((part) => /\p{L}\P{L}+\p{L}/u.test(part));
  const full = named.filter(isFullName);
  const [first] = full;
  if (first === undefined) return named.find((part) => countWords(part) > 2) ?? named[0];
  // The same name once more, with marks or without, is no second one. Two words may be a place or a note as well.
  const others = full.filter((part) => countWords(part) > 2 && bareWords(part) !== bareWords(first));
  return others.length > 0 ? undefined : first;
}

/** Texts that may be the name without what stands beside it. A handful; of several names side by side, none. */
export function withoutNotes(text: string): string[] {
  // Digits and signs of escapes are letters in disguise, and end no name.
  if (unescapeText(text) !== undefined) return [];
  const found = new Set<string>();
  const bare = tidy(text.replace(BRACKETS, ' '));
  const inside = (text.match(BRACKETS) ?? []).map((part) => part.slice(1).replace(/[)\]}>»】）]$/u, ''));
  const parts = [bare, ...inside].flatMap((part) => tidy(part.replace(TITLES, '')).split(ENDS).map(alone));
  const name = theName(parts);
  for (const whole of name === undefined ? [text] : [bare, text]) {
    const untitled = tidy(whole.replace(TITLES, ''));
    for (const option of [whole, untitled, tidy(untitled.replace(LATER_NOTES, '')), untitled.split(ENDS).join(' ')]) {
      found.add(alone(option));
      found.add(tidy(option));
    }
  }
  if (name !== undefined) for (const option of [name, ...saidOnce(bare)]) found.add(option);
  found.delete(text);
  return [...found].filter((option) => /\p{L}\P{L}+\p{L}/u.test(option)).slice(0, 16);
}
