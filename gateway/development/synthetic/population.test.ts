import { beforeAll, describe, expect, it } from 'vitest';
import { loadAddressCatalogue } from './addresses.ts';
import { MAX_PERSONS } from './numbers.ts';
import type { SyntheticPerson } from './person.ts';
import { createPopulation, generatePopulation, isoDate, personCells, recordsOf } from './population.ts';
import { PROVINCES } from './provinces.ts';

const SEED = 20_251_122;
const MANY = 200_000;
/** People whose families are looked at one by one. */
const FAMILIES = 16_000;
const addresses = loadAddressCatalogue();
const people = createPopulation({ seed: SEED, addresses });
const lines = (persons: number, seed = SEED): string[] =>
  [...generatePopulation({ seed, persons, addresses })].map((record) => personCells(record).join('|'));

const all: SyntheticPerson[] = [];
beforeAll(() => {
  for (let index = 0; index < MANY; index++) all.push(people.personAt(index));
});

const share = (test: (person: SyntheticPerson) => boolean): number => all.filter(test).length / all.length;
const firstWord = (person: SyntheticPerson): string => person.fullName.split(' ')[0] ?? '';

describe('determinism', () => {
  it('gives the same people for the same seed and others for another', () => {
    expect(lines(500)).toEqual(lines(500));
    expect(lines(500)).not.toEqual(lines(500, SEED + 1));
  });

  it('makes a small population the beginning of a large one', () => {
    const large = lines(1_000);
    expect(large.slice(0, lines(303).length)).toEqual(lines(303));
  });

  it('gives the same person at random access as in order', () => {
    const fresh = createPopulation({ seed: SEED, addresses });
    for (let step = 0; step < 1_000; step++) {
      const index = (step * 48_611) % MANY;
      expect(fresh.personAt(index)).toEqual(all[index]);
    }
  });

  it('refuses an index or a size outside its range', () => {
    for (const index of [-1, 0.5, Number.NaN, MAX_PERSONS]) expect(() => people.personAt(index)).toThrow(RangeError);
    expect(() => [...generatePopulation({ seed: 1, persons: MAX_PERSONS + 1, addresses })]).toThrow(RangeError);
  });
});

describe('numbers', () => {
  it('gives every number to one person, over people and former IDs', () => {
    const ids = all.flatMap((person) => recordsOf(person).map(({ personalId }) => personalId));
    expect(new Set(ids).size).toBe(ids.length);
    const mobiles = all.flatMap(({ mobile }) => (mobile === '' ? [] : [mobile]));
    expect(new Set(mobiles).size).toBe(mobiles.length);
  });

  it('keeps IDs apart across millions, where serials come again', () => {
    const ids = new Set<string>();
    let made = 0;
    for (let index = 0; index < 1_000_000; index += 2_003) {
      for (let million = 0; million < MAX_PERSONS; million += 1_000_000) {
        const person = people.personAt(index + million);
        ids.add(person.personalId);
        made++;
        // The proof rests on this: same serial, other province.
        expect(person.personalId.slice(6)).toBe(people.personAt(index).personalId.slice(6));
      }
    }
    expect(ids.size).toBe(made);
  });

  it('builds IDs of prefix, century and sex, and year of birth', () => {
    for (const { personalId, born, sex, province } of all) {
      const digit = (born.year >= 2000 ? 2 : 0) + (sex === 'F' ? 1 : 0);
      const start = `${900 + province}${digit}${String(born.year % 100).padStart(2, '0')}`;
      if (!personalId.startsWith(start) || !/^9\d{11}$/u.test(personalId))
        expect.fail(`${personalId} is not ${start}…`);
    }
  });

  it('shares a few old numbers between two people by mistake', () => {
    const holders = new Map<string, number>();
    for (const { oldNumbers } of all)
      for (const number of oldNumbers) holders.set(number, (holders.get(number) ?? 0) + 1);
    const shared = [...holders.values()].filter((count) => count > 1);
    expect(shared.length).toBeGreaterThan(10);
    expect(shared.length).toBeLessThan(200);
    expect(share(({ oldNumbers }) => oldNumbers.length > 1)).toBeGreaterThan(0.05);
  });
});

describe('names and places', () => {
  it('follows the frequencies of family names', () => {
    const kinh = all.filter(({ ethnicity }) => ethnicity === 'Kinh').map(firstWord);
    const of = (family: string): number => kinh.filter((word) => word === family).length / kinh.length;
    const [nguyen, tran, le, dang] = [of('Nguyễn'), of('Trần'), of('Lê'), of('Đặng')];
    expect(nguyen).toBeGreaterThan(0.28);
    expect(nguyen).toBeLessThan(0.34);
    expect(tran).toBeGreaterThan(0.08);
    expect(tran).toBeLessThan(0.13);
    expect(tran).toBeGreaterThan(le);
    expect(le).toBeGreaterThan(dang);
  });

  it('does not repeat the same few people', () => {
    expect(new Set(all.map(({ fullName }) => fullName)).size).toBeGreaterThan(MANY / 2);
  });

  it('lets names follow the decade', () => {
    const women = (from: number, to: number) =>
      all.filter(
        ({ sex, born, ethnicity }) => sex === 'F' && ethnicity === 'Kinh' && born.year >= from && born.year < to,
      );
    const thi = (list: readonly SyntheticPerson[]) =>
      list.filter(({ fullName }) => / Thị /u.test(fullName)).length / list.length;
    expect(thi(women(1940, 1970))).toBeGreaterThan(0.75);
    expect(thi(women(2010, 2026))).toBeLessThan(0.2);
  });

  it('writes names in NFC without stray blanks', () => {
    for (const { fullName } of all) {
      if (fullName !== fullName.normalize('NFC') || /^\s|\s$|\s\s|[,;"]/u.test(fullName)) expect.fail(fullName);
    }
  });

  it('places other peoples where they live', () => {
    const at = (code: string) => all.filter(({ province }) => PROVINCES[province]?.code === code);
    const of = (code: string, people: string) =>
      at(code).filter(({ ethnicity }) => ethnicity === people).length / at(code).length;
    expect(of('014', 'Thái')).toBeGreaterThan(0.35);
    expect(of('084', 'Khmer')).toBeGreaterThan(0.2);
    expect(of('066', 'Ê Đê')).toBeGreaterThan(0.1);
    expect(share(({ ethnicity }) => ethnicity === 'Kinh')).toBeGreaterThan(0.8);
    expect(share(({ ethnicity }) => ethnicity === 'Kinh')).toBeLessThan(0.92);
  });

  it('uses every province and the communes of the present catalogue', () => {
    expect(new Set(all.map(({ province }) => province)).size).toBe(63);
    expect(new Set(all.map(({ address }) => address.commune.provinceCode)).size).toBe(34);
    expect(new Set(all.map(({ address }) => address.commune.wardCode)).size).toBeGreaterThan(3_000);
    expect(addresses.communes.length).toBe(3_321);
  });
});

describe('families', () => {
  const parents = (person: SyntheticPerson): SyntheticPerson[] =>
    [person.father, person.mother].flatMap((index) => (index === undefined ? [] : [people.personAt(index)]));

  it('has children at least 15 years younger than their parents, of parents of the right sex', () => {
    let children = 0;
    for (const person of all.slice(0, FAMILIES)) {
      for (const parent of parents(person)) {
        children++;
        const rightSex = parent.sex === (parent.index === person.father ? 'M' : 'F');
        if (!rightSex || person.born.year - parent.born.year < 16) expect.fail(`${person.index} and ${parent.index}`);
      }
    }
    expect(children).toBeGreaterThan(6_000);
  });

  it('hands the father’s family name on, mostly', () => {
    const withFather = all
      .slice(0, 40_000)
      .filter(({ father, ethnicity }) => father !== undefined && ethnicity === 'Kinh');
    const same = withFather.filter((person) => firstWord(all[person.father ?? 0] ?? person) === firstWord(person));
    expect(same.length / withFather.length).toBeGreaterThan(0.93);
    expect(same.length).toBeLessThan(withFather.length);
  });

  it('gives siblings one family name, also where their father is not of the household', () => {
    let apart = 0;
    let pairs = 0;
    for (const person of all) {
      const next = all[person.index + 1];
      if (person.father !== undefined || person.mother === undefined || next?.mother !== person.mother) continue;
      if (person.ethnicity !== 'Kinh') continue;
      pairs++;
      if (firstWord(next) !== firstWord(person)) apart++;
    }
    expect(pairs).toBeGreaterThan(500);
    // A few children take their mother's name whatever their siblings do.
    expect(apart / pairs).toBeLessThan(0.08);
  });

  it('keeps siblings apart in age, save twins', () => {
    let twins = 0;
    for (const person of all.slice(0, FAMILIES)) {
      const next = all[person.index + 1];
      if (person.mother === undefined || next?.mother !== person.mother) continue;
      const gap = next.born.year - person.born.year;
      if (gap === 0) {
        expect(next.born).toEqual(person.born);
        twins++;
      } else {
        expect(gap).toBeGreaterThanOrEqual(2);
      }
    }
    expect(twins).toBeGreaterThan(3);
  });

  it('has a few sons of their father’s full name', () => {
    const namesakes = all.filter(({ father, fullName }) => father !== undefined && all[father]?.fullName === fullName);
    expect(namesakes.length).toBeGreaterThan(20);
    expect(namesakes.length).toBeLessThan(1_000);
  });

  it('marries spouses to each other, under one roof', () => {
    for (const person of all.slice(0, 2_000)) {
      if (person.spouse === undefined) continue;
      const spouse = people.personAt(person.spouse);
      expect(spouse.spouse).toBe(person.index);
      expect(spouse.sex).not.toBe(person.sex);
      expect(spouse.address).toEqual(person.address);
      expect(people.traitsOf(person).spouseName).toBe(spouse.fullName);
    }
  });
});

describe('dates and states', () => {
  it('knows the old by year or month only, the young by day', () => {
    const partial = all.filter(({ born }) => born.day === 0);
    expect(partial.some(({ born }) => born.month > 0)).toBe(true);
    expect(partial.every(({ born }) => born.year < 1990)).toBe(true);
    expect(share(({ born }) => born.day === 0)).toBeGreaterThan(0.01);
    expect(share(({ born }) => born.day === 0)).toBeLessThan(0.06);
  });

  it('writes dates that exist, none after 2025', () => {
    for (const { born } of all) {
      if (born.day === 0) continue;
      const date = new Date(Date.UTC(born.year, born.month - 1, born.day));
      if (date.toISOString().slice(0, 10) !== isoDate(born) || born.year > 2025) expect.fail(isoDate(born));
    }
    expect(isoDate({ year: 1950, month: 0, day: 0 })).toBe('1950');
    expect(isoDate({ year: 1950, month: 3, day: 0 })).toBe('1950-03');
  });

  it('has mostly living people, and some dead, missing, and under a new number', () => {
    expect(share(({ life }) => life === 'alive')).toBeGreaterThan(0.93);
    expect(share(({ life }) => life === 'deceased')).toBeGreaterThan(0.01);
    expect(share(({ life }) => life === 'missing')).toBeGreaterThan(0.0002);
    const kinds = new Set(all.map(({ formerId }) => formerId?.kind));
    expect(kinds).toEqual(new Set([undefined, 'superseded', 'cancelled', 'cancelled_alone']));
    expect(all.filter(({ index, formerId }) => people.hasFormerId(index) !== (formerId !== undefined))).toEqual([]);
  });
});
