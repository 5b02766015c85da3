import { expect, test } from 'vitest';
import { someHeaders } from './inspection.ts';
import { mergedLines, oddityLines } from './inspection-oddities.ts';

const none = { rows: 0, lines: [] };

test('rows that may be a mistake have a line each, with where they are; where there are none, nothing is said', () => {
  const found = {
    repeatedIds: { rows: 1200, lines: [33, 34, 35] },
    repeatedHeaders: { rows: 1, lines: [32] },
    columnNumbers: { rows: 1, lines: [2] },
    totals: { rows: 1, lines: [50] },
    controls: { rows: 1, lines: [6] },
    several: { rows: 2, lines: [6, 11], longest: { line: 11, lines: 4 } },
    cutLine: 43,
  };
  for (const language of ['en', 'vi'] as const) {
    const lines = oddityLines(found, language);
    expect(lines.length).toBe(7);
    expect(lines.join('\n')).not.toMatch(/[{}]/);
    expect(lines[0]).toContain('33, 34, 35, …');
    expect(lines[2]).toContain('(1), (2)');
    expect(lines[3]).toContain('50');
    expect(lines[5]).toMatch(/4 .*11/);
    expect(lines[6]).toContain('43');
    const nothing = {
      ...{ repeatedIds: none, repeatedHeaders: none, columnNumbers: none, totals: none },
      ...{ controls: none, several: none },
    };
    expect(oddityLines(nothing, language)).toEqual([]);
  }
});

test('cells that merges hide are told of by column, with the first lines of many', () => {
  const merged = [{ column: 'id_number', header: 'Số GTTT\u001b', rows: 1200, lines: [3, 4, 9] }];
  const [en = ''] = mergedLines(merged, 'en');
  expect(en).toContain('hide 1,200 cells of "Số GTTT');
  expect(en).toContain('(id_number; lines 3, 4, 9, …)');
  expect(en).not.toContain('\u001b');
  expect(mergedLines(merged, 'vi')[0]).toContain('Ô gộp che');
  expect(mergedLines([], 'en')).toEqual([]);
});

test('of hundreds of columns that are not used the first are named, and the others counted', () => {
  const headers = Array.from({ length: 495 }, (_, i) => `c${i}`);
  expect(someHeaders(headers, 'vi')).toMatch(/^c0, .*, c11, và 483 cột khác$/);
  expect(someHeaders(headers, 'en')).toMatch(/, c11, and 483 more$/);
  expect(someHeaders(headers.slice(0, 12), 'en')).toMatch(/, c11$/);
});
