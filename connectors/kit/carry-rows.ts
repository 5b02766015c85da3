import { copyBytes, viewOf } from '../../gateway/proof/copy-bytes.ts';
import { type PackedTexts, packed } from '../../gateway/proof/packed-texts.ts';
import type { AskedTags } from './asked-tags.ts';
import { type CarryIndex, tagAt } from './carry-index.ts';
import { CHUNK_CELLS } from './chunk-build.ts';
import type { CsvBatch } from './csv-read.ts';

/**
 * Of the records of a file those that have to be asked about, in batches of `batchRows` as a job's chunks need them. The others
 * are told to `onCarried`, with the record of the earlier results that answers them, before the next batch is given.
 */
export async function* rowsToAsk(
  batches: AsyncIterable<CsvBatch>,
  {
    index,
    tags,
    batchRows,
    onCarried,
  }: {
    index: CarryIndex;
    tags: AskedTags;
    batchRows: number;
    /** Line in the file and record in the earlier results, of each. */
    onCarried: (lines: Float64Array, records: Float64Array) => Promise<void>;
  },
): AsyncGenerator<CsvBatch> {
  const pool = createPool(batchRows);
  for await (const batch of batches) {
    const own = tags(batch);
    const lines = new Float64Array(batch.count);
    const records = new Float64Array(batch.count);
    let carried = 0;
    for (let i = 0; i < batch.count; i++) {
      const record = index.find(own, tagAt(i));
      if (record >= 0) {
        lines[carried] = batch.lines[i] as number;
        records[carried++] = record;
        continue;
      }
      pool.add(batch, i);
      if (pool.count === batchRows) yield pool.take();
    }
    if (carried > 0) await onCarried(lines.subarray(0, carried), records.subarray(0, carried));
  }
  if (pool.count > 0) yield pool.take();
}

/** Records from several batches as one. As a batch does, what was taken stands until the next is taken. */
function createPool(rows: number): { readonly count: number; add(batch: CsvBatch, i: number): void; take(): CsvBatch } {
  const lines = new Float64Array(rows);
  const cellCounts = new Uint8Array(rows);
  const spans = CHUNK_CELLS.map(() => new Uint32Array(2 * rows));
  let bytes = Buffer.allocUnsafeSlow(1 << 16);
  let view = viewOf(bytes);
  let [count, end] = [0, 0];
  return {
    get count() {
      return count;
    },
    add(batch, i) {
      lines[count] = batch.lines[i] as number;
      cellCounts[count] = batch.cellCounts[i] as number;
      spans.forEach((own, k) => {
        const text = batch.texts[k] as PackedTexts;
        const [from, to] = [text.spans[2 * i] as number, text.spans[2 * i + 1] as number];
        if (end + to - from > bytes.length) {
          bytes = Buffer.concat([bytes], (end + to - from) * 2);
          view = viewOf(bytes);
        }
        own[2 * count] = end;
        end = copyBytes(view, end, text.view, from, to);
        own[2 * count + 1] = end;
      });
      count++;
    },
    take() {
      const texts = spans.map((own) => packed(bytes.subarray(0, end), own.subarray(0, 2 * count)));
      const batch: CsvBatch = {
        ...{ count, texts, lines: lines.subarray(0, count), cellCounts: cellCounts.subarray(0, count) },
        get cells() {
          return texts.map(({ spans: own }) =>
            Array.from({ length: own.length / 2 }, (_, k) => bytes.toString('utf8', own[2 * k], own[2 * k + 1])),
          );
        },
      };
      [count, end] = [0, 0];
      return batch;
    },
  };
}
