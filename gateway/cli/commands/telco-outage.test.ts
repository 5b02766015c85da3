import { describe, expect, it } from 'vitest';
import { CliProblem } from '../problem.ts';
import { outageLine, parseKeepTrying } from './telco-outage.ts';

describe('a gateway that is away', () => {
  it('is told of with since when and until when, and told to be back, in both languages', () => {
    const outage = { since: new Date(2026, 10, 28, 2, 14), until: new Date(2026, 10, 28, 8, 14) };
    expect(outageLine(outage, 'en')).toContain('since 02:14 28/11/2026: trying again until 08:14 28/11/2026.');
    expect(outageLine(outage, 'vi')).toContain('từ 02:14 28/11/2026: sẽ thử lại đến 08:14 28/11/2026.');
    expect([outageLine(undefined, 'en'), outageLine(undefined, 'vi')]).toEqual([
      'The gateway answers again.',
      'Cổng đã trả lời lại.',
    ]);
  });

  it.each([
    [undefined, undefined],
    ['30m', 1_800_000],
    ['6h', 21_600_000],
    ['72h', 259_200_000],
  ])('is tried again for %s', (text, ms) => expect(parseKeepTrying(text)).toBe(ms));

  it.each(['', '0h', '6', '6d', '-6h', '73h', '1.5h'])('is not tried again for "%s"', (text) => {
    expect(() => parseKeepTrying(text)).toThrow(CliProblem);
  });
});
