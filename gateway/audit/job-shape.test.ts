import { expect, test } from 'vitest';
import { misshapen, NO_CHUNKS, withChunk } from './job-shape.ts';

const FULL = 256;
/** Takes chunks, each `[number, rows]`, in this order; the first that is refused with its field. */
function take(chunks: readonly (readonly [number, number])[]): string {
  let shape = NO_CHUNKS;
  for (const [num, rows] of chunks) {
    const [violation] = misshapen(shape, FULL, { num, rows }) ?? [];
    if (violation !== undefined) return `${num} ${violation.field}`;
    shape = withChunk(shape, FULL, { num, rows });
  }
  return 'all';
}

/** Every order of these. */
function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

test.each([
  ['whose last chunk is short', 6],
  ['whose last chunk is full', FULL],
  ['whose last chunk has one row', 1],
])('a file %s is taken in whatever order its chunks come', (_name, last) => {
  const file = [0, 1, 2, 3, 4].map((num) => [num, num === 4 ? last : FULL] as const);
  for (const order of orders(file)) expect(take(order)).toBe('all');
  expect(take([[0, last]])).toBe('all');
});

test('a file with a short chunk before its last is refused at the second of the two, in whatever order they come', () => {
  const file = [
    [0, FULL],
    [1, 6],
    [2, FULL],
    [3, 6],
  ] as const;
  for (const order of orders(file)) expect(take(order)).not.toBe('all');
});

test.each([
  [
    'beyond the short one',
    [
      [0, FULL],
      [1, 6],
      [2, FULL],
    ],
    '2 chunk.num',
  ],
  [
    'short beyond the short one',
    [
      [1, 6],
      [2, 6],
    ],
    '2 chunk.num',
  ],
  [
    'short below the short one',
    [
      [3, 6],
      [1, 6],
    ],
    '1 chunk.ids',
  ],
  [
    'short below a full one',
    [
      [0, FULL],
      [2, FULL],
      [1, 6],
    ],
    '1 chunk.ids',
  ],
] as const)('a chunk %s is named', (_name, chunks, refused) => {
  expect(take(chunks)).toBe(refused);
});
