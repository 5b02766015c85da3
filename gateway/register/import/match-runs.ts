/**
 * The runs of a first load until all are there. Beyond a bound of memory they are merged into a file that has no name any more, so
 * that nothing of it is left whatever happens.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ID_KIND } from '../columns.ts';
import { MATCH, matchEnd, readBigint } from './match-bytes.ts';
import { mergeRuns, type Run } from './merge-runs.ts';

const MEMORY = 256 * 1024 * 1024;
const READ = 1024 * 1024;
const PREFIX = '.lienthong-sort-';

export interface MatchRuns {
  /** Adds a sorted run; runs come in the order of the file. */
  add(rows: Uint8Array): void;
  /** The rows of these personal IDs, each that of the first person who names it. */
  find(values: ReadonlySet<number>): Map<number, Uint8Array>;
  /** All rows in order; `repeated` as for `mergeRuns`. To be read once. */
  merged(repeated: (personNo: number) => void): Generator<Buffer<ArrayBuffer>>;
  /** Gives the files back. */
  close(): void;
}

function ofMemory(rows: Uint8Array): Run {
  let left: Uint8Array | undefined = rows.length === 0 ? undefined : rows;
  return {
    next: () => {
      const given = left;
      left = undefined;
      return given;
    },
  };
}

function ofFile(file: number): Run {
  let buffer = Buffer.allocUnsafeSlow(READ);
  let position = 0;
  let rest = 0;
  return {
    next: () => {
      for (;;) {
        const read = readSync(file, buffer, rest, buffer.length - rest, position);
        position += read;
        const filled = rest + read;
        if (filled === 0) return undefined;
        const whole = wholeRows(buffer.subarray(0, filled));
        const piece = buffer.subarray(0, whole);
        // What was given stays as it is until the next call, which comes when it is used up.
        const larger = Buffer.allocUnsafeSlow(whole === 0 ? buffer.length * 2 : READ);
        buffer.copy(larger, 0, whole, filled);
        buffer = larger;
        rest = filled - whole;
        if (whole > 0) return piece;
        if (read === 0) throw new Error('A file of sorted rows ends within a row.');
      }
    },
  };
}

/** Length of the rows that are there to their end. */
function wholeRows(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + MATCH.name <= bytes.length) {
    const end = matchEnd(view, at);
    if (end > bytes.length) break;
    at = end;
  }
  return at;
}

/** Adds the rows of personal IDs that are not found yet. */
function findIn(run: Run, values: ReadonlySet<number>, found: Map<number, Uint8Array>): void {
  for (let rows = run.next(); rows !== undefined; rows = run.next()) {
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
    for (let at = 0; at < rows.length; ) {
      const end = matchEnd(view, at);
      const value = readBigint(view, at + MATCH.value);
      if (view.getInt16(at + MATCH.kind) === ID_KIND.personal && values.has(value) && !found.has(value)) {
        found.set(value, Uint8Array.from(rows.subarray(at, end)));
      }
      at = end;
    }
  }
}

/** The folder may be one that can only be read, where the import has nothing to write but this. */
function makeFolder(folder: string): string {
  try {
    return mkdtempSync(join(folder, PREFIX));
  } catch {
    return mkdtempSync(join(tmpdir(), PREFIX));
  }
}

/** An open file that only its descriptor leads to; where files in use cannot be removed, it goes with `close`. */
function namelessFile(folder: string | undefined): { file: number; remove: () => void } {
  const made = makeFolder(folder ?? tmpdir());
  const path = join(made, 'rows');
  const file = openSync(path, 'wx+', 0o600);
  let named = true;
  const remove = () => {
    if (named) rmSync(made, { recursive: true, force: true });
    named = false;
  };
  try {
    unlinkSync(path);
    remove();
  } catch {}
  return { file, remove };
}

/** `folder`: where the files go, one where personal data may lie; default the system's. `memory`: bytes kept without one. */
export function createMatchRuns(folder: string | undefined, memory = MEMORY): MatchRuns {
  const files: { file: number; remove: () => void }[] = [];
  let kept: Uint8Array[] = [];
  let size = 0;

  const spill = () => {
    const made = namelessFile(folder);
    files.push(made);
    for (const piece of mergeRuns(kept.map(ofMemory), () => {})) {
      // A call may write a part only; what cannot be written at all throws.
      for (let at = 0; at < piece.length; ) at += writeSync(made.file, piece, at);
    }
    kept = [];
    size = 0;
  };

  // Files hold what came before, so they stand first.
  const all = (): Run[] => [...files.map(({ file }) => ofFile(file)), ...kept.map(ofMemory)];

  return {
    add: (rows) => {
      kept.push(rows);
      size += rows.length;
      if (size > memory) spill();
    },
    find: (values) => {
      const found = new Map<number, Uint8Array>();
      for (const run of all()) findIn(run, values, found);
      return found;
    },
    merged: (repeated) => mergeRuns(all(), repeated),
    close: () => {
      for (const { file, remove } of files.splice(0)) {
        closeSync(file);
        remove();
      }
      kept = [];
    },
  };
}
