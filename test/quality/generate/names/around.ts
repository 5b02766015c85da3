/** Damage around a name: what forms, exports and clerks put before, behind and between its words, or cut off. */
import type { ChangeName, NameDamage } from '../damage.ts';
import { ifChanged } from '../letters.ts';
import type { Rng } from '../random.ts';

const WIDTHS = [20, 25, 30] as const;

/** Cut at a fixed width that is shorter than the name. */
function cut(name: string, width: number): string | undefined {
  return name.length > width ? name.slice(0, width) : undefined;
}

function between(name: string, separator: string): string | undefined {
  return ifChanged(name.replaceAll(' ', separator), name);
}

const TITLES = {
  M: ['Ông', 'Anh', 'ÔNG', 'Mr.', 'Mr', 'Ô.', 'Chú', 'Em', 'Bs.', 'Ths.', 'Đ/c'],
  F: ['Bà', 'Chị', 'BÀ', 'Mrs.', 'Ms.', 'Cô', 'B.', 'Em', 'Ms', 'Đ/c'],
} as const;
const NOTES = [
  '(chồng)',
  '(vợ)',
  '(TV)',
  '(A)',
  '(đã đổi sim)',
  '[KH cũ]',
  '- Cty ABC',
  '(con)',
  '/ĐD',
  '(CMND cũ)',
  '- trả sau',
  '*',
  '(2)',
  '- HN',
  '(Tổ 3)',
] as const;
const INVISIBLE = ['\u200B', '\u200C', '\uFEFF', '\u00AD', '\u200E', '\u202A', '\u2060'] as const;

const phone = (rng: Rng): string => `09${String(rng.below(100_000_000)).padStart(8, '0')}`;

const AROUND = {
  title: (name, rng, { sex }) => `${rng.pick(TITLES[sex])} ${name}`,
  title_label: (name, rng) =>
    `${rng.pick(['Họ tên: ', 'Họ và tên: ', 'KH: ', 'Tên KH ', 'Chủ TB: ', 'Name: '])}${name}`,
  note: (name, rng) => `${name} ${rng.pick(NOTES)}`,
  note_phone: (name, rng) => `${name}${rng.pick([' ', ' - ', '-', ' ('])}${phone(rng)}`,
  note_year: (name, rng, { born }) =>
    `${name} ${rng.pick([`(${born.year})`, `- ${born.year}`, `SN ${born.year}`, `${born.year}`])}`,
  list_number: (name, rng) => `${1 + rng.below(99)}${rng.pick(['. ', ') ', '.', ' - '])}${name}`,
  other_person: (name, rng) => `${name} ${rng.pick(['c/o', '(người đại diện)', '- đại lý', 'GĐ'])}`,
  quotes: (name, rng) => rng.pick([`"${name}"`, `'${name}'`, `“${name}”`, `""${name}""`, `'${name}`]),
  underscores: (name) => between(name, '_'),
  dots: (name) => between(name, '.'),
  hyphens: (name) => between(name, '-'),
  commas: (name, rng) => between(name, rng.pick([',', ', '])),
  slashes: (name, rng) => between(name, rng.pick(['/', '|', ';'])),
  extra_blanks: (name, rng) =>
    ` ${name.replaceAll(' ', () => ' '.repeat(1 + rng.below(3)))} ${rng.pick(['', ' ', '\t', '\r'])}`,
  no_break_blanks: (name, rng) => between(name, rng.pick(['\u00A0', '\u3000', '\u2009', '\u202F', '\t'])),
  invisible: (name, rng) => {
    const at = 1 + rng.below(name.length - 1);
    return name.slice(0, at) + rng.pick(INVISIBLE) + name.slice(at);
  },
  filled_up: (name, rng) => name.padEnd(30, rng.pick(['.', '_', '-', '*'])),
  trailing_mark: (name, rng) => `${name}${rng.pick(['.', ',', ';', '-', ' -', '\\', '`', '|'])}`,
  truncated: (name, rng) => cut(name, rng.pick(WIDTHS)),
  truncated_utf8: (name, rng) => {
    // Cut by bytes: a letter in the middle of which the cut fell shows as U+FFFD.
    const bytes = new TextEncoder().encode(name);
    const width = rng.pick([20, 24, 25, 30]);
    return bytes.length > width ? new TextDecoder().decode(bytes.subarray(0, width)) : undefined;
  },
} satisfies Record<string, ChangeName>;

const COMMON: readonly string[] = ['extra_blanks', 'no_break_blanks', 'title', 'note', 'truncated'];
const RARE: readonly string[] = ['filled_up', 'slashes', 'other_person', 'title_label', 'commas', 'list_number'];

export const AROUND_DAMAGES: Readonly<Record<string, NameDamage>> = Object.fromEntries(
  Object.entries<ChangeName>(AROUND).map(([key, change]) => [
    key,
    { weight: COMMON.includes(key) ? 3 : RARE.includes(key) ? 1 : 2, stage: 'around', change } satisfies NameDamage,
  ]),
);
