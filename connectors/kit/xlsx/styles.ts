import { builtInFormat, type CellFormat, formatOf, PLAIN } from './cell-text.ts';
import { hearXml } from './xml-events.ts';
import type { ZipParts } from './zip-parts.ts';

const MOST_BYTES = 64 << 20;

/** The format of each cell style, by its number. */
export async function readStyles(
  file: string,
  parts: ZipParts,
  part = 'xl/styles.xml',
): Promise<readonly CellFormat[]> {
  if (!parts.has(part)) return [];
  const codes = new Map<number, CellFormat>();
  const formats: CellFormat[] = [];
  let inCells = false;
  await hearXml(file, part, await parts.read(part, MOST_BYTES), {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), formatOf(attributes.formatCode ?? ''));
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) {
        const id = Number(attributes.numFmtId ?? 0);
        formats.push(codes.get(id) ?? builtInFormat(id) ?? PLAIN);
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return formats;
}
