import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idsLast } from './ids-last.ts';

describe('an id that begins with a hyphen', () => {
  test('goes behind all options, whole or as it begins, wherever it stood', () => {
    const whole = `-${'a'.repeat(42)}`;
    for (const id of ['-ijUBzP6', '--jUBzP6', '-_abcd', whole]) {
      expect(idsLast(['proposal', 'show', id, '--profile', 'p'])).toEqual([
        'proposal',
        'show',
        '--profile',
        'p',
        '--',
        id,
      ]);
      expect(idsLast(['proposal', 'approve', '--yes', id])).toEqual(['proposal', 'approve', '--yes', '--', id]);
    }
  });

  test('is left where it is the value of an option, or somebody has said so already', () => {
    expect(idsLast(['x', '--fields', '-ijUBzP6'])).toEqual(['x', '--fields', '-ijUBzP6']);
    expect(idsLast(['x', '--', '-ijUBzP6', '--json'])).toEqual(['x', '--', '-ijUBzP6', '--json']);
  });

  test('is nothing that could be the name of an option, right or mistyped', () => {
    for (const arg of ['-h', '--help', '-profile', '--no-new-year-unknown', '--lang=vi', '--profile=/A1_b', 'moh-2026'])
      expect(idsLast(['x', arg])).toEqual(['x', arg]);
  });

  test('is moved as it is: nothing is lost and nothing else changes its place', () => {
    const arg = fc.stringMatching(/^[-\w]{0,44}$/).filter((text) => text !== '--');
    fc.assert(
      fc.property(fc.array(arg, { maxLength: 8 }), (args) => {
        const moved = idsLast(args);
        const rest = moved.filter((one) => one !== '--');
        expect(rest.toSorted()).toEqual(args.toSorted());
        const at = moved.indexOf('--');
        const kept = at < 0 ? moved : moved.slice(0, at);
        let from = 0;
        for (const one of kept) from = args.indexOf(one, from) + 1 || Number.NaN;
        expect(from).not.toBeNaN();
      }),
    );
  });
});
