import { posix } from 'node:path';
import { KitError } from '../kit-error.ts';
import { WORKBOOK_WORDS } from './workbook-words.ts';
import { hearXml } from './xml-events.ts';
import type { ZipParts } from './zip-parts.ts';

export type Sheet = { readonly name: string; readonly part: string };
export type Workbook = {
  readonly sheets: readonly Sheet[];
  readonly from1904: boolean;
  readonly sharedStrings: string;
  readonly styles: string;
};

const MOST_BYTES = 64 << 20;

/** Sheets of cells in their order, hidden ones left out. Throws KitError XLSX_WRONG. */
export async function readWorkbook(file: string, parts: ZipParts): Promise<Workbook> {
  const main = await mainPart(file, parts);
  const targets = await readTargets(file, parts, main);
  const sheets: Sheet[] = [];
  let from1904 = false;
  await hearXml(file, main, await parts.read(main, MOST_BYTES), {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (name !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return;
      const id = Object.entries(attributes).find(([key]) => key === 'id' || key.endsWith(':id'))?.[1];
      const target = targets.find((one) => one.id === id && one.type.endsWith('/worksheet'));
      if (target !== undefined) sheets.push({ name: attributes.name ?? '', part: target.part });
    },
  });
  const partOf = (type: string, usual: string): string =>
    targets.find((one) => one.type.endsWith(type))?.part ?? posix.join(posix.dirname(main), usual);
  return {
    ...{ sheets, from1904 },
    sharedStrings: partOf('/sharedStrings', 'sharedStrings.xml'),
    styles: partOf('/styles', 'styles.xml'),
  };
}

/** The sheet of that name, without regard to case; the first where none is named. Throws KitError SHEET_MISSING. */
export function sheetOf(file: string, { sheets }: Workbook, wanted: string | undefined): Sheet {
  const fold = (name: string): string => name.trim().normalize('NFC').toLowerCase();
  const sheet = wanted === undefined ? sheets[0] : sheets.find(({ name }) => fold(name) === fold(wanted));
  if (sheet !== undefined) return sheet;
  throw new KitError('SHEET_MISSING', { file, sheet: wanted ?? '1', found: sheets.map(({ name }) => name).join(', ') });
}

async function mainPart(file: string, parts: ZipParts): Promise<string> {
  if (!parts.has('[Content_Types].xml')) throw new KitError('XLSX_WRONG', { file, problem: WORKBOOK_WORDS.noWorkbook });
  const found = (await readTargets(file, parts, '')).find(({ type }) => type.endsWith('/officeDocument'));
  const main = found?.part ?? 'xl/workbook.xml';
  if (!parts.has(main)) throw new KitError('XLSX_WRONG', { file, problem: WORKBOOK_WORDS.noWorkbookInIt });
  return main;
}

/** The parts that a part refers to; those outside of the package are left alone. */
async function readTargets(file: string, parts: ZipParts, of: string) {
  const folder = posix.dirname(of);
  const part = posix.join(folder, '_rels', `${posix.basename(of)}.rels`);
  const targets: { id: string; type: string; part: string }[] = [];
  if (!parts.has(part)) return targets;
  await hearXml(file, part, await parts.read(part, MOST_BYTES), {
    open(name, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode = '' }) {
      if (name !== 'Relationship' || mode === 'External') return;
      targets.push({ id, type, part: target.startsWith('/') ? target.slice(1) : posix.join(folder, target) });
    },
  });
  return targets;
}
