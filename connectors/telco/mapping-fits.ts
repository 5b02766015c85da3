import { ENCODINGS, type Encoding, isUtf16 } from '../kit/decode/encodings.ts';
import { isWorkbook } from '../kit/input-file.ts';
import { KitError } from '../kit/kit-error.ts';
import { detected, EVERY, type FileHead, readHead } from './file-head.ts';

/**
 * Demands that a file does not contradict the encoding that a mapping beside it says: one that is left of an earlier file of the
 * same name would spoil every name with a mark, and the citizens would be told of a mismatch. Only the first half megabyte is looked
 * at; a file without a byte order mark and without marks contradicts nothing.
 *
 * Throws KitError MAPPING_STALE. What else is wrong with the file, its reading says.
 *
 * @param said what the mapping says
 * @param mapping its path
 */
export async function demandFits(file: string, said: Encoding | undefined, mapping: string): Promise<void> {
  if (said === undefined) return;
  const found = await contradicting(file, said);
  if (found === undefined) return;
  throw new KitError('MAPPING_STALE', { file, mapping, said: ENCODINGS[said], found: ENCODINGS[found] });
}

async function contradicting(file: string, said: Encoding): Promise<Encoding | undefined> {
  let head: FileHead;
  try {
    if (await isWorkbook(file)) return undefined;
    head = await readHead(file);
  } catch (error) {
    if (error instanceof KitError) return undefined;
    throw error;
  }
  const { encoding: found, byteOrderMark, texts } = head;
  if (found === undefined || found === said) return undefined;
  // Of either order of bytes: which it is, the file says.
  if (isUtf16(found)) return isUtf16(said) ? undefined : found;
  if (byteOrderMark || isUtf16(said)) return found;
  // Where hardly a cell has marks, an encoding is a guess.
  const shown = found === 'utf-8' ? texts.utf8 : texts.marked;
  if (shown === 0 || detected(texts, [said]) === said) return undefined;
  return detected({ ...texts, rows: 0 }, EVERY) === found ? found : undefined;
}
