/** Reads the whole log and proves that it is what its head says: every flip, drop, swap and addition is named. */
import type { KeyObject } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { type Entry, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Transaction } from '../exchange/log-port.ts';
import { openPeople } from '../exchange/open-people.ts';
import { createFrontier } from '../proof/frontier.ts';
import { entryLeaf } from '../proof/leaf.ts';
import { NODE_TAGS, treeRoot } from '../proof/tree.ts';

/** What can be wrong with a stored log. */
export const LOG_FINDINGS = {
  GAP: 'a position has no entry',
  ENTRY_MISSING: 'the entry of a position is gone',
  ENTRY_CHANGED: 'an entry or its salt is not what was hashed',
  PEOPLE_CHANGED: "an entry's person leaves are not those below its root",
  PEOPLE_UNREADABLE: 'what is sealed beside an entry of its people does not open, or is not of so many',
  AGENCY_DIFFERS: 'an entry is kept under another agency than it names',
  TILE_CHANGED: 'a stored subtree root is not that of its entries',
  HEAD_DIFFERS: 'the head is not that of the entries',
  WITNESSED_DIFFERS: 'a head that witnesses were given to cosign is not one of this log',
  ENTRY_UNINDEXED: 'an entry stands outside of the tree',
} as const;
export type LogFinding = { readonly finding: keyof typeof LOG_FINDINGS; readonly index?: number };

export interface LogReport {
  readonly size: number;
  readonly root: Uint8Array;
  readonly people: number;
  /** Entries of a sound log that prove nothing of who asked: the key of the request may have been in other hands by then. */
  readonly uncounted: readonly Uncounted[];
  /** The first findings, in order of position; empty for a sound log. */
  readonly findings: readonly LogFinding[];
}

/** Of one key: whose it was, and how many entries. */
export interface Uncounted {
  /** Thumbprint. */
  readonly key: string;
  readonly agency: string;
  readonly entries: number;
  /** Position of the first of them. */
  readonly first: number;
}

const BATCH = 500;
const MOST_FINDINGS = 20;
const TILE_LEVELS = 8;

/**
 * One pass in order of position, a batch in memory at a time. With the key `evidence`, what is sealed beside the entries is opened
 * as well: it is not hashed, and without it nobody can be told of the entry. Not found here: a log that was exchanged whole for another sound
 * one; that takes a head kept elsewhere (`heads.ts`).
 *
 * @param counts whether what a key signed proves anything, given when the log had it
 */
export async function verifyLog(
  db: Transaction,
  onProgress: (done: number, size: number) => void = () => {},
  counts: (kid: string, loggedAtSeconds: number) => boolean = () => true,
  evidence?: KeyObject,
): Promise<LogReport> {
  const uncounted = new Map<string, Uncounted>();
  const findings: LogFinding[] = [];
  const find = (finding: keyof typeof LOG_FINDINGS, index?: number) => {
    if (findings.length < MOST_FINDINGS) findings.push(index === undefined ? { finding } : { finding, index });
  };
  const { rows: heads } = await db.query('SELECT size::float8 AS size, root, frontier FROM log_head');
  const size = (heads[0]?.size as number | undefined) ?? 0;
  const tiles = await readTiles(db);
  const offered = await readOffered(db);
  const frontier = createFrontier(NODE_TAGS.log);
  let people = 0;

  for (let from = 0; from < size; from += BATCH) {
    const { rows } = await db.query(
      `SELECT i.idx::float8 AS idx, i.leaf, e.entry_id, e.salt, e.entry, e.agency, e.person_leaves${evidence === undefined ? '' : ', e.persons, e.person_bodies'}
       FROM log_index i LEFT JOIN log_entry e USING (entry_id) WHERE i.idx >= $1 AND i.idx < $2 ORDER BY i.idx`,
      [from, Math.min(from + BATCH, size)],
    );
    let expected = from;
    for (const row of rows) {
      const index = row.idx as number;
      if (index !== expected) find('GAP', expected);
      expected = index + 1;
      const { leaf, entry } = leafOf(row, index, find, evidence);
      if (entry !== undefined) judgeKey(entry, index, counts, uncounted);
      people += (row.person_leaves as Buffer | null)?.length ?? 0;
      frontier.append(leaf, (level, pos, hash) => {
        if (level === 0 || level % TILE_LEVELS !== 0) return;
        const stored = tiles.get(`${level}/${pos}`);
        if (stored === undefined || !stored.equals(hash)) find('TILE_CHANGED', index);
      });
      const given = offered.get(frontier.size);
      if (given !== undefined && !given.equals(frontier.root())) find('WITNESSED_DIFFERS', index);
      offered.delete(frontier.size);
    }
    if (expected < Math.min(from + BATCH, size)) find('GAP', expected);
    onProgress(Math.min(from + BATCH, size), size);
  }

  const root = frontier.root();
  const stored = heads[0]?.root as Buffer | undefined;
  const grown = heads[0]?.frontier as Buffer | undefined;
  const same = stored?.equals(root) === true && grown?.equals(frontier.serialise()) === true;
  // The frontier too: the next append would go on from it.
  if (heads.length > 0 && !(same && frontier.size === size)) find('HEAD_DIFFERS');
  if (offered.size > 0) find('WITNESSED_DIFFERS');
  const { rows: outside } = await db.query(
    `SELECT 1 FROM log_entry e LEFT JOIN log_index i USING (entry_id) WHERE i.idx IS NULL OR i.idx >= $1
     UNION ALL SELECT 1 FROM log_index WHERE idx >= $1 LIMIT 1`,
    [size],
  );
  if (outside.length > 0) find('ENTRY_UNINDEXED');
  return { size, root, people: people / 32, uncounted: [...uncounted.values()], findings };
}

function judgeKey(
  { signingKey, agency, timeMs }: Entry,
  index: number,
  counts: (kid: string, loggedAtSeconds: number) => boolean,
  uncounted: Map<string, Uncounted>,
): void {
  const key = Buffer.from(signingKey).toString('base64url');
  if (key === '' || counts(key, Number(timeMs) / 1000)) return;
  const known = uncounted.get(key) ?? { key, agency, entries: 0, first: index };
  uncounted.set(key, { ...known, entries: known.entries + 1 });
}

async function readTiles(db: Transaction): Promise<Map<string, Buffer>> {
  const { rows } = await db.query('SELECT level, pos::float8 AS pos, hash FROM log_tile');
  return new Map(rows.map((row) => [`${row.level}/${row.pos}`, row.hash as Buffer]));
}

/** Roots of the heads that witnesses were given, by size. */
async function readOffered(db: Transaction): Promise<Map<number, Buffer>> {
  const { rows } = await db.query('SELECT size::float8 AS size, root FROM offered_head');
  return new Map(rows.map((row) => [row.size as number, row.root as Buffer]));
}

/** The leaf of a row as its entry hashes; what the index has instead is a finding. */
function leafOf(
  row: Record<string, unknown>,
  index: number,
  find: (finding: keyof typeof LOG_FINDINGS, index: number) => void,
  evidence: KeyObject | undefined,
): { readonly leaf: Uint8Array; readonly entry?: Entry } {
  const indexed = row.leaf as Buffer;
  if (row.entry === null) {
    find('ENTRY_MISSING', index);
    return { leaf: indexed };
  }
  const entryBytes = row.entry as Buffer;
  const leaf = entryLeaf(row.salt as Buffer, entryBytes);
  if (!indexed.equals(leaf)) {
    find('ENTRY_CHANGED', index);
    return { leaf };
  }
  const entry = fromBinary(EntrySchema, entryBytes);
  const leaves = (row.person_leaves as Buffer | null) ?? Buffer.alloc(0);
  const root = leaves.length === 0 ? Buffer.alloc(0) : Buffer.from(treeRoot(leaves, NODE_TAGS.person));
  const sameId = (row.entry_id as Buffer).equals(entry.entryId);
  if (!sameId) find('ENTRY_CHANGED', index);
  if (leaves.length !== entry.people * 32 || !root.equals(entry.subtreeRoot)) find('PEOPLE_CHANGED', index);
  if (row.agency !== entry.agency) find('AGENCY_DIFFERS', index);
  if (evidence !== undefined && !opens(row, entry.people, evidence)) find('PEOPLE_UNREADABLE', index);
  return { leaf, entry };
}

function opens(row: Record<string, unknown>, people: number, evidence: KeyObject): boolean {
  const [persons, personBodies] = [row.persons as Buffer | null, row.person_bodies as Buffer | null];
  if (persons === null || personBodies === null) return people === 0;
  const opened = openPeople(evidence, row.entry_id as Buffer, { persons, personBodies });
  return opened?.personNos.length === people && opened.bodies.length === people;
}
