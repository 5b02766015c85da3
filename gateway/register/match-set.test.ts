import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNumbers } from '../storage/read-numbers.ts';
import { type Answered, gather, spread } from './match-set.ts';

const candidate = fc.record({
  value: fc.integer({ min: 1, max: 6 }),
  personNo: fc.integer({ min: 1, max: 50 }),
  currentId: fc.integer({ min: 0, max: 999_999_999_999 }),
  birthDate: fc.integer({ min: 0, max: 21_501_231 }),
  facts: fc.tuple(...[1, 1, 0, 1].map((min) => fc.integer({ min, max: 4 }))),
  key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  name: fc.string(),
});

const answer = (rows: readonly (typeof candidate extends fc.Arbitrary<infer T> ? T : never)[]): Answered => ({
  count: rows.length,
  numbers: Float64Array.from(
    rows.flatMap(({ value, personNo, currentId, birthDate, facts: [kind, idStatus, sex, status] }) => [
      value,
      personNo,
      currentId,
      birthDate,
      (kind ?? 0) | ((idStatus ?? 0) << 4) | ((sex ?? 0) << 8) | ((status ?? 0) << 12),
    ]),
  ),
  names: rows.map((row) => row.name),
  logKeys: Uint8Array.from(rows.flatMap((row) => [...row.key])),
});

test('numbers are read as the engine reads them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })), (numbers) => {
      expect([...readNumbers(numbers.join(','))]).toEqual(numbers);
    }),
  );
});

test('each row gets exactly the candidates of its value, in order of person, whatever the order of the answer', () => {
  fc.assert(
    fc.property(fc.array(candidate, { maxLength: 20 }), fc.array(fc.integer({ min: 0, max: 8 })), (rows, values) => {
      const answered = answer(rows);
      const { starts, picks } = spread(values, answered);
      const found = gather(answered, picks);
      expect(starts.length).toBe(values.length + 1);
      values.forEach((value, row) => {
        const expected = rows.filter((c) => c.value === value && value > 0).map((c) => c.personNo);
        expected.sort((a, b) => a - b);
        expect([...found.personNo.subarray(starts[row], starts[row + 1])]).toEqual(expected);
      });
      picks.forEach((pick, at) => {
        const row = rows[pick];
        expect(found.names[at]).toBe(row?.name);
        expect(found.currentId[at]).toBe(row?.currentId);
        expect(found.birthDate[at]).toBe(row?.birthDate);
        expect([found.idKind[at], found.idStatus[at], found.sex[at], found.personStatus[at]]).toEqual(row?.facts);
        expect(found.logKeys.slice(at * 16, at * 16 + 16)).toEqual(row?.key);
      });
    }),
  );
});
