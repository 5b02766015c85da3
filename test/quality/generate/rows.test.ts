import { beforeAll, describe, expect, test } from 'vitest';
import { spoken } from './letters.ts';
import { countsOf, MIX, sharesOf } from './mix.ts';
import { createLabelledPopulation } from './population.ts';
import type { Row } from './row.ts';
import { generateRows } from './rows.ts';
import { createWorld, type World } from './world.ts';

const SEED = 7;
const ROWS = 12_000;
const worldOf = (seed: number, persons: number, zeroPrefixes = false): World =>
  createWorld(createLabelledPopulation({ seed, persons, zeroPrefixes }));

let world: World;
let rows: readonly Row[];
beforeAll(() => {
  world = worldOf(SEED, 30_000);
  rows = [...generateRows(world, SEED, ROWS)];
});

const ofKind = (kind: Row['kind']): readonly Row[] => rows.filter((row) => row.kind === kind);
const labelled = (prefix: string): readonly Row[] => rows.filter(({ label }) => label.startsWith(prefix));
const numbersOf = (index: number): readonly string[] => {
  const { personalId, oldNumbers, formerId } = world.people[index]!;
  return [personalId, ...oldNumbers, ...(formerId === undefined ? [] : [formerId.value])];
};

describe('the file', () => {
  test('is the same for the same seed and another for another', () => {
    const small = () => [...generateRows(worldOf(SEED, 6000), SEED, 2400)];
    expect(small()).toEqual(small());
    expect([...generateRows(world, SEED, 200)]).toEqual([...generateRows(world, SEED, 200)]);
    expect([...generateRows(world, SEED + 1, 200)]).not.toEqual([...generateRows(world, SEED, 200)]);
  });

  test('holds exactly as many rows of each label as the shares say', () => {
    const counts = new Map<string, number>();
    for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
    const expected = countsOf(sharesOf(world), ROWS);
    expect(Object.fromEntries([...counts].sort())).toEqual(
      Object.fromEntries([...expected].filter(([, n]) => n > 0).sort()),
    );
    expect(labelled('clean.').length / ROWS).toBeCloseTo(MIX.clean, 2);
    expect(labelled('two.').length / ROWS).toBeCloseTo(MIX.two, 2);
    expect(ofKind('different').length / ROWS).toBeCloseTo(MIX.different, 2);
  });

  test('shares add up to one', () => {
    expect(sharesOf(world).reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 9);
  });
});

describe('labels are true', () => {
  test('the number of a row of the same person leads back to the person', () => {
    const lost = ofKind('same').filter(({ idNumber, subject, holder }) => {
      const digits = idNumber
        .normalize('NFKC')
        .replace(/[Oo]/gu, '0')
        .replace(/[lI]/gu, '1')
        .replace(/S/gu, '5')
        .replace(/B/gu, '8')
        .replace(/\D/gu, '');
      const found = numbersOf(subject).some((number) => digits.includes(number.replace(/^0+/u, '')));
      return holder !== subject || !found;
    });
    expect(lost).toEqual([]);
  });

  test('a damaged row differs from what the register holds', () => {
    const unchanged = rows.filter(
      ({ label, name, subject }) => /^name\./u.test(label) && name === world.people[subject]!.fullName,
    );
    expect(unchanged).toEqual([]);
  });

  test('a row names as many damages as its label says', () => {
    const wrong = ofKind('same').filter(
      ({ label, damages }) => damages.length !== (label.startsWith('clean.') ? 0 : label.startsWith('two.') ? 2 : 1),
    );
    expect(wrong).toEqual([]);
  });

  test('a different person is another living person who is told apart by name or date', () => {
    const different = ofKind('different');
    expect(different.length).toBeGreaterThan(1000);
    for (const { subject, holder, idNumber } of different) {
      const [a, b] = [world.people[subject]!, world.people[holder!]!];
      expect(b.life).toBe('alive');
      expect(numbersOf(b.index)).toContain(idNumber);
      expect(numbersOf(a.index)).not.toContain(idNumber);
      expect([spoken(a.fullName), a.born]).not.toEqual([spoken(b.fullName), b.born]);
    }
  });

  test('twins share a day, namesakes a name, and siblings a mother', () => {
    const pairs = (label: string) =>
      labelled(label).map(({ subject, holder }) => [world.people[subject]!, world.people[holder!]!] as const);
    for (const [a, b] of pairs('different.twin')) expect(a.born).toEqual(b.born);
    for (const [a, b] of pairs('different.father_and_son_of_one_name')) expect(a.fullName).toBe(b.fullName);
    for (const [a, b] of pairs('different.sibling')) expect(a.mother).toBe(b.mother);
    for (const [a, b] of pairs('different.slip_hits_other')) {
      expect([...a.personalId].filter((digit, at) => digit !== b.personalId[at])).toHaveLength(1);
    }
  });

  test('nobody has the number of an absent row', () => {
    expect(ofKind('absent').filter(({ idNumber }) => world.numbers.has(idNumber))).toEqual([]);
  });
});

describe('the population', () => {
  test('has synthetic prefixes only, and no ID twice', () => {
    const ids = world.people.map(({ personalId }) => personalId);
    expect(ids.filter((id) => !/^9\d{11}$/u.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has those who are hard to tell apart', () => {
    expect(Object.entries(world.planted).filter(([, pairs]) => pairs.length === 0)).toEqual([]);
    expect(Object.entries(world.pools).filter(([pool, list]) => list.length === 0 && pool !== 'zero_prefix')).toEqual(
      [],
    );
  });

  test('has leading zeros where they are asked for, under codes of no province', () => {
    const zeros = worldOf(SEED, 30_000, true);
    expect(zeros.pools.zero_prefix.length).toBeGreaterThan(1000);
    expect([...generateRows(zeros, SEED, ROWS)].some(({ label }) => label === 'id.zeros_lost')).toBe(true);
  });

  test('is called too small where it cannot show a label', () => {
    const small = createWorld(createLabelledPopulation({ seed: 1, persons: 40 }));
    expect(() => [...generateRows(small, 1, 2000)]).toThrow(RangeError);
  });
});
