/** Matters as officers decide them: what was asked, of which agency, since when; of the person nothing. */
import { MatterKind, type Receipt } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { MATTERS } from '../acts/matter-act.ts';
import { mergedInto } from '../register/records-of.ts';
import type { Database } from '../storage/pool.ts';
import { type AskedMatters, DECIDED, type MatterPage, pageOfMatters } from './matter-pages.ts';
import { type MatterRow, NAMED, type ReceiptDeps, SELECT_MATTERS, toReceipts } from './receipts.ts';

export interface OfficersMatter {
  /** As the person has it. */
  readonly receipt: Receipt;
  /** The log entry objected to. */
  readonly aboutEntry: Buffer | undefined;
  /** Further ones that were named while it waited. */
  readonly furtherEntries: readonly Buffer[];
  /** When the person lifted it, unix seconds; 0 where they did not. */
  readonly liftedAt: number;
}

/** A page of them. @throws {StorageError} */
export async function listMatters(
  deps: ReceiptDeps,
  asked: AskedMatters,
): Promise<{ readonly matters: readonly OfficersMatter[]; readonly next: MatterPage['next'] }> {
  const { receiptIds, next } = await pageOfMatters(deps.db, asked);
  const { rows } = await deps.db.query<MatterRow>(
    `${SELECT_MATTERS} WHERE m.kind IN (${DECIDED}) AND m.receipt_id = ANY ($1::bytea[])`,
    [receiptIds],
  );
  const receipts = await toReceipts(rows, deps);
  const found = new Map(rows.map((row, at) => [hex(row.receipt_id), toMatter(row, receipts[at] as Receipt)]));
  const matters = receiptIds.map((id) => found.get(hex(id))).filter((one) => one !== undefined);
  return { matters, next };
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
  const { rows } = await deps.db.query<MatterRow>(`${SELECT_MATTERS} WHERE m.receipt_id = $1 AND m.kind <> ${NAMED}`, [
    receiptId,
  ]);
  const [row] = rows;
  const [receipt] = await toReceipts(rows, deps);
  if (row === undefined || receipt === undefined) return undefined;
  return { ...toMatter(row, receipt), digests, numbers: await numbersOf(deps.db, row.person_no) };
}

/** Whether officers decide such a matter at all. */
export const isDecided = (kind: MatterKind): boolean => (Object.values(MATTERS) as MatterKind[]).includes(kind);

function toMatter(row: MatterRow, receipt: Receipt): OfficersMatter {
  const { about_entry: aboutEntry, further_entries: further, lifted_at: liftedAt, kind } = row;
  return {
    receipt,
    aboutEntry: aboutEntry ?? undefined,
    furtherEntries: further ?? [],
    liftedAt: kind === MatterKind.OBJECTION ? Math.floor(liftedAt ?? 0) : 0,
  };
}

async function numbersOf(db: Database, personNo: number): Promise<string[]> {
  const { rows } = await db.query<{ value: string }>(
    `SELECT value::text AS value FROM identifier WHERE person_no = ANY (ARRAY(${mergedInto('$1')}))`,
    [personNo],
  );
  return rows.map(({ value }) => value.padStart(12, '0'));
}

const hex = (bytes: Buffer) => bytes.toString('hex');
