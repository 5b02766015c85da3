import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyBytes } from './copy-bytes.ts';

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

test('copies these bytes and no others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(9), fc.nat(9), (bytes, before, after) => {
      const from = new Uint8Array([...new Uint8Array(before).fill(1), ...bytes, ...new Uint8Array(after).fill(2)]);
      const to = new Uint8Array(after + bytes.length + before).fill(3);
      const expected = Uint8Array.from(to);
      expected.set(bytes, after);
      copyBytes(viewOf(from), before, viewOf(to), after, bytes.length);
      expect(to).toEqual(expected);
    }),
  );
});
