import { readFile } from 'node:fs/promises';
import { ProofError } from '../../gateway/proof/errors.ts';
import { parseReceipt, type Receipt, type ReceiptTail, receiptTailText } from '../../gateway/proof/receipt.ts';
import type { SignedKeySet } from '../../gateway/signing/signed-key-set.ts';
import { KitError } from './kit-error.ts';

/**
 * `results.csv.receipt`: the receipt of `gateway/proof`, and one more line with the bytes of the gateway's key set,
 * which the receipt's `key_set` token signs. With it everything is verified from the pinned root alone.
 */
export type ReceiptFile = { readonly receipt: Receipt; readonly keySet: SignedKeySet };

export function receiptPathOf(out: string): string {
  return `${out}.receipt`;
}

/** What ends the file, behind the chunks. */
export function receiptEnd(tail: Omit<ReceiptTail, 'keySet'>, keySet: SignedKeySet): string {
  const payload = Buffer.from(keySet.payload).toString('base64url');
  return `${receiptTailText({ ...tail, keySet: keySet.jws })}${JSON.stringify({ key_set_payload: payload })}\n`;
}

/** Reads the file strictly. Throws KitError RECEIPT_WRONG, whose cause says what does not fit. */
export async function readReceiptFile(path: string): Promise<ReceiptFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new KitError('FILE_MISSING', { file: path }, { cause: error });
  }
  return parseReceiptFile(text, path);
}

export function parseReceiptFile(text: string, path: string): ReceiptFile {
  try {
    const cut = text.lastIndexOf('\n', text.length - 2) + 1;
    const receipt = parseReceipt(text.slice(0, cut));
    const { key_set_payload: encoded } = JSON.parse(text.slice(cut)) as { key_set_payload?: unknown };
    const payload = Buffer.from(String(encoded), 'base64url');
    if (text.slice(cut) !== `${JSON.stringify({ key_set_payload: payload.toString('base64url') })}\n`) {
      throw new KitError('RECEIPT_WRONG', { file: path });
    }
    return { receipt, keySet: { payload, jws: receipt.keySet } };
  } catch (error) {
    if (error instanceof ProofError || error instanceof SyntaxError || error instanceof TypeError) {
      throw new KitError('RECEIPT_WRONG', { file: path }, { cause: error });
    }
    throw error;
  }
}
