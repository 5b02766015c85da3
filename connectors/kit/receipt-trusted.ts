import type { Head } from '../../gateway/proof/checkpoint.ts';
import type { Receipt } from '../../gateway/proof/receipt.ts';
import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import { KitError } from './kit-error.ts';
import { originOf, verifyHead } from './log-heads.ts';
import { readReceiptFile } from './receipt-file.ts';
import { demandClaims, type Expected, type TrustedReceipt, trustReceipt, type Untrusted } from './receipt-trust.ts';

/**
 * A receipt file whose token is believed by way of the pinned root, and says what the file says.
 * Throws KitError FILE_MISSING, RECEIPT_WRONG, RECEIPT_OTHER_AGENCY, RECEIPT_OTHER_DEPLOYMENT,
 * RECEIPT_OTHER_LOG, UNTRUSTED_KEY_SET.
 */
export async function readTrusted(
  path: string,
  root: PublicJwk,
  { logOrigin, ...expected }: Expected & { readonly logOrigin?: string | undefined } = {},
): Promise<{ readonly receipt: Receipt; readonly trusted: TrustedReceipt; readonly head: Head | undefined }> {
  const receipt = await readReceiptFile(path);
  const keySet = { payload: receipt.keySetPayload, jws: receipt.keySet };
  const trusted = trustReceipt({ token: receipt.token, keySet }, root, expected);
  if (!trusted.ok) {
    const { part, problem } = trusted.untrusted;
    if (part === 'agency' || part === 'deployment') throw otherwise(path, trusted.untrusted, expected);
    if (part === 'key_set') throw new KitError('UNTRUSTED_KEY_SET', { problem });
    throw new KitError('RECEIPT_WRONG', { file: path }, { cause: problem });
  }
  demandClaims(receipt, trusted.claims, path);
  const head = logOrigin === undefined ? undefined : verifyHead(receipt.logHead, logOrigin, trusted.set);
  if (logOrigin !== undefined && head === undefined) {
    // Signed by this gateway, for a log that the profile does not name: a right receipt, and a wrong name.
    const found = originOf(receipt.logHead);
    if (verifyHead(receipt.logHead, found, trusted.set) === undefined)
      throw new KitError('RECEIPT_WRONG', { file: path });
    throw new KitError('RECEIPT_OTHER_LOG', { file: path, found, wanted: logOrigin });
  }
  return { receipt, trusted, head };
}

const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const OTHER = { agency: 'RECEIPT_OTHER_AGENCY', deployment: 'RECEIPT_OTHER_DEPLOYMENT' } as const;

/** Anything may stand there in a file that was made up; only what may be a name is repeated. */
function otherwise(
  file: string,
  { part, found }: Extract<Untrusted, { readonly found: string }>,
  expected: Expected,
): KitError {
  if (!NAME.test(found)) return new KitError('RECEIPT_WRONG', { file });
  return new KitError(OTHER[part], { file, found, wanted: expected[part] ?? '' });
}
