import { describe, expect, it } from 'vitest';
import { builtInFormat, formatOf, numberText, PLAIN, unescapeText } from './cell-text.ts';

const shown = (raw: string, code: string, from1904 = false): string => numberText(raw, formatOf(code), from1904);

describe('a number', () => {
  it.each([
    ['901085000017', '901085000017'],
    ['9.01085000017E11', '901085000017'],
    ['9.0108500001750000E+11', '9.0108500001750000E+11'],
    ['123456789012345678', '123456789012345678'],
    ['0.5', '0.5'],
    ['-3', '-3'],
    ['nonsense', 'nonsense'],
  ])('%s of no format is %s', (raw, text) => {
    expect(numberText(raw, PLAIN, false)).toBe(text);
  });

  it.each([
    ['1085000017', '000000000000', '001085000017'],
    ['912345678', '0#########', '0912345678'],
    ['912345678', '"0"#########', '0912345678'],
    ['912345678', '\\0#########', '0912345678'],
    ['912345678', '"0"000000000', '0912345678'],
    ['7', '0000', '0007'],
    ['12345', '000', '12345'],
    ['1.5', '0000', '1.5'],
    ['-7', '0000', '-7'],
    ['7', '0.00', '7'],
    ['7', '#,##0', '7'],
    ['7', '@', '7'],
    ['7', 'General', '7'],
  ])('%s shown as %s is %s', (raw, code, text) => expect(shown(raw, code)).toBe(text));
});

describe('a day number', () => {
  it.each([
    ['31133', 'dd/mm/yyyy', '1985-03-27'],
    ['31133', '[$-42A]d/m/yyyy;@', '1985-03-27'],
    ['31133', 'yyyy"năm"', '1985'],
    ['31133', 'mm/yyyy', '03/1985'],
    ['31133.75', 'dd/mm/yyyy hh:mm', '1985-03-27 18:00:00'],
    ['31133.75', 'dd/mm/yyyy', '1985-03-27'],
    ['31133.999999999', 'd/m/yy h:mm', '1985-03-28'],
    ['31133', 'dd/mm/yyyy hh:mm', '1985-03-27'],
    ['1', 'd/m/yyyy', '1900-01-01'],
    ['59', 'd/m/yyyy', '1900-02-28'],
    ['60', 'd/m/yyyy', '60'],
    ['61', 'd/m/yyyy', '1900-03-01'],
    ['-1', 'd/m/yyyy', '-1'],
    ['2958465', 'd/m/yyyy', '9999-12-31'],
    ['19850327', 'd/m/yyyy', '19850327'],
    ['0.5', 'hh:mm', '0.5'],
    ['31133', '"yd"0', '31133'],
    ['31133', '[Red]0', '31133'],
  ])('%s shown as %s is %s', (raw, code, text) => expect(shown(raw, code)).toBe(text));

  it('counts from 1904 where the workbook says so', () => {
    expect([shown('0', 'd/m/yyyy', true), shown('29671', 'd/m/yyyy', true)]).toEqual(['1904-01-01', '1985-03-27']);
  });

  it('is one by the formats that have a number and no code', () => {
    expect([14, 22, 17, 0, 1, 49, 20].map((id) => builtInFormat(id).kind)).toEqual([
      ...['date', 'date', 'date', 'plain', 'plain', 'plain', 'plain'],
    ]);
  });
});

it('a character that XML has not is read from its escape', () => {
  expect(unescapeText('a_x000D_b_x005F_x000D_')).toBe('a\rb_x000D_');
  expect(unescapeText('_xyz_')).toBe('_xyz_');
});
