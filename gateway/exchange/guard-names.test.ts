import { createCipheriv, createHash, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { GUARD_KEYS, UNITS } from './guard.test-support.ts';
import { orderless, packNames, spoken } from './guard-names.ts';
import { createGuardUnits, guardKeysOf } from './guard-units.ts';

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
  ['orderless', orderless],
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

describe('units and values of names', () => {
  const block = (key: typeof GUARD_KEYS.text, text: string) => {
    const digest = createHash('sha256').update(text, 'utf8').digest().subarray(0, 16);
    return createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(digest).subarray(0, 8);
  };

  test('are AES of what the digests of their texts begin with, however many are asked for at once', () => {
    const entity = fc.constantFrom('LE-1', '0100109106', 'Bưu chính');
    const named = fc.record({ name, date: fc.integer({ min: 0, max: 99_991_231 }), tag: fc.nat(0xffff) });
    fc.assert(
      fc.property(entity, fc.array(named, { maxLength: 30 }), (legalEntity, all) => {
        const names = all.map((one) => one.name);
        const [dates, tags] = [all.map(({ date }) => date), all.map(({ tag }) => tag)];
        const units = UNITS.ofNamesAndDates(legalEntity, names, dates, tags);
        const values = UNITS.valuesOfNames(names);
        for (const [i, one] of all.entries()) {
          const own = block(GUARD_KEYS.text, `name\0${legalEntity}\0${one.date}\0${orderless.textOf(one.name)}`);
          own.writeUInt16BE(one.tag);
          expect(units.subarray(i * 8, i * 8 + 8)).toEqual(own);
          const value = block(GUARD_KEYS.text, `value\0${spoken.textOf(one.name)}`);
          expect(values.subarray(i * 8, i * 8 + 8)).toEqual(value);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('are others under another key', () => {
    const others = createGuardUnits(guardKeysOf(createSecretKey(Buffer.alloc(32, 8))));
    expect(others.valuesOfNames(['Lê Lợi'])).not.toEqual(UNITS.valuesOfNames(['Lê Lợi']));
    expect(UNITS.valuesOfNames(['Lê Lợi', ' LÊ  LỢI', 'Lê Lợi'.normalize('NFD')]).toString('hex')).toMatch(
      /^(.{16})\1\1$/,
    );
  });
});
