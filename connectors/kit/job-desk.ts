import type { AskedWriter } from './asked-file.ts';
import type { AskedTags } from './asked-tags.ts';
import type { Carrying, SinceTerms } from './carry-run.ts';
import { ackedThrough, type BuiltChunk, buildChunk, CHUNK_CELLS, type SlimForm } from './chunk-build.ts';
import { type CsvBatch, readCsv, type WantedColumn } from './csv-read.ts';
import { decodeSource } from './decode/decode-source.ts';
import { createUnreadable, type Unreadable } from './decode/unreadable.ts';
import { type FileDigest, readAgain } from './file-digest.ts';
import type { ChunkDesk } from './job-lanes.ts';
import type { JobState } from './job-state.ts';
import { KitError } from './kit-error.ts';
import { type SentProfile, type StatedProfile, sentProfile } from './learn/finding.ts';
import { keepOpen, limitRows } from './limit-rows.ts';
import type { ResultWriter } from './result-writer.ts';

export type JobProgress = {
  /** Rows answered; those that are carried from earlier results are counted apart. */
  readonly rows: number;
  readonly carriedRows: number;
  readonly chunks: number;
  /** Bytes of the input read so far, and of the whole. */
  readonly bytesRead: number;
  readonly bytes: number;
  /** Rows that an earlier run had written. */
  readonly resumedRows: number;
};

export type JobFile = {
  /** A file that nothing writes to meanwhile; it is read twice. */
  readonly path: string;
  readonly out: string;
  /** Whole results that stand at `out` may go; unless given, they are a reason to stop. */
  readonly replace?: boolean | undefined;
  readonly columns: readonly WantedColumn[];
  /** Line of the header; the first that is not empty unless given. */
  readonly headerLine?: number | undefined;
  /** Sees every record that is asked about or carried, in the file's order; of a job that goes on, all again. */
  readonly look?: ((batch: CsvBatch) => void) | undefined;
  /** Where `path` was made from another file: that one's digest, and which part of it. The job is of that one. */
  readonly original?: { readonly digest: FileDigest; readonly sheet: string } | undefined;
};

export type JobTerms = {
  readonly purpose: string;
  readonly chunkRows: number;
  /** Moment the file speaks of, unix seconds; 0 for now. */
  readonly asOf: number;
  /** What the user says of the file; the rest is learnt. */
  readonly stated: StatedProfile;
  readonly slim: (profile: SentProfile) => SlimForm;
  /** Records asked about, from the first on; all unless given. */
  readonly limit?: number | undefined;
  /** Earlier results whose answers stand where a row is the same. */
  readonly since?: SinceTerms | undefined;
};

/** Chunks that may be sent beyond the last one written: less than what acknowledgements lag behind. */
const REORDER_WINDOW = 48;
/** Chunks written before they are put on the disk, unless sending needs it sooner. */
const SYNC_EVERY = 32;

export type Desk = ChunkDesk & {
  /** What could not be decoded of what was read so far: of the whole file, once it was read to its end. */
  unreadable(): Unreadable;
  /** Waits for what is being written, and lets go of the file. */
  settle(): Promise<void>;
};

/** Reads, builds and hands out chunks; takes answers; keeps the promise that acknowledgements make. */
export function createDesk({
  file,
  terms,
  state,
  writer,
  expected,
  asked,
  carrying,
  keep,
  onProgress,
}: {
  file: JobFile;
  terms: JobTerms;
  state: JobState;
  writer: ResultWriter;
  /** What the first reading of the file found. */
  expected: FileDigest;
  /** Takes the tags of all records, in the order of the file. */
  asked: { readonly tags: AskedTags; readonly file: Pick<AskedWriter, 'append'> };
  carrying: Carrying | undefined;
  keep: (closed: boolean) => Promise<JobState>;
  onProgress: ((progress: JobProgress) => void) | undefined;
}): Desk {
  const jobKey = Buffer.from(state.jobKey, 'base64url');
  const reading = readAgain(file.path, expected);
  let onDisk = state.done.chunks;
  let num = 0;
  // One is kept back: that a file was cut off is known only once nothing more comes.
  let held: BuiltChunk | undefined;
  function handOut(next: BuiltChunk | undefined): BuiltChunk | undefined {
    const chunk = held;
    held = next;
    return chunk;
  }
  // One at a time: answers of several streams, and the writing that sending may wait for.
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  const columns = CHUNK_CELLS.map(
    (name) => file.columns.find((column) => column.name === name) ?? { name, header: name },
  );
  const profile = sentProfile(state.learnt);
  const slim = terms.slim(profile);
  const unreadable = createUnreadable();
  const bytes = keepOpen(reading.pieces());
  const { source, decode } = decodeSource(bytes, profile.encoding, unreadable);
  const records = readCsv(source, { columns, batchRows: terms.chunkRows, decode, headerLine: file.headerLine });
  const tagged = withTags(limitRows(records, terms.limit), asked, file.look);
  const toAsk = carrying?.rowsToAsk(tagged, terms.chunkRows, tellProgress) ?? tagged;
  const batches: AsyncIterator<CsvBatch> = toAsk[Symbol.asyncIterator]();

  function tellProgress(): void {
    onProgress?.({
      rows: writer.rows,
      carriedRows: carrying?.rows ?? 0,
      chunks: writer.written,
      bytesRead: reading.read(),
      bytes: expected.bytes,
      resumedRows: state.done.rows,
    });
  }

  async function sync(): Promise<void> {
    onDisk = (await keep(false)).done.chunks;
  }

  return {
    async next(): Promise<BuiltChunk | undefined> {
      for (;;) {
        const { done, value } = await batches.next();
        if (done === true) {
          await bytes.drain();
          // The second reading saw other bytes than those whose digest opened the job.
          if (!reading.end()) throw new KitError('FILE_CHANGED');
          return handOut(undefined);
        }
        if (num++ < state.done.chunks) continue;
        const chunk = handOut(buildChunk({ num: num - 1, batch: value, jobKey, slim }));
        // A chunk of other bytes, once sent, would leave the job without an end: the gateway takes no second one of its number.
        if (!(await reading.unchanged())) throw new KitError('FILE_CHANGED');
        if (chunk !== undefined) return chunk;
      }
    },
    unreadable: unreadable.result,
    maySend: (next) => next < writer.written + REORDER_WINDOW,
    async beforeSend(next) {
      // Sent with "all below are safe here": so first they are.
      if (onDisk < ackedThrough(next)) await inTurn(async () => (onDisk < ackedThrough(next) ? sync() : undefined));
      if (onDisk < ackedThrough(next))
        throw new Error(`chunk ${next} may not be sent before its acknowledgements hold`);
    },
    answered: (chunk, incoming) =>
      inTurn(async () => {
        await writer.take(chunk, incoming);
        if (writer.written - onDisk >= SYNC_EVERY) await sync();
        tellProgress();
      }),
    settle: () =>
      inTurn(async () => {
        await batches.return?.();
        await bytes.close();
      }),
  };
}

async function* withTags(
  batches: AsyncIterable<CsvBatch>,
  { tags, file }: { readonly tags: AskedTags; readonly file: Pick<AskedWriter, 'append'> },
  look: JobFile['look'],
): AsyncGenerator<CsvBatch> {
  for await (const batch of batches) {
    look?.(batch);
    await file.append(tags(batch));
    yield batch;
  }
}
