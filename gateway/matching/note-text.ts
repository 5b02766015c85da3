/**
 * What stands in a name's cell beside the name: titles, brackets, notes, numbers, words said twice. Each function gives
 * texts that may be the name alone; the comparison decides. Total, linear, pure.
 */

const TITLES =
  /^(?:(?:ông|ong|bà|ba|anh|chị|chi|cô|co|chú|chu|em|cháu|chau|bác|bac|cụ|cu|mr|mrs|ms|miss|kh|khách hàng|khach hang|họ và tên|ho va ten|họ tên|ho ten|tên|ten|name|full name|chủ thuê bao|chu thue bao|sư|đại đức|dai duc|linh mục|linh muc|bs|ths|ts|gs|pgs|null|nan|none)[\s.:,/-]+)+/iu;
const LATER_NOTES =
  /(?:^|\s)(?:con|vợ|vo|chồng|chong|tức|tuc|đã mất|da mat|đã chết|da chet|cũ|cu|mới|moi|sim|đt|dt|sđt|sdt|cccd|cmnd|cmt|sn|ns|null|nan|jr|sr)(?=[\s.:\d]|$).*$/iu;
const BRACKETS = /[([{<«【（][^)\]}>»】）]*(?:[)\]}>»】）]|$)/gu;
/** Signs that end a name; a hyphen only between blanks, for names have hyphens. */
const ENDS = /[|;:\\/,"“”*#=_]+|\s[-–—]+|[-–—]+\s|\d+/u;

const tidy = (text: string): string => text.trim();

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

/** Texts that may be the name without what stands beside it. At most about a dozen. */
export function withoutNotes(text: string): string[] {
  const found = new Set<string>();
  const bare = tidy(text.replace(BRACKETS, ' '));
  const brackets = text.match(BRACKETS) ?? [];
  for (const base of bare === text ? [text] : [bare, text]) {
    const untitled = tidy(base.replace(TITLES, ''));
    const parts = untitled.split(ENDS).map((part) => tidy(part ?? ''));
    const clean = tidy(untitled.replace(LATER_NOTES, ''));
    // Of a plain name all of these are one text.
    for (const option of new Set([base, untitled, clean, parts.join(' '), ...parts.slice(0, 6)])) {
      found.add(tidy(option.replace(TITLES, '')));
      found.add(option);
    }
  }
  for (const inside of brackets.slice(0, 2)) found.add(tidy(inside.slice(1).replace(/[)\]}>»】）]$/u, '')));
  for (const option of saidOnce(bare)) found.add(option);
  found.delete(text);
  found.delete('');
  return [...found].filter((option) => /\p{L}\P{L}+\p{L}/u.test(option)).slice(0, 16);
}
