import type { Transaction } from '../exchange/log-port.ts';
import { decodePersonBody, type PersonBody } from '../proof/person-body.ts';
import type { AccessKeys } from './keys.ts';
import { personTags, TAG_BYTES, TAG_STRIDE } from './person-tags.ts';
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

/**
 * All that entries say of one person, each once: of several leaves that say the same any one. Under the numbers of all of their
 * records (`records-of.ts`), from a block of each run for each: one statement, so one moment. @throws {IndexUnreadable}
 */
export async function findPostings(
  db: Transaction,
  keys: AccessKeys,
  personNos: readonly number[],
): Promise<FoundPostings> {
  const tags = personTags(keys.tag, Float64Array.from(personNos));
  const { rows } = await db.query(
    `SELECT i.position::float8 AS position, w.nth::float8 AS nth, r.run::float8 AS run, r.bits, b.sealed
     FROM access_index i CROSS JOIN unnest($1::bigint[]) WITH ORDINALITY AS w (head, nth) LEFT JOIN access_run r ON true
     LEFT JOIN access_block b ON b.run = r.run AND b.block = (w.head >> (32 - r.bits))::integer`,
    [personNos.map((_, at) => blockOf(tags, at * TAG_STRIDE, 32))],
  );
  const found: Posting[] = [];
  const seen = new Map<number, number[]>();
  for (const { nth, run, bits, sealed } of rows) {
    if (sealed === null) continue;
    const at = ((nth as number) - 1) * TAG_STRIDE;
    const block = openBlock(keys.block, run as number, blockOf(tags, at, bits as number), sealed as Buffer);
    for (const posting of postingsOf(block, tags.subarray(at, at + TAG_BYTES))) {
      const said = seen.get(posting.position);
      if (said?.includes(posting.body) === true) continue;
      if (said === undefined) seen.set(posting.position, [posting.body]);
      else said.push(posting.body);
      found.push(posting);
    }
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
