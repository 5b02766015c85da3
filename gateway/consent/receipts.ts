/** Receipts of withdrawals, restrictions and objections: how far each is, its clocks, and what goes on without consent. */
import { create } from '@bufbuild/protobuf';
import {
  ClockKind,
  type ContinuingUse,
  ContinuingUseSchema,
  type LegalClock,
  LegalClockSchema,
  MatterKind,
  MatterState,
  type Receipt,
  ReceiptSchema,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { toShortMask } from '../fields/mask.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import { clockOf, PERIOD_OF, type RunningClock } from './clocks.ts';
import { MOST_LISTED, OF_PERSON } from './consent-store.ts';
import type { ConsentDeps } from './deps.ts';
import { type MatterStanding, readStandings, standingOf } from './matter-standing.ts';

export interface MatterRow {
  readonly receipt_id: Buffer;
  readonly kind: MatterKind;
  readonly recipient: string;
  readonly purpose: string;
  readonly consent_ids: Buffer[] | null;
  readonly revision: string;
  readonly recorded_at: number;
  readonly entry_id: Buffer;
  readonly acknowledged_at: number | null;
  readonly acknowledgement: Buffer | null;
  /** Of an objection: when the person ended it. */
  readonly lifted_at: number | null;
  readonly field_ids: number[];
  readonly about_entry: Buffer | null;
  readonly further_entries: Buffer[] | null;
  readonly person_no: number;
}

export type ReceiptDeps = Pick<ConsentDeps, 'db' | 'policyData' | 'nowSeconds' | 'artefactKey' | 'book'>;

/** As what an access is stored that was named by who objected once more: no matter of its own, and nobody's receipt. */
export const NAMED = MatterKind.UNSPECIFIED;
/** Accesses that one objection names at most, all of which officers are shown; the one that it began with counts too. */
export const MOST_NAMED = 200;

/** Matters `m` of scopes `s`. */
export const SELECT_MATTERS = `SELECT m.receipt_id, m.kind, u.recipient, u.purpose, m.revision::text AS revision, m.field_ids,
    m.about_entry, CASE WHEN m.kind = ${MatterKind.OBJECTION} THEN (SELECT array_agg(n.about_entry ORDER BY n.first, n.about_entry) FROM (
      SELECT about_entry, min(recorded_at) AS first FROM consent_matter
      WHERE scope_no = m.scope_no AND revision = m.revision AND kind = ${NAMED} AND about_entry IS NOT NULL
      GROUP BY about_entry ORDER BY first, about_entry LIMIT ${MOST_NAMED}) n) END AS further_entries, s.person_no::float8 AS person_no,
    extract(epoch FROM m.recorded_at)::float8 AS recorded_at, m.entry_id,
    extract(epoch FROM a.acknowledged_at)::float8 AS acknowledged_at, a.entry_id AS acknowledgement,
    (SELECT extract(epoch FROM min(l.recorded_at))::float8 FROM consent_matter l WHERE l.scope_no = m.scope_no
       AND m.kind = ${MatterKind.OBJECTION} AND l.kind = ${MatterKind.LIFTING} AND l.revision >= m.revision) AS lifted_at,
    (SELECT array_agg(c.consent_id ORDER BY c.consent_no) FROM consent c WHERE c.consent_no = ANY (m.consent_nos)) AS consent_ids
  FROM consent_matter m JOIN consent_scope s USING (scope_no) JOIN consent_use u USING (use_no)
  LEFT JOIN consent_acknowledgement a USING (receipt_id)`;

/** A person's receipts, the newest first; all that wait for an officer are among them. */
export async function listReceipts(deps: ReceiptDeps, personNo: number): Promise<Receipt[]> {
  const { rows } = await deps.db.query<MatterRow>(
    `${SELECT_MATTERS} WHERE m.scope_no = ANY (ARRAY(SELECT s.scope_no FROM consent_scope s WHERE ${OF_PERSON})) AND m.kind <> ${NAMED}
     ORDER BY (SELECT count(*) FROM matter_open o WHERE o.receipt_id = m.receipt_id) DESC, m.recorded_at DESC LIMIT ${MOST_LISTED}`,
    [personNo],
  );
  return toReceipts(
    rows.toSorted((one, other) => other.recorded_at - one.recorded_at),
    deps,
  );
}

/** One receipt of a person's. */
export async function findReceipt(deps: ReceiptDeps, personNo: number, id: Uint8Array): Promise<Receipt | undefined> {
  const { rows } = await deps.db.query<MatterRow>(
    `${SELECT_MATTERS} WHERE ${OF_PERSON} AND m.receipt_id = $2 AND m.kind <> ${NAMED}`,
    [personNo, Buffer.from(id)],
  );
  return (await toReceipts(rows, deps))[0];
}

/**
 * What the same request made before: for the agency that brought it, and for as long as answers are given again. The bytes are no
 * act of the person's for ever, or whoever kept them would read on without one, and leave no trace, what officers decide later.
 */
export async function receiptOfRequest(
  deps: ReceiptDeps & Pick<ConsentDeps, 'retrySeconds'>,
  { agency, digest }: { readonly agency: string; readonly digest: Buffer },
): Promise<Receipt | undefined> {
  const { rows } = await deps.db.query<MatterRow>(
    `${SELECT_MATTERS} JOIN log_entry e ON e.entry_id = m.entry_id
     WHERE m.request_digest = $1 AND e.agency = $2 AND m.recorded_at > clock_timestamp() - make_interval(secs => $3)`,
    [digest, agency, deps.retrySeconds],
  );
  return (await toReceipts(rows, deps))[0];
}

export async function toReceipts(rows: readonly MatterRow[], deps: ReceiptDeps): Promise<Receipt[]> {
  const matters = rows.map(({ receipt_id: receiptId, kind, recorded_at: recordedAt }) => ({
    ...{ receiptId, kind, recordedAt },
  }));
  const standings = await readStandings(deps, matters);
  return rows.map((row) => toReceipt(row, standingOf(standings, row.receipt_id), deps));
}

function toReceipt(row: MatterRow, { extension, decision }: MatterStanding, deps: ReceiptDeps): Receipt {
  const { recipient, purpose, acknowledged_at: acknowledgedAt, recorded_at: recordedAt } = row;
  return create(ReceiptSchema, {
    receiptId: row.receipt_id,
    kind: row.kind,
    state: acknowledgedAt === null ? MatterState.RECORDED : MatterState.ACKNOWLEDGED,
    ...{ recipient, purpose },
    consentIds: row.consent_ids ?? [],
    revision: BigInt(row.revision),
    recordedAt: BigInt(Math.floor(recordedAt)),
    acknowledgedAt: BigInt(Math.floor(acknowledgedAt ?? 0)),
    entryId: row.entry_id,
    acknowledgementEntryId: row.acknowledgement ?? new Uint8Array(0),
    clocks: clocksOf(row.kind, recordedAt, {
      ...{ acknowledgedAt: acknowledgedAt ?? 0, extended: extension !== undefined },
      settledAt: earlier(row.lifted_at ?? 0, Number(decision?.decidedAt ?? 0)),
    }),
    continuing: continuingOf(deps.policyData(), recipient, deps.nowSeconds()),
    fields: { paths: toShortMask(row.field_ids) },
    ...(extension === undefined ? {} : { extension }),
    ...(decision === undefined ? {} : { decision }),
  });
}

/** Of two moments that there may not be (0), the first that there is. */
const earlier = (one: number, other: number): number => (one === 0 || other === 0 ? one + other : Math.min(one, other));

export interface MatterProgress {
  /** Unix seconds; 0 before. */
  readonly acknowledgedAt: number;
  /** When the person ended it, or an officer decided it. */
  readonly settledAt: number;
  readonly extended: boolean;
}

/** A withdrawal or restriction is carried out once nothing is on its way any more; what officers decide, when they have, or the person ended it. */
export function clocksOf(kind: MatterKind, startedAt: number, progress: MatterProgress): LegalClock[] {
  const period = kind in PERIOD_OF ? PERIOD_OF[kind as keyof typeof PERIOD_OF] : undefined;
  if (period === undefined) return [];
  const { acknowledgedAt, settledAt, extended } = progress;
  const clock = (of: RunningClock, metAt: number, more: { readonly extended?: boolean } = {}) => {
    const { dueAt, extendedDueAt } = clockOf(of, startedAt);
    return create(LegalClockSchema, {
      ...{ kind: of, startedAt: BigInt(Math.floor(startedAt)), dueAt: BigInt(dueAt) },
      ...{ extendedDueAt: BigInt(extendedDueAt), metAt: BigInt(Math.floor(metAt)), ...more },
    });
  };
  const atOnce = kind === MatterKind.WITHDRAWAL || kind === MatterKind.RESTRICTION;
  return [
    clock(ClockKind.ACKNOWLEDGE, acknowledgedAt),
    clock(period, atOnce ? acknowledgedAt : settledAt, { extended }),
  ];
}

/** What the recipient's agreements in force allow on another basis than consent. */
export function continuingOf({ agreements }: PolicyData, recipient: string, now: number): ContinuingUse[] {
  return Object.values(agreements[recipient] ?? {})
    .filter(({ valid_from: from, valid_to: to }) => from <= now && now < to)
    .flatMap(({ purpose, fields }) => {
      const others = Object.entries(fields).filter(([, { basis }]) => basis !== 'consent');
      return [...Map.groupBy(others, ([, { basis }]) => basis)].map(([basis, ofBasis]) =>
        create(ContinuingUseSchema, {
          agency: recipient,
          ...{ purpose, basis },
          fields: { paths: toShortMask(ofBasis.map(([id]) => Number(id)).sort((a, b) => a - b)) },
        }),
      );
    });
}
