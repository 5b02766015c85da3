/** Vietnamese text as bytes of its old code pages, and those bytes as programs of the West show them. */

/** VISCII 1.1 (RFC 1456) from 0x80 on, and its six letters among the control characters. */
const VISCII_HIGH = `ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ`;
const VISCII = new Map<string, number>([
  ['Ẳ', 0x02],
  ['Ẵ', 0x05],
  ['Ẫ', 0x06],
  ['Ỷ', 0x14],
  ['Ỹ', 0x19],
  ['Ỵ', 0x1e],
  ...Array.from(VISCII_HIGH.normalize('NFC'), (letter, at) => [letter, 0x80 + at] as const),
]); // prettier-ignore

/** windows-1258 keeps tones apart, as bytes of their own behind the letter; where it differs from Latin-1. */
const CP1258 = new Map<string, number>([
  ['Ă', 0xc3],
  ['ă', 0xe3],
  ['Đ', 0xd0],
  ['đ', 0xf0],
  ['Ơ', 0xd5],
  ['ơ', 0xf5],
  ['Ư', 0xdd],
  ['ư', 0xfd],
  ['\u0300', 0xcc],
  ['\u0309', 0xd2],
  ['\u0303', 0xde],
  ['\u0301', 0xec],
  ['\u0323', 0xf2],
]); // prettier-ignore
/** Of the letters with a tone, windows-1258 has these as one byte. */
const CP1258_WHOLE = 'ÀÁÂÈÉÊÍÓÔÙÚàáâèéêíóôùú';

const bytesAs = (label: string, bytes: Iterable<number>): string =>
  new TextDecoder(label).decode(Uint8Array.from(bytes));

export function asViscii(name: string): string {
  const bytes = Array.from(name.normalize('NFC'), (letter) => VISCII.get(letter) ?? letter.codePointAt(0)! & 0xff);
  return bytesAs('windows-1252', bytes);
}

export function as1258(name: string): string {
  const bytes: number[] = [];
  for (const letter of name.normalize('NFC')) {
    const [base = '', ...marks] = letter.normalize('NFD');
    const tone = marks.find((mark) => /[\u0300\u0301\u0303\u0309\u0323]/u.test(mark));
    const shaped = (base + marks.filter((mark) => mark !== tone).join('')).normalize('NFC');
    if (CP1258_WHOLE.includes(letter) || tone === undefined) {
      bytes.push(CP1258.get(letter) ?? letter.codePointAt(0)! & 0xff);
    } else {
      bytes.push(CP1258.get(shaped) ?? shaped.codePointAt(0)! & 0xff, CP1258.get(tone) ?? 0x3f);
    }
  }
  return bytesAs('windows-1252', bytes);
}

/** UTF-8 read as another code page: Nguyễn → Nguyá»…n. */
export const utf8As = (label: 'windows-1252' | 'windows-1258' | 'latin1', name: string): string => {
  const bytes = new TextEncoder().encode(name);
  return label === 'latin1' ? Array.from(bytes, (byte) => String.fromCharCode(byte)).join('') : bytesAs(label, bytes);
};

/** What Windows puts for a letter that the target code page lacks: the nearest it has, or `?`. */
export function bestFit1252(name: string): string {
  return Array.from(name.normalize('NFC'), (letter) => {
    const code = letter.codePointAt(0)!;
    if (code < 0x100) return letter;
    const near = 'ĂAăaĐÐđdĨIĩiŨUũuƠOơoƯUưu'.normalize('NFC');
    const at = near.indexOf(letter);
    return at >= 0 && at % 2 === 0 ? near[at + 1] : '?';
  }).join('');
}
