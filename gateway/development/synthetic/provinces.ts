/**
 * The 63 provinces of birth registration with what the generator needs of them: weight (share of the population in
 * thousandths), ID prefix, and the peoples who live there.
 *
 * Real ID prefixes 001–096 are never used: the n-th of the 63 codes (in ascending order, from 0) has prefix 900 + n, so
 * Hà Nội (001) is 900 and Cà Mau (096) is 962. Prefixes 963–999 stand in numbers that are no longer current: 963 + ⌊n × 37 / 63⌋.
 */
import { type Weighted, weighted } from './random.ts';

export interface Province {
  /** Three digits, as in the 63-code table (domain: personal ID). */
  readonly code: string;
  readonly name: string;
  /** Share of births in thousandths; every one stays below 90, on which the uniqueness of IDs rests (`numbers.ts`). */
  readonly weight: number;
  readonly peoples: Weighted<string>;
  readonly south: boolean;
}

// code | name | weight | other peoples with their share in per cent (the rest is Kinh)
const TABLE = `
001|Hà Nội|84|Mường 1.3
002|Hà Giang|9|Mông 33,Tày 24,Dao 15,Nùng 10
004|Cao Bằng|6|Tày 41,Nùng 31,Mông 10,Dao 10
006|Bắc Kạn|4|Tày 52,Dao 17,Nùng 9,Mông 6
008|Tuyên Quang|8|Tày 26,Dao 12,Sán Chay 8,Mông 2
010|Lào Cai|8|Mông 24,Tày 15,Dao 14
011|Điện Biên|6|Mông 38,Thái 37
012|Lai Châu|5|Thái 33,Mông 22,Dao 13
014|Sơn La|12|Thái 53,Mông 15,Mường 8
015|Yên Bái|8|Tày 18,Dao 10,Mông 10,Thái 7
017|Hòa Bình|9|Mường 63,Thái 4,Dao 2
019|Thái Nguyên|13|Tày 11,Nùng 6,Sán Chay 3,Dao 2
020|Lạng Sơn|8|Nùng 42,Tày 35,Dao 3
022|Quảng Ninh|13|Dao 4,Tày 3,Hoa 1
024|Bắc Giang|19|Nùng 4,Tày 3,Sán Chay 2
025|Phú Thọ|15|Mường 14,Dao 1
026|Vĩnh Phúc|12|Sán Chay 1
027|Bắc Ninh|14|
030|Hải Dương|20|
031|Hải Phòng|21|
033|Hưng Yên|13|
034|Thái Bình|20|
035|Hà Nam|9|
036|Nam Định|19|
037|Ninh Bình|10|Mường 2
038|Thanh Hóa|38|Mường 10,Thái 6
040|Nghệ An|35|Thái 9,Mông 1
042|Hà Tĩnh|14|
044|Quảng Bình|9|Bru-Vân Kiều 2
045|Quảng Trị|7|Bru-Vân Kiều 11
046|Huế|12|Cơ Tu 1.5
048|Đà Nẵng|12|
049|Quảng Nam|16|Cơ Tu 4,Xơ Đăng 3
051|Quảng Ngãi|13|Hrê 9
052|Bình Định|16|Ba Na 1.5
054|Phú Yên|9|Ê Đê 3,Chăm 2
056|Khánh Hòa|13|Raglai 4
058|Ninh Thuận|6|Chăm 11,Raglai 11
060|Bình Thuận|13|Chăm 3,Raglai 1.5
062|Kon Tum|5|Xơ Đăng 24,Ba Na 12,Gia Rai 5
064|Gia Lai|15|Gia Rai 30,Ba Na 12
066|Đắk Lắk|19|Ê Đê 19,Nùng 4,Mnông 3,Tày 3
067|Đắk Nông|6|Mnông 9,Nùng 5,Mông 5
068|Lâm Đồng|13|Cơ Ho 13,Mạ 3
070|Bình Phước|10|Xtiêng 9,Khmer 2
072|Tây Ninh|12|Khmer 0.7
074|Bình Dương|20|Hoa 0.8
075|Đồng Nai|31|Hoa 3,Xtiêng 0.6
077|Bà Rịa-Vũng Tàu|12|Hoa 0.8
079|TP. Hồ Chí Minh|88|Hoa 4.5,Khmer 0.6
080|Long An|17|
082|Tiền Giang|18|
083|Bến Tre|13|
084|Trà Vinh|10|Khmer 31,Hoa 0.6
086|Vĩnh Long|10|Khmer 2
087|Đồng Tháp|16|
089|An Giang|19|Khmer 4,Chăm 0.7
091|Kiên Giang|17|Khmer 12,Hoa 1.5
092|Cần Thơ|12|Khmer 2,Hoa 1
093|Hậu Giang|7|Khmer 3
094|Sóc Trăng|12|Khmer 30,Hoa 5
095|Bạc Liêu|9|Khmer 8,Hoa 2
096|Cà Mau|12|Khmer 2`;

const FIRST_SOUTHERN_CODE = '044';

function readProvince(line: string): Province {
  const [code = '', name = '', weight = '', peoples = ''] = line.split('|');
  const others = peoples.split(',').flatMap((entry): (readonly [string, number])[] => {
    const at = entry.lastIndexOf(' ');
    return at < 0 ? [] : [[entry.slice(0, at), Number(entry.slice(at + 1))]];
  });
  const kinh = 100 - others.reduce((sum, [, share]) => sum + share, 0);
  return {
    code,
    name: name.normalize('NFC'),
    weight: Number(weight),
    peoples: weighted([['Kinh', kinh] as const, ...others]),
    south: code >= FIRST_SOUTHERN_CODE,
  };
}

export const PROVINCES: readonly Province[] = TABLE.trim().split('\n').map(readProvince);

const FIRST_PREFIX = 900;
const FIRST_FORMER_PREFIX = FIRST_PREFIX + PROVINCES.length;
const FORMER_PREFIXES = 1000 - FIRST_FORMER_PREFIX;

/** ID prefix of a province (an index into PROVINCES). */
export const prefixOf = (province: number): number => FIRST_PREFIX + province;

/** ID prefix of numbers that are no longer current. */
export const formerPrefixOf = (province: number): number =>
  FIRST_FORMER_PREFIX + Math.floor((province * FORMER_PREFIXES) / PROVINCES.length);

const SLOTS = 4096;

/** Province index by quantile: slot s covers [s, s + 1) / 4096 of the population in the order of the codes. */
const BY_QUANTILE: Uint8Array = (() => {
  const total = PROVINCES.reduce((sum, province) => sum + province.weight, 0);
  const table = new Uint8Array(SLOTS);
  let reached = 0;
  let slot = 0;
  PROVINCES.forEach((province, index) => {
    reached += province.weight;
    const until = Math.round((reached / total) * SLOTS);
    while (slot < until) table[slot++] = index;
  });
  return table;
})();

/** The province at a quantile, given as 12 bits (0–4095; higher bits are dropped). */
export const provinceAt = (quantile: number): number => BY_QUANTILE[quantile & (SLOTS - 1)]!;

export const QUANTILES = SLOTS;
