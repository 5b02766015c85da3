import { describe, expect, it } from 'vitest';
import { NAMES, readOptions, UsageError } from './options.ts';

describe('the command line', () => {
  it('runs everything at the full sizes, three times', () => {
    const { names, runs, short, sizes } = readOptions([]);
    expect([names, runs, short]).toEqual([NAMES.filter((name) => name !== 'hostile'), 3, false]);
    expect(sizes).toMatchObject({ persons: 2_000_000, rows: 1_000_000, memorySmall: 100_000, memoryLarge: 2_000_000 });
  });

  it('takes names in any order, each once', () => {
    expect(readOptions(['memory', 'bulk-verify', 'memory']).names).toEqual(['bulk-verify', 'memory']);
  });

  it('is short where that is said', () => {
    const { runs, sizes } = readOptions(['--short']);
    expect([runs, sizes.rows, sizes.persons]).toEqual([3, 600_000, 200_000]);
  });

  it('shrinks what has no option of its own with what has one', () => {
    const { sizes } = readOptions(['--short', '--rows', '60_000']);
    expect([sizes.memorySmall, sizes.memoryLarge, sizes.importPersons]).toEqual([10_000, 40_000, 40_000]);
  });

  it('sets the threads of the gateway where it is said', () => {
    expect(readOptions([]).threads).toEqual({});
    expect(readOptions(['--io-threads', '2', '--matching-threads', '1']).threads).toEqual({
      ioThreads: 2,
      matchingThreads: 1,
    });
  });

  it.each([
    ['speed'],
    ['--runs', '0'],
    ['--runs', '1.5'],
    ['--rows', 'many'],
    ['--fast'],
    ['--io-threads', '0'],
  ])('refuses %s %s', (...args) => {
    expect(() => readOptions(args)).toThrow(UsageError);
  });
});
