import { BASE_BITS, LETTER_BITS, LETTER_TABLE, mayCompose, meaningOf, TONE_BITS } from './letter-table.ts';
import { type HashTable, hashTable, mixIn, NO_LETTERS, placeOf } from './word-hash.ts';

/**
 * Whether a word is written as a Vietnamese syllable can be: evidence for or against damage, never a verdict. Words of
 * other peoples' names often are not.
 */
const ONSETS = ' ngh ng nh gh gi g kh k ph p th tr t ch c qu b d đ h l m n r s v x'.split(' ');
/** Every rime that occurs in the language, without tones. */
const RIMES =
  'a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oem oeo oet oi om on ong op ot oăc oăm oăn oăng oăt u ua uc ui um un ung up ut uy uya uych uyn uynh uyp uyt uyu uyên uyêt uân uâng uât uây uê uêch uên uênh uôc uôi uôm uôn uông uôt uơ y yêm yên yêng yêt yêu ynh yt âc âm ân âng âp ât âu ây ê êch êm ên ênh êp êt êu ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu ăc ăm ăn ăng ăp ăt'.split(
    ' ',
  );

/** Rimes that begin with a front vowel. */
const FRONT = /^[eêiy]/;

/** The syllables by their letters, and by these without any mark. */
const [SYLLABLES, BARE]: readonly [HashTable, HashTable] = (() => {
  const all = new Set<number>();
  const bare = new Set<number>();
  for (const onset of ONSETS) {
    for (const rime of RIMES) {
      // These stand before e, ê, i and y alone, so that what VNI makes of Nghĩa (Nghóa) is none. Of k, c and ng as much is true in
      // Vietnamese, but names of other peoples are written Ka, Kông, Kơ: to them a slip would be no other name any more.
      if ((onset === 'ngh' || onset === 'gh') && !FRONT.test(rime)) continue;
      // What is left of Nguyễn in many files, and no word.
      if (onset === 'ng' && rime === 'uyn') continue;
      // One i serves both gi and a rime that begins with it, one u both qu and a second u.
      const text = onset === 'gi' && rime.startsWith('i') ? onset + rime.slice(1) : onset + rime;
      let hash = NO_LETTERS;
      let base = NO_LETTERS;
      for (const sign of text.normalize('NFC')) {
        const letter = LETTER_TABLE[sign.charCodeAt(0)] ?? 0;
        hash = mixIn(hash, letter & LETTER_BITS);
        base = mixIn(base, letter & BASE_BITS);
      }
      all.add(hash);
      bare.add(base);
    }
  }
  return [hashTable(all), hashTable(bare)];
})();

/** `letters[from … to)`: packed letters, in any spelling. One tone may stand on any of them. */
export function isSyllable(letters: Int32Array, from: number, to: number): boolean {
  let hash = NO_LETTERS;
  let tones = 0;
  for (let i = from; i < to; i++) {
    const letter = (letters[i] ?? 0) & LETTER_BITS;
    if ((letter & BASE_BITS) > 0x7a) return false;
    if ((letter & TONE_BITS) !== 0) tones++;
    hash = mixIn(hash, letter & ~TONE_BITS);
  }
  return tones <= 1 && placeOf(SYLLABLES, hash) >= 0;
}

/** Whether marks of some kind make a syllable of the letters, whichever they bear: of "huong" and "hung", but not of "hng". */
export function mayBeSyllable(letters: Int32Array, from: number, to: number): boolean {
  let hash = NO_LETTERS;
  for (let i = from; i < to; i++) hash = mixIn(hash, (letters[i] ?? 0) & BASE_BITS);
  return placeOf(BARE, hash) >= 0;
}

/** As `isSyllable`, for a word as text. */
export function isWrittenSyllable(word: string): boolean {
  let text = word;
  for (let i = 0; i < word.length; i++) {
    if (mayCompose(word.charCodeAt(i))) {
      text = word.normalize('NFC').toLowerCase();
      break;
    }
  }
  let hash = NO_LETTERS;
  let tones = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = meaningOf(text.charCodeAt(i)) & LETTER_BITS;
    if ((letter & BASE_BITS) > 0x7a) return false;
    if ((letter & TONE_BITS) !== 0) tones++;
    hash = mixIn(hash, letter & ~TONE_BITS);
  }
  return tones <= 1 && placeOf(SYLLABLES, hash) >= 0;
}
