import { describe, expect, test } from 'vitest';
import { KnownHeads } from './known-heads.ts';

const head = (size: number, name = 'ours') => ({ size, root: Buffer.from(`${name} ${size}`) });

describe('known heads', () => {
  test('are the last one, the one that is being committed and the one before it, until a later one was', () => {
    const known = new KnownHeads(head(3));
    known.coming(head(3), head(5));
    known.coming(head(5), head(9));
    expect([3, 5, 9, 4].map((size) => known.has(head(size)))).toEqual([true, true, true, false]);
    expect(known.committed(head(9))).toBe(true);
    expect([3, 5, 9].map((size) => known.has(head(size)))).toEqual([false, false, true]);
  });

  test('are not those that came to nothing: what followed the same head in their place is the log', () => {
    const known = new KnownHeads(head(3));
    known.coming(head(3), head(8, 'undone'));
    known.coming(head(3), head(5));
    expect(known.has(head(8, 'undone'))).toBe(false);
    known.committed(head(5));
    expect(known.has(head(8, 'undone'))).toBe(false);
  });

  test('of the same size are another log where the root is another', () => {
    const known = new KnownHeads(head(3));
    known.coming(head(3), head(5));
    expect(known.has(head(5, 'theirs'))).toBe(false);
    expect(known.has(head(3, 'theirs'))).toBe(false);
  });

  test('are told once: word of a commit that comes late changes nothing', () => {
    const known = new KnownHeads(undefined);
    expect(known.committed(head(9))).toBe(true);
    expect(known.committed(head(5))).toBe(false);
    expect(known.committed(head(9))).toBe(false);
    expect(known.last).toEqual(head(9));
  });
});
