/** Writes CSV files of any length with bounded memory: lines are gathered into large pieces and the disk sets the pace. */
import { open } from 'node:fs/promises';

export interface CsvFormat {
  /** One character; `,` unless told otherwise. */
  readonly separator?: string;
  readonly crlf?: boolean;
  /** A UTF-8 byte order mark first. */
  readonly bom?: boolean;
}

/** One cell: quoted only where it must be (RFC 4180). */
export function csvCell(value: string, separator: string): string {
  if (!value.includes(separator) && !value.includes('"') && !value.includes('\n') && !value.includes('\r'))
    return value;
  return `"${value.replaceAll('"', '""')}"`;
}

export interface CsvWriter {
  /** Adds one line, quoting cells where it must; when it returns a promise, wait for it before the next line. */
  readonly line: (cells: readonly string[]) => Promise<void> | undefined;
  /** As `line`, for cells that the caller knows to be free of separators, quotes and line ends, or has quoted. */
  readonly plainLine: (cells: readonly string[]) => Promise<void> | undefined;
  readonly separator: string;
  /** Writes what is left and closes the file. */
  readonly close: () => Promise<void>;
}

/** Characters gathered before they are encoded: longer strings cost more to flatten than the calls saved. */
const TEXT_PIECE = 1 << 13;
const BUFFER = 1 << 20;
const BYTES_PER_CHARACTER = 3;

/** Creates or replaces the file. Errors of the disk come out of the promises. */
export async function createCsvWriter(path: string, format: CsvFormat = {}): Promise<CsvWriter> {
  const separator = format.separator ?? ',';
  const end = format.crlf === true ? '\r\n' : '\n';
  const file = await open(path, 'w');
  const buffer = Buffer.allocUnsafe(BUFFER);
  let filled = 0;
  let text = format.bom === true ? '\uFEFF' : '';

  async function write(): Promise<void> {
    await file.writeFile(buffer.subarray(0, filled));
    filled = 0;
  }
  /** Empties the buffer, then writes the text by itself: it may be longer than the buffer. */
  async function encodeLong(): Promise<void> {
    await write();
    await file.writeFile(text, 'utf8');
    text = '';
  }
  function encode(): Promise<void> | undefined {
    if (text.length * BYTES_PER_CHARACTER > BUFFER - filled) return encodeLong();
    filled += buffer.write(text, filled, 'utf8');
    text = '';
    return undefined;
  }
  const add = (line: string): Promise<void> | undefined => {
    text += line;
    text += end;
    return text.length >= TEXT_PIECE ? encode() : undefined;
  };
  return {
    separator,
    line: (cells) => add(cells.map((cell) => csvCell(cell, separator)).join(separator)),
    plainLine: (cells) => add(cells.join(separator)),
    close: async () => {
      try {
        await encodeLong();
      } finally {
        await file.close();
      }
    },
  };
}
