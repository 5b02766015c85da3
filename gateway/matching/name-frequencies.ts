/**
 * How much it says that two names agree: the rarer the words, the more. In bits, that is −log2 of the share of people who
 * bear the word in that place. Words are looked at without marks, so that damaged and whole names weigh the same.
 *
 * Family names: published shares of the population. Given and middle names: shares rounded from public counts of exam and
 * class lists in aggregate; no single person's name stands here. Words that are not listed weigh as the rarest listed ones.
 */
import { BASE_BITS } from './letter-table.ts';
import type { Words } from './word-alignment.ts';
import { type HashTable, hashTable, mixIn, NO_LETTERS, placeOf } from './word-hash.ts';

/** Thousandths of all people. */
const FAMILY =
  'nguyen 315 tran 109 le 90 pham 59 hoang 40 huynh 25 phan 28 vu 25 vo 22 dang 20 bui 20 do 19 ho 14 ngo 13 duong 12 ly 10 dinh 9 trinh 7 truong 9 mai 6 dao 6 doan 6 lam 6 ha 6 luong 6 cao 5 luu 4 ta 4 chau 4 thai 3 to 3 ton 2 quach 2 nong 2 ma 2 lo 3 giang 2 vang 2 thach 2 son 1 kim 2 danh 2 quang 1 ca 1 bach 1 trieu 2 chu 3 phung 3 tong 2 vuong 2 tang 1 kieu 1 ninh 1';
const MIDDLE =
  'thi 330 van 230 duc 25 huu 20 minh 28 ngoc 40 thanh 40 xuan 20 quang 20 thuy 16 thu 20 cong 14 dinh 18 hong 22 kim 18 duy 12 hoang 16 quoc 16 bao 14 tuan 10 phuong 18 anh 16 manh 8 trong 9 dang 7 gia 12 viet 9 hoai 7 my 8 khanh 8 nhat 6 tien 6 the 7 ba 6 trung 7 thien 6 hai 8 bich 7 tuyet 4 mai 8 lan 5 quynh 6 nhu 9 ho 2 nguyen 12 le 6 tran 6 pham 3';
const GIVEN =
  'anh 33 huong 17 hung 16 dung 20 hoa 17 hanh 13 lan 14 linh 20 ha 14 minh 15 tuan 15 thanh 17 thao 13 trang 15 phuong 17 nga 11 hai 13 hang 14 mai 11 nam 11 binh 11 son 12 long 11 tam 10 thuy 17 thu 9 duc 11 hien 11 van 12 hieu 12 loan 9 yen 10 hue 8 quang 9 tien 9 huy 11 cuong 11 chi 6 nhung 9 dat 9 thang 12 trung 11 tu 9 ngoc 13 nhi 9 my 8 vy 8 ngan 8 duy 8 hoang 9 phuc 8 khanh 7 khoa 6 an 8 bao 6 quan 7 tung 6 kien 6 phong 6 cong 4 duong 8 giang 8 hong 12 kim 5 lam 6 le 4 loc 5 luan 4 ly 8 manh 6 nhan 5 nguyen 6 oanh 6 phat 5 quyen 6 quynh 7 sang 5 tai 6 tan 5 thai 6 thi 5 thinh 5 tho 5 thuan 6 tinh 6 toan 7 trinh 6 truc 4 truong 5 tuyen 6 tuyet 5 uyen 5 viet 5 vinh 6 vu 6 xuan 6 hoai 2 diem 4 diep 3 dao 4 ut 2 bich 4 be 3 ba 3 hau 3 hung 16 nhu 5 sen 1 huyen 12 hoan 4 hao 4 dong 4 khoi 3 khang 4 thuong 7 thom 4 trong 4 trieu 2 lieu 3 lien 6 nghia 5 nhat 4 ninh 3 nu 2 lai 3 luong 3 luc 2 men 1 doan 2 ngu 1 quy 5 quoc 5 hop 2 hiep 3 hiep 3';

/** Relatives share family and often middle names, so that agreeing on them says half as much as chance would have it. */
const SHARED_BY_FAMILY = 0.5;
/** Bits of a word that is not listed, which is rarer than the rarest on the list: 0.8, 2 and 0.8 thousandths. */
const UNLISTED_BITS = {
  family: Math.log2(1000 / 0.8),
  middle: Math.log2(1000 / 2),
  given: Math.log2(1000 / 0.8),
} as const;
/** Words of one or two letters: an initial says which letter, no more. */
const INITIAL_BITS = 1.5;
/** A name never weighs more than this: the likeliest other bearer of a rare name is a relative of the same house. */
const MOST_BITS = 16;

function hashOf(letters: Int32Array, from: number, to: number): number {
  let hash = NO_LETTERS;
  for (let i = from; i < to; i++) hash = mixIn(hash, (letters[i] ?? 0) & BASE_BITS);
  return hash;
}

/** Words of a list and, at the place of each, its bits. */
type Weights = { readonly words: HashTable; readonly bits: Float64Array };

function weightsOf(text: string): Weights {
  const parts = text.split(' ');
  const listed = new Map<number, number>();
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const letters = Int32Array.from(parts[i] ?? '', (letter) => letter.charCodeAt(0));
    listed.set(hashOf(letters, 0, letters.length), Math.log2(1000 / Number(parts[i + 1])));
  }
  const words = hashTable(listed.keys());
  const bits = new Float64Array(words.keys.length);
  for (const [hash, weight] of listed) bits[placeOf(words, hash)] = weight;
  return { words, bits };
}

/** The lists as they are published: words without marks, each with its thousandths. */
export const NAME_WEIGHTS = { family: FAMILY, middle: MIDDLE, given: GIVEN } as const;

/** The family names of the list, without marks. */
export const FAMILY_WORDS: ReadonlySet<string> = new Set(FAMILY.match(/[a-z]+/g));

const FAMILY_WEIGHTS = weightsOf(FAMILY);
const MIDDLE_WEIGHTS = weightsOf(MIDDLE);
const GIVEN_WEIGHTS = weightsOf(GIVEN);

function bitsOf(name: Words, word: number, weights: Weights, unlisted: number): number {
  const from = name.starts[word] ?? 0;
  const to = word + 1 < name.words ? (name.starts[word + 1] ?? 0) : name.length;
  const place = placeOf(weights.words, hashOf(name.letters, from, to));
  if (place >= 0) return weights.bits[place] ?? 0;
  return to - from <= 2 ? INITIAL_BITS : unlisted;
}

/** How rare a name is, in bits: what agreeing on it weighs. At most `MOST_BITS`; 0 for a name without words. */
export function nameBits(name: Words): number {
  const last = name.words - 1;
  if (last < 0) return 0;
  let bits = bitsOf(name, last, GIVEN_WEIGHTS, UNLISTED_BITS.given);
  if (last > 0) bits += SHARED_BY_FAMILY * bitsOf(name, 0, FAMILY_WEIGHTS, UNLISTED_BITS.family);
  for (let word = 1; word < last; word++)
    bits += SHARED_BY_FAMILY * bitsOf(name, word, MIDDLE_WEIGHTS, UNLISTED_BITS.middle);
  return Math.min(bits, MOST_BITS);
}
