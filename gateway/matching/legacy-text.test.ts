import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { MARKED, to1258, toTcvn3, toViscii, toVni } from '../../test/golden/matching/encoders.ts';
import { CP1258, LETTERS, TCVN3, VISCII, VISCII_CAPITALS, VNI, VPS } from './legacy-tables.ts';
import { isTcvn3InOtherCase, keyOf, LEGACY_DECODERS } from './legacy-text.ts';

const [tcvn3, vni, cp1258, viscii, vps] = LEGACY_DECODERS as [
  (text: string) => string,
  (text: string) => string,
  (text: string) => string,
  (text: string) => string,
  (text: string) => string,
];
const small = (text: string): string => text.normalize('NFC').toLowerCase();

describe('tables', () => {
  test('hold a sign for each of the 67 letters', () => {
    expect(Array.from(LETTERS)).toHaveLength(67);
    expect(MARKED).toHaveLength(134);
    for (const table of [TCVN3, VISCII, VISCII_CAPITALS, VPS]) expect(Array.from(table)).toHaveLength(67);
    expect(VNI.split(' ')).toHaveLength(67);
  });

  test('no sign of a table stands for two letters', () => {
    for (const table of [Array.from(TCVN3), Array.from(VISCII), Array.from(VISCII_CAPITALS), VNI.split(' ')]) {
      expect(new Set(table).size).toBe(67);
    }
  });

  // Apart from our table: what iconv knows. It has TCVN and VISCII as bytes.
  test('TCVN3 is that of iconv', () => {
    expect(iconv.decode(Buffer.from(TCVN3, 'latin1'), 'tcvn').normalize('NFC')).toBe(LETTERS.normalize('NFC'));
  });

  test('VISCII is that of iconv', () => {
    const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
    expect(iconv.decode(bytes(VISCII), 'viscii').normalize('NFC')).toBe(LETTERS.normalize('NFC'));
    expect(iconv.decode(bytes(VISCII_CAPITALS), 'viscii').normalize('NFC')).toBe(
      LETTERS.normalize('NFC').toUpperCase(),
    );
  });

  test('windows-1258 is that of iconv', () => {
    for (let i = 0; i < CP1258.length; i += 2) {
      expect(iconv.decode(Buffer.from(CP1258.charAt(i), 'latin1'), 'windows-1258')).toBe(CP1258.charAt(i + 1));
    }
  });
});

describe('decoders', () => {
  test.each(MARKED)('%s is read back from every encoding', (letter) => {
    expect(small(tcvn3(toTcvn3(letter)))).toBe(small(letter));
    expect(small(vni(toVni(letter)))).toBe(small(letter));
    expect(small(viscii(toViscii(letter)))).toBe(small(letter));
    // Some capitals of VISCII are unseen controls, and one is a blank: as windows-1252 they show as signs.
    const shown = iconv.decode(Buffer.from(toViscii(letter), 'latin1'), 'windows-1252');
    if (!shown.includes('\ufffd')) expect(small(viscii(shown))).toBe(small(letter));
    expect(small(cp1258(to1258(letter)))).toBe(small(letter));
  });

  test.each([
    ['NguyÔn V¨n §øc', 'nguyễn văn đức'],
    ['TrÇn ThÞ Hång', 'trần thị hồng'],
    ['NGUY£ÔN THIÞ A¸NH', 'nguyễn thị ánh'],
    ['H\u00ad¬ng', 'hương'],
    ['H¬ng, §¬c, R¬u', 'hương, đươc, rươu'],
  ])('TCVN3 %j is %s', (text, name) => expect(small(tcvn3(text))).toBe(name));

  test.each([
    ['Nguyeãn Vaên Ñöùc', 'nguyễn văn đức'],
    ['NGUYEÃN THÒ AÙNH', 'nguyễn thị ánh'],
    ['Phaïm Ngoïc Thuûy', 'phạm ngọc thủy'],
  ])('VNI %j is %s', (text, name) => expect(small(vni(text))).toBe(name));

  test.each([
    ['Nguy\u00adn Vån ÐÑc', 'nguyễn văn đức'],
    ['PhÕm Ng÷c Thüy', 'phạm ngọc thủy'],
    ['TR…N', 'trần'],
  ])('VISCII %j is %s', (text, name) => expect(small(viscii(text))).toBe(name));

  test.each([
    ['NguyêÞn Vãn Ðýìc', 'nguyễn văn đức'],
    ['TrâÌn Thiò Hýõng', 'trần thị hương'],
  ])('windows-1258 %j is %s', (text, name) => expect(small(cp1258(text))).toBe(name));

  test('VPS', () => expect(small(vps('NguyÍn Væn Çӭc'.replace('ӭ', 'Ù')))).toBe('nguyễn văn đức'));

  test('what is Unicode already stays, word by word', () => {
    for (const decode of LEGACY_DECODERS) expect(decode('Nguyễn Thị Hoàng Dòng')).toBe('Nguyễn Thị Hoàng Dòng');
    expect(tcvn3('Trần V¨n Dòng')).toBe('Trần Văn Dòng');
    expect(tcvn3('TrÇn V¨n Dòng')).toBe('Trần Văn Dũng');
  });
});

test('TCVN3 whose bytes changed case is found by asking the register', () => {
  for (const name of ['Nguyễn Văn Đức', 'Trần Thị Hồng', 'Võ Ái Mỹ']) {
    expect(isTcvn3InOtherCase(toTcvn3(name).toUpperCase(), name)).toBe(true);
    expect(isTcvn3InOtherCase(toTcvn3(name).toLowerCase(), name)).toBe(true);
    expect(isTcvn3InOtherCase(toTcvn3(name).toUpperCase(), 'Nguyễn Văn Dục')).toBe(false);
  }
  expect(keyOf(' A\u00adB\u200b µ ')).toBe('abµ');
});
