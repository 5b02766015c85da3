/** What is done for all rows of a batch at once is what would be done for each by itself. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJudgement, OUTCOMES, type OutcomeCode, VERDICTS } from '../matching/index.ts';
import { OPEN_RULES, UNITS } from './guard.test-support.ts';
import { GUARD_FIELDS, type GuardRules } from './guard-port.ts';
import { createRowGuard, SPENT } from './guard-rows.ts';
import type { RowBatch } from './judge-rows.ts';
import type { MatchSet } from './lookup-port.ts';
import { createNearTable, readNear } from './near-table.ts';

const LE = OPEN_RULES.legalEntity;
const { perField, perName } = OPEN_RULES.bounds;

interface Row {
  readonly people: readonly number[];
  readonly name: string;
  readonly date: number;
  readonly number: number;
  readonly outcomes: readonly [OutcomeCode, OutcomeCode];
  readonly silent: boolean;
  readonly compared: boolean;
}
const outcome = fc.constantFrom<OutcomeCode[]>(OUTCOMES.TRUE, OUTCOMES.FALSE, OUTCOMES.NOT_AVAILABLE);
const row: fc.Arbitrary<Row> = fc.record({
  people: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
  name: fc.constantFrom('Lê Lợi', 'LỢI LÊ', 'Trần Thị Ánh'),
  date: fc.constantFrom(0, 19_800_101, 19_900_202),
  number: fc.constantFrom(900_000_000_001, 999_000_000_002),
  outcomes: fc.tuple(outcome, outcome),
  silent: fc.boolean(),
  compared: fc.boolean(),
});

function guardOf(rows: readonly Row[], rules: GuardRules, alike: boolean) {
  let at = 0;
  const batch = {
    count: rows.length,
    identifiers: rows.map(({ number }) => number),
    names: rows.map(({ name }) => name),
    birthDates: Uint32Array.from(rows, ({ date }) => date),
  } as unknown as RowBatch;
  const matches = {
    starts: Uint32Array.from([0, ...rows.map(({ people }) => (at += people.length))]),
    personNo: Float64Array.from(rows.flatMap(({ people }) => people)),
  } as unknown as MatchSet;
  return createRowGuard(rules, UNITS, batch, matches, alike);
}

/** Judges them as they lie. */
function judge(rows: readonly Row[], rules: GuardRules, alike: boolean) {
  const guard = guardOf(rows, rules, alike);
  const spent = rows.map(({ outcomes: [nameOutcome, birthOutcome], people, silent, compared }, i) => {
    const of = guard.spentOf(i, compared);
    const verdict = people.length === 0 ? VERDICTS.NOT_FOUND : VERDICTS.MISMATCH;
    const judgement = { ...createJudgement(), nameOutcome, birthOutcome };
    guard.note(i, { judgement, verdict, silent, spent: of, compared });
    return of;
  });
  return { spent, found: guard.finish() };
}

const wordOf = (bytes: Uint8Array, i = 0) => Buffer.from(bytes).subarray(i * 8, i * 8 + 8);
const unitOf = (bytes: Uint8Array, i = 0) => wordOf(bytes, i).readBigInt64BE();
const PEOPLE = [1, 2, 3, 4, 5, 6].flatMap((person) => [0, 1].map((half) => unitOf(UNITS.ofPeople(LE, [person]), half)));
const NAMED = ['Lê Lợi', 'Trần Thị Ánh'].flatMap((name) =>
  [0, 19_800_101, 19_900_202].map((date) =>
    unitOf(UNITS.ofNamesAndDates(LE, [name], [date], [UNITS.dateTags(LE, [date]).readUInt16BE()])),
  ),
);
const near = fc.array(fc.tuple(fc.constantFrom(...PEOPLE, ...NAMED), fc.constantFrom(3, 4, 5, 19, 20, 200)), {
  maxLength: 8,
});

test('what is spent by the table is what each unit’s count says', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), near, fc.boolean(), (rows, entries, alike) => {
      const table = createNearTable();
      for (const [unit, count] of entries) table.put({ unit, count, tagged: NAMED.includes(unit) });
      const counts = new Map(entries);
      const { spent } = judge(rows, { ...OPEN_RULES, table: table.buffer }, alike);
      const isSpent = (units: Buffer, i: number, bound: number) => (counts.get(unitOf(units, i)) ?? 0) >= bound;
      const expected = rows.map(({ people, name, date, number, compared }) => {
        const tags = [UNITS.dateTags(LE, [date]).readUInt16BE()];
        if (isSpent(UNITS.ofNamesAndDates(LE, [name], [date], tags), 0, perName)) return SPENT.name | SPENT.birth;
        const strangers = alike ? [UNITS.ofNumbers(LE, [number])] : [];
        const who = compared && people.length > 0 ? people.map((one) => UNITS.ofPeople(LE, [one])) : strangers;
        const of = (half: number, bit: number) => (who.some((units) => isSpent(units, half, perField)) ? bit : 0);
        return of(0, SPENT.name) | of(1, SPENT.birth);
      });
      expect(spent).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});

test('a table tells of many units at once what it tells of each', () => {
  fc.assert(
    fc.property(near, fc.constantFrom(3, 5, 20), (entries, bound) => {
      const table = createNearTable();
      table.put({ unit: 7n, count: 1, tagged: false });
      for (const [unit, count] of entries) table.put({ unit, count, tagged: false });
      const reader = readNear(table.buffer as SharedArrayBuffer);
      const bytes = Buffer.alloc(8 * PEOPLE.length);
      for (const [i, unit] of PEOPLE.entries()) bytes.writeBigInt64BE(unit, i * 8);
      const each = PEOPLE.map((_, i) => reader.countOf(bytes.readUInt32BE(i * 8), bytes.readUInt32BE(i * 8 + 4)));
      const flags = each.map((count) => (count >= bound ? 1 : 0));
      expect(reader.reached(bytes, bound)).toEqual(flags.includes(1) ? Uint8Array.from(flags) : undefined);
      expect(new Map(PEOPLE.map((unit, i) => [unit, each[i]]))).toEqual(
        new Map(PEOPLE.map((unit) => [unit, new Map(entries).get(unit) ?? 0])),
      );
    }),
  );
});

test('what is counted of many rows is what is counted of each', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.boolean(), (rows, alike) => {
      const all = judge(rows, OPEN_RULES, alike).found;
      const each = rows.map((one) => judge([one], OPEN_RULES, alike).found);
      const joined = (of: 'units' | 'tags' | 'missUnits' | 'missValues' | 'missFields' | 'missCrossings') =>
        expect(Buffer.from(all[of])).toEqual(Buffer.concat(each.map((found) => found[of])));
      for (const of of ['units', 'tags', 'missUnits', 'missValues', 'missFields', 'missCrossings'] as const) joined(of);
    }),
    { numRuns: 100 },
  );
});

test('a mismatch of all is a wrong name, a wrong date and a number tried, each under its own name', () => {
  const [number, name, date] = [900_000_000_001, 'Lê Lợi', 19_800_101];
  const outcomes = [OUTCOMES.FALSE, OUTCOMES.FALSE] as const;
  const { found } = judge(
    [{ people: [4], name, date, number, outcomes, silent: false, compared: true }],
    OPEN_RULES,
    false,
  );
  const tags = [UNITS.dateTags(LE, [date]).readUInt16BE()];
  const [units, crossings] = [UNITS.ofPeople(LE, [4]), UNITS.ofPeople('*', [4])];
  expect(Array.from(found.missFields)).toEqual([GUARD_FIELDS.name, GUARD_FIELDS.birth, GUARD_FIELDS.number]);
  expect(Buffer.from(found.missUnits)).toEqual(Buffer.concat([units, UNITS.ofNamesAndDates(LE, [name], [date], tags)]));
  expect(Buffer.from(found.missValues)).toEqual(
    Buffer.concat([UNITS.valuesOfNames([name]), UNITS.valuesOfDates([date]), UNITS.valuesOfNumbers([number])]),
  );
  expect(Buffer.from(found.missCrossings)).toEqual(Buffer.concat([crossings, Buffer.alloc(8)]));
});
