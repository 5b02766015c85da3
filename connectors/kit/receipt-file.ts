import { readFile } from 'node:fs/promises';
import { ProofError } from '../../gateway/proof/errors.ts';
import { parseReceipt, type Receipt } from '../../gateway/proof/receipt.ts';
import { KitError } from './kit-error.ts';
import { unreadableFile } from './unreadable-file.ts';

export function receiptPathOf(out: string): string {
  return `${out}.receipt`;
}

/** Reads a receipt strictly. Throws KitError FILE_MISSING, RECEIPT_WRONG, whose cause says what does not fit. */
export async function readReceiptFile(path: string): Promise<Receipt> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw unreadableFile(path, error);
  }
  try {
    return parseReceipt(text);
  } catch (error) {
    if (error instanceof ProofError) throw new KitError('RECEIPT_WRONG', { file: path }, { cause: error });
    throw error;
  }
}
