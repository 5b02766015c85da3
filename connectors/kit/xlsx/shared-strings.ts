import { MOST_TEXT, unescapeText } from './cell-text.ts';
import { hearXml } from './xml-events.ts';
import type { ZipParts } from './zip-parts.ts';

/** The texts that a workbook's cells refer to by number, packed outside of the heap: a million names take some 30 MB. */
export type SharedStrings = { at(index: number): string | undefined };

export const SHARED_STRINGS = 'xl/sharedStrings.xml';
/** As XML; packed they take less. */
const MOST_BYTES = 1 << 29;
const BLOCK = 1 << 20;

export async function readSharedStrings(file: string, parts: ZipParts, part = SHARED_STRINGS): Promise<SharedStrings> {
  const store = createTextStore();
  if (!parts.has(part)) return store;
  let text = '';
  let inText = false;
  let phonetic = false;
  await hearXml(file, part, await parts.read(part, MOST_BYTES), {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't') inText = !phonetic;
    },
    text(piece) {
      if (inText) text += piece;
      if (text.length > MOST_TEXT * 2) throw new RangeError('text');
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'si') store.add(unescapeText(text));
    },
  });
  return store;
}

/** Texts one after the other in blocks; a text, of less than a block, lies in one. */
export function createTextStore(): SharedStrings & { add(text: string): void } {
  const blocks: Buffer[] = [];
  let places = new Uint32Array(1 << 12);
  let [count, used] = [0, BLOCK];
  return {
    add(text) {
      const size = Buffer.byteLength(text);
      if (used + size > BLOCK) {
        blocks.push(Buffer.allocUnsafeSlow(BLOCK));
        used = 0;
      }
      if ((count + 1) * 3 > places.length) {
        const grown = new Uint32Array(places.length * 2);
        grown.set(places);
        places = grown;
      }
      blocks.at(-1)?.write(text, used);
      places.set([blocks.length - 1, used, size], count * 3);
      used += size;
      count++;
    },
    at(index) {
      if (!(index >= 0 && index < count)) return undefined;
      const [block = 0, from = 0, size = 0] = places.subarray(index * 3, index * 3 + 3);
      return blocks[block]?.toString('utf8', from, from + size);
    },
  };
}
