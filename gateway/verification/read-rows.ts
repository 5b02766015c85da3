/** Rows from the wire, read for judging: slim rows as numbers, text rows by the profile's parsers. */

import type { RowBatch } from '../exchange/judge-rows.ts';
import {
  bitOf,
  createMatchRow,
  type FileProfile,
  ID_KINDS,
  isCalendarDate,
  NO_HABITS,
  type RowText,
  readRow,
} from '../matching/index.ts';
import type { ChunkColumns } from './chunk-columns.ts';

const FIRST_PERSONAL_ID = 1_000_000_000;
const LAST_PERSONAL_ID = 999_999_999_999;
const ID_FORMAT = bitOf('ID_FORMAT');
const BIRTH_DATE_FORMAT = bitOf('BIRTH_DATE_FORMAT');
const ROW_REF = 16;

type MutableBatch = {
  count: number;
  identifiers: number[];
  idKinds: Uint8Array;
  names: string[];
  birthDates: Uint32Array;
  idReasons: Int32Array;
  birthReasons: Int32Array;
  nameWidth: number;
};

function createBatch(count: number, nameWidth = 0): MutableBatch {
  return {
    count,
    identifiers: new Array<number>(count).fill(0),
    idKinds: new Uint8Array(count),
    names: new Array<string>(count).fill(''),
    birthDates: new Uint32Array(count),
    idReasons: new Int32Array(count),
    birthReasons: new Int32Array(count),
    nameWidth,
  };
}

function putText(batch: MutableBatch, at: number, text: RowText, habits: FileProfile, row = createMatchRow()): void {
  readRow(text, habits, row);
  batch.identifiers[at] = row.idNumber;
  batch.idKinds[at] = row.idKind;
  batch.names[at] = row.name;
  batch.birthDates[at] = row.birthDate;
  batch.idReasons[at] = row.idReasons;
  batch.birthReasons[at] = row.birthReasons;
}

/** One person's three values as a batch of one. */
export function readOne(text: RowText): RowBatch {
  const batch = createBatch(1);
  putText(batch, 0, text, NO_HABITS);
  return batch;
}

/** The slim column that has another length than the two others. */
type UnequalColumn = 'UNEQUAL_IDS' | 'UNEQUAL_NAMES' | 'UNEQUAL_DATES';
export type ChunkProblem = 'EMPTY' | 'TOO_MANY_ROWS' | UnequalColumn | 'ROW_REFS' | 'TEXT_ROW_ORDER';

/**
 * The rows of a chunk in row order. A slim value out of its range makes its row INVALID, as an unreadable text does; only a
 * chunk whose parts do not fit together is refused whole.
 */
export function readChunk(chunk: ChunkColumns, maxRows: number, habits: FileProfile): RowBatch | ChunkProblem {
  const { ids, names, dates, textRows, rowRefs } = chunk;
  const count = ids.length + textRows.length;
  if (count === 0) return 'EMPTY';
  if (count > maxRows) return 'TOO_MANY_ROWS';
  const unequal = unequalColumn(chunk);
  if (unequal !== undefined) return unequal;
  if (rowRefs.length !== count * ROW_REF) return 'ROW_REFS';
  const batch = createBatch(count, habits.nameWidth);
  const row = createMatchRow();
  let slim = 0;
  let text = 0;
  for (let at = 0; at < count; at++) {
    const textRow = textRows[text];
    if (textRow?.index === at) {
      const { idNumber, fullName, dateOfBirth } = textRow;
      putText(batch, at, { idNumber, name: fullName, birthDate: dateOfBirth }, habits, row);
      text += 1;
    } else {
      // Text rows out of order or out of range leave a place that no slim row fills.
      if (slim === ids.length) return 'TEXT_ROW_ORDER';
      putSlim(batch, at, ids[slim] ?? 0, names[slim] ?? '', dates[slim] ?? 0);
      slim += 1;
    }
  }
  return text === textRows.length ? { ...batch, rowRefs } : 'TEXT_ROW_ORDER';
}

function unequalColumn({ ids, names, dates }: ChunkColumns): UnequalColumn | undefined {
  if (ids.length === names.length) return ids.length === dates.length ? undefined : 'UNEQUAL_DATES';
  return names.length === dates.length ? 'UNEQUAL_IDS' : 'UNEQUAL_NAMES';
}

function putSlim(batch: MutableBatch, at: number, id: number, name: string, date: number): void {
  batch.names[at] = name;
  if (id >= FIRST_PERSONAL_ID && id <= LAST_PERSONAL_ID) {
    batch.identifiers[at] = id;
    batch.idKinds[at] = ID_KINDS.PERSONAL;
  } else {
    batch.idReasons[at] = ID_FORMAT;
  }
  if (date % 100 !== 0 && isCalendarDate(date)) batch.birthDates[at] = date;
  else batch.birthReasons[at] = BIRTH_DATE_FORMAT;
}
