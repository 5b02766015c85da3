import { CHUNK_CELLS } from '../kit/chunk-build.ts';
import { foldedHeader, type WantedColumn } from '../kit/csv-header.ts';
import type { CsvBatch } from '../kit/csv-read.ts';
import { isColumnNumbers, isHeaderAgain, isTotalsLine, type RowOddities } from './row-oddities.ts';

/** Rows that are no subscribers by what stands in them: each is asked about and has its result all the same. */
export type NoSubscribers = Pick<RowOddities, 'repeatedHeaders' | 'columnNumbers' | 'totals'>;

export type NoSubscriberTally = {
  /** Sees records in the file's order, whose cells are those of `CHUNK_CELLS`. */
  look(batch: Pick<CsvBatch, 'count' | 'lines' | 'texts'>): void;
  /** Undefined where there are none. */
  found(): NoSubscribers | undefined;
};

const NAMED_LINES = 3;
/** Shorter than any number of a person: only such a row is looked at closely, since a job has millions. */
const SHORTEST_NUMBER = 8;
const [ID, ZERO, NINE] = [CHUNK_CELLS.indexOf('id_number'), 0x30, 0x39];

export function createNoSubscriberTally(columns: readonly WantedColumn[]): NoSubscriberTally {
  const headers = CHUNK_CELLS.map((name) =>
    foldedHeader(columns.find((column) => column.name === name)?.header ?? name),
  );
  const none = () => ({ rows: 0, lines: [] as number[] });
  const found = { repeatedHeaders: none(), columnNumbers: none(), totals: none() };
  return {
    look({ count, lines, texts }) {
      const ids = texts[ID];
      if (ids === undefined) return;
      for (let i = 0; i < count; i++) {
        const [from, to] = [ids.spans[2 * i] ?? 0, ids.spans[2 * i + 1] ?? 0];
        const first = ids.bytes[from] ?? 0;
        if (to - from >= SHORTEST_NUMBER && first >= ZERO && first <= NINE) continue;
        const cells = texts.map(({ bytes, spans }) =>
          Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
            'utf8',
            spans[2 * i],
            spans[2 * i + 1],
          ),
        );
        const kind = kindOf(cells, headers);
        if (kind !== undefined && found[kind].rows++ < NAMED_LINES) found[kind].lines.push(lines[i] ?? 0);
      }
    },
    found: () => (Object.values(found).every(({ rows }) => rows === 0) ? undefined : found),
  };
}

function kindOf(cells: readonly string[], headers: readonly string[]): keyof NoSubscribers | undefined {
  if (isHeaderAgain(cells, headers)) return 'repeatedHeaders';
  if (isColumnNumbers(cells)) return 'columnNumbers';
  return isTotalsLine(cells) ? 'totals' : undefined;
}
