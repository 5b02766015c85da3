import type { Transaction } from '../exchange/log-port.ts';
import { decodePersonBody, type PersonBody } from '../proof/person-body.ts';
import type { AccessKeys } from './keys.ts';
import { personTags, TAG_BYTES } from './person-tags.ts';
import { blockOf, type Posting, postingsOf } from './postings.ts';
import { IndexUnreadable, openBlock } from './runs.ts';

export interface FoundPosting {
  /** Position of the entry in the log. */
  readonly position: number;
  readonly leaf: number;
  readonly body: PersonBody;
}

export interface FoundPostings {
  /** Every entry of the log below this was looked through. */
  readonly position: number;
  /** Newest first. */
  readonly postings: readonly FoundPosting[];
}

/** All leaves of one person, from one block of each run: one statement, so one moment. @throws {IndexUnreadable} */
export async function findPostings(db: Transaction, keys: AccessKeys, personNo: number): Promise<FoundPostings> {
  const tags = personTags(keys.tag, Float64Array.of(personNo));
  const head = blockOf(tags, 0, 32);
  const { rows } = await db.query(
    `SELECT i.position::float8 AS position, r.run::float8 AS run, r.bits, b.sealed
     FROM access_index i LEFT JOIN access_run r ON true
     LEFT JOIN access_block b ON b.run = r.run AND b.block = ($1::bigint >> (32 - r.bits))::integer`,
    [head],
  );
  const tag = tags.subarray(0, TAG_BYTES);
  const found: Posting[] = [];
  for (const { run, bits, sealed } of rows) {
    if (sealed === null) continue;
    const block = openBlock(keys.block, run as number, blockOf(tags, 0, bits as number), sealed as Buffer);
    found.push(...postingsOf(block, tag));
  }
  found.sort((a, b) => b.position - a.position || b.leaf - a.leaf);
  const bodies = await readBodies(db, new Set(found.map(({ body }) => body)));
  const postings = found.map(({ position, leaf, body }) => {
    const decoded = bodies.get(body);
    if (decoded === undefined) throw new IndexUnreadable();
    return { position, leaf, body: decoded };
  });
  return { position: (rows[0]?.position as number | undefined) ?? 0, postings };
}

async function readBodies(db: Transaction, ids: ReadonlySet<number>): Promise<Map<number, PersonBody>> {
  if (ids.size === 0) return new Map();
  const { rows } = await db.query('SELECT id, body FROM access_body WHERE id = ANY ($1::integer[])', [[...ids]]);
  return new Map(rows.map((row) => [row.id as number, decodePersonBody(row.body as Buffer)]));
}
