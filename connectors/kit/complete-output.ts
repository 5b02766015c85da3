import { type FileHandle, open, stat } from 'node:fs/promises';
import { RECEIPT_FORMAT } from '../../gateway/proof/receipt.ts';
import { KitError } from './kit-error.ts';
import { receiptPathOf } from './receipt-file.ts';
import { systemCode } from './system-code.ts';

/** Both far more than a receipt has before its first chunk and behind its last one. */
const HEAD_BYTES = 1 << 16;
const TAIL_BYTES = 1 << 20;

/**
 * For before anything is read: refuses an output that holds a whole job. What a run left on its way there is judged once the
 * file was read and it is known whose work that is.
 *
 * Throws KitError OUTPUT_COMPLETE, OUTPUT_UNWRITABLE.
 */
export async function demandReplaceable(out: string): Promise<void> {
  const onItsWay = await stat(`${out}.job.json`).then(
    () => true,
    () => false,
  );
  if (!onItsWay) await demandNoReceipt(receiptPathOf(out), out);
}

/**
 * Refuses to write where a whole receipt stands: it is the only proof of its rows, and what other results carry of them is
 * proven by it too. Two pieces of it are read, and nothing of it is verified.
 *
 * Throws KitError OUTPUT_COMPLETE, OUTPUT_UNWRITABLE.
 *
 * @param file what the message names
 */
export async function demandNoReceipt(path: string, file = path): Promise<void> {
  const found = await wholeReceipt(path);
  if (found !== undefined) throw new KitError('OUTPUT_COMPLETE', { file, job: found.job, rows: found.rows });
}

/** The job of a receipt and its rows, those included that it carries; undefined where there is no receipt that has its end. */
async function wholeReceipt(path: string): Promise<{ readonly job: string; readonly rows: number } | undefined> {
  let file: FileHandle | undefined;
  try {
    if (!(await stat(path)).isFile()) return undefined;
    file = await open(path);
    const { size } = await file.stat();
    const head = await textAt(file, 0, Math.min(HEAD_BYTES, size));
    const from = Math.max(0, size - TAIL_BYTES);
    const tail = await textAt(file, from, size - from);
    // No text within JSON has a line end or a bare quote: both marks are the receipt's own.
    const [chunks, end] = [head.indexOf(',"chunks":['), tail.lastIndexOf('\n],')];
    if (chunks < 0 || end < 0) return undefined;
    const begun = parse(`${head.slice(0, chunks)}}`);
    const ended = parse(`{${tail.slice(end + 3)}`);
    if (begun?.format !== RECEIPT_FORMAT || typeof ended?.token !== 'string') return undefined;
    const carried = Number(Object(ended.carried).rows ?? 0);
    return { job: String(begun.job_id), rows: Number(ended.rows) + carried };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    throw new KitError('OUTPUT_UNWRITABLE', { file: path, code }, { cause: error });
  } finally {
    await file?.close();
  }
}

async function textAt(file: FileHandle, from: number, length: number): Promise<string> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.toString('utf8', 0, bytesRead);
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}
