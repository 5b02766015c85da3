/** Matters as officers decide them: what was asked, of which agency, since when; of the person nothing. */
import { MatterKind, type Receipt } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { MATTERS } from '../acts/matter-act.ts';
import type { Database } from '../storage/pool.ts';
import { MOST_LISTED } from './consent-store.ts';
import { type MatterRow, type ReceiptDeps, SELECT_MATTERS, toReceipts } from './receipts.ts';

export interface OfficersMatter {
  /** As the person has it. */
  readonly receipt: Receipt;
  /** The log entry objected to. */
  readonly aboutEntry: Buffer | undefined;
  /** When the person lifted it, unix seconds; 0 where they did not. */
  readonly liftedAt: number;
}

const DECIDED = Object.values(MATTERS).join(', ');
/** As arrays: who looks for them along all that was ever decided reads on for years before the first that still waits. */
const OPEN = 'm.receipt_id = ANY (ARRAY(SELECT o.receipt_id FROM matter_open o))';
const OF_PERSON = 's.person_no = ANY (ARRAY(SELECT p.person_no FROM person_match p WHERE p.value = $1::bigint))';

export interface AskedMatters {
  readonly openOnly: boolean;
  /** 12 digits: of one person alone. */
  readonly personalId: string | undefined;
  readonly receiptId: Buffer | undefined;
}

/** @throws {StorageError} */
export async function listMatters(
  deps: ReceiptDeps,
  { openOnly, personalId, receiptId }: AskedMatters,
): Promise<OfficersMatter[]> {
  const conditions = [
    `m.kind IN (${DECIDED})`,
    ...(openOnly ? [OPEN] : []),
    ...(personalId === undefined ? [] : [OF_PERSON]),
    ...(receiptId === undefined ? [] : [`m.receipt_id = $${personalId === undefined ? 1 : 2}`]),
  ];
  const { rows } = await deps.db.query<MatterRow>(
    `${SELECT_MATTERS} WHERE ${conditions.join(' AND ')} ORDER BY m.recorded_at ${openOnly ? '' : 'DESC'} LIMIT ${MOST_LISTED}`,
    [personalId, receiptId].filter((value) => value !== undefined),
  );
  const receipts = await toReceipts(rows, deps);
  return rows.map((row, at) => toMatter(row, receipts[at] as Receipt));
}

/** One matter, whatever its kind; with what stands in the table about it, and the numbers of its person, which go no further. */
export async function findMatter(
  deps: ReceiptDeps,
  receiptId: Buffer,
): Promise<
  (OfficersMatter & { readonly digests: readonly string[]; readonly numbers: readonly string[] }) | undefined
> {
  // First, so that whatever is decided from here on is either seen in the receipt or found by their number when it is written.
  const { rows: acts } = await deps.db.query<{ digest: string }>(
    'SELECT digest FROM matter_act WHERE receipt_id = $1',
    [receiptId],
  );
  const digests = acts.map(({ digest }) => digest);
  const { rows } = await deps.db.query<MatterRow>(`${SELECT_MATTERS} WHERE m.receipt_id = $1`, [receiptId]);
  const [row] = rows;
  const [receipt] = await toReceipts(rows, deps);
  if (row === undefined || receipt === undefined) return undefined;
  return { ...toMatter(row, receipt), digests, numbers: await numbersOf(deps.db, row.person_no) };
}

/** Whether officers decide such a matter at all. */
export const isDecided = (kind: MatterKind): boolean => (Object.values(MATTERS) as MatterKind[]).includes(kind);

function toMatter({ about_entry: aboutEntry, lifted_at: liftedAt, kind }: MatterRow, receipt: Receipt): OfficersMatter {
  return {
    receipt,
    aboutEntry: aboutEntry ?? undefined,
    liftedAt: kind === MatterKind.OBJECTION ? Math.floor(liftedAt ?? 0) : 0,
  };
}

async function numbersOf(db: Database, personNo: number): Promise<string[]> {
  const { rows } = await db.query<{ value: string }>(
    'SELECT value::text AS value FROM identifier WHERE person_no = $1::bigint',
    [personNo],
  );
  return rows.map(({ value }) => value.padStart(12, '0'));
}
