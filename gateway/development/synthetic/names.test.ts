import { describe, expect, it } from 'vitest';
import { fullName, hasOldPlacement, newTonePlacement, type Sex } from './names.ts';
import { FAMILY_NAMES, GIVEN_NAMES, MIDDLE_NAMES } from './names-data.ts';
import { PEOPLES } from './names-ethnic-data.ts';
import { PROVINCES } from './provinces.ts';

const tables = [
  FAMILY_NAMES,
  ...Object.values(MIDDLE_NAMES),
  ...GIVEN_NAMES.M,
  ...GIVEN_NAMES.F,
  ...Object.values(PEOPLES).flatMap(({ families, given }) => [families, given.M, given.F]),
];

const name = (ethnicity: string, sex: Sex, family: string, index = 3): string =>
  fullName({ ethnicity, sex, year: 1990, family, second: '' }, 1, index);

describe('the name tables', () => {
  it('are large enough that people do not look like clones', () => {
    const given = new Set([...GIVEN_NAMES.M, ...GIVEN_NAMES.F].flatMap(({ entries }) => [...entries]));
    const middle = new Set(Object.values(MIDDLE_NAMES).flatMap(({ entries }) => [...entries]));
    expect(FAMILY_NAMES.entries.length).toBeGreaterThanOrEqual(60);
    expect(middle.size).toBeGreaterThanOrEqual(150);
    expect(given.size).toBeGreaterThanOrEqual(400);
  });

  it('hold capitalised words in NFC, with the tone in the older place', () => {
    for (const { entries } of tables) {
      for (const word of entries) {
        expect(word).toBe(word.normalize('NFC'));
        expect(word).toMatch(/^\p{Lu}[\p{L}'-]*( \p{L}[\p{L}'-]*)*$/u);
        expect(word).not.toMatch(/o[àáảãạèéẻẽẹ]$/u);
      }
    }
  });

  it('name the people of every province', () => {
    const named = new Set([...Object.keys(PEOPLES), 'Kinh']);
    for (const { peoples } of PROVINCES) for (const people of peoples.entries) expect(named).toContain(people);
  });
});

describe('names of other peoples', () => {
  it('follow each people’s custom', () => {
    expect(name('Ê Đê', 'F', 'Niê')).toMatch(/^H'\p{Lu}\p{L}+ Niê$/u);
    expect(name('Ê Đê', 'M', 'Niê')).toMatch(/^Y \p{Lu}\p{L}+ Niê$/u);
    expect(name('Gia Rai', 'F', 'Siu')).toMatch(/^Siu H'\p{L}+$/u);
    expect(name('Mông', 'M', 'Thào')).toMatch(/^Thào A \p{L}+$/u);
    expect(name('Mông', 'F', 'Thào')).toMatch(/^Thào Thị \p{L}+$/u);
    expect(name('Ba Na', 'M', 'Đinh')).toMatch(/^A \p{L}+$/u);
    expect(name('Xtiêng', 'M', 'Điểu')).toMatch(/^Điểu [\p{L}']+$/u);
  });

  it('give some people one word only', () => {
    const single = Array.from({ length: 50 }, (_, index) => name('Cơ Ho', 'M', 'Cil', index)).filter(
      (n) => !n.includes(' '),
    );
    expect(single.length).toBeGreaterThan(10);
    for (const one of single) expect(one).toMatch(/^K'\p{L}+$/u);
  });
});

describe('tone placement', () => {
  it('moves the tone of open syllables only', () => {
    expect(newTonePlacement('Hòa Thúy Khỏe')).toBe('Hoà Thuý Khoẻ');
    expect(newTonePlacement('Hoàn Quý Huỳnh Toàn')).toBe('Hoàn Quý Huỳnh Toàn');
    expect(hasOldPlacement('Nguyễn Thị Thủy')).toBe(true);
    expect(hasOldPlacement('Quý Hoàn')).toBe(false);
  });
});
