import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readRecord } from './csv-record.ts';
import { KitError } from './kit-error.ts';
import { unreadableFile } from './unreadable-file.ts';

/**
 * Single records of a results file, by where they begin. Reads a piece at a time and keeps it: records that are asked for in
 * the file's order cost no read each.
 */
export type RecordReader = {
  /** Bytes of the record that begins here, without its line end; they stand until the next is asked for. */
  at(place: number): Buffer;
  /** Where the record behind the one given out last begins. */
  readonly next: number;
  readonly size: number;
  /** Whether the file is still the one that was opened, as far as its system says. */
  unchanged(): boolean;
  close(): void;
};

const [FAR, NEAR] = [1 << 14, 1 << 18];
const [QUOTE, CR, LF] = [0x22, 0x0d, 0x0a];

/** Throws KitError FILE_MISSING; RESULTS_CHANGED where a record has no end. */
export function openRecords(path: string): RecordReader {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw unreadableFile(path, error);
  }
  const was = fstatSync(file);
  let room = Buffer.alloc(NEAR);
  let held = room.subarray(0, 0);
  let heldAt = 0;
  let next = 0;

  function load(place: number, bytes: number): void {
    if (room.length < bytes) room = Buffer.alloc(bytes);
    let got = 0;
    while (got < bytes) {
      const read = readSync(file, room, got, bytes - got, place + got);
      if (read === 0) break;
      got += read;
    }
    [held, heldAt] = [room.subarray(0, got), place];
  }

  return {
    at(place) {
      const behind = place - heldAt;
      // Whoever goes on where the piece ends reads on; whoever jumps will jump again.
      if (behind < 0 || behind >= held.length) load(place, behind === held.length ? NEAR : FAR);
      for (;;) {
        const from = place - heldAt;
        const end = recordEnd(held, from);
        if (end === -1 && heldAt + held.length < was.size) {
          load(place, from === 0 ? 2 * held.length : NEAR);
          continue;
        }
        if (end === -1) throw new KitError('RESULTS_CHANGED', { results: path, line: 0 });
        next = heldAt + end + 1;
        return held.subarray(from, end > from && held[end - 1] === CR ? end - 1 : end);
      }
    },
    get next() {
      return next;
    },
    size: was.size,
    unchanged() {
      const is = fstatSync(file);
      return is.size === was.size && is.mtimeMs === was.mtimeMs && is.ctimeMs === was.ctimeMs;
    },
    close: () => closeSync(file),
  };
}

/** Index of the line break that ends the record, outside of quotes; −1 where it is not there. */
function recordEnd(bytes: Buffer, from: number): number {
  let end = bytes.indexOf(LF, from);
  for (let [at, open] = [from, false]; end !== -1; ) {
    for (let i = bytes.indexOf(QUOTE, at); i !== -1 && i < end; i = bytes.indexOf(QUOTE, i + 1)) open = !open;
    if (!open) return end;
    at = end;
    end = bytes.indexOf(LF, end + 1);
  }
  return -1;
}

/** The cells of a record, quotes removed. */
export function cellsOf(record: Buffer): string[] {
  if (!record.includes(QUOTE)) return record.toString('utf8').split(',');
  const bytes = Buffer.from(record);
  const spans: number[] = [];
  readRecord({ bytes, at: 0, separator: 0x2c, last: true, view: 'utf8' }, spans);
  return Array.from({ length: spans.length / 2 }, (_, i) => bytes.toString('utf8', spans[2 * i], spans[2 * i + 1]));
}
