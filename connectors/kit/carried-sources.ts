import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt, ReceiptHead } from '../../gateway/proof/receipt.ts';
import type { CarriedFrom } from '../../gateway/proof/receipt-carried.ts';
import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import { createRecordPlaces } from './carry-index.ts';
import { readDigested } from './file-digest.ts';
import { KitError } from './kit-error.ts';
import { receiptPathOf } from './receipt-file.ts';
import type { Expected, ReceiptClaims } from './receipt-trust.ts';
import { readTrusted } from './receipt-trusted.ts';
import { cellsOf, openRecords, type RecordReader } from './record-reader.ts';
import { checkResultRows } from './result-check.ts';
import { RESULT_HEADER } from './result-lines.ts';
import { createPlacing } from './result-places.ts';
import { RESULT_COLUMN, type ResultCellsOf } from './result-rows.ts';

/** The results that rows were carried from: each verified by its own receipt, then compared with row by row. */
export type CarriedSources = {
  /** Whether a carried row is the row that it says it came from. */
  has(row: ResultCellsOf): boolean;
  /** What the job that it came from was answered under. */
  versions(row: ResultCellsOf): ReceiptClaims['ver'] | undefined;
};

/** Whose they are and where they lie: beside the results that carry from them. */
export type SourcesWhere = {
  readonly folder: string;
  readonly root: PublicJwk;
  readonly agency: string;
  readonly deployment: string;
  readonly newest: Expected['newest'];
};

/** Cells that are carried as they were: all but `line`, which is the row's own in each file. */
const COPIED = RESULT_HEADER.filter((name) => name !== 'line');

/**
 * Opens what a receipt carries from while `work` runs. 5 bytes a row of each.
 * Throws KitError CARRIED_SOURCE_MISSING, EARLIER_DIFFERS, and what reading receipts and CSV throws.
 */
export async function withSources<T>(
  { carried }: Pick<Receipt, 'carried'>,
  where: SourcesWhere,
  work: (sources: CarriedSources) => Promise<T>,
): Promise<T> {
  const sources = new Map<string, Source>();
  try {
    for (const from of carried?.from ?? []) if (from.rows > 0) sources.set(from.jobId, await openSource(from, where));
    const sourceOf = (row: ResultCellsOf): Source | undefined => sources.get(row('carried_from'));
    return await work({
      has: (row) => sourceOf(row)?.has(row) ?? false,
      versions: (row) => sourceOf(row)?.versions(row),
    });
  } finally {
    for (const source of sources.values()) source.close();
  }
}

type Source = CarriedSources & Pick<RecordReader, 'close'>;

async function openSource(from: CarriedFrom, { folder, root, ...expected }: SourcesWhere): Promise<Source> {
  const results = await findSource(from, folder);
  const { receipt, trusted } = await readTrusted(receiptPathOf(results), root, expected);
  const places = createRecordPlaces();
  const records = openRecords(results);
  try {
    const placing = await createPlacing(results);
    const check = await checkResultRows(results, receipt, {
      onRow({ batch, i, asked }) {
        const place = placing.of(batch, i);
        if (asked) places.add(place);
      },
    });
    placing.end(records.size);
    if (!check.ok) throw earlierDiffers(results, check);
  } catch (error) {
    records.close();
    throw error;
  }
  return {
    has(row) {
      const [num = Number.NaN, i = Number.NaN] = row('proof_ref').split(':').map(Number);
      const at = num * receipt.chunkRows + i;
      if (!(at < places.count) || `${num}:${i}` !== row('proof_ref')) return false;
      const cells = cellsOf(records.at(places.of(at)));
      return (
        cells[RESULT_COLUMN.line] === row('carried_line') &&
        COPIED.every((name) => cells[RESULT_COLUMN[name]] === row(name))
      );
    },
    versions: () => trusted.claims.ver,
    close: () => records.close(),
  };
}

export function earlierDiffers(
  results: string,
  { found, problems: [first] }: { readonly found: number; readonly problems: readonly object[] },
): KitError {
  const line = first !== undefined && 'line' in first ? Number(first.line) : '–';
  return new KitError('EARLIER_DIFFERS', { results, count: found, line });
}

/** The results of a job beside others, by the digest of their receipt. */
export async function findSource({ jobId, receipt }: Pick<CarriedFrom, 'jobId' | 'receipt'>, folder: string) {
  for (const results of await resultsOfJob(folder, jobId))
    if (Buffer.from(receipt).equals(await digestOfFile(receiptPathOf(results)))) return results;
  throw new KitError('CARRIED_SOURCE_MISSING', { job: jobId, folder });
}

const RECEIPT_ENDING = receiptPathOf('');
/** A receipt begins with its job's id; of its columns' names more may follow. */
const HEAD_BYTES = 512;

/** Results whose receipt says that it is of this job. */
export async function resultsOfJob(folder: string, jobId: ReceiptHead['jobId']): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const name of names.sort()) {
    if (!name.endsWith(RECEIPT_ENDING)) continue;
    const path = join(folder, name);
    if ((await headOf(path)).includes(`"job_id":${JSON.stringify(jobId)}`))
      found.push(path.slice(0, -RECEIPT_ENDING.length));
  }
  return found;
}

async function headOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

/** SHA-256 of a receipt file, as another receipt names it. */
export async function digestOfFile(path: string): Promise<Buffer> {
  const reading = readDigested(path);
  for await (const _ of reading.pieces());
  return reading.end().digest;
}
