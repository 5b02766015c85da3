/** What officers decided of matters: read of rows that are only ever added, and believed by its signature alone. */
import type { KeyObject } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import {
  type MatterDecision,
  MatterDecisionSchema,
  type MatterExtension,
  MatterExtensionSchema,
  type MatterKind,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { ActBook, ActProblem } from '../acts/book.ts';
import {
  type JudgedMatterAct,
  judgeMatterAct,
  MATTER_REASONS,
  OUTCOMES,
  type SignedMatterAct,
} from '../acts/matter-act.ts';
import type { Effect } from '../exchange/log-port.ts';
import { seal, unseal } from '../sealing/seal.ts';
import type { Database } from '../storage/pool.ts';
import { clockOf, PERIOD_OF, type TimedMatter } from './clocks.ts';
import { loggedAt, sealRequest } from './logged-decisions.ts';

export interface StandingDeps {
  readonly db: Database;
  /** Of artefacts. */
  readonly artefactKey: KeyObject;
  /** By which officers it is judged. */
  readonly book: () => ActBook;
  /** Unix seconds. */
  readonly nowSeconds: () => number;
}

/** The matter as its receipt has it. */
export interface RecordedMatter {
  readonly receiptId: Buffer;
  readonly kind: MatterKind;
  /** Unix seconds. */
  readonly recordedAt: number;
}

export interface MatterStanding {
  readonly extension: MatterExtension | undefined;
  readonly decision: MatterDecision | undefined;
}

export interface MatterActRow {
  readonly receipt_id: Buffer;
  readonly digest: string;
  readonly body: Buffer;
  readonly signature: string;
  readonly entry_id: Buffer;
}

const NONE: MatterStanding = { extension: undefined, decision: undefined };

/** How matters stand, by their receipts; {@link standingOf} reads the answer. @throws {StorageError} */
export async function readStandings(
  deps: StandingDeps,
  matters: readonly RecordedMatter[],
): Promise<ReadonlyMap<string, MatterStanding>> {
  const { rows } = await deps.db.query<MatterActRow>(
    `SELECT receipt_id, digest, body, signature, entry_id FROM matter_act
     WHERE receipt_id = ANY ($1::bytea[]) ORDER BY seq`,
    [matters.map(({ receiptId }) => receiptId)],
  );
  const byId = new Map(matters.map((matter) => [matter.receiptId.toString('hex'), matter] as const));
  const ofMatters = rows.flatMap((row) => {
    const matter = byId.get(row.receipt_id.toString('hex'));
    return matter === undefined ? [] : [{ row, matter }];
  });
  const judged = Map.groupBy(await judgeRows(deps, ofMatters), ({ matter }) => matter.receiptId.toString('hex'));
  return new Map([...judged].map(([id, own]) => [id, standingFrom(own)]));
}

export function standingOf(standings: ReadonlyMap<string, MatterStanding>, receiptId: Buffer): MatterStanding {
  return standings.get(receiptId.toString('hex')) ?? NONE;
}

/** The first that counts of each kind: nobody decides twice. */
function standingFrom(rows: readonly JudgedRow[]): MatterStanding {
  let extension: MatterExtension | undefined;
  let decision: MatterDecision | undefined;
  for (const { row, judged } of rows) {
    if (typeof judged === 'string') continue;
    const said = saidBy(judged, row.entry_id);
    extension ??= said.extension;
    decision ??= said.decision;
  }
  return { extension, decision };
}

/** What the person is told of an act. */
export function saidBy(
  { act, at }: JudgedMatterAct,
  entryId: Uint8Array,
): { readonly extension?: MatterExtension; readonly decision?: MatterDecision } {
  const { reason } = MATTER_REASONS[act.reason];
  const said = { reason, citation: act.citation ?? '', textVi: act.text_vi, textEn: act.text_en, entryId };
  if (act.kind === 'matter.extend') {
    return { extension: create(MatterExtensionSchema, { ...said, extendedAt: BigInt(at) }) };
  }
  const { outcome } = OUTCOMES[act.outcome];
  return { decision: create(MatterDecisionSchema, { ...said, outcome, decidedAt: BigInt(at) }) };
}

/** Whether it fell with its officer or the key: what nobody signed for is an alarm, and this is work. */
export const isFallen = (problem: ActProblem): boolean => problem === 'SIGNER_BARRED';

interface RowOfMatter {
  readonly row: Pick<MatterActRow, 'digest' | 'body' | 'signature' | 'entry_id'>;
  readonly matter: RecordedMatter;
}
export interface JudgedRow extends RowOfMatter {
  readonly judged: JudgedMatterAct | ActProblem;
}

/**
 * Whether rows count for their matters. The log is asked only of what a barred officer signed, or with a key that was lost.
 * @throws {StorageError}
 */
export async function judgeRows(deps: StandingDeps, rows: readonly RowOfMatter[]): Promise<JudgedRow[]> {
  const judged = rows.map((one) => ({ ...one, judged: judgeRow(deps, one) }));
  const fell = judged.filter((one) => one.judged === 'SIGNER_BARRED').map(({ row }) => row.digest);
  if (fell.length === 0) return judged;
  const logged = await loggedAt(deps.db, deps.artefactKey, fell);
  return judged.map((one) =>
    one.judged === 'SIGNER_BARRED' ? { ...one, judged: judgeRow(deps, one, logged.get(one.row.digest)) } : one,
  );
}

function judgeRow(
  deps: Omit<StandingDeps, 'db'>,
  { matter, row: { digest, body: sealed, signature } }: RowOfMatter,
  at?: number,
): JudgedMatterAct | ActProblem {
  const body = unseal(deps.artefactKey, Buffer.from(digest), sealed);
  return body === undefined ? 'DIGEST_WRONG' : judgeSigned(deps, matter, { digest, body, signature }, at);
}

/** The same of bytes that are not sealed. */
export function judgeSigned(
  { book, nowSeconds }: Pick<StandingDeps, 'book' | 'nowSeconds'>,
  { receiptId, kind, recordedAt }: RecordedMatter,
  signed: SignedMatterAct,
  at?: number,
): JudgedMatterAct | ActProblem {
  const period = kind in PERIOD_OF ? PERIOD_OF[kind as TimedMatter] : undefined;
  if (period === undefined) return 'STATE_WRONG';
  const { dueAt } = clockOf(period, recordedAt);
  return judgeMatterAct({ ...book(), now: nowSeconds() }, signed, { receiptId, kind, dueAt }, at);
}

export interface NewMatterAct {
  readonly receiptId: Buffer;
  readonly digest: string;
  readonly body: Uint8Array;
  /** The message of the call, as it was signed: its digest is in the call's entry. */
  readonly request: Uint8Array;
  readonly officer: string;
  readonly signature: string;
  readonly entryId: Buffer;
  readonly decides: boolean;
  /** How many rows stood in the table when it was judged. */
  readonly known: number;
}

/**
 * Adds an act to a matter. Refuses where another came first, counted under a lock, so that two at once are one; what must follow for
 * whoever counts follows in the same transaction.
 */
export function matterActEffects(
  artefactKey: KeyObject,
  { receiptId, digest, body, request, officer, signature, entryId, decides, known }: NewMatterAct,
  orRefuse: NonNullable<Effect['orRefuse']>,
): Effect[] {
  const sealed = seal(artefactKey, Buffer.from(digest), body);
  return [
    lockMatter(receiptId),
    {
      text: `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id, request)
SELECT $1, $2, $3, $4, $5, $6, $8 WHERE (SELECT count(*) FROM matter_act WHERE receipt_id = $2) = $7::bigint
ON CONFLICT DO NOTHING RETURNING 1`,
      values: [
        digest,
        receiptId,
        sealed,
        officer,
        signature,
        entryId,
        known,
        sealRequest(artefactKey, digest, request),
      ],
      orRefuse,
    },
    {
      text: decides
        ? 'DELETE FROM matter_open WHERE receipt_id = $1'
        : 'UPDATE matter_open SET extended = true WHERE receipt_id = $1',
      values: [receiptId],
    },
  ];
}

const LOCK = 4_919_006;

/** For a transaction: whoever adds an act to this matter, or says that it waits for one, does so one after the other. */
export const lockMatter = (receiptId: Buffer) => ({
  text: `SELECT pg_advisory_xact_lock(${LOCK}, hashtext(encode($1, 'hex')))`,
  values: [receiptId],
});
