import { describe, expect, test } from 'vitest';
import { fitsLine } from './browser/as-line.ts';

const use = {
  ...{ leaf: 0, outcome: 32, basis: 1, delayUntil: 0 },
  ...{ released: [2, 3], matched: [1], mismatched: [], notAvailable: [4] },
};
const access = { uses: [use], refusal: 0 };
const line = { outcome: '1', basis: '4', released: '2.3', compared: '1.4', place: 'only' };

describe('a line held against the proof of its entry', () => {
  test('fits where it says the same', () => {
    expect(fitsLine(access, line)).toBe(true);
  });

  test.each([
    ['that nothing left', { outcome: '3' }],
    ['another basis', { basis: '2' }],
    ['a field less that left', { released: '2' }],
    ['a field more', { released: '2.3.5' }],
    ['none compared', { compared: '' }],
  ])('does not fit where it says %s', (_what, change) => {
    expect(fitsLine(access, { ...line, ...change })).toBe(false);
  });

  test('of several entries says the fields of all, and the outcome of the newest', () => {
    const several = { ...line, released: '2.3.5' };
    expect(fitsLine(access, { ...several, place: 'newest' })).toBe(true);
    expect(fitsLine(access, { ...several, outcome: '2', place: 'newest' })).toBe(false);
    expect(fitsLine(access, { ...several, outcome: '2', place: 'older' })).toBe(true);
    expect(fitsLine(access, { ...several, released: '2', place: 'older' })).toBe(false);
  });

  test('of several entries was given something where any of them was, though the newest was compared only', () => {
    const compared = { ...access, uses: [{ ...use, outcome: 1, released: [] }] };
    expect(fitsLine(compared, { ...line, place: 'newest' })).toBe(true);
    expect(fitsLine(compared, { ...line, place: 'only' })).toBe(false);
    expect(fitsLine(compared, { ...line, released: '', place: 'newest' })).toBe(false);
  });

  test('says that a comparison told a value, and that no consent was there', () => {
    expect(fitsLine({ ...access, uses: [{ ...use, outcome: 1 }] }, line)).toBe(true);
    const without = { ...use, outcome: 8, basis: 0, released: [], matched: [], notAvailable: [] };
    const said = { outcome: '3', basis: '0', released: '', compared: '', place: 'only' };
    expect(fitsLine({ ...access, uses: [without] }, said)).toBe(true);
    expect(fitsLine({ ...access, uses: [without] }, { ...said, basis: '2' })).toBe(false);
  });

  test('was refused where the entry was, whatever its leaf says', () => {
    expect(fitsLine({ ...access, refusal: 16 }, line)).toBe(false);
    expect(fitsLine({ ...access, refusal: 16 }, { ...line, outcome: '3' })).toBe(true);
  });

  test('is not held against a field that the page could not name', () => {
    expect(fitsLine(access, { ...line, released: undefined })).toBe(true);
  });
});
