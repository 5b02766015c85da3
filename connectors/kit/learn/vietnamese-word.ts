/**
 * Whether a word is written as a Vietnamese syllable is: one of the initial consonants, one of the rhymes, at most one
 * tone, and only an acute or a dot where a stop ends it. A wrong decoding of a syllable is hardly ever one itself.
 */
const INITIALS = 'b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|q|r|s|th|tr|t|v|x';
/** Without tones. */
const RHYMES = [
  'a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây',
  'e ec em en eng eo ep et ê êch êm ên ênh êp êt êu',
  'i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu',
  'o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oc oi om on ong oong op ot',
  'ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt',
  'u ua uân uâng uât uây uc uê uêch uên uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uynh uyên uyêt uyt uyn uyu',
  'ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu ưn ưm',
  'y yêm yên yêt yêu yêng',
].join(' ');

const SYLLABLE = new RegExp(`^(?:${INITIALS})?(?:${RHYMES.split(' ').join('|')})$`, 'u');
const TONE_MARKS = /[\u0300\u0301\u0303\u0309\u0323]/gu;
const TONE_ON_VOWEL = /[aeiouy][\u0302\u0306\u031b]*[\u0300\u0301\u0303\u0309\u0323]/u;
const STOPPED = /(?:c|ch|p|t)$/u;
const SHARP_OR_HEAVY = /[\u0301\u0323]/u;

export function isVietnameseWord(word: string): boolean {
  const parts = word.normalize('NFD').toLowerCase();
  const tones = parts.match(TONE_MARKS) ?? [];
  if (tones.length > 1) return false;
  // Canonical order puts a tone behind its vowel and that vowel's marks.
  if (tones.length === 1 && !TONE_ON_VOWEL.test(parts)) return false;
  const toneless = parts.replace(TONE_MARKS, '').normalize('NFC');
  if (tones.length === 1 && STOPPED.test(toneless) && !SHARP_OR_HEAVY.test(tones[0] as string)) return false;
  return SYLLABLE.test(toneless);
}
