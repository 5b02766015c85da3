/** Sorted runs of `person_match` rows to one, piece by piece. */

import { copyBytes } from '../../proof/copy-bytes.ts';
import { ID_KIND } from '../columns.ts';
import { MATCH, matchEnd, readBigint } from './match-bytes.ts';

/** Whole rows in order of the value. Each answer may be a few of them; undefined after the last. */
export interface Run {
  next(): Uint8Array | undefined;
}

const PIECE = 256 * 1024;

interface Head {
  readonly run: Run;
  bytes: Uint8Array;
  view: DataView;
  at: number;
  end: number;
  value: number;
}

/** Moves on to the row at `head.end`; false after the last one. */
function advance(head: Head): boolean {
  head.at = head.end;
  if (head.at === head.bytes.length) {
    const bytes = head.run.next();
    if (bytes === undefined) return false;
    head.bytes = bytes;
    head.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    head.at = 0;
  }
  head.end = matchEnd(head.view, head.at);
  head.value = readBigint(head.view, head.at + MATCH.value);
  return true;
}

/**
 * Merges runs; equal values come in the order of the runs. `repeated` is told the person number of each row whose personal ID stood
 * in the row before: with runs in the order of the file, all who name an ID after the first.
 */
export function* mergeRuns(runs: readonly Run[], repeated: (personNo: number) => void): Generator<Buffer<ArrayBuffer>> {
  const heads = runs
    .map(
      (run): Head => ({
        run,
        bytes: new Uint8Array(0),
        view: new DataView(new ArrayBuffer(0)),
        at: 0,
        end: 0,
        value: 0,
      }),
    )
    .filter(advance);
  // A heap of places in `heads`, the least value first; its values beside it, where the comparisons find them.
  const heap = new Int32Array(heads.length);
  const values = new Float64Array(heads.length);
  let size = 0;
  const sink = (from: number, head: number, value: number): void => {
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && before(right, values[child] ?? 0, heap[child] ?? 0)) child = right;
      if (!before(child, value, head)) break;
      heap[at] = heap[child] ?? 0;
      values[at] = values[child] ?? 0;
      at = child;
    }
    heap[at] = head;
    values[at] = value;
  };
  const before = (place: number, value: number, head: number): boolean => {
    const mine = values[place] ?? 0;
    return mine < value || (mine === value && (heap[place] ?? 0) < head);
  };
  size = heads.length;
  heads.forEach((head, index) => {
    heap[index] = index;
    values[index] = head.value;
  });
  for (let index = (size >> 1) - 1; index >= 0; index--) sink(index, heap[index] ?? 0, values[index] ?? 0);

  let piece = Buffer.allocUnsafeSlow(PIECE);
  let view = new DataView(piece.buffer);
  let filled = 0;
  let last = -1;
  while (size > 0) {
    const index = heap[0] ?? 0;
    const head = heads[index]!;
    const { at, end } = head;
    if (filled + end - at > piece.length) {
      if (filled > 0) yield piece.subarray(0, filled);
      piece = Buffer.allocUnsafeSlow(Math.max(PIECE, end - at));
      view = new DataView(piece.buffer);
      filled = 0;
    }
    filled = copyBytes(view, filled, head.view, at, end);
    if (head.view.getInt16(at + MATCH.kind) === ID_KIND.personal) {
      if (head.value === last) repeated(readBigint(head.view, at + MATCH.personNo));
      last = head.value;
    }
    if (advance(head)) sink(0, index, head.value);
    else {
      size--;
      if (size > 0) sink(0, heap[size] ?? 0, values[size] ?? 0);
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
