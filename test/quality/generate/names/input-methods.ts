/** Keystrokes of Vietnamese input methods that nothing turned into letters: the keyboard driver was off, or another one was on. */
import { lettersOf, toneOf, withoutMarks, withoutTones } from '../letters.ts';
import type { Rng } from '../random.ts';

interface Method {
  /** Keys for a shaped letter, without its tone. */
  readonly shape: Readonly<Record<string, string>>;
  /** Keys for huyền, sắc, ngã, hỏi, nặng. */
  readonly tone: Readonly<Record<string, string>>;
  /** VIQR writes the tone behind its letter; the others are mostly typed at the end of the word. */
  readonly toneLast: boolean;
}

const tones = (keys: string): Record<string, string> =>
  Object.fromEntries(['\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map((tone, at) => [tone, keys[at] ?? '']));

export const METHODS = {
  telex: {
    shape: { ă: 'aw', â: 'aa', ê: 'ee', ô: 'oo', ơ: 'ow', ư: 'uw', đ: 'dd' },
    tone: tones('fsxrj'),
    toneLast: true,
  },
  vni: {
    shape: { ă: 'a8', â: 'a6', ê: 'e6', ô: 'o6', ơ: 'o7', ư: 'u7', đ: 'd9' },
    tone: tones('21435'),
    toneLast: true,
  },
  viqr: {
    shape: { ă: 'a(', â: 'a^', ê: 'e^', ô: 'o^', ơ: 'o+', ư: 'u+', đ: 'dd' },
    tone: tones("`'~?."),
    toneLast: false,
  },
} as const satisfies Record<string, Method>;
export type MethodName = keyof typeof METHODS;

function keysOfLetter(method: Method, letter: string): string {
  const bare = withoutTones(letter);
  const keys = method.shape[bare.toLowerCase()];
  if (keys === undefined) return withoutMarks(bare);
  return bare === bare.toLowerCase() ? keys : keys.slice(0, 1).toUpperCase() + keys.slice(1);
}

/** One word as typed. Telex has one `w` for both letters of ươ. */
export function keysOf(name: MethodName, word: string, rng: Rng): string {
  const method: Method = METHODS[name];
  const toneLast = method.toneLast && rng.chance(0.75);
  let typed = '';
  let held = '';
  for (const letter of lettersOf(word)) {
    const tone = method.tone[toneOf(letter)] ?? '';
    typed += keysOfLetter(method, letter);
    if (toneLast) held += tone;
    else typed += tone;
  }
  typed += held;
  if (name === 'telex' && rng.chance(0.7)) typed = typed.replace(/uwow/iu, 'uow');
  return word.length > 1 && word === word.toUpperCase() ? typed.toUpperCase() : typed;
}

/** All words, or one of those that have marks. */
export function typed(method: MethodName, name: string, rng: Rng, one: boolean): string | undefined {
  const words = name.split(' ');
  const marked = words.flatMap((word, at) => (withoutMarks(word) === word ? [] : [at]));
  if (marked.length === 0 || (one && marked.length < 2)) return undefined;
  if (one) {
    const at = rng.pick(marked);
    return words.with(at, keysOf(method, words[at]!, rng)).join(' ');
  }
  return words.map((word) => keysOf(method, word, rng)).join(' ');
}
