/**
 * An objection is to a use. Objected to again while that waits it is no second matter, whose period would begin later, and hundreds of
 * one person's are none that officers have to look through. What prompted it the next time is kept beside the first, for the officers.
 */
import { MatterKind, type Receipt } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Effect } from '../exchange/log-port.ts';
import { drawRandom } from '../sealing/random.ts';
import type { Database } from '../storage/pool.ts';
import { OF_PERSON, RESTRICTED } from './consent-store.ts';
import type { Matter } from './matter-effects.ts';
import { mayAskToday, TOO_MANY } from './most-matters.ts';
import { type MatterRow, MOST_NAMED, NAMED, type ReceiptDeps, SELECT_MATTERS, toReceipts } from './receipts.ts';

const RETRY_MS = 500;
/** Sent again it finds what was recorded, decided or lifted meanwhile. */
const SENT_AGAIN = { reason: ErrorReason.STORAGE_UNAVAILABLE, facts: { retryAfterMs: RETRY_MS } } as const;

/**
 * Objections of a person ($1), in whichever record of theirs, to this recipient ($2) and purpose ($3) that wait for an officer. A list
 * may still have one that was lifted: what stands restricted says that it was not.
 */
const OPEN = `SELECT o.receipt_id FROM matter_open o WHERE o.kind = ${MatterKind.OBJECTION} AND o.scope_no = ANY (ARRAY(
    SELECT s.scope_no FROM consent_scope s JOIN consent_use u USING (use_no)
    WHERE ${OF_PERSON} AND u.recipient = $2 AND u.purpose = $3 AND ${RESTRICTED}))`;
const openOf = ({ personNo, recipient, purpose }: Matter) => [personNo, recipient, purpose];

/** Of several from before they were one, the first, whose clock runs out first. */
export async function openObjection(db: Database, matter: Matter): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ receipt_id: Buffer }>(
    `SELECT receipt_id FROM consent_matter WHERE receipt_id = ANY (ARRAY(${OPEN})) ORDER BY recorded_at, receipt_id LIMIT 1`,
    openOf(matter),
  );
  return rows[0]?.receipt_id;
}

export async function receiptOfObjection(deps: ReceiptDeps, receiptId: Buffer): Promise<Receipt | undefined> {
  const { rows } = await deps.db.query<MatterRow>(`${SELECT_MATTERS} WHERE m.receipt_id = $1`, [receiptId]);
  return (await toReceipts(rows, deps))[0];
}

/**
 * To run while CHANGES is held exclusively: of two at the same instant, at whichever gateways, the second sees the first. Before their
 * proofs, which count once.
 */
export const mustBeFirst = (matter: Matter): Effect => ({
  text: `SELECT 1 WHERE NOT EXISTS (${OPEN})`,
  values: openOf(matter),
  orRefuse: SENT_AGAIN,
});

/** Holds the objection until the commit: who decides or lifts it meanwhile comes after, or this is refused. */
const mustStillWait = (receiptId: Buffer): Effect => ({
  text: 'SELECT 1 FROM matter_open WHERE receipt_id = $1 FOR KEY SHARE',
  values: [receiptId],
  orRefuse: SENT_AGAIN,
});

/** What was named with an objection `m`, the entry that it began with too. */
const NAMES = `FROM consent_matter n WHERE n.scope_no = m.scope_no AND n.revision = m.revision
  AND n.kind IN (${NAMED}, ${MatterKind.OBJECTION})`;

/** One access more than those that officers are shown is refused, so that nobody takes it for heard. What was named before is named again. */
const mayName = (receiptId: Buffer, about: Buffer): Effect => ({
  text: `SELECT 1 FROM consent_matter m WHERE m.receipt_id = $1 AND (EXISTS (SELECT ${NAMES} AND n.about_entry = $2)
  OR (SELECT count(*) ${NAMES} AND n.about_entry IS NOT NULL) < ${MOST_NAMED})`,
  values: [receiptId, about],
  orRefuse: TOO_MANY,
});

/** Keeps which access was named this time, unless it was named before. It has the revision of what it belongs to, and takes nothing back. */
const keepName = (receiptId: Buffer, about: Buffer, entryId: Buffer): Effect => ({
  text: `INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, about_entry, entry_id)
SELECT $1::bytea, $1, ${NAMED}, m.scope_no, '{}', m.revision, $3::bytea, $4 FROM consent_matter m
WHERE m.receipt_id = $2 AND NOT EXISTS (SELECT ${NAMES} AND n.about_entry = $3)`,
  values: [drawRandom(16), receiptId, about, entryId],
});

/** Adds to what waits: refused before anything is recorded, the proofs (`theirs`) included. */
export function namedToo(
  receiptId: Buffer,
  { aboutEntry, entryId, personNo }: Matter,
  theirs: readonly Effect[],
): Effect[] {
  const named = aboutEntry === undefined || aboutEntry.length === 0 ? [] : [Buffer.from(aboutEntry)];
  return [
    mustStillWait(receiptId),
    ...named.flatMap((about) => [mayName(receiptId, about), mayAskToday(personNo)]),
    ...theirs,
    ...named.map((about) => keepName(receiptId, about, entryId)),
  ];
}
