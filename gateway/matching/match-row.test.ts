import { describe, expect, test } from 'vitest';
import { readRow } from './match-row.ts';
import { cleanNumberText } from './number-text.ts';
import { NO_HABITS } from './profile.ts';
import { bitOf } from './reasons.ts';

const SHIFTED = bitOf('COLUMNS_SHIFTED');
const read = (name: string, birthDate: string) => readRow({ idNumber: '901085001234', name, birthDate });

describe('columns', () => {
  test.each([
    ['07/03/1985', 'Nguyễn Văn An'],
    ['Nguyễn Văn An, 07/03/1985', ''],
    ['Nguyễn Văn An 07/03/1985', ''],
    ['Nguyễn Văn An; 1985-03-07', 'NULL'],
    ['Nguyễn Văn An|07031985', ''],
  ])('%j and %j are read from where they are', (name, birthDate) => {
    const row = read(name, birthDate);
    expect([row.name, row.birthDate, row.birthReasons & SHIFTED]).toEqual(['Nguyễn Văn An', 19850307, SHIFTED]);
  });

  test.each([
    ['Nguyễn Văn An', '07/03/1985'],
    ['Nguyễn Văn An 1985', '07/03/1985'],
    ['07/03/1985', '08/04/1986'],
    ['0912345678', 'Nguyễn Văn An'],
    ['Nguyễn Văn An', ''],
    ['Nguyễn Văn An, 31/04/1985', ''],
    ['x'.repeat(201), '1'],
  ])('%j and %j stay where they are', (name, birthDate) => {
    const row = read(name, birthDate);
    expect([row.name, row.birthReasons & SHIFTED]).toEqual([name, 0]);
  });

  test('a kept row carries nothing over', () => {
    const row = read('07/03/1985', 'Nguyễn Văn An');
    const again = readRow({ idNumber: 'x', name: 'Lê', birthDate: '' }, { ...NO_HABITS, nameWidth: 20 }, row);
    expect(again).toBe(row);
    expect(again).toMatchObject({ idKind: 0, idNumber: 0, name: 'Lê', nameWidth: 20, birthDate: 0 });
    expect(again.birthReasons & SHIFTED).toBe(0);
  });
});

test.each([
  [' 901\u00a0085 ', '901 085'],
  ['９０１', '901'],
  ['٩٠١', '901'],
  ['۹۰۱', '901'],
  ['९०१', '901'],
  ['๙๐๑', '901'],
  ['໙໐໑', '901'],
  ['၉၀၁', '901'],
  ['៩០១', '901'],
  ['9–0—1−2', '9-0-1-2'],
  ['7⁄3∕1985', '7/3/1985'],
  ['\u200b9\u200e0\ufeff1\u00ad', '901'],
  ['A1', 'A1'],
  ['', ''],
])('number text %j is %j', (text, plain) => expect(cleanNumberText(text)).toBe(plain));
