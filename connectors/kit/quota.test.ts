import { expect, it } from 'vitest';
import { quotasOf } from './quota.ts';

it('what is left of each limit stands beside when it begins anew', () => {
  expect(quotasOf('RATE=599,DAY_ROWS=0', 'RATE=1764500040,DAY_ROWS=1764522000')).toEqual({
    RATE: { remaining: 599, resetAt: 1_764_500_040 },
    DAY_ROWS: { remaining: 0, resetAt: 1_764_522_000 },
  });
});

it.each([
  [undefined, 'RATE=1'],
  ['RATE=1', undefined],
  ['RATE=1', 'DAY_ROWS=1'],
  ['RATE=-1', 'RATE=1'],
  ['RATE=1', 'RATE=NaN'],
  ['rate=1', 'rate=1'],
  ['RATE=1 ', 'RATE=1'],
  ['', ''],
])('%j with %j says nothing', (remaining, resets) => {
  expect(quotasOf(remaining, resets)).toEqual({});
});
