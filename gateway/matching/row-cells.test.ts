import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { rearranged } from './row-cells.ts';

const NUMBER = '901085001234';
const NAME = 'Nguyễn Văn Dũng';
const DATE = '07/03/1985';
const RIGHT = { idNumber: NUMBER, name: NAME, birthDate: DATE };
const row = (idNumber: string, name: string, birthDate: string) => ({ idNumber, name, birthDate });

describe('cells that stand elsewhere', () => {
  test.each([
    row(DATE, NAME, NUMBER),
    row(NAME, DATE, NUMBER),
    row(DATE, NUMBER, NAME),
    row(NAME, NUMBER, DATE),
    row('', `${NAME} ${NUMBER}`, DATE),
    row('', `${NUMBER} - ${NAME}`.replace(' -', ''), DATE),
    row('', `${NUMBER}, ${NAME}, ${DATE}`, ''),
    row(`${NUMBER}\t${NAME}\t${DATE}`, '', ' '),
    row(`${NUMBER} ${DATE}`, NAME, ''),
  ])('%j are put where they belong', (cells) => expect(rearranged(cells)).toEqual(RIGHT));

  test.each([
    RIGHT,
    row('9010850012', NAME, DATE),
    row(DATE, NAME, DATE),
    row(DATE, '', NUMBER),
    row('', `${NAME} ${NUMBER} 901085001235`, DATE),
    row('', `${NAME} ${NUMBER}5`, DATE),
    row('', `${NUMBER};${NAME};Trần Thị Lan;${DATE}`, ''),
    row(`${NUMBER} ${DATE} ${DATE}`, NAME, ''),
    row('', '', ''),
  ])('%j stay: as they should be, or nobody can tell', (cells) => expect(rearranged(cells)).toBeUndefined());

  test('never throws, and makes up no text', () => {
    fc.assert(
      fc.property(anyText(), fc.string(), fc.string({ unit: 'grapheme' }), (a, b, c) => {
        const found = rearranged(row(a, b, c));
        for (const cell of Object.values(found ?? {})) {
          for (const word of cell.split(/\s+/u)) expect(`${a} ${b} ${c}`).toContain(word);
        }
      }),
    );
  });
});
