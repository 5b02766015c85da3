import { describe, expect, it } from 'vitest';
import { yearWindow } from './person-sections.ts';
import { provinceName } from './provinces.ts';

const years = (...counts: readonly (readonly [number, number])[]) =>
  new Map(counts.map(([year, rows]) => [year, { rows, work: 0 }]));

describe('the years of the chart', () => {
  it('are all that there are, from the first to the last', () => {
    expect(yearWindow(years([0, 9], [1985, 3], [1950, 1], [2001, 2]))).toEqual({ first: 1950, last: 2001 });
  });

  it('are those with most rows where a few wrong dates lie a century away', () => {
    expect(yearWindow(years([1890, 2], [1950, 10], [2005, 40], [2100, 3]))).toEqual({ first: 1950, last: 2005 });
  });

  it('are none where none is known', () => {
    const { first, last } = yearWindow(years([0, 5]));
    expect(last - first + 1).toBeLessThanOrEqual(0);
  });
});

it.each([
  ['001', 'Hà Nội'],
  ['102', 'born abroad'],
  ['905', 'invented (given to nobody)'],
  ['003', 'no province has this code'],
  ['NONE', 'no number that can be read'],
])('the code %s is %s', (code, name) => expect(provinceName(code, 'en')).toBe(name));
