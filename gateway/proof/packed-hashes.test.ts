import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPackedHashes } from './packed-hashes.ts';

test('holds what was pushed, in order, however many, and nothing of the buffers that it came in', () => {
  const list = createPackedHashes();
  const hashes = Array.from({ length: 300 }, () => randomBytes(32));
  for (const hash of hashes) {
    const passing = Buffer.from(hash);
    list.push(passing);
    passing.fill(0);
  }
  expect(list.count).toBe(300);
  expect(Buffer.from(list.packed())).toEqual(Buffer.concat(hashes));
});
