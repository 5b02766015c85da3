import { describe, expect, test } from 'vitest';
import { readOptions, UsageError } from './options.ts';

describe('the command line', () => {
  test('runs the long form with 100,000 people or more, and the short one where that is said', () => {
    expect(readOptions([]).run.persons).toBeGreaterThanOrEqual(100_000);
    expect(readOptions(['--short'])).toMatchObject({ form: 'short', run: { seed: 1, persons: 40_000, rows: 60_000 } });
  });

  test('takes other sizes and seeds', () => {
    expect(readOptions(['--rows', '5_000', '--persons', '30000', '--seed', '9']).run).toEqual({
      seed: 9,
      persons: 30_000,
      rows: 5000,
      zeroPrefixes: false,
    });
  });

  test.each([
    ['--rows', '0'],
    ['--rows', 'many'],
    ['--fast'],
    ['--update-bounds', '--seed', '2'],
    ['--update-bounds', '--zero-prefixes'],
  ])('refuses %s %s', (...args) => {
    expect(() => readOptions(args)).toThrow(UsageError);
  });
});
