import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText, vietnameseName } from '../../test/golden/matching/arbitraries.ts';
import { compareNames } from './compare-names.ts';
import { normaliseName } from './normalise-name.ts';
import { LIMITS } from './profile.ts';
import { bitOf, type Reason } from './reasons.ts';

const UNDONE = [
  'LEGACY_ENCODING',
  'ENCODING_MISREAD',
  'KEYBOARD_CODES',
  'ESCAPED_TEXT',
  'NAME_NOTE',
  'NAME_MISREAD',
  'LOOKALIKE_LETTER',
] as const satisfies readonly Reason[];
const undoneBits = UNDONE.reduce((bits, reason) => bits | bitOf(reason), 0);

describe('normaliseName', () => {
  test('is idempotent on any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { key, problem } = normaliseName(text);
        expect(key === '').toBe(problem !== undefined);
        expect(normaliseName(key).key).toBe(key);
      }),
      { numRuns: 1000 },
    );
  });

  test('two names have one key exactly when they compare as the same by writing and spelling', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.boolean(), (a, b, related) => {
        const other = related ? a.toUpperCase().normalize('NFD').replaceAll(' ', '  ') : b;
        const first = normaliseName(a);
        const second = normaliseName(other);
        if (first.problem !== undefined || second.problem !== undefined) return;
        const found = compareNames(a, other);
        // A row's damage may be undone and give the register's name; that is no matter of writing.
        if ((found.reasons & undoneBits) !== 0) return;
        expect(found.level.grade === 'same').toBe(first.key === second.key);
      }),
      { numRuns: 1000 },
    );
  });

  test('is idempotent where a sign becomes an apostrophe by being composed', () => {
    for (const sign of ['\u0374', '\u1fef', '\u1ffd']) {
      const { key } = normaliseName(`\u1a55n${sign}\u0323`);
      expect(normaliseName(key).key).toBe(key);
    }
  });

  test('keeps every mark of a name', () => {
    expect(normaliseName('ĐẶNG  Thị\u00a0THUỶ-TIÊN').key).toBe('đặng thị thủy tiên');
    expect(normaliseName("H'Hen Niê").key).toBe('hhen niê');
  });

  test('does not depend on case, Unicode form or spaces', () => {
    fc.assert(
      fc.property(vietnameseName, (name) => {
        const { key } = normaliseName(name);
        for (const other of [
          name.toUpperCase(),
          name.toLowerCase(),
          name.normalize('NFD'),
          ` ${name.replaceAll(' ', ' \u00a0')}`,
        ]) {
          expect(normaliseName(other).key).toBe(key);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('refuses what is longer than the limit and reads what is not', () => {
    expect(normaliseName('a'.repeat(LIMITS.name)).problem).toBeUndefined();
    expect(normaliseName('a'.repeat(LIMITS.name + 1))).toMatchObject({ key: '', problem: 'NAME_TOO_LONG' });
    expect(normaliseName('\u0344'.repeat(LIMITS.name)).key.length).toBeLessThanOrEqual(4 * LIMITS.name);
    expect(normaliseName('x'.repeat(50_000_000)).problem).toBe('NAME_TOO_LONG');
  });
});
