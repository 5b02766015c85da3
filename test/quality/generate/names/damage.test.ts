import { describe, expect, test } from 'vitest';
import { createPopulation } from '../../../../gateway/development/synthetic/population.ts';
import { createRng } from '../random.ts';
import { as1258, asViscii, bestFit1252, utf8As } from './code-pages.ts';
import { NAME_DAMAGES } from './index.ts';
import { keysOf } from './input-methods.ts';

const NAME = 'Nguyễn Đặng Thị Phượng';

describe('code pages', () => {
  test.each([
    ['windows-1258', as1258(NAME), 'NguyêÞn Ðãòng Thiò Phýõòng'],
    ['VISCII', asViscii('Nguyễn Thị Hằng'), 'Nguy­n Th¸ H¢ng'],
    ['UTF-8 as windows-1252', utf8As('windows-1252', 'Nguyễn'), 'Nguyá»…n'],
    ['best fit', bestFit1252(NAME), 'Nguy?n Ð?ng Th? Phu?ng'],
  ])('%s', (_, shown, expected) => {
    expect(shown).toBe(expected.normalize('NFC'));
  });
});

describe('keystrokes', () => {
  const never = { below: () => 0, chance: () => true, pick: <T>(list: readonly T[]) => list[0]! };
  test.each([
    ['telex', 'Phượng', 'Phuowngj'],
    ['telex', 'ĐẶNG', 'DDAWNGJ'],
    ['vni', 'Nguyễn', 'Nguye6n4'],
    ['viqr', 'Đặng', 'Dda(.ng'],
  ] as const)('%s %s', (method, word, typed) => {
    expect(keysOf(method, word, never)).toBe(typed);
  });
});

describe('every damage', () => {
  const people = createPopulation({ seed: 3 });
  test.each(Object.entries(NAME_DAMAGES))('%s shows on somebody and is never silent', (_, damage) => {
    let shown = 0;
    for (let index = 0; index < 6000 && shown < 5; index++) {
      const person = people.personAt(index);
      const changed = damage.change(person.fullName, createRng(3, index), person);
      if (changed === undefined) continue;
      shown++;
      expect(changed).not.toBe(person.fullName);
    }
    expect(shown).toBe(5);
  });
});
