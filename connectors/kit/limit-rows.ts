import type { CsvBatch } from './csv-read.ts';

/** The first `limit` records; the batch that goes beyond is cut, and no further one is asked for. All where there is no limit. */
export async function* limitRows(
  batches: AsyncIterable<CsvBatch>,
  limit: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<CsvBatch> {
  let left = limit;
  if (left <= 0) return;
  for await (const batch of batches) {
    yield batch.count <= left ? batch : firstOf(batch, left);
    left -= batch.count;
    if (left <= 0) return;
  }
}

function firstOf({ lines, texts, cells, cellCounts }: CsvBatch, count: number): CsvBatch {
  return {
    ...{ count, lines: lines.subarray(0, count), cellCounts: cellCounts.subarray(0, count) },
    texts: texts.map((column) => ({ ...column, spans: column.spans.subarray(0, 2 * count) })),
    // Made where they are asked for, as the batch itself makes them.
    get cells() {
      return cells.map((column) => column.slice(0, count));
    },
  };
}

/** A source whose reader may stop early: what it left can then still be read, since a file's digest is of all its bytes. */
export function keepOpen<T>(
  source: AsyncIterable<T>,
): AsyncIterable<T> & { drain(): Promise<void>; close(): Promise<void> } {
  const pieces = source[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }),
    async drain() {
      while ((await pieces.next()).done !== true) {
        // Only digested on the way.
      }
    },
    async close() {
      await pieces.return?.();
    },
  };
}
