import { open } from 'node:fs/promises';
import type { CsvBatch } from './csv-read.ts';
import { KitError } from './kit-error.ts';
import { CARRIED_HEADER, RESULT_HEADER } from './result-lines.ts';
import { RESULT_COLUMN } from './result-rows.ts';

/** Where the records of a results file begin, while it is read batch after batch. */
export type Placing = {
  of(batch: CsvBatch, i: number): number;
  /** Throws KitError RESULTS_CHANGED where the records do not fill the file: somebody wrote lines between them. */
  end(fileBytes: number): void;
};

const PLAIN = `${RESULT_HEADER.join(',')}\n`;
/** First line of results that may have carried rows. */
export const CARRYING: string = `${[...RESULT_HEADER, ...CARRIED_HEADER].join(',')}\n`;
const LF = 0x0a;

/** Only for a file as this program writes it, with `line` in front. Throws KitError RESULTS_CHANGED. */
export async function createPlacing(path: string): Promise<Placing> {
  const changed = (line: number): never => {
    throw new KitError('RESULTS_CHANGED', { results: path, line });
  };
  let at = (await headerBytes(path)) ?? changed(1);
  let held: CsvBatch | undefined;
  let batchBytes = 0;
  return {
    of(batch, i) {
      const text = batch.texts[RESULT_COLUMN.line];
      if (text === undefined) return changed(1);
      if (batch !== held) {
        at += batchBytes;
        batchBytes = text.bytes.length;
        held = batch;
      }
      const from = text.spans[2 * i] as number;
      if (from > 0 && text.bytes[from - 1] !== LF) return changed(batch.lines[i] as number);
      return at + from;
    },
    end(fileBytes) {
      if (at + batchBytes !== fileBytes) changed(1);
    },
  };
}

/** Whether results are of a run that may have carried rows. */
export async function mayCarryRows(path: string): Promise<boolean> {
  return (await headerBytes(path)) === CARRYING.length;
}

async function headerBytes(path: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CARRYING.length), 0, CARRYING.length, 0);
    const text = buffer.toString('latin1', 0, bytesRead);
    if (text === CARRYING) return CARRYING.length;
    return text.startsWith(PLAIN) ? PLAIN.length : undefined;
  } finally {
    await file.close();
  }
}
