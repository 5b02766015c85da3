/** Who looked at a person, a line for each call and one for each job, from the index and the entries it points to. */
import { fromBinary } from '@bufbuild/protobuf';
import { type Entry, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { byteaArray } from '../audit/bytea-array.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { toldFrom } from '../proof/lawful-delay.ts';
import type { PersonBody } from '../proof/person-body.ts';
import { type FoundPosting, findPostings } from './find-postings.ts';
import type { AccessKeys } from './keys.ts';

export interface AccessLine {
  /** The newest entry of the line: what it is about stands in it. */
  readonly entry: Entry;
  /** Its entries, the newest first, by position in the log. */
  readonly entries: readonly { readonly position: number; readonly entryId: Uint8Array; readonly timeMs: number }[];
  readonly firstMs: number;
  readonly lastMs: number;
  /** Answers that the line stands for; those given again count. */
  readonly times: number;
  /** What the leaves say, all of the line together; outcome of the newest. */
  readonly outcome: number;
  readonly basis: number;
  readonly released: readonly number[];
  readonly compared: readonly number[];
  /** True where of one of them at least it is not certain that the agency asked: the key may have been in other hands by then. */
  readonly unproven: boolean;
}

export interface AccessList {
  /** Complete up to here: every entry of the log below this position was looked through. */
  readonly position: number;
  /** Lines that the law has not to be shown yet, and the moment (unix seconds) from which all of these are. */
  readonly delayed: number;
  readonly delayedUntil: number;
  /** Newest first. */
  readonly lines: readonly AccessLine[];
}

export const LIST_ACCESSES = '/lienthong.audit.v1.AuditService/ListAccesses';
/** By what a person looks at what is known of them. */
const OWN_LOOKS: ReadonlySet<string> = new Set([
  LIST_ACCESSES,
  '/lienthong.consent.v1.ConsentService/ListConsents',
  '/lienthong.consent.v1.ConsentService/GetReceipt',
]);
/** Entries read by one statement. */
const BATCH = 1000;

export interface ListAsked {
  /** Of all records of the person. */
  readonly personNos: readonly number[];
  /** Unix seconds. */
  readonly now: number;
  /** As the log stood at this position, which the index must have reached; undefined for as far as it is. */
  readonly at?: number | undefined;
  /** Whether what a key (a thumbprint) signed proves anything, given when the log had it, unix seconds. */
  readonly counts: (kid: string, loggedAt: number) => boolean;
}

type Signed = Pick<Entry, 'timeMs' | 'signingKey'>;

/** @throws {IndexUnreadable, StorageError} */
export async function listAccesses(
  db: Transaction,
  keys: AccessKeys,
  { personNos, now, at, counts }: ListAsked,
): Promise<AccessList> {
  const found = await findPostings(db, keys, personNos);
  const position = Math.min(at ?? found.position, found.position);
  const postings = found.postings.filter((posting) => posting.position < position);
  const entries = await readEntries(db, [...new Set(postings.map((posting) => posting.position))]);
  const again = await readAgain(
    db,
    [...entries.values()].map(({ entryId }) => entryId),
    position,
  );
  const groups = Map.groupBy(
    postings.filter((posting) => entries.has(posting.position)),
    (posting) => lineOf(entries.get(posting.position) as Entry),
  );
  const lines: AccessLine[] = [];
  let delayed = 0;
  let delayedUntil = 0;
  const from = ({ body, position: at }: FoundPosting) => toldFrom(body, Number(entries.get(at)?.timeMs));
  for (const group of groups.values()) {
    const shown = group.filter((posting) => from(posting) <= now);
    if (shown.length < group.length) {
      delayed += 1;
      delayedUntil = group.reduce((latest, posting) => Math.max(latest, from(posting)), delayedUntil);
    }
    if (shown.length > 0) lines.push(toLine(shown, entries, again, counts));
  }
  return { position, delayed, delayedUntil, lines };
}

const DAY_MS = 86_400_000n;

/**
 * One line for a job, however many chunks of it the person stands in; one a day, channel and method for a person's own looks,
 * which would else fill the list; else one an entry.
 */
function lineOf({ jobId, entryId, method, agency, timeMs }: Entry): string {
  if (OWN_LOOKS.has(method)) return `${method} ${agency} ${timeMs / DAY_MS}`;
  return hex(jobId.length > 0 ? jobId : entryId);
}

/** @param postings of one line, newest first, at least one */
function toLine(
  postings: readonly FoundPosting[],
  entries: ReadonlyMap<number, Entry>,
  again: ReadonlyMap<string, readonly Signed[]>,
  counts: ListAsked['counts'],
): AccessLine {
  const positions = [...new Set(postings.map((posting) => posting.position))];
  const own = positions.map((at) => entries.get(at) as Entry);
  const newest = postings[0] as FoundPosting;
  const signed = own.flatMap((entry): Signed[] => [entry, ...(again.get(hex(entry.entryId)) ?? [])]);
  const times = signed.map(({ timeMs }) => Number(timeMs));
  const union = (of: (body: PersonBody) => readonly number[]) =>
    [...new Set(postings.flatMap(({ body }) => of(body)))].sort((a, b) => a - b);
  return {
    entry: own[0] as Entry,
    entries: positions.map((position, i) => {
      const { entryId, timeMs } = own[i] as Entry;
      return { position, entryId, timeMs: Number(timeMs) };
    }),
    firstMs: Math.min(...times),
    lastMs: Math.max(...times),
    times: times.length,
    outcome: newest.body.outcome,
    basis: newest.body.basis,
    released: union((body) => body.released),
    compared: union((body) => [...body.matched, ...body.mismatched, ...body.notAvailable]),
    unproven: signed.some(
      ({ signingKey, timeMs }) => !counts(Buffer.from(signingKey).toString('base64url'), Number(timeMs) / 1000),
    ),
  };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

async function readEntries(db: Transaction, positions: readonly number[]): Promise<Map<number, Entry>> {
  const entries = new Map<number, Entry>();
  for (let from = 0; from < positions.length; from += BATCH) {
    const { rows } = await db.query(
      `SELECT i.idx::float8 AS idx, e.entry FROM unnest($1::bigint[]) AS w (idx)
       JOIN log_index i USING (idx) JOIN log_entry e USING (entry_id)`,
      [positions.slice(from, from + BATCH)],
    );
    for (const row of rows) entries.set(row.idx as number, fromBinary(EntrySchema, row.entry as Buffer));
  }
  return entries;
}

/** When answers were given again, and by which key they were asked for, by the entry of the first time. */
async function readAgain(
  db: Transaction,
  entryIds: readonly Uint8Array[],
  before: number,
): Promise<Map<string, Signed[]>> {
  const found = new Map<string, Signed[]>();
  for (let from = 0; from < entryIds.length; from += BATCH) {
    const { rows } = await db.query(
      `SELECT a.entry_id, e.entry FROM access_again a JOIN log_index i ON i.idx = a.position
       JOIN log_entry e ON e.entry_id = i.entry_id WHERE a.entry_id = ANY ($1::bytea[]) AND a.position < $2`,
      [byteaArray(entryIds.slice(from, from + BATCH)), before],
    );
    for (const row of rows) {
      const key = hex(row.entry_id as Buffer);
      const { timeMs, signingKey } = fromBinary(EntrySchema, row.entry as Buffer);
      found.set(key, [...(found.get(key) ?? []), { timeMs, signingKey }]);
    }
  }
  return found;
}
