import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyBytes, viewOf } from './copy-bytes.ts';

test('copies these bytes and no others, short and long, within views that begin anywhere, and says where it ended', () => {
  const length = fc.oneof(fc.nat(40), fc.integer({ min: 150, max: 200 }));
  fc.assert(
    fc.property(length, fc.nat(9), fc.nat(9), fc.nat(9), (size, before, after, offset) => {
      const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251);
      const source = new Uint8Array([
        ...new Uint8Array(before).fill(252),
        ...bytes,
        ...new Uint8Array(after).fill(253),
      ]);
      const out = new Uint8Array(offset + after + size + before).fill(254);
      const expected = Uint8Array.from(out);
      expected.set(bytes, offset + after);
      const end = copyBytes(viewOf(out.subarray(offset)), after, viewOf(source), before, before + size);
      expect(end).toBe(after + size);
      expect(out).toEqual(expected);
    }),
  );
});
