/** Writes CSV files of any length with bounded memory: lines are gathered into large pieces and the disk sets the pace. */
import { open } from 'node:fs/promises';

export interface CsvFormat {
  /** One character; `,` unless told otherwise. */
  readonly separator?: string;
  readonly crlf?: boolean;
  /** A UTF-8 byte order mark first. */
  readonly bom?: boolean;
}

const PIECE = 1 << 20;

/** One cell: quoted only where it must be (RFC 4180). */
export function csvCell(value: string, separator: string): string {
  if (!value.includes(separator) && !value.includes('"') && !value.includes('\n') && !value.includes('\r'))
    return value;
  return `"${value.replaceAll('"', '""')}"`;
}

export interface CsvWriter {
  /** Adds one line; when it resolves to a promise, wait for it before the next line. */
  readonly line: (cells: readonly string[]) => Promise<void> | undefined;
  /** Writes what is left and closes the file. */
  readonly close: () => Promise<void>;
}

/** Creates or replaces the file. Errors of the disk come out of the promises. */
export async function createCsvWriter(path: string, format: CsvFormat = {}): Promise<CsvWriter> {
  const separator = format.separator ?? ',';
  const end = format.crlf === true ? '\r\n' : '\n';
  const file = await open(path, 'w');
  let text = format.bom === true ? '\uFEFF' : '';
  const flush = async (): Promise<void> => {
    const piece = text;
    text = '';
    await file.writeFile(piece, 'utf8');
  };
  return {
    line: (cells) => {
      for (let i = 0; i < cells.length; i++) text += (i > 0 ? separator : '') + csvCell(cells[i]!, separator);
      text += end;
      return text.length >= PIECE ? flush() : undefined;
    },
    close: async () => {
      try {
        if (text !== '') await flush();
      } finally {
        await file.close();
      }
    },
  };
}
