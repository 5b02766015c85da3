import { KitError } from '../../../connectors/kit/kit-error.ts';
import { readReceiptFile } from '../../../connectors/kit/receipt-file.ts';
import { parseToken } from '../../signing/parse.ts';

/**
 * The profile (`id:version`) that the signed answer of the row's chunk names; undefined where there is no receipt that says so. Not
 * verified here, and nothing but a note rests on it: `receipt verify` proves it.
 */
export async function profileInReceipt(path: string, proofRef: string): Promise<string | undefined> {
  try {
    const receipt = await readReceiptFile(path);
    const chunk = receipt.chunks.find(({ num }) => num === Number(proofRef.split(':')[0]));
    const parsed = chunk === undefined ? undefined : parseToken(chunk.answer);
    const revisions = parsed?.ok === true ? parsed.token.claims.rev : undefined;
    const { profile } = Object(revisions) as { profile?: unknown };
    return typeof profile === 'string' ? profile : undefined;
  } catch (error) {
    if (error instanceof KitError) return undefined;
    throw error;
  }
}
