import { unescapeText } from './escaped-text.ts';
import { BASE_BITS, FOREIGN_MARK, KIND, KIND_BITS, LOOKALIKE, meaningOf } from './letter-table.ts';
import { FAMILY_WORDS } from './name-frequencies.ts';

/**
 * What stands in a name's cell beside the name: titles, brackets, notes, numbers, words said twice. Each function gives
 * texts that may be the name alone; the comparison decides. Total, linear, pure.
 */

const TITLE_WORDS =
  'ông|ong|bà|ba|anh|chị|chi|cô giáo|co giao|thầy giáo|thay giao|thầy|dì|cậu|mợ|thím|dượng|ks|kts|ds|cô|co|chú|chu|em|cháu|chau|bác|bac|cụ|cu|mr|mrs|ms|miss|kh|khách hàng|khach hang|họ và tên|ho va ten|họ tên|ho ten|tên|ten|name|full name|chủ thuê bao|chu thue bao|chủ tb|chu tb|chủ hộ|chu ho|sư|đại đức|dai duc|linh mục|linh muc|bs|ths|ts|gs|pgs|null|nan|none|hộ ông|hộ bà|thiếu úy|thieu uy|trung úy|trung uy|thượng úy|thuong uy|đại úy|dai uy|thiếu tá|thieu ta|trung tá|trung ta|thượng tá|thuong ta|đại tá|dai ta|thiếu tướng|thieu tuong|trung tướng|trung tuong|bí thư|bi thu|chủ tịch|chu tich|giám đốc|giam doc|hiệu trưởng|hieu truong|trưởng thôn|truong thon|luật sư|luat su|bác sĩ|bac si|dược sĩ|duoc si|kỹ sư|ky su|tiến sĩ|tien si|thạc sĩ|thac si|giáo viên|giao vien';
const TITLES = new RegExp(`^(?:(?:${TITLE_WORDS})[\\s.:,/-]+)+`, 'iu');
/** What a form printed before the name and a colon: "Họ, chữ đệm và tên khai sinh:", "Tên KH:". */
const LABEL =
  /^\s*(?:(?:họ|ho|chữ|chu|đệm|dem|và|va|tên|ten|khai|sinh|full|first|last|customer|name|of|chủ|thuê|thue|bao|tb|kh|khách|khach|hàng|hang|người|nguoi|đăng|dang|ký|ky|sử|su|dụng|dung|hộ)(?![\p{L}\p{M}])[\s,./]*)+[:：]\s*/iu;
/** Names of saints, which Catholics bear before their own and offices of the Church write down. */
const SAINT_WORDS =
  'maria|giuse|phêrô|phero|phaolô|phaolo|anna|têrêsa|teresa|theresa|gioan|gioakim|đa minh|đaminh|antôn|anton|mactinô|martinô|martino|micae|michael|vinh sơn|vinhsơn|vincente|phanxicô|phanxico|giacôbê|giacobe|tôma|toma|matta|martha|lucia|cecilia|xêxilia|agata|agatha|anê|agnes|catarina|rosa|mônica|monica|augustinô|augustino|simon|stêphanô|stephano|bênêđictô|bênađô|clara|isave|elisabeth|magarita|maddalena|mađalêna|philipphê|philipphe|batôlômêô|luca|marcô|marco|matthêu|mattheu|inhaxiô|lôrensô|baotixita|têphanô|giêrônimô|joseph|peter|paul|john';
const SAINTS = new RegExp(`^(?:(?:${SAINT_WORDS})[\\s.,-]+)+(?=\\S+\\s+\\S)`, 'iu');
const LATER_WORDS =
  'con|vợ|vo|chồng|chong|tức|tuc|đã mất|da mat|đã chết|da chet|cũ|cu|mới|moi|sim|đt|dt|sđt|sdt|cccd|cmnd|cmt|sn|ns|null|nan|jr|sr|ko|không|gđ|kh|khách|chủ hộ|chu ho|chủ thuê bao|chu thue bao|chủ tb|chu tb|nghe máy|trả trước|trả sau|tên gọi|thường gọi|biệt danh';
const LATER_NOTES = new RegExp(
  `(?:^|\\s)(?:${LATER_WORDS})(?=[\\s.:\\d]|$).*$|(?<=\\S\\s+\\S+)\\s+(?:tự|tức|hay)\\s+\\S.*$`,
  'iu',
);
const BRACKETS = /[([{<«【（][^)\]}>»】）]*(?:[)\]}>»】）]|$)|(?<=\s)(?:'[^']+'|"[^"]+"|“[^”]+”|‘[^’]+’)(?=\s*$)/gu;
/** Who somebody is to the bearer of the name, with the marks that tell it from a family name (vợ, Võ). */
const RELATION = /^(?:vợ|chồng|mẹ|bố|má|cha|con|cháu|bạn|của)\s/iu;
/** Signs that end a name; a hyphen only between blanks, for names have hyphens; a digit behind a letter may be a key. */
const ENDS = /[|;:\\/,"“”*#=_]+|\s[-–—]+|[-–—]+\s|(?<!\p{L})\d+|\d{3,}/u;

const tidy = (text: string): string => text.trim();
/** The words with which an entry of such a list begins: a text without them need not be held against the list. */
const firstWords = (list: string): ReadonlySet<string> =>
  new Set(list.split('|').map((entry) => entry.split(' ')[0] ?? ''));
const BEGIN_TITLES = firstWords(`${TITLE_WORDS}|${SAINT_WORDS}`);
const BEGIN_NOTES = firstWords(`${LATER_WORDS}|tự|tức|hay`);

const FIRST_WORD = /^[^\s.:,/-]+/u;

/** Without titles and names of saints in front. */
function untitled(given: string): string {
  const text = tidy(given);
  if (!BEGIN_TITLES.has(FIRST_WORD.exec(text)?.[0].toLowerCase() ?? '')) return text;
  return tidy(text.replace(TITLES, '').replace(SAINTS, ''));
}

/** Without a note behind that begins with one of its words. */
function unnoted(text: string): string {
  const words = text.toLowerCase().split(/[\s.:\d]+/u);
  return words.some((word) => BEGIN_NOTES.has(word)) ? tidy(text.replace(LATER_NOTES, '')) : tidy(text);
}

const countWords = (text: string): number => text.split(/\s+/u).length;

/** Letters and blanks as they are without marks and case. */
function bareWords(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const meaning = meaningOf(code);
    const base = meaning & BASE_BITS;
    if (code === 0x20) out += out.endsWith(' ') ? '' : ' ';
    else if (code < 0x80) out += text.charAt(i).toLowerCase();
    else if ((meaning & PLAIN) === KIND.letter && base < 0x80 && base !== B) out += String.fromCharCode(base);
    else return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replace(/\s+/gu, ' ');
  }
  return out;
}

const PLAIN = KIND_BITS | LOOKALIKE | FOREIGN_MARK;
/** The b with a stroke is no b. */
const B = 0x62;

/** A family name and at least one word more, all of them words and no initials of a note (Chủ TB). */
function isFullName(text: string): boolean {
  const words = bareWords(text).split(' ');
  return (
    words.length > 1 &&
    !RELATION.test(text) &&
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
  const named = parts.filter((part) => TWO_WORDS.test(part));
  const full = named.filter(isFullName);
  const [first] = full;
  if (first === undefined) return named.find((part) => countWords(part) > 2) ?? named[0];
  // The same name once more, with marks or without, is no second one. Two words may be a place or a note as well.
  const others = full.filter((part) => countWords(part) > 2 && bareWords(part) !== bareWords(first));
  return others.length > 0 ? undefined : first;
}

/** The text without the label of a form before it; undefined where there is none. */
export function withoutLabel(text: string): string | undefined {
  const label = text.includes(':') || text.includes('：') ? LABEL.exec(text)?.[0] : undefined;
  return label === undefined || label.length === text.length ? undefined : text.slice(label.length);
}

const TWO_WORDS = /\p{L}\P{L}+\p{L}/u;

/** The same for a text of plain words: undefined where one of them is known to stand beside names. */
function ofPlainWords(text: string): string[] | undefined {
  const trimmed = tidy(text);
  const words = trimmed.toLowerCase().split(/ +/);
  if (BEGIN_TITLES.has(words[0] ?? '') || words.some((word) => BEGIN_NOTES.has(word))) return undefined;
  const found = trimmed === text ? [] : [trimmed];
  if (new Set(words).size < words.length) found.push(...saidOnce(trimmed));
  return found.length === 0 ? found : [...new Set(found)].filter((option) => option !== text && TWO_WORDS.test(option));
}

/**
 * Texts that may be the name without what stands beside it. A handful; of several names side by side, none. `plain`: the
 * text is letters and blanks alone.
 */
export function withoutNotes(text: string, plain = false): string[] {
  const simple = plain ? ofPlainWords(text) : undefined;
  if (simple !== undefined) return simple;
  // Digits and signs of escapes are letters in disguise, and end no name.
  if (unescapeText(text) !== undefined) return [];
  const found = new Set<string>();
  const bare = tidy(text.replace(BRACKETS, ' '));
  const inside = (text.match(BRACKETS) ?? []).map((part) => part.slice(1).replace(/[)\]}>»】）'"”’]$/u, ''));
  const parts = [bare, ...inside].flatMap((part) => untitled(part).split(ENDS).map(untitled));
  const name = theName(parts);
  for (const whole of name === undefined ? [text] : bare === text ? [bare] : [bare, text]) {
    const called = untitled(whole);
    for (const option of new Set([whole, called, unnoted(called), called.split(ENDS).join(' ')])) {
      found.add(untitled(option));
      found.add(tidy(option));
    }
  }
  if (name !== undefined) for (const option of [name, ...saidOnce(bare)]) found.add(option);
  found.delete(text);
  return [...found].filter((option) => TWO_WORDS.test(option)).slice(0, 16);
}
