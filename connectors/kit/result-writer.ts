import { faultPoint } from '../../gateway/faults/point.ts';
import { rowLeaves } from '../../gateway/proof/batch.ts';
import { equalBytes } from '../../gateway/proof/bytes.ts';
import { ProofError } from '../../gateway/proof/errors.ts';
import { createFrontier } from '../../gateway/proof/frontier.ts';
import { type ReceiptColumns, receiptChunkText, receiptHeadText } from '../../gateway/proof/receipt.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { leafTagsOf } from '../../gateway/proof/verify-rows.ts';
import type { BuiltChunk } from './chunk-build.ts';
import type { IncomingAnswer } from './chunk-stream.ts';
import type { JobState } from './job-state.ts';
import { addToTally, type Tally } from './job-tally.ts';
import { KitError } from './kit-error.ts';
import { openPart, type PartFile } from './part-file.ts';
import { receiptPathOf } from './receipt-file.ts';
import { createResultLines, RESULT_HEADER } from './result-lines.ts';

export type ResultWriter = {
  /** Chunks written, from the first on. */
  readonly written: number;
  readonly rows: number;
  readonly tally: Tally;
  /** Verifies an answer against its rows and writes it, in order: those that come early are kept. */
  take(chunk: BuiltChunk, incoming: IncomingAnswer): Promise<void>;
  /** Puts all that is written on the disk; what to keep in the job's state. */
  sync(): Promise<JobState['done']>;
  /** Root over all rows written. */
  rowRoot(): Uint8Array;
  /** Ends the receipt. */
  appendReceipt(text: string): Promise<void>;
  close(): Promise<void>;
};

/** The two files of a job, results and receipt, written chunk by chunk in file order; memory holds only early answers. */
export async function createResultWriter({
  out,
  rowsTo = out,
  statePath,
  state,
  job,
  columns,
}: {
  out: string;
  /** Where the rows go, if others are put among them before they become `out`. */
  rowsTo?: string;
  statePath: string;
  state: JobState;
  job: { readonly id: string; readonly opening: string };
  columns: ReceiptColumns;
}): Promise<ResultWriter> {
  const { done } = state;
  const results = await openPart(rowsTo, done.resultsBytes, statePath);
  let receipt: PartFile;
  try {
    receipt = await openPart(receiptPathOf(out), done.receiptBytes, statePath);
  } catch (error) {
    await results.close();
    throw error;
  }
  const jobKey = Buffer.from(state.jobKey, 'base64url');
  const tree = createFrontier(NODE_TAGS.row, done.frontier === '' ? undefined : Buffer.from(done.frontier, 'base64'));
  const tally: Tally = structuredClone(done.tally);
  const lines = createResultLines();
  const early = new Map<number, { chunk: BuiltChunk; incoming: IncomingAnswer; leaves: Uint8Array }>();
  let written = done.chunks;
  let rows = done.rows;

  if (done.resultsBytes === 0) {
    await results.append(`${RESULT_HEADER.join(',')}\n`);
    const opening = Buffer.from(job.opening, 'base64url');
    const { chunkRows, limit } = state.identity;
    await receipt.append(receiptHeadText({ jobKey, jobId: job.id, opening, chunkRows, columns, limit }));
  }

  async function write({
    chunk,
    incoming,
    leaves,
  }: {
    chunk: BuiltChunk;
    incoming: IncomingAnswer;
    leaves: Uint8Array;
  }) {
    const { answer, claims, jws } = incoming;
    const { text, forms } = readable(() =>
      lines.format({ num: chunk.num, results: answer.results, asOf: Number(answer.asOf), echo: chunk.echo }),
    );
    await results.append(text);
    const entryId = Buffer.from(claims.leaf ?? '', 'base64url');
    await receipt.append(
      receiptChunkText({
        num: chunk.num,
        rows: chunk.rows,
        seed: answer.rowSeed,
        root: answer.rowRoot,
        leafTags: leafTagsOf(leaves),
        entryId,
        answer: jws,
      }),
    );
    tree.append(answer.rowRoot);
    addToTally(tally, forms, chunk.misshapen);
    written++;
    rows += chunk.rows;
  }

  return {
    get written() {
      return written;
    },
    get rows() {
      return rows;
    },
    tally,
    async take(chunk, incoming) {
      faultPoint('client-answer');
      const { answer, claims } = incoming;
      if (claims.leaf === undefined) throw new KitError('UNTRUSTED_ANSWER', { problem: 'NOT_LOGGED' });
      const leaves = readable(() => rowLeaves(answer.rowSeed, chunk.refs, answer.results));
      if (!equalBytes(treeRoot(leaves, NODE_TAGS.row), answer.rowRoot)) {
        throw new KitError('UNTRUSTED_ANSWER', { problem: 'ROW_ROOT' });
      }
      if (chunk.num < written || early.has(chunk.num)) return;
      early.set(chunk.num, { chunk, incoming, leaves });
      for (let next = early.get(written); next !== undefined; next = early.get(written)) {
        early.delete(written);
        await write(next);
        faultPoint('client-spool');
      }
    },
    async sync() {
      await results.sync();
      await receipt.sync();
      return {
        chunks: written,
        rows,
        resultsBytes: results.length,
        receiptBytes: receipt.length,
        frontier: Buffer.from(tree.serialise()).toString('base64'),
        tally: structuredClone(tally),
      };
    },
    rowRoot: () => tree.root(),
    appendReceipt: (text) => receipt.append(text),
    async close() {
      await results.close();
      await receipt.close();
    },
  };
}

/** Bytes of an answer that fit no format are the gateway's fault, not the file's. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProofError)
      throw new KitError('UNTRUSTED_ANSWER', { problem: error.reason }, { cause: error });
    throw error;
  }
}
