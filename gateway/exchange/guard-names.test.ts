import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { compareNames, OUTCOMES } from '../matching/index.ts';
import { bareEnds, guardedNames, packNames, spoken } from './guard-names.ts';

const VIETNAMESE = [...'aàảãáạăằẳẵắặâầẩẫấậđeêềểễếệiìỉĩíịoôồổơờởuưừửữứựyỳ'];
const letter = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...VIETNAMESE, ...VIETNAMESE.map((one) => one.toUpperCase())) },
  { weight: 4, arbitrary: fc.constantFrom(' ', '  ', '\t', '\u00a0', '\u3000', '\ufeff') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\u0301', '\u0323', '\u030a', 'İ', 'ß', 'Σ', 'ø', '\0', '\ud800', '가', 'ﬁ'),
  },
);
const name = fc.oneof(
  fc.array(letter, { maxLength: 40 }).map((letters) => letters.join('')),
  anyText({ maxLength: 60 }),
);
const forms = [
  ['spoken', spoken],
  ['bareEnds', bareEnds],
] as const;

describe.each(forms)('a name, %s', (_, form) => {
  test('is the same letter by letter as by the rules of Unicode, by itself and among others, behind its head', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (names) => {
        const { bytes, offsets } = packNames(names, form, 3, (out, at, i) => at + out.write(`${i}:`, at));
        const texts = names.map((_one, i) => bytes.toString('utf8', offsets[i], offsets[i + 1]));
        expect(texts).toEqual(names.map((one, i) => `${i}:${form.textOf(one).toWellFormed()}`));
      }),
      { numRuns: 400 },
    );
  });

  test('is the same whatever letter it holds', () => {
    const names = Array.from({ length: 0x2100 }, (_, unit) => `a${String.fromCharCode(unit)}B`);
    const { bytes, offsets } = packNames(names, form, 0, (_out, at) => at);
    const texts = names.map((_one, i) => bytes.toString('utf8', offsets[i], offsets[i + 1]));
    expect(texts).toEqual(names.map(form.textOf));
  });

  test('is written without Unicode’s rules where it is Vietnamese', () => {
    const out = new Uint8Array(200);
    for (const one of ['NGUYỄN THỊ  Ánh Tuyết', ' Đặng văn Ước', VIETNAMESE.join('')]) {
      expect(form.write(out, 0, one)).toBe(Buffer.byteLength(form.textOf(one)));
    }
  });

  test('may be long, of many words, or fall apart', () => {
    const names = ['x'.repeat(300), 'b a '.repeat(20), '\u1e9b\u0323\ufdfa'.repeat(30), 'İ'.repeat(20), 'Lê Lợi'];
    const { bytes, offsets } = packNames(names, form, 0, (_out, at) => at);
    const texts = names.map((_one, i) => bytes.toString('utf8', offsets[i], offsets[i + 1]));
    expect(texts).toEqual(names.map(form.textOf));
  });
});

describe('the names that a row’s text may stand for', () => {
  const keysOf = (text: string) => guardedNames(text).map(bareEnds.textOf);
  const key = bareEnds.textOf('Nguyễn Văn Hưởng');

  test.each([
    ['an apostrophe', "Ng'uyễn Văn Hưởng"],
    ['what cannot be seen', 'Ng\u200b\u00aduyễn Văn\u2060 Hưởng'],
    ['dots behind it', 'Nguyễn Văn Hưởng . . .'],
    ['letters of another script that look alike', 'Nguуễn Văn Hưởng'],
    ['marks by themselves', 'Nguyễn Văn Hưởng'.normalize('NFD')],
    ['no marks', 'nguyen van huong'],
    ['keys of Telex', 'Nguyeenx Vawn Huwowngr'],
    ['keys of Telex, typed late', 'Nguyenxe Vanw Huongwr'],
    ['keys of VNI', 'Nguye64n Va8n Hu7o73ng'],
    ['a number', 'Nguyễn Văn Hưởng 17'],
    ['a note in brackets', 'Nguyễn Văn Hưởng (17)'],
    ['another name in brackets, turned round', 'Hưởng Văn Nguyễn (Lê Thị Bình)'],
    ['titles', 'Ông Ông Bà Nguyễn Văn Hưởng'],
    ['titles and a note', 'Ông Nguyễn Văn Hưởng con bà Tư Bình'],
    ['letters beside it', 'Nguyễn Văn Hưởng b kh'],
    ['itself', 'Nguyễn Văn Hưởng Nguyễn Văn Hưởng'],
  ])('are the name itself where it is written with %s', (_, text) => {
    expect(compareNames(text, 'Nguyễn Văn Hưởng').outcome).toBe(OUTCOMES.TRUE);
    expect(keysOf(text)).toContain(key);
  });

  test('are one where words stand in the middle that the matcher does without', () => {
    const longer = ['Nguyễn Văn Bảo Hưởng', 'Nguyễn Thành Văn Hưởng', 'Hưởng Bình Văn Nguyễn'].map(bareEnds.textOf);
    expect(new Set(longer)).toEqual(new Set([bareEnds.textOf('Nguyễn Hưởng')]));
  });

  test('are one of plain words, and others of others', () => {
    for (const text of ['Nguyễn Văn Hưởng', 'NGUYEN VAN HUONG', 'Trần Thị Bé'])
      expect(guardedNames(text)).toEqual([text]);
    const others = ['Nguyễn Thị Hưởng', 'Trần Văn Hưởng', 'Nguyễn Văn Bình', 'Nguyễn Hưởng'].map(bareEnds.textOf);
    expect(new Set([...others, key]).size).toBe(5);
  });
});
