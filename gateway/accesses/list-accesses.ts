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

/** @throws {IndexUnreadable, StorageError} */
export async function listAccesses(
  db: Transaction,
  keys: AccessKeys,
  { personNos, now, at, counts }: ListAsked,
): Promise<AccessList> {
  const found = await findPostings(db, keys, personNos);
  const position = Math.min(at ?? found.position, found.position);
  const postings = found.postings.filter((posting) => posting.position < position);
  const { entries, newest } = await readEntries(db, [...new Set(postings.map((posting) => posting.position))], counts);
  const again = await readAgain(
    db,
    [...entries.values()].map(({ entryId }) => entryId),
    position,
    counts,
  );
  const groups = Map.groupBy(
    postings.filter((posting) => entries.has(posting.position)),
    (posting) => (entries.get(posting.position) as Known).line,
  );
  const lines: AccessLine[] = [];
  let delayed = 0;
  let delayedUntil = 0;
  const from = ({ body, position: at }: FoundPosting) => toldFrom(body, entries.get(at)?.uses.firstMs ?? 0);
  for (const [line, group] of groups) {
    const shown = group.filter((posting) => from(posting) <= now);
    if (shown.length < group.length) {
      delayed += 1;
      delayedUntil = group.reduce((latest, posting) => Math.max(latest, from(posting)), delayedUntil);
    }
    const [first] = shown;
    if (first === undefined) continue;
    const entry = await newest(line, first.position);
    lines.push(toLine(entry, shown, entries, again));
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

/** When something was done how often, and whether all of it is certain. Added up: whoever asks on and on fills no list in memory. */
interface Uses {
  times: number;
  firstMs: number;
  lastMs: number;
  unproven: boolean;
}

const noUses = (): Uses => ({ times: 0, firstMs: Number.POSITIVE_INFINITY, lastMs: 0, unproven: false });

function addUses(to: Uses, { times, firstMs, lastMs, unproven }: Uses): void {
  to.times += times;
  to.firstMs = Math.min(to.firstMs, firstMs);
  to.lastMs = Math.max(to.lastMs, lastMs);
  to.unproven ||= unproven;
}

function useOf({ timeMs, signingKey }: Entry, counts: ListAsked['counts']): Uses {
  const ms = Number(timeMs);
  const certain = counts(Buffer.from(signingKey).toString('base64url'), ms / 1000);
  return { times: 1, firstMs: ms, lastMs: ms, unproven: !certain };
}

/** As much of an entry as a line needs of each: a person may stand in very many. */
interface Known {
  readonly line: string;
  readonly entryId: Uint8Array;
  readonly uses: Uses;
}

/** @param postings of one line, newest first, at least one; `entry` is that of the first */
function toLine(
  entry: Entry,
  postings: readonly FoundPosting[],
  entries: ReadonlyMap<number, Known>,
  again: ReadonlyMap<string, Uses>,
): AccessLine {
  const positions = [...new Set(postings.map((posting) => posting.position))];
  const newest = postings[0] as FoundPosting;
  const uses = noUses();
  const own = positions.map((position) => {
    const known = entries.get(position) as Known;
    addUses(uses, known.uses);
    const more = again.get(hex(known.entryId));
    if (more !== undefined) addUses(uses, more);
    return { position, entryId: known.entryId, timeMs: known.uses.firstMs };
  });
  const union = (of: (body: PersonBody) => readonly number[]) => {
    const all = new Set<number>();
    for (const { body } of postings) for (const field of of(body)) all.add(field);
    return [...all].sort((a, b) => a - b);
  };
  return {
    ...{ entry, entries: own, outcome: newest.body.outcome, basis: newest.body.basis },
    ...uses,
    released: union((body) => body.released),
    compared: union((body) => [...body.matched, ...body.mismatched, ...body.notAvailable]),
  };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The entries at these positions, so many at a time that others are served between. */
async function* entriesAt(
  db: Transaction,
  positions: readonly number[],
): AsyncGenerator<{ readonly position: number; readonly entry: Entry }> {
  for (let from = 0; from < positions.length; from += BATCH) {
    const { rows } = await db.query(
      `SELECT i.idx::float8 AS idx, e.entry FROM unnest($1::bigint[]) AS w (idx)
       JOIN log_index i USING (idx) JOIN log_entry e USING (entry_id)`,
      [positions.slice(from, from + BATCH)],
    );
    for (const row of rows) yield { position: row.idx as number, entry: fromBinary(EntrySchema, row.entry as Buffer) };
  }
}

/** What lines need of the entries; of each line its newest one whole. */
async function readEntries(db: Transaction, positions: readonly number[], counts: ListAsked['counts']) {
  const entries = new Map<number, Known>();
  const newest = new Map<string, { readonly position: number; readonly entry: Entry }>();
  for await (const { position, entry } of entriesAt(db, positions)) {
    const line = lineOf(entry);
    // A copy: what was read of the database is not kept for sixteen bytes of it.
    entries.set(position, { line, entryId: Buffer.from(entry.entryId), uses: useOf(entry, counts) });
    if (position > (newest.get(line)?.position ?? -1)) newest.set(line, { position, entry });
  }
  return {
    entries,
    /** The entry at a position of a line: one that is not its newest, where that is not shown yet, is read once more. */
    async newest(line: string, position: number): Promise<Entry> {
      const known = newest.get(line);
      if (known?.position === position) return known.entry;
      for await (const { entry } of entriesAt(db, [position])) return entry;
      throw new TypeError('an entry was there a moment ago');
    },
  };
}

/** How often and when answers were given again, by the entry of the first time. */
async function readAgain(
  db: Transaction,
  entryIds: readonly Uint8Array[],
  before: number,
  counts: ListAsked['counts'],
): Promise<Map<string, Uses>> {
  const found = new Map<string, Uses>();
  for (let from = 0; from < entryIds.length; from += BATCH) {
    const { rows } = await db.query(
      'SELECT position::float8 AS position FROM access_again WHERE entry_id = ANY ($1::bytea[]) AND position < $2',
      [byteaArray(entryIds.slice(from, from + BATCH)), before],
    );
    for await (const { entry } of entriesAt(
      db,
      rows.map((row) => row.position as number),
    )) {
      const key = hex(entry.earlierEntryId);
      const uses = found.get(key) ?? noUses();
      addUses(uses, useOf(entry, counts));
      found.set(key, uses);
    }
  }
  return found;
}
