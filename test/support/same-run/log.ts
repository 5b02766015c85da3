import { hash } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import type { Transaction } from '../../../gateway/exchange/log-port.ts';
import type { KeyRing } from '../../../gateway/sealing/key-ring.ts';
import { unseal } from '../../../gateway/sealing/seal.ts';
import { type Entry, EntryKind, EntrySchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { differing, type Report } from './difference.ts';
import { checkHashes, compareLeaves, openLeaves, type SealedLeaves } from './leaves.ts';

export interface LoggedEntry {
  readonly index: number;
  readonly entry: Entry;
}

export interface LoggedRun {
  readonly jobId: string;
  /** All entries from the job's first to its last, of its agency. */
  readonly entries: readonly LoggedEntry[];
  /** By entry id, hexadecimal. */
  readonly byId: ReadonlyMap<string, LoggedEntry>;
}

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const methodOf = ({ method }: Entry) => method.slice(method.lastIndexOf('/') + 1);

export async function readLoggedRun(db: Transaction, jobId: string, agency: string): Promise<LoggedRun> {
  const { rows } = await db.query(
    `WITH span AS (
       SELECT min(i.idx) AS first, max(i.idx) AS last FROM log_index i JOIN log_entry e USING (entry_id)
       WHERE position($1::bytea IN e.entry) > 0
     )
     SELECT i.idx::float8 AS idx, e.entry FROM span, log_index i JOIN log_entry e USING (entry_id)
     WHERE i.idx BETWEEN first AND last AND e.agency = $2 ORDER BY i.idx`,
    [Buffer.from(jobId, 'hex'), agency],
  );
  const entries = rows.map(({ idx, entry }) => ({
    index: idx as number,
    entry: fromBinary(EntrySchema, entry as Buffer),
  }));
  return { jobId, entries, byId: new Map(entries.map((each) => [hex(each.entry.entryId), each])) };
}

/** What of an entry may not differ between two runs. */
function told(entry: Entry) {
  const { context, revisions } = entry;
  return {
    kind: EntryKind[entry.kind],
    agency: entry.agency,
    method: entry.method,
    context: { ...context, requestId: '' },
    officer: entry.officerPseudonym,
    vocabulary: entry.vocabularyVersion,
    released: entry.releasedFields,
    matched: entry.matchedFields,
    revisions: { ...revisions },
    chunk: entry.chunkNum,
    rows: entry.rows,
    people: entry.people,
    refusal: entry.refusalReason,
    hasSubtree: entry.subtreeRoot.length,
    hasRows: entry.rowRoot.length,
  };
}

/** The entry of each chunk, the opening, the first stream and the last close; all others must be allowed additions. */
export function sortEntries(run: LoggedRun, refusals: readonly string[], report: Report) {
  const chunks = new Map<number, LoggedEntry>();
  const calls = new Map<string, LoggedEntry>();
  for (const each of run.entries) {
    const { entry, index } = each;
    const mine = hex(entry.jobId) === run.jobId;
    const added = () => report('ENTRY_ADDED', `entry ${index}, ${EntryKind[entry.kind]} of ${methodOf(entry)}`);
    if (entry.kind === EntryKind.CHUNK && mine) {
      if (chunks.has(entry.chunkNum)) report('ENTRY_COUNT', `chunk ${entry.chunkNum} twice`);
      else chunks.set(entry.chunkNum, each);
    } else if (entry.kind === EntryKind.UNARY && mine) {
      const method = methodOf(entry);
      const again = method === 'VerifyChunks' || method === 'CloseJob';
      if (calls.has(method) && !again) added();
      if (!again && method !== 'StartJob') added();
      calls.set(method, each);
    } else if (entry.kind === EntryKind.REDELIVERY) checkRedelivery(run, each, report);
    else if (entry.kind === EntryKind.REFUSAL) {
      const reason = ErrorReason[entry.refusalReason] ?? '';
      if (!refusals.includes(reason) || entry.people > 0)
        report('ENTRY_ADDED', `entry ${index}, refusal ${reason} of ${methodOf(entry)}`);
    } else added();
  }
  return { chunks, calls };
}

function checkRedelivery(run: LoggedRun, { entry, index }: LoggedEntry, report: Report): void {
  const earlier = run.byId.get(hex(entry.earlierEntryId));
  const same =
    earlier !== undefined &&
    earlier.index < index &&
    hex(earlier.entry.requestDigest) === hex(entry.requestDigest) &&
    earlier.entry.method === entry.method &&
    earlier.entry.chunkNum === entry.chunkNum &&
    (earlier.entry.kind === EntryKind.CHUNK || earlier.entry.kind === EntryKind.UNARY);
  if (!same || entry.people !== 0) report('REDELIVERY', `entry ${index}`);
}

type Sorted = ReturnType<typeof sortEntries>;

/** Entry by entry, with decisions and leaves. */
export async function compareEntries(
  db: Transaction,
  keys: KeyRing,
  undisturbed: Sorted,
  disturbed: Sorted,
  report: Report,
): Promise<void> {
  for (const [method, { entry }] of undisturbed.calls) {
    const other = disturbed.calls.get(method);
    if (other === undefined) report('ENTRY_COUNT', method);
    else for (const member of differing(told(entry), told(other.entry))) report('ENTRY', `${method}, ${member}`);
  }
  for (const num of disturbed.chunks.keys()) if (!undisturbed.chunks.has(num)) report('ENTRY_COUNT', `chunk ${num}`);
  for (const [num, { entry }] of undisturbed.chunks) {
    const other = disturbed.chunks.get(num)?.entry;
    const at = `chunk ${num}`;
    if (other === undefined) {
      report('ENTRY_COUNT', `${at} has none`);
      continue;
    }
    for (const member of differing(told(entry), told(other))) report('ENTRY', `${at}, ${member}`);
    const [before, after] = [await readSealed(db, entry), await readSealed(db, other)];
    const decisions = [openDecision(keys, entry, before), openDecision(keys, other, after)];
    if (decisions[0] === undefined || decisions[0] !== decisions[1]) report('DECISION', at);
    const [expected, found] = [before && openLeaves(keys, before), after && openLeaves(keys, after)];
    if (expected === undefined || found === undefined) {
      report('LEAF_PERSON', `${at}: the leaves do not open`);
      continue;
    }
    compareLeaves(expected, found, at, report);
    await checkHashes(db, keys, Buffer.from(other.entryId), found, at, report);
  }
}

type Sealed = SealedLeaves & { readonly decision: Buffer | null };

async function readSealed(db: Transaction, entry: Entry): Promise<Sealed | undefined> {
  const { rows } = await db.query(
    'SELECT entry_id, decision, persons, person_bodies, person_leaves FROM log_entry WHERE entry_id = $1',
    [Buffer.from(entry.entryId)],
  );
  return rows[0] as unknown as Sealed | undefined;
}

/** The decision's bytes, as text; undefined where it does not open or is not the one whose digest was hashed. */
function openDecision(keys: KeyRing, entry: Entry, sealed: Sealed | undefined): string | undefined {
  const plain = sealed?.decision ? unseal(keys.decision, Buffer.from('decision'), sealed.decision) : undefined;
  if (plain === undefined || !hash('sha256', plain, 'buffer').equals(entry.decisionDigest)) return undefined;
  return plain.subarray(16).toString('hex');
}
