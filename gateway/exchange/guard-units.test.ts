import { createCipheriv, createHash, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { GUARD_KEYS, UNITS } from './guard.test-support.ts';
import { bareEnds, spoken } from './guard-names.ts';
import { createGuardUnits, guardKeysOf } from './guard-units.ts';

const seal = (key: typeof GUARD_KEYS.text, block: Uint8Array) =>
  createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block);

describe('units of numbers', () => {
  /** In other words: what the legal entity's text is sealed to, the kind in its eighth byte, then the number. */
  function block(entity: string, kind: number, number: number): Buffer {
    const plain = seal(GUARD_KEYS.text, createHash('sha256').update(`entity\0${entity}`).digest().subarray(0, 16));
    plain[7] = kind;
    plain.writeBigUInt64BE(BigInt(number), 8);
    return seal(GUARD_KEYS.block, plain);
  }

  test('are blocks of AES each, however many are asked for at once', () => {
    const numbers = Array.from({ length: 2500 }, (_, i) => (i % 3 === 0 ? i : 900_000_000_000 + i * 7_919));
    numbers[1024] = Number.MAX_SAFE_INTEGER;
    const [people, tags] = [UNITS.ofPeople('LE-1', numbers), UNITS.dateTags('LE-1', numbers)];
    const values = UNITS.valuesOfNumbers(numbers);
    const dates = UNITS.valuesOfDates(Uint32Array.from(numbers, (_, i) => 19_500_101 + i));
    expect([people, tags, values, dates].map(({ length }) => length / 2500)).toEqual([16, 2, 8, 8]);
    for (const i of [0, 1, 2, 1023, 1024, 1025, 2047, 2048, 2499]) {
      const number = numbers[i] ?? 0;
      expect(people.subarray(i * 16, i * 16 + 16)).toEqual(block('LE-1', 2, number));
      expect(tags.subarray(i * 2, i * 2 + 2)).toEqual(block('LE-1', 9, number).subarray(0, 2));
      expect(values.subarray(i * 8, i * 8 + 8)).toEqual(block('', 11, number).subarray(0, 8));
      expect(dates.subarray(i * 8, i * 8 + 8)).toEqual(block('', 10, 19_500_101 + i).subarray(0, 8));
    }
    expect(UNITS.ofPeople('LE-1', [])).toHaveLength(0);
    expect(UNITS.ofNumbers('LE-1', [5])).toEqual(block('LE-1', 0x82, 5));
  });
});

describe('units and values of names', () => {
  const block = (key: typeof GUARD_KEYS.text, text: string) => {
    const digest = createHash('sha256').update(text, 'utf8').digest().subarray(0, 16);
    return seal(key, digest).subarray(0, 8);
  };

  test('are AES of what the digests of their texts begin with, however many are asked for at once', () => {
    const entity = fc.constantFrom('LE-1', '0100109106', 'Bưu chính');
    const named = fc.record({
      name: anyText({ maxLength: 60 }),
      date: fc.integer({ min: 0, max: 99_991_231 }),
      tag: fc.nat(0xffff),
    });
    fc.assert(
      fc.property(entity, fc.array(named, { maxLength: 30 }), (legalEntity, all) => {
        const names = all.map((one) => one.name);
        const [dates, tags] = [all.map(({ date }) => date), all.map(({ tag }) => tag)];
        const units = UNITS.ofNamesAndDates(legalEntity, names, dates, tags);
        const values = UNITS.valuesOfNames(names);
        for (const [i, one] of all.entries()) {
          const own = block(GUARD_KEYS.text, `name\0${legalEntity}\0${one.date}\0${bareEnds.textOf(one.name)}`);
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
