import { rm } from 'node:fs/promises';
import type { ReceiptCarried } from '../../gateway/proof/receipt-carried.ts';
import { type CarriedTally, createCarriedLines } from './carry-lines.ts';
import { fileBytes } from './csv-read.ts';
import type { EarlierResults } from './earlier-results.ts';
import { KitError } from './kit-error.ts';
import { openPart, partOf } from './part-file.ts';
import { openRecords } from './record-reader.ts';
import { CARRYING } from './result-places.ts';

/** Rows that are carried, in the order of the file: its line, and the record of the earlier results. */
export type CarriedRows = {
  add(lines: Float64Array, records: Float64Array): Promise<void>;
  readonly count: number;
  sync(): Promise<void>;
  close(): Promise<void>;
};

const ENTRY_BYTES = 12;
const NUMBER_BYTES = 6;
/** Lines that are joined before they are written. */
const WRITE_LINES = 2048;

const spoolOf = (out: string): string => `${out}.carried`;
/** Where a job's own rows go until all are put together. */
export const askedRowsOf = (out: string): string => `${out}.new`;

/** Keeps them in a file, 12 bytes a row; begun anew by every run, since each reads its file from the first row on. */
export async function createCarriedRows(out: string, statePath: string): Promise<CarriedRows> {
  const file = await openPart(spoolOf(out), 0, statePath);
  let count = 0;
  return {
    get count() {
      return count;
    },
    async add(lines, records) {
      const bytes = Buffer.alloc(ENTRY_BYTES * lines.length);
      for (let i = 0; i < lines.length; i++) {
        bytes.writeUIntLE(lines[i] as number, ENTRY_BYTES * i, NUMBER_BYTES);
        bytes.writeUIntLE(records[i] as number, ENTRY_BYTES * i + NUMBER_BYTES, NUMBER_BYTES);
      }
      count += lines.length;
      await file.append(bytes);
    },
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

/**
 * Puts a job's own rows and carried ones together as `<out>.part`, in the order of the file. Run again it writes the same.
 * Throws KitError EARLIER_CHANGED where the earlier results were written to since they were verified; STATE_DAMAGED where a row
 * would stand twice or out of order: the job's own rows were then chosen otherwise than those that are carried now.
 *
 * @param count of carried rows, all of which are on the disk
 */
export async function mergeRows(
  out: string,
  earlier: EarlierResults,
  count: number,
  { statePath, signal }: { statePath: string; signal?: AbortSignal | undefined },
): Promise<{ readonly tally: CarriedTally; readonly bytes: number }> {
  const own = openRecords(partOf(askedRowsOf(out)));
  const merged = await openPart(out, 0, statePath);
  const carried = createCarriedLines(earlier);
  let lines: string[] = [];
  own.at(0);
  let ownAt = own.next;
  let ownLine = lineAt(ownAt);
  let last = 0;

  function lineAt(place: number): number {
    if (place >= own.size) return Number.POSITIVE_INFINITY;
    return Number.parseInt(own.at(place).toString('latin1', 0, 16), 10);
  }

  function put(line: number, text: string): void {
    if (!(line > last)) throw new KitError('STATE_DAMAGED', { file: statePath });
    last = line;
    lines.push(text);
  }

  async function putOwnBefore(line: number): Promise<void> {
    while (ownAt < own.size && !(ownLine >= line)) {
      put(ownLine, `${own.at(ownAt).toString('latin1')},,`);
      ownAt = own.next;
      ownLine = lineAt(ownAt);
      if (lines.length >= WRITE_LINES) await flush();
    }
  }

  async function flush(): Promise<void> {
    if (signal?.aborted === true) throw new KitError('INTERRUPTED');
    // Bytes as they are: one unit a byte, here and where they were read.
    if (lines.length > 0) await merged.append(Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
    lines = [];
  }

  try {
    await merged.append(CARRYING);
    for await (const entries of readSpool(out, count)) {
      for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
        const line = entries.readUIntLE(at, NUMBER_BYTES);
        if (ownLine < line) await putOwnBefore(line);
        put(line, carried.text(line, entries.readUIntLE(at + NUMBER_BYTES, NUMBER_BYTES)));
        if (lines.length >= WRITE_LINES) await flush();
      }
    }
    await putOwnBefore(Number.POSITIVE_INFINITY);
    await flush();
    if (!earlier.records.unchanged()) throw new KitError('EARLIER_CHANGED', { results: earlier.path });
    await merged.sync();
  } finally {
    own.close();
    await merged.close();
  }
  return { tally: carried.end(), bytes: merged.length };
}

/** What a receipt says of them. */
export function carriedOf({ jobId, receipts }: EarlierResults, { tally, jobs }: CarriedTally): ReceiptCarried {
  const from = receipts
    .map(({ jobId: job, receipt }) => ({ jobId: job, receipt, rows: jobs[job] ?? 0 }))
    .filter(({ rows }) => rows > 0);
  return { since: jobId, rows: tally.rows, from };
}

export async function removeAskedRows(out: string): Promise<void> {
  await rm(partOf(askedRowsOf(out)), { force: true });
  await rm(partOf(spoolOf(out)), { force: true });
}

/** Whole entries, in pieces that stand until the next is asked for. */
async function* readSpool(out: string, count: number): AsyncGenerator<Buffer> {
  if (count === 0) return;
  let rest = Buffer.alloc(0);
  for await (const piece of fileBytes(partOf(spoolOf(out)))) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % ENTRY_BYTES);
    yield bytes.subarray(0, whole);
    rest = bytes.subarray(whole);
  }
}
