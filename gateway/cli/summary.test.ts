import { describe, expect, test } from 'vitest';
import { ACTIONS, actionOf } from '../../connectors/kit/result-lines.ts';
import { REASONS, type Reason } from '../matching/reasons.ts';
import { NOTICES, VERDICTS } from '../matching/verdicts.ts';
import { textWidth } from './layout.ts';
import { actionLines, reasonSentence, reasonTable, roundedLines, verdictTable } from './summary.ts';
import { ACTION_WORDS, NOTICE_WORDS, USUAL_ACTION, VERDICT_WORDS } from './verdict-words.ts';

const summary = {
  rows: 1000,
  totals: { NOT_FOUND: 20, VERIFIED: 979, INVALID: 1 },
  actions: { KEEP: 970, STOP: 9, CONTACT: 21 },
  reasons: [
    { reason: 'ID_NOT_FOUND', count: 20, line: 3 },
    { reason: 'TONE_PLACEMENT', count: 5, line: 1200 },
  ],
};

describe('the summary of a file', () => {
  test('has one line a verdict that there is, in the order of their codes', () => {
    expect(verdictTable(summary, 'en', 140).split('\n')).toEqual([
      '┌───────────┬──────┬────────┬───────────────────────────────────────────────────┬─────────────────────────────────────────────┐',
      '│ Verdict   │ Rows │  Share │ What it means                                     │ What to do                                  │',
      '├───────────┼──────┼────────┼───────────────────────────────────────────────────┼─────────────────────────────────────────────┤',
      '│ VERIFIED  │  979 │ 97.9 % │ Number, name and birth date are one person (khớp) │ keep the subscription                       │',
      '│ NOT_FOUND │   20 │  2.0 % │ Nobody in the register has this number            │ ask the subscriber to come with the ID card │',
      '│ INVALID   │    1 │  0.1 % │ The row cannot be read; the reason names the cell │ ask the subscriber to come with the ID card │',
      '└───────────┴──────┴────────┴───────────────────────────────────────────────────┴─────────────────────────────────────────────┘',
    ]);
  });

  test('names the actions with their words', () => {
    expect(actionLines(summary, 'en').split('\n')).toEqual([
      'In the column "action":',
      '  KEEP             970  keep the subscription',
      '  STOP               9  stop it: the holder has died',
      '  CONTACT           21  ask the subscriber to come with the ID card',
    ]);
    expect(actionLines(summary, 'vi')).toContain('giữ nguyên thuê bao');
  });

  test('gives each reason its published sentence and a line to look at', () => {
    const text = reasonTable(summary, 'vi', 110);
    expect(text).toContain(reasonSentence('ID_NOT_FOUND', 'vi').slice(0, 20));
    expect(text).toMatch(/TONE_PLACEMENT .* 0,5 % .* 1\.200 /);
  });

  test.each([70, 80, 100, 120])('gives every reason its words and its line, within %i characters', (width) => {
    for (const language of ['vi', 'en'] as const) {
      for (const reason of Object.keys(REASONS) as Reason[]) {
        const [counted, line] = [1_234_567, 19_999_999];
        const text = reasonTable({ rows: 20_000_000, reasons: [{ reason, count: counted, line }] }, language, width);
        expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(width);
        // Whole words, in order, whatever the lines they stand on.
        const words = text.replaceAll(/[│\s]+/g, ' ');
        expect(words).toContain(reason);
        for (const word of REASONS[reason][language].split(' ')) expect(words).toContain(word);
        expect(words).toContain(language === 'vi' ? '19.999.999' : '19,999,999');
      }
    }
  });

  test('says of rounded numbers that the file is to be made again, and of no other damage', () => {
    const lost = { reason: 'ID_DIGITS_LOST', count: 49_750, line: 2001 };
    const [en, ...more] = roundedLines({ reasons: [...summary.reasons, lost] }, 'en');
    expect([en, more]).toEqual([
      expect.stringMatching(/^49,750 rows .* line 2,001: .* as text and verify the file again/),
      [],
    ]);
    expect(roundedLines({ reasons: [lost] }, 'vi')).toEqual([
      expect.stringMatching(/^49\.750 dòng .*: 2\.001\. .*xuất lại/),
    ]);
    expect(roundedLines(summary, 'en')).toEqual([]);
  });

  test('counts the reasons that it does not show', () => {
    const reasons = Array.from({ length: 9 }, (_, i) => ({ reason: `NEW_${i}`, count: 9 - i, line: i + 2 }));
    expect(reasonTable({ rows: 100, reasons }, 'en', 110)).toMatch(/\nand 3 more reasons in the file$/);
  });

  test('shows a reason of a newer gateway by its name', () => {
    expect(reasonSentence('SOMETHING_NEW', 'en')).toBe('SOMETHING_NEW');
  });
});

describe('words', () => {
  test('stand for every verdict, action and notice, in both languages', () => {
    expect(Object.keys(VERDICT_WORDS).sort()).toEqual(Object.keys(VERDICTS).sort());
    expect(Object.keys(ACTION_WORDS).sort()).toEqual([...ACTIONS].sort());
    expect(Object.keys(NOTICE_WORDS).sort()).toEqual(Object.keys(NOTICES).sort());
    const words = [VERDICT_WORDS, ACTION_WORDS, NOTICE_WORDS].flatMap((table) => Object.values(table));
    for (const { en, vi } of words) expect(en !== '' && vi !== '' && en !== vi).toBe(true);
  });

  test('the usual action of a verdict is the one that the results file has', () => {
    for (const [verdict, action] of Object.entries(USUAL_ACTION)) expect(actionOf(verdict, [])).toBe(action);
  });
});
