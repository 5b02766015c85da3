/**
 * Every Vietnamese letter with its bytes, written down apart from the tables under test (glibc's for TCVN 5712-1 and VISCII,
 * the VNI-Windows chart for VNI), and writers of whole texts in each encoding.
 */
const TCVN_LETTERS = `àb5 áb8 ảb6 ãb7 ạb9 ăa8 ằbb ắbe ẳbc ẵbd ặc6 âa9 ầc7 ấca ẩc8 ẫc9 ậcb ècc éd0 ẻce ẽcf ẹd1 êaa ềd2 ếd5 ểd3 ễd4 ệd6
ìd7 ídd ỉd8 ĩdc ịde òdf óe3 ỏe1 õe2 ọe4 ôab ồe5 ốe8 ổe6 ỗe7 ộe9 ơac ờea ớed ởeb ỡec ợee ùef úf3 ủf1 ũf2 ụf4 ưad ừf5 ứf8 ửf6 ữf7 ựf9
ỳfa ýfd ỷfb ỹfc ỵfe đae Ăa1 Âa2 Êa3 Ôa4 Ơa5 Ưa6 Đa7`;

/** Capitals with tones of TCVN 5712-1, which ABC fonts have not. */
const TCVN_CAPITALS = `À80 Á83 Ả81 Ã82 Ạ84 Ằaf Ắc0 Ẳba Ẵbf Ặ85 Ầc1 Ấc4 Ẩc2 Ẫc3 Ậ86 È87 É8a Ẻ88 Ẽ89 Ẹ8b Ềc5 Ếda Ểcd Ễd9 Ệ8c Ì8d Í90 Ỉ8e
Ĩ8f Ị91 Ò92 Ó95 Ỏ93 Õ94 Ọ96 Ồdb Ốff Ổe0 Ỗf0 Ộ97 Ờ98 Ớ9b Ở99 Ỡ9a Ợ9c Ù9d Ú01 Ủ9e Ũ9f Ụ02 Ừ04 Ứ11 Ử05 Ữ06 Ự12 Ỳ13 Ý16 Ỷ14 Ỹ15 Ỵ17`;

const VISCII_LETTERS = `àe0 áe1 ảe4 ãe3 ạd5 ăe5 ằa2 ắa1 ẳc6 ẵc7 ặa3 âe2 ầa5 ấa4 ẩa6 ẫe7 ậa7 èe8 ée9 ẻeb ẽa8 ẹa9 êea ềab ếaa ểac ễad ệae
ìec íed ỉef ĩee ịb8 òf2 óf3 ỏf6 õf5 ọf7 ôf4 ồb0 ốaf ổb1 ỗb2 ộb5 ơbd ờb6 ớbe ởb7 ỡde ợfe ùf9 úfa ủfc ũfb ụf8 ưdf ừd7 ứd1 ửd8 ữe6 ựf1
ỳcf ýfd ỷd6 ỹdb ỵdc đf0 Àc0 Ác1 Ảc4 Ãc3 Ạ80 Ăc5 Ằ82 Ắ81 Ẳ02 Ẵ05 Ặ83 Âc2 Ầ85 Ấ84 Ẩ86 Ẫ06 Ậ87 Èc8 Éc9 Ẻcb Ẽ88 Ẹ89 Êca Ề8b Ế8a Ể8c Ễ8d
Ệ8e Ìcc Ícd Ỉ9b Ĩce Ị98 Òd2 Ód3 Ỏ99 Õa0 Ọ9a Ôd4 Ồ90 Ố8f Ổ91 Ỗ92 Ộ93 Ơb4 Ờ96 Ớ95 Ở97 Ỡb3 Ợ94 Ùd9 Úda Ủ9c Ũ9d Ụ9e Ưbf Ừbb Ứba Ửbc Ữff
Ựb9 Ỳ9f Ýdd Ỷ14 Ỹ19 Ỵ1e Đd0`;

const VNI_LETTERS = `à61f8 á61f9 ả61fb ã61f5 ạ61ef ă61ea ằ61e8 ắ61e9 ẳ61fa ẵ61fc ặ61eb â61e2 ầ61e0 ấ61e1 ẩ61e5 ẫ61e3 ậ61e4 è65f8
é65f9 ẻ65fb ẽ65f5 ẹ65ef ê65e2 ề65e0 ế65e1 ể65e5 ễ65e3 ệ65e4 ìec íed ỉe6 ĩf3 ịf2 ò6ff8 ó6ff9 ỏ6ffb õ6ff5 ọ6fef ô6fe2 ồ6fe0 ố6fe1
ổ6fe5 ỗ6fe3 ộ6fe4 ơf4 ờf4f8 ớf4f9 ởf4fb ỡf4f5 ợf4ef ù75f8 ú75f9 ủ75fb ũ75f5 ụ75ef ưf6 ừf6f8 ứf6f9 ửf6fb ữf6f5 ựf6ef ỳ79f8 ý79f9 ỷ79fb
ỹ79f5 ỵee đf1 À41d8 Á41d9 Ả41db Ã41d5 Ạ41cf Ă41ca Ằ41c8 Ắ41c9 Ẳ41da Ẵ41dc Ặ41cb Â41c2 Ầ41c0 Ấ41c1 Ẩ41c5 Ẫ41c3 Ậ41c4 È45d8 É45d9
Ẻ45db Ẽ45d5 Ẹ45cf Ê45c2 Ề45c0 Ế45c1 Ể45c5 Ễ45c3 Ệ45c4 Ìcc Ícd Ỉc6 Ĩd3 Ịd2 Ò4fd8 Ó4fd9 Ỏ4fdb Õ4fd5 Ọ4fcf Ô4fc2 Ồ4fc0 Ố4fc1 Ổ4fc5 Ỗ4fc3
Ộ4fc4 Ơd4 Ờd4d8 Ớd4d9 Ởd4db Ỡd4d5 Ợd4cf Ù55d8 Ú55d9 Ủ55db Ũ55d5 Ụ55cf Ưd6 Ừd6d8 Ứd6d9 Ửd6db Ữd6d5 Ựd6cf Ỳ59d8 Ý59d9 Ỷ59db Ỹ59d5 Ỵce Đd1`;

/** The letters of Windows-1258; all others are one of these and a tone behind it. */
const CP1258_LETTERS = `àe0 áe1 ăe3 âe2 èe8 ée9 êea íed óf3 ôf4 ơf5 ùf9 úfa ưfd đf0 Àc0 Ác1 Ăc3 Âc2 Èc8 Éc9 Êca Ícd Ód3 Ôd4 Ơd5 Ùd9 Úda Ưdd Đd0
\u0300cc \u0309d2 \u0303de \u0301ec \u0323f2`;

type Table = ReadonlyMap<string, Buffer>;

function tableOf(text: string): Table {
  return new Map(
    text.split(/\s+/).map((entry) => [entry.charAt(0).normalize('NFC'), Buffer.from(entry.slice(1), 'hex')] as const),
  );
}

export const LETTER_BYTES = {
  tcvn3: tableOf(`${TCVN_LETTERS} ${TCVN_CAPITALS}`),
  viscii: tableOf(VISCII_LETTERS),
  vni: tableOf(VNI_LETTERS),
  'windows-1258': tableOf(CP1258_LETTERS),
} as const;

const ABC = tableOf(TCVN_LETTERS);

export type LegacyEncoding = keyof typeof LETTER_BYTES;

/** A text in an old encoding, as the programs of its time wrote it: ABC fonts have no capitals with tones. */
export function writeLegacy(text: string, encoding: LegacyEncoding): Buffer {
  const composed = text.normalize('NFC');
  if (encoding === 'windows-1258') return written(toneApart(composed), LETTER_BYTES[encoding]);
  if (encoding !== 'tcvn3') return written(composed, LETTER_BYTES[encoding]);
  return written(
    Array.from(composed, (letter) =>
      ABC.has(letter) || letter.charCodeAt(0) < 0x80 ? letter : letter.toLowerCase(),
    ).join(''),
    ABC,
  );
}

function written(text: string, table: Table): Buffer {
  return Buffer.concat(
    Array.from(text, (letter) => {
      const bytes = table.get(letter) ?? (letter.charCodeAt(0) < 0x80 ? Buffer.from(letter) : undefined);
      if (bytes === undefined) throw new RangeError('a letter that the encoding has not');
      return bytes;
    }),
  );
}

/** `ễ` as `ê` and a tone; `á` stays, since the code page has it. */
function toneApart(text: string): string {
  return Array.from(text, (letter) => {
    if (CP1258.has(letter)) return letter;
    const parts = letter.normalize('NFD');
    const tone = parts.match(/[\u0300\u0301\u0303\u0309\u0323]/u)?.[0] ?? '';
    return parts.replace(tone, '').normalize('NFC') + tone;
  }).join('');
}

const CP1258 = LETTER_BYTES['windows-1258'];

/** What is read back: ABC's lost capitals are small letters. */
export function readBack(text: string, encoding: LegacyEncoding): string {
  if (encoding !== 'tcvn3') return text.normalize('NFC');
  return Array.from(text.normalize('NFC'), (letter) =>
    ABC.has(letter) || letter.charCodeAt(0) < 0x80 ? letter : letter.toLowerCase(),
  ).join('');
}
