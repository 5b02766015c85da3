/** A row of `person_match` as binary COPY writes it: only the name has no fixed length. */

/** The columns, in the order of the bytes. */
export const MATCH_COLUMNS =
  'value, person_no, current_id, birth_date, kind, id_status, sex, person_status, log_key, name';

const WIDTHS = [8, 8, 8, 4, 2, 2, 2, 2, 16] as const;
const COUNT = WIDTHS.length + 1;

/** Place of each value in the row, in the order of the columns: the count of the columns before, and a length before each. */
const PLACES: readonly number[] = [...WIDTHS, 0].map(
  (_, column) => 6 + WIDTHS.slice(0, column).reduce<number>((sum, width) => sum + width + 4, 0),
);
const at = (column: number): number => PLACES[column] ?? 0;
export const MATCH = {
  value: at(0),
  personNo: at(1),
  currentId: at(2),
  birthDate: at(3),
  kind: at(4),
  idStatus: at(5),
  sex: at(6),
  personStatus: at(7),
  logKey: at(8),
  nameLength: at(9) - 4,
  name: at(9),
} as const;

/** A row without values: what each row begins as. Its log key is there: a first load gives everybody one. */
export const EMPTY_MATCH: Buffer = Buffer.alloc(MATCH.name);
EMPTY_MATCH.writeInt16BE(COUNT, 0);
for (const [column, width] of WIDTHS.entries()) EMPTY_MATCH.writeInt32BE(width, at(column) - 4);

const HIGH = 4294967296;

/** A bigint from 0 to 2^53 at `place`. */
export const readBigint = (view: DataView, place: number): number =>
  view.getUint32(place) * HIGH + view.getUint32(place + 4);

export function writeBigint(view: DataView, place: number, value: number): void {
  const high = Math.floor(value / HIGH);
  view.setUint32(place, high);
  view.setUint32(place + 4, value - high * HIGH);
}

/** Where the row that begins at `place` ends. */
export const matchEnd = (view: DataView, place: number): number =>
  place + MATCH.name + view.getInt32(place + MATCH.nameLength);
