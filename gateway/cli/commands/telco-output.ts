import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { demandNoReceipt } from '../../../connectors/kit/complete-output.ts';
import { explainWrite } from '../../../connectors/kit/disk-full.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import { leftoverPrefix, removeLeftovers } from '../../../connectors/kit/leftovers.ts';
import type { VerifySummary } from '../../../connectors/telco/verify.ts';
import { workbookPartOf, writeExcel } from '../excel.ts';
import { CliProblem } from '../problem.ts';
import type { Terminal } from '../terminal.ts';

/** Where the results are made. For standard output: in a folder of their own first, since a job writes two files. */
export interface Output {
  readonly path: string;
  /** Throws CliProblem RESULTS_UNDELIVERED: they are complete, and stay where it says. */
  publish(summary: VerifySummary): Promise<void>;
  close(): Promise<void>;
}

const UNKEPT = {
  en: 'No receipt was kept: name a file with --receipt.',
  vi: 'Không lưu biên nhận: hãy chỉ ra tệp bằng --receipt.',
} as const;

/**
 * Opens what is written last before anybody is asked: a job whose results cannot be put where they should go has cost all its
 * questions. Throws KitError OUTPUT_UNWRITABLE, OUTPUT_COMPLETE.
 */
export async function openOutput(
  {
    out,
    receipt,
    replace,
    workbook,
  }: {
    readonly out: string;
    readonly receipt?: string;
    readonly replace?: boolean;
    readonly workbook?: string | undefined;
  },
  { stdout, stderr }: Terminal,
  language: 'vi' | 'en',
): Promise<Output> {
  if (workbook !== undefined) await checkWorkbook(workbook);
  if (out !== '-') return { path: out, publish: async () => undefined, close: async () => undefined };
  if (receipt !== undefined && replace !== true) await demandNoReceipt(receipt);
  const target = receipt === undefined ? undefined : await openReceipt(receipt);
  await removeLeftovers(tmpdir());
  const folder = await mkdtemp(join(tmpdir(), leftoverPrefix('results')));
  let kept = false;

  async function deliver(file: string, work: () => Promise<void>, { files }: VerifySummary): Promise<void> {
    try {
      await work();
    } catch (error) {
      kept = true;
      const where = await keepFolder(folder);
      const [results, receipt] = [files.results, files.receipt].map((path) => join(where, basename(path)));
      const facts = { file, code: codeOf(error), results: results ?? '', receipt: receipt ?? '' };
      throw new CliProblem('RESULTS_UNDELIVERED', facts, { cause: error });
    }
  }

  return {
    path: join(folder, 'results.csv'),
    async publish(summary) {
      const { files } = summary;
      if (target === undefined) stderr.write(`${UNKEPT[language]}\n`);
      else await deliver(target.path, () => target.fill(files.receipt), summary);
      // A reader that has seen enough (`| head`) is no failure.
      const print = () =>
        pipeline(createReadStream(files.results), stdout, { end: false }).catch((error: unknown) => {
          if (codeOf(error) !== 'EPIPE') throw error;
        });
      await deliver('stdout', print, summary);
    },
    async close() {
      await target?.close();
      if (!kept) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Gives a folder a name that no later run takes for one that was left. Returns where it is. */
async function keepFolder(folder: string): Promise<string> {
  const kept = join(tmpdir(), `lienthong-complete-${randomBytes(6).toString('hex')}`);
  return rename(folder, kept).then(
    () => kept,
    () => folder,
  );
}

export interface WorkbookEnd {
  readonly excel?: { readonly path: string; readonly rows: number; readonly sheets: number };
  /** Why there is none: WORKBOOK_UNWRITTEN, WORKBOOK_INTERRUPTED. */
  readonly problem?: CliProblem;
}

/** The workbook of results that are there already; never throws. */
export async function tryWorkbook(
  { files: { results } }: VerifySummary,
  path: string,
  how: Parameters<typeof writeExcel>[2],
): Promise<WorkbookEnd> {
  try {
    return { excel: { path, ...(await writeExcel(results, path, how)) } };
  } catch (error) {
    const reason = Object(error).reason === 'INTERRUPTED' ? 'WORKBOOK_INTERRUPTED' : 'WORKBOOK_UNWRITTEN';
    const code = error instanceof KitError ? (error.facts.code ?? error.reason) : codeOf(error);
    return { problem: new CliProblem(reason, { results, file: path, code }, { cause: error }) };
  }
}

interface ReceiptTarget {
  readonly path: string;
  /** Replaces what the file held. */
  fill(from: string): Promise<void>;
  /** Takes an empty file away again where it was made here and nothing came of it. */
  close(): Promise<void>;
}

/** Held open until the end, since it may be a pipe; what the file holds stays until it is filled. */
async function openReceipt(path: string): Promise<ReceiptTarget> {
  const existed = await stat(path).then(
    () => true,
    () => false,
  );
  const file = await openAtEnd(path);
  let touched = false;
  return {
    path,
    async fill(from) {
      touched = true;
      if ((await file.stat()).isFile()) await file.truncate(0);
      try {
        for await (const piece of createReadStream(from)) await file.writeFile(piece as Buffer);
      } catch (error) {
        throw explainWrite(error, path);
      }
    },
    async close() {
      await file.close();
      if (!existed && !touched) await rm(path, { force: true });
    },
  };
}

async function checkWorkbook(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) throw new KitError('OUTPUT_UNWRITABLE', { file: path, code: 'EISDIR' });
  const part = workbookPartOf(path);
  const file = await openAtEnd(part);
  const { size } = await file.stat();
  await file.close();
  // What another run may be writing is left alone.
  if (size === 0) await rm(part, { force: true });
}

async function openAtEnd(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a', 0o600);
  } catch (error) {
    throw new KitError('OUTPUT_UNWRITABLE', { file: path, code: codeOf(error) }, { cause: error });
  }
}

function codeOf(error: unknown): string {
  return String(Object(error).code ?? 'unknown');
}
