/**
 * Keystrokes of Vietnamese input methods that nothing turned into letters: Telex (`Nguyeenx`), VNI (`Nguye6n4`), VIQR
 * (`Nguye^~n`). A word is typed again by the rules of the method. Total; linear in the word. Whether a word was typed so,
 * the caller decides by what comes out.
 */

const TONES = { acute: '\u0301', grave: '\u0300', hook: '\u0309', tilde: '\u0303', dot: '\u0323' } as const;
const MARKS = { circumflex: '\u0302', breve: '\u0306', horn: '\u031b' } as const;

const TELEX_TONES: Readonly<Record<string, string>> = {
  s: TONES.acute,
  f: TONES.grave,
  r: TONES.hook,
  x: TONES.tilde,
  j: TONES.dot,
};
const VNI_TONES: Readonly<Record<string, string>> = {
  1: TONES.acute,
  2: TONES.grave,
  3: TONES.hook,
  4: TONES.tilde,
  5: TONES.dot,
};
const VIQR_MARKS: Readonly<Record<string, string>> = {
  "'": TONES.acute,
  '’': TONES.acute,
  '´': TONES.acute,
  '`': TONES.grave,
  '?': TONES.hook,
  '~': TONES.tilde,
  '.': TONES.dot,
  '^': MARKS.circumflex,
  '(': MARKS.breve,
  '+': MARKS.horn,
  '*': MARKS.horn,
};

const MARKED_VOWELS: ReadonlySet<string> = new Set('ăâêôơư'.normalize('NFC'));
const VOWELS: ReadonlySet<string> = new Set(['a', 'e', 'i', 'o', 'u', 'y', ...MARKED_VOWELS]);
const isVowel = (sign: string): boolean => VOWELS.has(sign);

/** A syllable on its way: small letters with their vowel marks, and its tone. */
class Typing {
  letters: string[] = [];
  tone = '';

  /** The last vowel, and with it any vowels before it without a gap. */
  #vowels(): number[] {
    let last = this.letters.length - 1;
    while (last >= 0 && !isVowel(this.letters[last] ?? '')) last--;
    const found: number[] = [];
    for (let at = last; at >= 0 && isVowel(this.letters[at] ?? ''); at--) found.unshift(at);
    return found;
  }

  setTone(tone: string): boolean {
    if (this.#vowels().length === 0) return false;
    this.tone = tone;
    return true;
  }

  /** Puts a circumflex on the last plain `base`, or on any of a, e, o where no base is given. */
  circumflex(base?: string): boolean {
    const at = this.#vowels().findLast((i) => (base === undefined ? 'aeo' : base).includes(this.letters[i] ?? '-'));
    if (at === undefined) return false;
    this.letters[at] = ((this.letters[at] ?? '') + MARKS.circumflex).normalize('NFC');
    return true;
  }

  /** u and o take a horn, together where both stand there; a takes a breve. */
  hook(horn: boolean, breve: boolean): boolean {
    const vowels = this.#vowels();
    const horned = horn ? vowels.filter((i) => 'uo'.includes(this.letters[i] ?? '-')) : [];
    // The u of qu is a consonant, and of "ua" the u takes the horn where it is typed behind both.
    const own = horned.filter((i) => !(this.letters[i] === 'u' && this.letters[i - 1] === 'q'));
    if (own.length > 0) {
      for (const i of own) this.letters[i] = ((this.letters[i] ?? '') + MARKS.horn).normalize('NFC');
      return true;
    }
    const a = breve ? vowels.findLast((i) => this.letters[i] === 'a') : undefined;
    if (a === undefined) return false;
    this.letters[a] = 'ă';
    return true;
  }

  stroke(): boolean {
    if (this.letters[0] !== 'd') return false;
    this.letters[0] = 'đ';
    return true;
  }

  toString(): string {
    const vowels = this.#vowels();
    const at = vowels.findLast((i) => MARKED_VOWELS.has(this.letters[i] ?? '')) ?? vowels[0] ?? -1;
    return this.letters
      .map((sign, i) => (i === at ? sign + this.tone : sign))
      .join('')
      .normalize('NFC');
  }
}

/** Where it is not met, no sign of a text of small letters is a key of Telex, or none of VNI: most need not be typed at all. */
const TELEX_KEYS = new RegExp(`[${[...VOWELS].join('')}].*[sfrxj]|w|([aeod]).*\\1`);
const VNI_KEYS = /[1-9]/;

function typeWord(word: string, keys: RegExp, press: (typing: Typing, key: string) => boolean): string {
  if (!keys.test(word)) return word;
  const typing = new Typing();
  let pressed = false;
  for (const key of word) {
    if (press(typing, key)) pressed = true;
    else typing.letters.push(key);
  }
  return pressed ? typing.toString() : word;
}

function telexKey(typing: Typing, key: string): boolean {
  const tone = TELEX_TONES[key];
  if (tone !== undefined) return typing.setTone(tone);
  if (key === 'a' || key === 'e' || key === 'o') return typing.circumflex(key);
  if (key === 'd') return typing.stroke();
  if (key !== 'w') return false;
  if (!typing.hook(true, true)) typing.letters.push('ư');
  return true;
}

function vniKey(typing: Typing, key: string): boolean {
  const tone = VNI_TONES[key];
  if (tone !== undefined) return typing.setTone(tone);
  if (key === '6') return typing.circumflex();
  if (key === '7') return typing.hook(true, false);
  if (key === '8') return typing.hook(false, true);
  return key === '9' && typing.stroke();
}

const isD = (sign: string): boolean => sign === 'd' || sign === 'D';

/** VIQR writes each mark behind its letter, so that signs suffice. */
function fromViqr(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const sign = text.charAt(i);
    const mark = VIQR_MARKS[sign];
    if (mark !== undefined && /(?:[aeiouy]|\u0302|\u0306|\u031b)$/iu.test(out)) out += mark;
    else if (isD(sign) && isD(text.charAt(i + 1))) {
      out += sign === 'd' ? 'đ' : 'Đ';
      i++;
    } else out += sign;
  }
  return out.normalize('NFC');
}

const WORDS = /[\p{L}\p{M}\p{N}]+/gu;

/** Small letters, each word typed; undefined where no key is in any of them. */
function typeWords(small: string, keys: RegExp, press: (typing: Typing, key: string) => boolean): string | undefined {
  if (!keys.test(small)) return undefined;
  let typed = false;
  const text = small.replace(WORDS, (word) => {
    const again = typeWord(word, keys, press);
    typed ||= again !== word;
    return again;
  });
  return typed ? text : undefined;
}

/** The text as each method would have written it; only those of which it shows a key. */
export function typedAgain(text: string): string[] {
  // Small letters alone are no keys.
  const small = text.normalize('NFC').toLowerCase();
  const found: string[] = [];
  const add = (typed: string | undefined): void => {
    if (typed !== undefined && typed !== text && typed !== small) found.push(typed);
  };
  add(typeWords(small, TELEX_KEYS, telexKey));
  if (/\p{L}[1-9]/u.test(text)) add(typeWords(small, VNI_KEYS, vniKey));
  if (/[aeiouyd]['’´`?~.^(+*d]/iu.test(text)) add(fromViqr(text));
  return found;
}

const HORNED: Readonly<Record<string, string>> = { o: 'ơ', u: 'ư', O: 'Ơ', U: 'Ư' };

/** The keys of ư and ơ, one behind the other, whichever layout has them. */
const BOTH = /(?<=\p{L})(?:\[\]|\]\[)(?=\p{L})/gu;

/** With a horn for each apostrophe behind o or u (`Hu'o'ng`), as people draw it without a method; undefined where none stands there. */
export function horned(text: string): string | undefined {
  const drawn = (text.includes('[') ? text.replace(BOTH, 'ươ') : text).replace(
    /([ou])['’`´]/giu,
    (_, letter: string) => HORNED[letter] ?? letter,
  );
  return drawn === text ? undefined : drawn;
}
