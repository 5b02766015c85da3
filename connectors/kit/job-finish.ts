import { faultPoint } from '../../gateway/faults/point.ts';
import { type Receipt, receiptTailText } from '../../gateway/proof/receipt.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { SignedClient } from './client.ts';
import { KitError } from './kit-error.ts';
import type { Patience } from './patience.ts';
import type { ResultWriter } from './result-writer.ts';

/**
 * Closes a job whose chunks are all written, checks that the gateway's receipt says what was received here (rows,
 * totals, root), that its log head continues the one kept last, and ends the receipt file.
 */
export async function finishJob({
  client,
  job,
  terms,
  writer,
  carried,
  patience,
  signal,
}: {
  client: SignedClient;
  job: { readonly id: string; readonly opening: string };
  terms: { readonly purpose: string };
  writer: ResultWriter;
  /** Rows of the results that other receipts prove. */
  carried: Receipt['carried'];
  patience: Patience;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { closeJob } = VerificationService.method;
  const request = client.prepare(closeJob, {
    context: { purpose: terms.purpose },
    jobId: job.id,
    expectedChunks: writer.written,
    expectedRows: BigInt(writer.rows),
  });
  const close = () => client.unaryBytes(closeJob, request, { signal, retryForMs: 0 });
  const { message } = await patience.through(close, signal);
  if (message.missing.length > 0) throw new KitError('INCOMPLETE', { problem: 'CHUNKS_MISSING' });
  const { receipt: token, checkpoint } = message;
  const claims = await client.check.token(token, Buffer.from(checkpoint, 'utf8'), {
    typ: 'lt-receipt+jws',
    form: 'receipt',
    facts: { job: job.id, opening: job.opening },
  });
  const rowRoot = writer.rowRoot();
  const { verdicts } = writer.tally;
  const totalsAgree =
    Object.entries(claims.totals).every(([verdict, rows]) => (verdicts[verdict] ?? 0) === rows) &&
    Object.values(claims.totals).reduce((sum, rows) => sum + rows, 0) === writer.rows;
  const agrees =
    claims.cnt === writer.written &&
    claims.rows === writer.rows &&
    totalsAgree &&
    claims.root === Buffer.from(rowRoot).toString('base64url') &&
    claims.head === checkpoint &&
    claims.dig === digestOf(Buffer.from(checkpoint, 'utf8'));
  if (!agrees) throw new KitError('UNTRUSTED_ANSWER', { problem: 'RECEIPT_DIFFERS' });
  faultPoint('client-receipt');
  await patience.through(() => client.logHeads.advance(checkpoint), signal);
  const { signed } = await client.keySet.get();
  const keys = { keySet: signed.jws, keySetPayload: signed.payload };
  await writer.appendReceipt(
    receiptTailText({ carried, rows: writer.rows, rowRoot, token, logHead: checkpoint, ...keys }),
  );
}
