import { CHUNK_CELLS } from '../kit/chunk-build.ts';
import { CELL_COUNTS, fileBytes, readCsv } from '../kit/csv-read.ts';
import { decodeSource } from '../kit/decode/decode-source.ts';
import { createUnreadable, type Unreadable } from '../kit/decode/unreadable.ts';
import { type InputFile, openInput } from '../kit/input-file.ts';
import { KitError } from '../kit/kit-error.ts';
import { MONTH_FIRST } from '../kit/learn/date-order.ts';
import { type LearntFile, type StatedProfile, sentProfile } from '../kit/learn/finding.ts';
import { firstPass, type ReadingProgress } from '../kit/learn/first-pass.ts';
import { printable } from '../kit/printable.ts';
import { foldHeader, isPartOfName } from './column-words.ts';
import { telco } from './connector.ts';
import { createDamageTally, type Damage } from './damage.ts';
import { type FileHead, readHead } from './file-head.ts';
import { findTable } from './find-table.ts';
import { MAPPING_COLUMNS, type MappingFile } from './mapping-file.ts';
import { type MergedColumn, mergedColumns } from './merged-cells.ts';
import { type Proposal, proposeColumns } from './propose-columns.ts';
import { createOddityTally, type RowOddities } from './row-oddities.ts';

export type InspectOptions = {
  readonly file: string;
  readonly sheet?: string | undefined;
  /** Line or row of the header; the first that is not empty unless given. */
  readonly headerLine?: number | undefined;
  /** What the user says of columns and file; the rest is found out. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  readonly stated?: StatedProfile | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onOpening?: ((progress: ReadingProgress) => void) | undefined;
  readonly onReading?: ((progress: ReadingProgress) => void) | undefined;
};

export type Inspection = {
  /** Of a workbook. */
  readonly sheet: string | undefined;
  /** Where the header is not the first line that is not empty, or the user said which it is. */
  readonly headerLine: number | undefined;
  /** Of the text; a workbook has none of it. */
  readonly form: Pick<FileHead, 'separator' | 'byteOrderMark' | 'quotes' | 'lineEnd'> | undefined;
  readonly proposal: Proposal;
  readonly learnt: LearntFile;
  readonly rows: number;
  /** Rows whose cells were looked at one by one: all of the first hundred thousand, then one in sixteen. */
  readonly looked: number;
  readonly tooFew: Found;
  readonly tooMany: Found;
  readonly unreadable: Unreadable;
  readonly damage: readonly Damage[];
  readonly oddities: RowOddities;
  /** Of a workbook: cells that merges hide. */
  readonly merged: readonly MergedColumn[];
  /** The agency's own first rows, in the order of the connector's columns. */
  readonly examples: readonly { readonly line: number; readonly cells: readonly string[] }[];
  readonly mapping: MappingFile;
};

/** How many rows, and the lines of the first of them. */
export type Found = { readonly rows: number; readonly lines: readonly number[] };

const BATCH_ROWS = 4096;
const ALL_BELOW = 100_000;
const THEN_EVERY = 16;
const [NAMED_LINES, EXAMPLES] = [3, 3];

/**
 * Looks at a file as a telco's systems wrote it: which column is which, how its text is to be read, what of it looks damaged. Asks no
 * gateway. Where its table begins is found out too. Throws KitError COLUMNS_NOT_FOUND, which names the ones; NAME_IN_PARTS, HEADER_ABSENT, and what reading it throws.
 */
export async function inspectFile(options: InspectOptions): Promise<Inspection> {
  const { stated = {}, signal, onOpening, onReading } = options;
  const { sheet, headerLine } = await placeOf(options);
  const input = await openInput(options.file, { sheet, headerLine, signal, onReading: onOpening });
  try {
    // A workbook's texts are Unicode whatever anybody says.
    const said: StatedProfile = input.original === undefined ? stated : { ...stated, encoding: 'utf-8' };
    const head = await readHead(input.path, said.encoding, headerLine);
    const proposal = proposeColumns(head.columns, options.columns);
    const columns = headersOf(proposal, options.columns);
    const wanted = telco.wanted(columns);
    const pass = { columns: wanted, headerLine, batchRows: BATCH_ROWS, stated: said, signal, onReading };
    const { learnt } = await firstPass(input.path, pass);
    const { dateOrder, encoding, ...habits } = sentProfile(learnt);
    return {
      ...{ sheet: input.original?.sheet, headerLine, proposal, learnt, merged: mergedColumns(input, wanted) },
      form: input.original === undefined ? formOf(head) : undefined,
      ...(await lookAtRows(input, { ...habits, dateOrder, encoding }, columns, signal)),
      mapping: {
        columns,
        sheet: input.original?.sheet,
        headerLine,
        // What one file shows of its systems holds for the next; habits of its rows are learnt of each.
        stated: {
          ...stated,
          encoding: input.original === undefined ? encoding : undefined,
          dateOrder: showsOrder(learnt) ? dateOrder : undefined,
        },
      },
    };
  } finally {
    await input.remove();
  }
}

/** Which sheet and line the table begins on, as far as nobody says so: as a reading finds it by itself, where no columns are known. */
async function placeOf({ file, sheet, headerLine, stated, columns }: InspectOptions) {
  if (headerLine !== undefined) return { sheet, headerLine };
  const place = await findTable(file, { sheet, encoding: stated?.encoding, columns });
  return { sheet: sheet ?? place?.sheet, headerLine: place?.firstLine === false ? place.line : undefined };
}

/**
 * The user said which, or the dates that can be read in one order only say it. A few that say the other than the file is read by
 * say nothing of the next file: a mapping would hold against all that that one shows.
 */
function showsOrder({ dateOrder: { value, stated, evidence } }: LearntFile): boolean {
  const { dayFirst = 0, monthFirst = 0 } = evidence;
  return stated || value === 'month-first' || (dayFirst > 0 && monthFirst <= dayFirst * MONTH_FIRST.contrary);
}

function formOf({ separator, byteOrderMark, quotes, lineEnd }: FileHead): Inspection['form'] {
  return { separator, byteOrderMark, quotes, lineEnd };
}

function headersOf({ columns, missing, unused }: Proposal, stated: InspectOptions['columns']): MappingFile['columns'] {
  telco.wanted(stated);
  if (missing.includes('full_name') && unused.some(isPartOfName)) {
    const parts = unused.filter((header) => isPartOfName(header) || foldHeader(header) === 'ten');
    throw new KitError('NAME_IN_PARTS', { parts: parts.map(printable).join(', ') });
  }
  if (missing.length > 0) {
    const found = columns.map(({ name, header }) => `${name} = ${printable(header)}`).join(', ');
    throw new KitError('COLUMNS_NOT_FOUND', { missing: missing.join(', '), found: found === '' ? '–' : found });
  }
  const headerOf = (wanted: string) => columns.find(({ name }) => name === wanted)?.header;
  return Object.fromEntries(MAPPING_COLUMNS.map((name) => [name, headerOf(name)])) as MappingFile['columns'];
}

async function lookAtRows(
  { path, headerLine }: InputFile,
  habits: ReturnType<typeof sentProfile>,
  headers: MappingFile['columns'],
  signal: AbortSignal | undefined,
): Promise<
  Pick<Inspection, 'rows' | 'looked' | 'tooFew' | 'tooMany' | 'unreadable' | 'damage' | 'oddities' | 'examples'>
> {
  const unreadable = createUnreadable();
  const { source, decode } = decodeSource(fileBytes(path), habits.encoding, unreadable);
  const columns = CHUNK_CELLS.map((name) => ({ name, header: headers[name] }));
  const damage = createDamageTally(habits);
  const oddities = createOddityTally(headers);
  const odd = [CELL_COUNTS.TOO_FEW, CELL_COUNTS.TOO_MANY].map((kind) => ({ kind, rows: 0, lines: [] as number[] }));
  const examples: Inspection['examples'][number][] = [];
  let [rows, looked, batches] = [0, 0, 0];
  const options = { columns, batchRows: BATCH_ROWS, decode, headerLine, onSeveral: oddities.several };
  for await (const { count, lines, cells, cellCounts } of readCsv(source, options)) {
    if (signal?.aborted === true) throw new KitError('INTERRUPTED');
    const [, , ids = [], names = [], dates = []] = cells;
    const closely = rows < ALL_BELOW || batches++ % THEN_EVERY === 0;
    for (let i = 0; i < count; i++) {
      const line = lines[i] ?? 0;
      const shape = odd.find(({ kind }) => kind === cellCounts[i]);
      if (shape !== undefined && shape.rows++ < NAMED_LINES) shape.lines.push(line);
      const own = cells.map((column) => column[i] ?? '');
      if (examples.length < EXAMPLES) examples.push({ line, cells: own });
      oddities.add(line, own, cellCounts[i] ?? 0);
      if (!closely || cellCounts[i] === CELL_COUNTS.TOO_MANY) continue;
      looked++;
      damage.add({ line, idNumber: ids[i] ?? '', name: names[i] ?? '', birthDate: dates[i] ?? '' });
    }
    rows += count;
  }
  const [tooFew, tooMany] = odd.map(({ rows: found, lines }): Found => ({ rows: found, lines }));
  const none: Found = { rows: 0, lines: [] };
  return {
    ...{ rows, looked, tooFew: tooFew ?? none, tooMany: tooMany ?? none },
    ...{ unreadable: unreadable.result(), damage: damage.found(), oddities: await oddities.found(path), examples },
  };
}
