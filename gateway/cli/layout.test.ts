import { describe, expect, test } from 'vitest';
import { table, textWidth } from './layout.ts';

describe('tables', () => {
  const columns = [{ title: 'Verdict' }, { title: 'Rows', align: 'right' as const }, { title: 'Meaning', wide: true }];

  test('lines up, wraps the wide column and stays within the width', () => {
    const text = table(columns, [['VERIFIED', '7', 'số, họ tên và ngày sinh khớp cùng một người']], 48);
    expect(text.split('\n')).toEqual([
      '┌──────────┬──────┬────────────────────────────┐',
      '│ Verdict  │ Rows │ Meaning                    │',
      '├──────────┼──────┼────────────────────────────┤',
      '│ VERIFIED │    7 │ số, họ tên và ngày sinh    │',
      '│          │      │ khớp cùng một người        │',
      '└──────────┴──────┴────────────────────────────┘',
    ]);
  });

  test.each([60, 80, 100])('leaves nothing of a cell out at %i columns, however long its words', (width) => {
    const method = '/lienthong.verification.v1.VerificationService/VerifySubscriber';
    const name = 'ＴＥＬＣＯ－Ｘ'.repeat(12);
    const four = ['A', 'B', 'C', 'D'].map((title) => ({ title, wide: true }));
    const text = table(four, [['methods', 'f'.repeat(64), `${method}, ${method}2`, name]], width);
    expect(text).not.toContain('…');
    const cells = text
      .split('\n')
      .slice(3, -1)
      .map((line) => line.split('│').map((cell) => cell.trim()));
    const read = [1, 2, 3, 4].map((at) => cells.map((cell) => cell[at] ?? '').join(''));
    expect(read).toEqual(['methods', 'f'.repeat(64), `${method},${method}2`, name]);
    expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(width);
  });

  test('takes no more width than it needs', () => {
    expect(table(columns, [['A', '1', 'short']], 100).split('\n')[0]).toHaveLength(28);
  });

  test('shows what would steer the terminal as a sign', () => {
    const text = table(columns, [['\u001b[2J', '1', 'a\u0007b']], 60);
    expect(text).not.toMatch(/\u001b\[2J|\u0007/);
    expect(text).toContain('\ufffd[2J');
  });

  test('shows as a sign what turns the order of what is read, and what nobody sees', () => {
    const turned = [
      'of \u202e99.1\u202c',
      '\u2066a\u2069',
      'ba\u200bnk',
      'ba\u00adnk',
      'x\u2028y',
      '\ud800',
      '\ufeffB\u200f',
    ];
    for (const cell of turned) {
      const text = table(columns, [[cell, '1', cell]], 80);
      expect(text).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}]/u);
      expect(text).toContain('\ufffd');
    }
  });

  test('combining marks take no width', () => {
    expect(textWidth('Nguyễn'.normalize('NFD'))).toBe(6);
  });
});
