import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { MOST_TEXT } from './cell-text.ts';
import { MOST_ROWS } from './sheet-rows.ts';

/** A workbook of texts: no cell is a formula, a number or a link, whatever it begins with. */
export type WorkbookToWrite = {
  readonly title: string;
  readonly header: readonly string[];
  /** Characters, column by column. */
  readonly widths: readonly number[];
  readonly rows: AsyncIterable<readonly (readonly string[])[]>;
};

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/**
 * Writes a workbook, row by row: memory does not grow with it. A sheet has the header and up to 1,048,575 rows; what is more goes
 * to further sheets. Returns how many rows and sheets there are. The file is only its owner's to read.
 *
 * @param rowsPerSheet for tests
 */
export async function writeWorkbook(
  path: string,
  { title, header, widths, rows }: WorkbookToWrite,
  rowsPerSheet = MOST_ROWS - 1,
): Promise<{ readonly rows: number; readonly sheets: number }> {
  const zip = new yazl.ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }));
  const source = rows[Symbol.asyncIterator]();
  let pending: readonly (readonly string[])[] = [];
  let total = 0;
  let done = false;

  /** Up to `most` further rows; undefined behind the last. */
  async function take(most: number): Promise<readonly (readonly string[])[] | undefined> {
    while (pending.length === 0 && !done) {
      const next = await source.next();
      if (next.done === true) done = true;
      else pending = next.value;
    }
    if (pending.length === 0) return undefined;
    const taken = pending.slice(0, most);
    pending = pending.slice(most);
    return taken;
  }

  async function* sheetXml(): AsyncGenerator<string> {
    const cols = widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`);
    yield `${HEAD}<worksheet ${NS}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${cols.join('')}</cols><sheetData>${rowXml(header, 1)}`;
    let here = 0;
    while (here < rowsPerSheet) {
      const some = await take(rowsPerSheet - here);
      if (some === undefined) break;
      yield some.map((cells) => rowXml(cells, 0)).join('');
      here += some.length;
      total += some.length;
    }
    yield '</sheetData></worksheet>';
  }

  async function addSheets(): Promise<number> {
    for (let number = 1; ; number++) {
      const stream = Readable.from(sheetXml(), { objectMode: false });
      const ended = finished(stream);
      zip.addReadStream(stream, `xl/worksheets/sheet${number}.xml`);
      await ended;
      // Whether rows are left is known once they were asked for.
      if ((await take(0)) === undefined) return number;
    }
  }

  async function write(): Promise<number> {
    const sheets = await addSheets();
    for (const [name, text] of packageParts(title, sheets)) zip.addBuffer(Buffer.from(HEAD + text), name);
    zip.end();
    return sheets;
  }

  // Told by the stream that failed as well.
  zip.on('error', () => undefined);
  const making = write().catch((error: unknown) => {
    (zip.outputStream as Readable).destroy(error as Error);
    throw error;
  });
  const [sheets] = await Promise.all([making, written]);
  return { rows: total, sheets };
}

/** `style` 1 is bold. */
function rowXml(cells: readonly string[], style: 0 | 1): string {
  const texts = cells.map((cell) =>
    cell === ''
      ? '<c/>'
      : `<c s="${style === 1 ? 2 : 1}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`,
  );
  return `<row>${texts.join('')}</row>`;
}

const SPECIAL: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function xmlText(cell: string): string {
  return (
    cell
      .slice(0, MOST_TEXT)
      .toWellFormed()
      // What would be read as an escape, and what XML cannot hold.
      .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
      .replace(
        /[\0-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]/g,
        (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
      )
      .replace(/[&<>]/g, (c) => SPECIAL[c] ?? c)
  );
}

function packageParts(title: string, sheets: number): [name: string, xml: string][] {
  const numbers = Array.from({ length: sheets }, (_, i) => i + 1);
  const relation = (id: number, type: string, target: string): string =>
    `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relations = (all: string): string =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all}</Relationships>`;
  const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const override = (part: string, type: string): string =>
    `<Override PartName="/xl/${part}.xml" ContentType="${main}.${type}+xml"/>`;
  const sheetName = (n: number): string => xmlText(sheets === 1 ? title : `${title} ${n}`);
  return [
    [
      '[Content_Types].xml',
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override('workbook', 'sheet.main')}${override('styles', 'styles')}${numbers.map((n) => override(`worksheets/sheet${n}`, 'worksheet')).join('')}</Types>`,
    ],
    ['_rels/.rels', relations(relation(1, 'officeDocument', 'xl/workbook.xml'))],
    [
      'xl/workbook.xml',
      `<workbook ${NS} xmlns:r="${OFFICE}"><sheets>${numbers.map((n) => `<sheet name="${sheetName(n)}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relations(
        numbers.map((n) => relation(n, 'worksheet', `worksheets/sheet${n}.xml`)).join('') +
          relation(sheets + 1, 'styles', 'styles.xml'),
      ),
    ],
    [
      'xl/styles.xml',
      // Format 49 is "text": what a person types into such a cell stays text too.
      `<styleSheet ${NS}><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`,
    ],
  ];
}
