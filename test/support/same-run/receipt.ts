import { KitError } from '../../../connectors/kit/kit-error.ts';
import { readReceiptFile, receiptPathOf } from '../../../connectors/kit/receipt-file.ts';
import { verifyReceipt } from '../../../connectors/kit/receipt-verify.ts';
import { rootAt } from '../../../gateway/audit/log-store.ts';
import type { Transaction } from '../../../gateway/exchange/log-port.ts';
import { parseCheckpoint } from '../../../gateway/proof/checkpoint.ts';
import { parseToken } from '../../../gateway/signing/parse.ts';
import type { PublicJwk } from '../../../gateway/signing/public-key.ts';
import { EntryKind } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Report } from './difference.ts';
import type { StoredJob } from './job.ts';
import { hex, type LoggedRun } from './log.ts';

export interface ReceiptFacts {
  readonly root: PublicJwk;
  readonly agency: string;
  readonly deployment: string;
  readonly logOrigin: string;
}

/** The receipt verifies offline, and the log has every answer in it, under the head that it names. */
export async function checkReceipt(
  db: Transaction,
  { out, run, job, facts }: { out: string; run: LoggedRun; job: StoredJob; facts: ReceiptFacts },
  report: Report,
): Promise<void> {
  const { root, ...expected } = facts;
  const verified = await verifyReceipt(out, root, expected).catch((error: unknown) => {
    if (error instanceof KitError) return error;
    throw error;
  });
  if (verified instanceof KitError) return report('RECEIPT', verified.reason);
  if (!verified.ok) report('RECEIPT', JSON.stringify(verified.problems.slice(0, 3)));
  if (verified.jobId !== run.jobId) report('RECEIPT', 'job');

  const receipt = await readReceiptFile(receiptPathOf(out));
  if (receipt.token !== job.receipt) report('RECEIPT', 'the gateway keeps another one');
  for (const { num, entryId, answer, root: rowRoot } of receipt.chunks) {
    const logged = run.byId.get(hex(entryId))?.entry;
    const given = logged?.kind === EntryKind.REDELIVERY ? run.byId.get(hex(logged.earlierEntryId))?.entry : logged;
    const parsed = parseToken(answer);
    const told = parsed.ok ? (parsed.token.claims as { dig?: string; rqd?: string; leaf?: string }) : {};
    const digest = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
    const holds =
      logged !== undefined &&
      given?.kind === EntryKind.CHUNK &&
      given.chunkNum === num &&
      told.leaf === digest(entryId) &&
      told.dig === digest(logged.answerDigest) &&
      told.rqd === digest(logged.requestDigest) &&
      digest(given.rowRoot) === digest(rowRoot);
    if (!holds) report('RECEIPT_LEAF', `chunk ${num}`);
  }
  const { head } = parseCheckpoint(receipt.logHead);
  const stored = await rootAt(db, head.size).catch(() => undefined);
  if (stored === undefined || hex(stored) !== hex(head.root)) report('HEAD', 'another log');
  const last = Math.max(...Array.from(receipt.chunks, ({ entryId }) => run.byId.get(hex(entryId))?.index ?? -1));
  if (last >= head.size) report('HEAD', 'does not cover every answer');
}

/** Each chunk that is stored is the one whose entry stands in the log. */
export function checkChunks(run: LoggedRun, job: StoredJob, report: Report): void {
  for (const { num, digest, entryId, rowRoot, rows } of job.chunks) {
    const entry = run.byId.get(hex(entryId))?.entry;
    const holds =
      entry?.kind === EntryKind.CHUNK &&
      entry.chunkNum === num &&
      entry.rows === rows &&
      hex(entry.requestDigest) === hex(digest) &&
      hex(entry.rowRoot) === hex(rowRoot);
    if (!holds) report('CHUNK', `chunk ${num}`);
  }
}
