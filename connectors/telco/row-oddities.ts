import { open } from 'node:fs/promises';
import { foldedHeader } from '../kit/csv-header.ts';
import { CELL_COUNTS } from '../kit/csv-read.ts';
import { foldHeader } from './column-words.ts';
import type { MappingFile } from './mapping-file.ts';

/** Rows that are hardly subscribers, or stand in a file by mistake: each is sent, counted and answered like any other. */

/** How many rows, and the lines of the first of them. */
export type OddRows = { readonly rows: number; readonly lines: readonly number[] };

export type RowOddities = {
  /** Their row_id is an earlier row's: the same subscriber may be asked about twice. Of the first half million rows. */
  readonly repeatedIds: OddRows;
  /** They are the header once more: files were put one behind another. */
  readonly repeatedHeaders: OddRows;
  /** They number the columns, `(1)`, `(2)`, … or `A`, `B`, 1, 2: official tables have such a line below their header. */
  readonly columnNumbers: OddRows;
  /** They have no number of a person, and words for a sum. */
  readonly totals: OddRows;
  /** Characters that steer a terminal, and zero bytes, stand in a cell that is used; results have them as they are. */
  readonly controls: OddRows;
  /** Line breaks stand in their cells; the longest, where there is one. */
  readonly several: OddRows & { readonly longest?: { readonly line: number; readonly lines: number } };
  /** Where the last line is not ended and has too few cells: the file may be cut off there. */
  readonly cutLine?: number;
};

export type OddityTally = {
  /** A record that spans several lines; told before the record itself. */
  several(line: number, lines: number): void;
  /** Its cells in the order of the connector's columns. */
  add(line: number, cells: readonly string[], count: number): void;
  found(path: string): Promise<RowOddities>;
};

const NAMED_LINES = 3;
/** Some 40 MB of keys. */
const MOST_IDS = 500_000;
/** Tab and line breaks are a text's own. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** The whole cell: a name may begin so. */
const TOTAL =
  /^(?:tong(?: cong| so)*|cong|(?:grand )?total)(?: (?:thue bao|so|dong|ban ghi|khach hang|records|rows|subscribers|\d+))*$/;
const LONGEST_COUNT = /^[\d.,\s]{0,9}$/;

/** @param headers of the same columns, as `foldedHeader` gives them */
export function isHeaderAgain(cells: readonly string[], headers: readonly string[]): boolean {
  return cells.every((cell, k) => foldedHeader(cell) === headers[k]);
}

const COLUMN_NUMBER = /^\s*\(?\s*(\d{1,3}|\p{L})\s*\)?\s*$/u;

/** Every cell is a number or a letter of its own, too short for anything of a person. */
export function isColumnNumbers(cells: readonly string[]): boolean {
  const numbers = cells.map((cell) => COLUMN_NUMBER.exec(cell)?.[1]);
  return numbers.every((number) => number !== undefined) && new Set(numbers).size === cells.length;
}

/** With its own mark or none: `Tống` is a family's name. */
const TOTAL_BEGINS = /^[^\p{L}]*(?:tổng|tong|cộng|cong|total|grand)/iu;

function saysTotal(cell: string): boolean {
  return TOTAL_BEGINS.test(cell.normalize('NFC')) && TOTAL.test(foldHeader(cell));
}

/** A line below or between the rows that counts them: its number, if it has one, is a count, and another cell says so. */
export function isTotalsLine(cells: readonly string[]): boolean {
  const [rowId = '', msisdn = '', idNumber = '', name = ''] = cells;
  return LONGEST_COUNT.test(idNumber) && [rowId, msisdn, name].some(saysTotal);
}

export function createOddityTally(headers: MappingFile['columns']): OddityTally {
  const header = Object.values(headers).map(foldedHeader);
  const ids = new Set<string>();
  let idRows = 0;
  const [repeatedIds, repeatedHeaders, controls, several] = [counted(), counted(), counted(), counted()];
  const [columnNumbers, totals] = [counted(), counted()];
  let longest: { line: number; lines: number } | undefined;
  let last = { line: 0, count: CELL_COUNTS.EXACT as number };

  return {
    several(line, lines) {
      note(several, line);
      if (lines > (longest?.lines ?? 0)) longest = { line, lines };
    },
    add(line, cells, count) {
      last = { line, count };
      const [id = ''] = cells;
      if (isHeaderAgain(cells, header)) {
        note(repeatedHeaders, line);
        return;
      }
      if (isColumnNumbers(cells)) note(columnNumbers, line);
      if (isTotalsLine(cells)) note(totals, line);
      if (cells.some((cell) => CONTROLS.test(cell))) note(controls, line);
      if (id === '' || idRows++ >= MOST_IDS) return;
      if (ids.has(id)) note(repeatedIds, line);
      else ids.add(id);
    },
    async found(path) {
      const cut = last.count === CELL_COUNTS.TOO_FEW && !(await endsInLineBreak(path));
      return {
        ...{ repeatedIds, repeatedHeaders, columnNumbers, totals, controls },
        several: longest === undefined ? several : { ...several, longest },
        ...(cut ? { cutLine: last.line } : {}),
      };
    },
  };
}

function counted(): { rows: number; lines: number[] } {
  return { rows: 0, lines: [] };
}

function note(odd: { rows: number; lines: number[] }, line: number): void {
  if (odd.rows++ < NAMED_LINES) odd.lines.push(line);
}

/** In any encoding: UTF-16 has a zero byte beside it. */
async function endsInLineBreak(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2));
    return buffer[1] === 0x0a || buffer[1] === 0x0d || (buffer[1] === 0 && buffer[0] === 0x0a);
  } finally {
    await file.close();
  }
}
