import { columnOf } from './sheet-rows.ts';

/**
 * Cells of a column that hold nothing because a merge shows the first of its cells over them. What is shown may be meant for all of
 * their rows or be a title of some: nobody but the sheet's author knows, so it is not copied into them.
 */
export type HiddenCells = { readonly header: string; readonly rows: number; readonly lines: readonly number[] };

export type MergeTally = {
  /** A merge as its sheet names it, `C2:C4`. */
  add(reference: string): void;
  /** By column of the header; rows above `first` and behind `last` are none of the table. */
  found(header: readonly string[], first: number, last: number): readonly HiddenCells[];
};

const REFERENCE = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/i;
/** 80 bytes each, 16 MB; of what a sheet has more, nothing is told. */
const MOST_MERGES = 200_000;
const NAMED_LINES = 3;

export function createMergeTally(): MergeTally {
  const merges: [left: number, top: number, right: number, bottom: number][] = [];
  return {
    add(reference) {
      const [, left = '', top, right = '', bottom] = REFERENCE.exec(reference) ?? [];
      if (top === undefined || merges.length === MOST_MERGES) return;
      merges.push([columnOf(left), Number(top), columnOf(right), Number(bottom)]);
    },
    found(header, first, last) {
      const hidden = header.map((name) => ({ header: name, rows: 0, lines: [] as number[] }));
      for (const [left, top, right, bottom] of merges.toSorted((a, b) => a[1] - b[1])) {
        for (let k = left; k <= Math.min(right, header.length - 1); k++) {
          const cells = hidden[k];
          const from = Math.max(k === left ? top + 1 : top, first);
          const to = Math.min(bottom, last);
          for (let line = from; line <= to && cells !== undefined && cells.lines.length < NAMED_LINES; line++)
            cells.lines.push(line);
          if (cells !== undefined) cells.rows += Math.max(0, to - from + 1);
        }
      }
      return hidden.filter(({ rows }) => rows > 0);
    },
  };
}
