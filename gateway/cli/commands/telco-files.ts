import { demandOther, type ReadFrom } from '../../../connectors/kit/distinct-files.ts';
import { resultFiles, runFiles } from '../../../connectors/kit/run-files.ts';
import { excelPathOf } from '../excel.ts';
import type { Terminal } from '../terminal.ts';

/** What `telco verify` reads and writes, as its command line says. */
export interface VerifyFiles {
  readonly file: string;
  readonly mapping: string | undefined;
  /** Earlier results that rows are carried from. */
  readonly earlier: string | undefined;
  /** "-": standard output; empty: nothing is written. */
  readonly out: string;
  readonly receipt?: string;
  readonly excel?: boolean;
  readonly excelAll?: boolean;
}

/** Throws KitError as `demandOther` does. */
export async function demandVerifyFiles(files: VerifyFiles, { stdin }: Pick<Terminal, 'stdin'>): Promise<void> {
  const { file, mapping, earlier } = files;
  const inputs = [
    ...(file === '-' ? openFile(stdin) : [file]),
    ...(mapping === undefined ? [] : [mapping]),
    ...(earlier === undefined ? [] : resultFiles(earlier)),
  ];
  await demandOther(writtenBy(files), inputs);
}

function writtenBy({ out, receipt, excel, excelAll }: VerifyFiles): readonly string[] {
  if (out === '') return [];
  if (out === '-') return receipt === undefined ? [] : [receipt];
  const book = excelPathOf(out);
  return [...runFiles(out), ...(excel === true || excelAll === true ? [book, `${book}.part`] : [])];
}

/** Standard input may be a file that the shell opened. */
function openFile({ fd }: Terminal['stdin']): ReadFrom[] {
  return typeof fd === 'number' ? [fd] : [];
}
