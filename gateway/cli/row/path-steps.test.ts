import { expect, test } from 'vitest';
import type { RowAnswer } from './answer.ts';
import { pathSteps } from './path-steps.ts';
import type { RowReading } from './reading.ts';
import type { VerdictPath } from './verdict-path.ts';

test('what a verdict weighs too little for is told in the numbers of the language', () => {
  const answer = { verdict: 'MISMATCH', results: { number: 'TRUE', name: 'TRUE', date: 'TRUE' } };
  const ceilings = { exact: ['PROBABLE'], standard: ['PROBABLE'], review: ['PROBABLE'] } as const;
  const path: VerdictPath = { ...{ rule: 6, nameGrades: [], dateGrades: [] }, ceilings, below: 'WEIGHT' };
  const told = (language: 'en' | 'vi') =>
    pathSteps(answer as unknown as RowAnswer, path, { number: { trust: 'read' } } as RowReading, language).at(-1);
  expect(told('en')).toContain('VERIFIED takes 16 bits, PROBABLE 7.5, 5 at review');
  expect(told('vi')).toContain('VERIFIED cần 16 bit, PROBABLE 7,5, ở mức review 5');
});
