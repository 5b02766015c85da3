import { describe, expect, it } from 'vitest';
import { CliProblem } from '../problem.ts';
import { nothingCarriedLine, type SinceOptions, sinceLines, sinceOf } from './telco-since.ts';

const at = { out: 'week-2.csv', file: 'subscribers.csv' };
const earlier = { changedSince: 'week-1.csv' };

describe('--changed-since', () => {
  it('carries answers of thirty days, unless an age or verdicts are said', async () => {
    expect(await sinceOf({}, at)).toBeUndefined();
    expect(await sinceOf(earlier, at)).toEqual({ results: 'week-1.csv', mostSeconds: 30 * 86_400, askAgain: [] });
    const options = { ...earlier, carryAtMost: '12h', askAgain: 'PROBABLE,NOT_FOUND' };
    expect(await sinceOf(options, at)).toMatchObject({ mostSeconds: 43_200, askAgain: ['PROBABLE', 'NOT_FOUND'] });
  });

  it.each<[string, SinceOptions]>([
    ['an age alone', { carryAtMost: '7d' }],
    ['verdicts alone', { askAgain: 'PROBABLE' }],
    ['an age without a unit', { ...earlier, carryAtMost: '30' }],
    ['an age that is none', { ...earlier, carryAtMost: '-1d' }],
    ['a verdict that is none', { ...earlier, askAgain: 'probable' }],
  ])('refuses %s', async (_name, options) => {
    await expect(sinceOf(options, at)).rejects.toBeInstanceOf(CliProblem);
  });

  it('is told in words: what was asked, what was carried and how old it is, or why nothing was', () => {
    const totals = {};
    const carried = { rows: 1_200, totals, jobs: { ab: 1_200 }, oldest: '2026-11-21T20:30:00Z' };
    const since = { jobId: 'ab', asked: { rows: 7, totals }, carried };
    expect(sinceLines(since, 'week-1.csv', 'en').join('\n')).toMatch(
      /^7 rows .* 1,200 .* job ab.*\n.*22\/11\/2026 03:30/,
    );
    expect(sinceLines(since, 'week-1.csv', 'vi').join('\n')).toContain('week-1.csv');
    const gone = (rows: number) => sinceLines({ ...since, gone: rows }, 'week-1.csv', 'en').join('\n');
    expect(gone(10_007)).toContain('10,007 rows of the earlier file are not in this one as they were: at least 10,000');
    expect(gone(7)).toMatch(/\n7 rows of the earlier file .* taken out, or changed/);
    expect(gone(0)).not.toContain('as they were');
    const none = { ...since, carried: { ...carried, rows: 0, nothingBecause: 'PROFILE' as const } };
    expect(sinceLines(none, 'week-1.csv', 'vi')).toEqual([expect.stringContaining('bộ quy tắc')]);
    expect(nothingCarriedLine('AGREEMENT', 'ab', 'vi')).toMatch(/ab .* phiên bản khác của thỏa thuận\. Mọi dòng sẽ/);
    expect(sinceLines(undefined, undefined, 'en')).toEqual([]);
  });
});
