import { describe, expect, it } from 'vitest';
import { type Figure, passes, toJson } from './figure.ts';
import { missedGates, printFigures } from './report.ts';

const FIGURE: Figure = {
  name: 'sample',
  ratio: 0.25,
  value: 250,
  unit: 'rows/s',
  baseline: 1000,
  gate: 0.25,
  goal: 0.4,
};

describe('a figure', () => {
  it('passes at its gate, and not below it', () => {
    expect(passes(FIGURE)).toBe(true);
    expect(passes({ ...FIGURE, ratio: 0.2499 })).toBe(false);
  });

  it('that could not be measured passes only where nothing is asked of it', () => {
    expect(passes({ ...FIGURE, ratio: null })).toBe(false);
    expect(passes({ ...FIGURE, ratio: null, gate: null })).toBe(true);
    expect(passes({ ...FIGURE, ratio: Number.NaN })).toBe(false);
  });

  it('is written with the promised members first, then its own', () => {
    expect(Object.keys(toJson({ ...FIGURE, extra: { rows: 1 }, notes: ['x'] }))).toEqual([
      'name',
      'ratio',
      'value',
      'unit',
      'baseline',
      'gate',
      'goal',
      'rows',
    ]);
  });

  it('says in words how it stands', () => {
    const said = (changes: Partial<Figure>): string => printFigures([{ ...FIGURE, ...changes }]);
    expect(said({})).toContain('passes, below the goal');
    expect(said({ ratio: 0.41 })).toContain('reaches the goal');
    expect(said({ ratio: 0.1 })).toContain('BELOW THE GATE');
    expect(said({ ratio: null })).toContain('NOT MEASURED');
    expect(said({ ratio: 2, gate: null, goal: 3 })).toContain('below the goal');
    expect(said({ notes: ['slow disk'] })).toContain('sample: slow disk');
  });

  it('is named at the end only where it fails', () => {
    const missed = [FIGURE, { ...FIGURE, ratio: 0.1 }, { ...FIGURE, name: 'other', ratio: null }];
    expect(missedGates(missed)).toEqual([
      'BELOW THE GATE: sample 0.1×, asked is 0.25×',
      'NOT MEASURED: other –, asked is 0.25×',
    ]);
  });
});
