import { describe, expect, it } from 'vitest';
import { packTexts } from '../../gateway/proof/packed-texts.ts';
import type { CsvBatch } from './csv-read.ts';
import { keepOpen, limitRows } from './limit-rows.ts';

const batch = (from: number, count: number): CsvBatch => {
  const lines = Array.from({ length: count }, (_, i) => from + i);
  const cells = [lines.map(String), lines.map((n) => `n${n}`)];
  const texts = cells.map((column) => packTexts(column));
  return { count, lines: Float64Array.from(lines), texts, cells, cellCounts: new Uint8Array(count) };
};
async function* batches(): AsyncGenerator<CsvBatch> {
  for (let from = 0; from < 12; from += 4) yield batch(from, 4);
}
async function lines(limit?: number): Promise<number[][]> {
  const all: number[][] = [];
  for await (const { count, lines: found, texts, cells, cellCounts } of limitRows(batches(), limit)) {
    expect(texts.map(({ spans }) => spans.length)).toEqual([2 * count, 2 * count]);
    expect([found.length, cellCounts.length, ...cells.map(({ length }) => length)]).toEqual([
      count,
      count,
      count,
      count,
    ]);
    all.push([...found]);
  }
  return all;
}

describe('the first rows', () => {
  it.each([
    [undefined, [4, 4, 4]],
    [0, []],
    [3, [3]],
    [4, [4]],
    [9, [4, 4, 1]],
    [50, [4, 4, 4]],
  ])('of a limit of %s', async (limit, sizes) => {
    const found = await lines(limit);
    expect(found.map(({ length }) => length)).toEqual(sizes);
    expect(found.flat()).toEqual(Array.from({ length: sizes.reduce((a, b) => a + b, 0) }, (_, i) => i));
  });
});

it('what a reader leaves of a source can still be read to its end', async () => {
  const seen: number[] = [];
  async function* numbers(): AsyncGenerator<number> {
    for (let n = 0; n < 5; n++) {
      seen.push(n);
      yield n;
    }
  }
  const source = keepOpen(numbers());
  for await (const n of source) if (n === 1) break;
  expect(seen).toEqual([0, 1]);
  await source.drain();
  expect(seen).toEqual([0, 1, 2, 3, 4]);
});
