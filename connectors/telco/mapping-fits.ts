import { foldedHeader } from '../kit/csv-header.ts';
import { ENCODINGS, type Encoding, isUtf16 } from '../kit/decode/encodings.ts';
import { isWorkbook } from '../kit/input-file.ts';
import { KitError } from '../kit/kit-error.ts';
import { certainDateOrder } from '../kit/learn/date-order.ts';
import { createDateTally } from '../kit/learn/date-tally.ts';
import type { SentProfile } from '../kit/learn/finding.ts';
import { printable } from '../kit/printable.ts';
import { detected, EVERY, type FileHead, readHead } from './file-head.ts';
import { findTable, headerAbove, type LookedFor } from './find-table.ts';

/** What a mapping says of its file, as far as nobody says it anew. */
export type Said = {
  readonly encoding?: Encoding | undefined;
  readonly dateOrder?: SentProfile['dateOrder'] | undefined;
  /** By which the file will be read, whoever says so, and its own header of the dates: the order is looked for there. */
  readonly readAs?: Encoding | undefined;
  readonly birthColumn?: string | undefined;
  /** Line of its header, whoever says so. */
  readonly headerLine?: number | undefined;
  /** What the mapping itself says of that, and of the sheet and the columns: none of these may stand further up. */
  readonly place?: { readonly headerLine: number } & Pick<LookedFor, 'sheet' | 'columns'>;
};

/**
 * Demands that a file does not contradict the encoding and the order of dates that a mapping beside it says: one that is left of an
 * earlier file of the same name would spoil every name with a mark, or exchange day and month of two dates in five, and the citizens
 * would be told of a mismatch. Nor may a header stand above the one that the mapping says: its rows would have no result. Only the first half megabyte is looked at, of a workbook no texts; a file without a byte order mark
 * and without marks contradicts no encoding, and an order only one that shows the other as strongly as a file must to be read so.
 *
 * Throws KitError MAPPING_STALE. What else is wrong with the file, its reading says.
 *
 * @param mapping its path
 */
export async function demandFits(file: string, said: Said, mapping: string): Promise<void> {
  const contrary = (await headerContradiction(file, said)) ?? (await contradiction(file, said));
  if (contrary !== undefined) throw new KitError('MAPPING_STALE', { file, mapping, ...contrary });
}

async function headerContradiction(file: string, { place, readAs }: Said): Promise<Contradiction | undefined> {
  if (place === undefined) return undefined;
  const { headerLine, ...looked } = place;
  const above = await headerAbove(file, { ...looked, encoding: readAs }, headerLine);
  return (
    above && {
      said: placeText({ sheet: undefined, headerLine }),
      found: placeText({ sheet: undefined, headerLine: above.line }),
    }
  );
}

/** A place as a mapping says it. */
function placeText({ sheet, headerLine }: Pick<Place, 'sheet'> & { readonly headerLine: number | undefined }): string {
  const name = sheet === undefined ? [] : [`sheet "${printable(sheet)}"`];
  return [...name, `header_line ${headerLine ?? 'null'}`].join(', ');
}

/** Where a file was read in vain for a header. */
export type Place = {
  readonly file: string;
  readonly mapping: string | undefined;
  readonly sheet: string | undefined;
  readonly headerLine: number | undefined;
  readonly columns: Readonly<Record<string, string>>;
  readonly encoding: Encoding | undefined;
};

/** What to say of a file whose table begins elsewhere than it was read from, by a mapping or without; undefined where it does not. */
export async function tableElsewhere(read: Place): Promise<KitError | undefined> {
  const { file, mapping, sheet, headerLine } = read;
  const here = await findTable(file, read);
  const place = here ?? (sheet === undefined ? undefined : await findTable(file, { ...read, sheet: undefined }));
  if (place === undefined) return undefined;
  const sameLine = headerLine === undefined ? place.firstLine : place.line === headerLine;
  const sameSheet = sheet === undefined ? place.firstSheet : here !== undefined;
  if (sameLine && sameSheet) return undefined;
  if (mapping !== undefined) {
    const found = { sheet: sameSheet ? undefined : place.sheet, headerLine: place.line };
    const said = placeText({ sheet: sameSheet ? undefined : sheet, headerLine });
    return new KitError('MAPPING_STALE', { file, mapping, said, found: placeText(found) });
  }
  const options = [
    ...(sameSheet ? [] : [`--sheet "${printable(place.sheet ?? '')}"`]),
    ...(place.firstLine && headerLine === undefined ? [] : [`--header-line ${place.line}`]),
  ];
  return new KitError('TABLE_ELSEWHERE', { file, options: options.join(' ') });
}

type Contradiction = { readonly said: string; readonly found: string };

async function contradiction(file: string, said: Said): Promise<Contradiction | undefined> {
  if (said.encoding === undefined && said.dateOrder === undefined) return undefined;
  const { encoding, dateOrder, readAs, birthColumn, headerLine } = said;
  try {
    if (await isWorkbook(file)) return undefined;
    const written =
      encoding === undefined ? undefined : otherEncoding(await readHead(file, undefined, headerLine), encoding);
    if (encoding !== undefined && written !== undefined)
      return { said: ENCODINGS[encoding], found: ENCODINGS[written] };
    if (dateOrder === undefined || birthColumn === undefined) return undefined;
    const order = shownOrder(await readHead(file, readAs, headerLine), birthColumn);
    return order === undefined || order === dateOrder ? undefined : { said: dateOrder, found: order };
  } catch (error) {
    if (error instanceof KitError) return undefined;
    throw error;
  }
}

function shownOrder({ columns }: FileHead, birthColumn: string): SentProfile['dateOrder'] | undefined {
  const cells = columns.find(({ header }) => foldedHeader(header) === foldedHeader(birthColumn))?.cells ?? [];
  const tally = createDateTally();
  // Numbers only tell from when days are counted.
  for (const cell of cells) tally.add(cell, '');
  return certainDateOrder(tally.counts().order);
}

function otherEncoding({ encoding: found, byteOrderMark, texts }: FileHead, said: Encoding): Encoding | undefined {
  if (found === undefined || found === said) return undefined;
  // Of either order of bytes: which it is, the file says.
  if (isUtf16(found)) return isUtf16(said) ? undefined : found;
  if (byteOrderMark || isUtf16(said)) return found;
  // Where hardly a cell has marks, an encoding is a guess.
  const shown = found === 'utf-8' ? texts.utf8 : texts.marked;
  if (shown === 0 || detected(texts, [said]) === said) return undefined;
  return detected({ ...texts, rows: 0 }, EVERY) === found ? found : undefined;
}
