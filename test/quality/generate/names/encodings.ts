/** Damage by a code page, an input method or an escape that nobody undid. */
import { asTcvn3Residue, asVniResidue } from '../../../../gateway/development/synthetic/legacy-encodings.ts';
import type { ChangeName, NameDamage } from '../damage.ts';
import { ifChanged, lettersOf, withoutMarks } from '../letters.ts';
import type { Rng } from '../random.ts';
import { as1258, asViscii, bestFit1252, utf8As } from './code-pages.ts';
import { typed } from './input-methods.ts';

const beyondAscii = (name: string, change: (letter: string) => string): string | undefined =>
  ifChanged(
    lettersOf(name)
      .map((letter) => (letter.codePointAt(0)! > 0x7f ? change(letter) : letter))
      .join(''),
    name,
  );

/** Letters outside Latin-1, or all beyond ASCII: how much is lost depends on the code page in between. */
function lost(name: string, rng: Rng, mark: string): string | undefined {
  const from = rng.chance(0.6) ? 0xff : 0x7f;
  return beyondAscii(name, (letter) => (letter.codePointAt(0)! > from ? mark : letter));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '\u0300': 'grave',
  '\u0301': 'acute',
  '\u0303': 'tilde',
  '\u0302': 'circ',
};

/** HTML 4 knows the letters of Latin-1 by name; the others are numbers. */
function entity(letter: string): string {
  const [base = '', ...marks] = letter.normalize('NFD');
  const word = marks.length === 1 ? ENTITIES[marks[0] ?? ''] : undefined;
  const code = letter.codePointAt(0)!;
  return word !== undefined && code < 0x100 ? `&${base}${word};` : `&#${code};`;
}

const hex = (letter: string, width: number): string => letter.codePointAt(0)!.toString(16).padStart(width, '0');

const ENCODINGS = {
  telex: (name, rng) => typed('telex', name, rng, false),
  telex_one_word: (name, rng) => typed('telex', name, rng, true),
  vni_keys: (name, rng) => typed('vni', name, rng, false),
  vni_keys_one_word: (name, rng) => typed('vni', name, rng, true),
  viqr: (name, rng) => typed('viqr', name, rng, false),
  tcvn3: (name) => ifChanged(asTcvn3Residue(name), name),
  // Fonts with H at the end of their name show capitals for small letters: the file holds small ones.
  tcvn3_capital_font: (name) =>
    ifChanged(
      asTcvn3Residue(name.toLowerCase()).replace(/[a-z]/gu, (l) => l.toUpperCase()),
      name.toUpperCase(),
    ),
  tcvn3_mixed: (name) => {
    const words = name.split(' ');
    return words.length < 2
      ? undefined
      : ifChanged(words.map((word, at) => (at % 2 === 0 ? asTcvn3Residue(word) : word)).join(' '), name);
  },
  vni_font: (name) => ifChanged(asVniResidue(name), name),
  viscii: (name) => ifChanged(asViscii(name), name),
  cp1258: (name) => ifChanged(as1258(name), name),
  utf8_as_1252: (name) => ifChanged(utf8As('windows-1252', name), name),
  utf8_as_1258: (name) => ifChanged(utf8As('windows-1258', name), name),
  utf8_as_latin1: (name) => ifChanged(utf8As('latin1', name), name),
  utf8_twice: (name) => ifChanged(utf8As('windows-1252', utf8As('windows-1252', name)), name),
  lost_question: (name, rng) => lost(name, rng, '?'),
  lost_replacement: (name, rng) => lost(name, rng, '\uFFFD'),
  lost_underscore: (name, rng) => lost(name, rng, '_'),
  lost_blank: (name, rng) => lost(name, rng, ' '),
  letters_left_out: (name, rng) => lost(name, rng, ''),
  best_fit: (name) => ifChanged(bestFit1252(name), name),
  html_named: (name) => beyondAscii(name, entity),
  html_numeric: (name, rng) =>
    rng.chance(0.5) ? beyondAscii(name, (l) => `&#${l.codePointAt(0)};`) : beyondAscii(name, (l) => `&#x${hex(l, 0)};`),
  html_twice: (name) => beyondAscii(name, (letter) => `&amp;#${letter.codePointAt(0)};`),
  unicode_escape: (name) => beyondAscii(name, (letter) => `\\u${hex(letter, 4)}`),
  percent: (name, rng) => {
    const text = encodeURIComponent(name);
    return ifChanged(rng.chance(0.5) ? text.replaceAll('%20', '+') : text, name.replaceAll(' ', '%20'));
  },
  capitals_ascii_only: (name) => {
    // A program that knows only a–z: NGUYễN VăN AN.
    const text = name.replace(/[a-z]/gu, (letter) => letter.toUpperCase());
    return withoutMarks(name) === name ? undefined : text;
  },
  case_inverted: (name) =>
    lettersOf(name)
      .map((l) => (l === l.toUpperCase() ? l.toLowerCase() : l.toUpperCase()))
      .join(''),
} satisfies Record<string, ChangeName>;

const COMMON: readonly string[] = [
  'telex',
  'tcvn3',
  'vni_font',
  'utf8_as_1252',
  'lost_question',
  'cp1258',
  'capitals_ascii_only',
];
const RARE: readonly string[] = [
  'viscii',
  'viqr',
  'html_twice',
  'utf8_as_latin1',
  'lost_blank',
  'tcvn3_mixed',
  'case_inverted',
];

export const ENCODING_DAMAGES: Readonly<Record<string, NameDamage>> = Object.fromEntries(
  Object.entries<ChangeName>(ENCODINGS).map(([key, change]) => [
    key,
    { weight: COMMON.includes(key) ? 3 : RARE.includes(key) ? 1 : 2, stage: 'encoding', change } satisfies NameDamage,
  ]),
);
