import type { KeyObject } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { byteaArray } from '../audit/bytea-array.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { delayUntilOf } from '../proof/person-body.ts';
import type { BodyIds } from './body-ids.ts';
import { countDelayed, type DelayedLeaf } from './delayed.ts';
import type { AccessKeys } from './keys.ts';
import { openBodies, openPersons, PeopleUnreadable } from './people-of-entry.ts';
import { personTags } from './person-tags.ts';
import { asWords, type Postings } from './postings.ts';
import { writeRun } from './runs.ts';

/** Bounds of one step: so many entries, and so many bytes of sealed person numbers (eight a leaf). */
const MOST_ENTRIES = 1024;
const MOST_BYTES = 1024 * 1024;

export interface StepDeps {
  /** The key that seals who the people of an entry are. */
  readonly evidence: KeyObject;
  readonly keys: AccessKeys;
  readonly bodies: BodyIds;
  /** Memory for the postings of a step, kept from one to the next. */
  readonly postings: Postings;
}

/** `busy`: another gateway is at it. `full`: there may be more. */
export interface Step {
  readonly full: boolean;
  readonly entries: number;
  readonly leaves: number;
  readonly busy: boolean;
}

/**
 * Takes the next entries of the log into the index, in the transaction that it is given. Positions become visible in their order,
 * because the head is locked until an append has committed: what stands below the highest position that is seen is whole.
 *
 * The row of `access_index` is the lock: whoever has it works, everybody else leaves. Who dies lets it go.
 * @throws {PeopleUnreadable} where who the people are was changed beside an entry: nothing is passed over in silence
 */
export async function indexStep(tx: Transaction, { evidence, keys, bodies, postings }: StepDeps): Promise<Step> {
  const { rows: held } = await tx.query(
    'SELECT position::float8 AS position, generation FROM access_index FOR UPDATE SKIP LOCKED',
  );
  const position = held[0]?.position as number | undefined;
  if (position === undefined) return { entries: 0, leaves: 0, busy: true, full: false };
  const { rows } = await tx.query(
    // The length of what is stored out of line is known without reading it. The first is taken however large it is.
    `SELECT idx::float8 AS idx, entry_id, CASE WHEN persons IS NULL THEN entry END AS entry, persons, person_bodies FROM (
       SELECT i.idx, e.entry_id, e.entry, e.persons, e.person_bodies,
              sum(octet_length(e.persons)) OVER (ORDER BY i.idx) - octet_length(e.persons) AS before
       FROM log_index i JOIN log_entry e USING (entry_id) WHERE i.idx >= $1 AND i.idx < $1 + $2 ORDER BY i.idx) next
     WHERE coalesce(before, 0) < $3 ORDER BY idx`,
    [position, MOST_ENTRIES, MOST_BYTES],
  );
  if (rows.length === 0) return { entries: 0, leaves: 0, busy: false, full: false };

  await bodies.load(tx, held[0]?.generation as number);
  postings.clear();
  const delayed: DelayedLeaf[] = [];
  const again: { position: number; entryId: Uint8Array }[] = [];
  let next = position;
  for (const row of rows) {
    const at = row.idx as number;
    // A gap is not passed over: what stands in it could never be found missing afterwards.
    if (at !== next) break;
    next = at + 1;
    const entryId = row.entry_id as Buffer;
    if (row.persons !== null && row.person_bodies !== null) {
      addPeople(at, entryId, row.persons as Buffer, row.person_bodies as Buffer);
    } else if (row.entry !== null) {
      const entry = fromBinary(EntrySchema, row.entry as Buffer);
      if (entry.kind === EntryKind.REDELIVERY) again.push({ position: at, entryId: entry.earlierEntryId });
    }
  }

  function addPeople(at: number, entryId: Buffer, sealedPersons: Buffer, sealedBodies: Buffer): void {
    const persons = openPersons(evidence, entryId, sealedPersons);
    const packed = openBodies(evidence, entryId, sealedBodies);
    const tags = asWords(personTags(keys.tag, persons));
    let from = 0;
    let last = -1;
    let body = 0;
    let delay = 0;
    const said = createSaid();
    for (let leaf = 0; leaf < persons.length; leaf++) {
      const length = ((packed[from] ?? 0) << 8) | (packed[from + 1] ?? 0);
      const end = from + 2 + length;
      if (end > packed.length) throw new PeopleUnreadable();
      if (persons[leaf] !== 0) {
        // Most leaves of a chunk say what the one before said.
        if (!sameBytes(packed, last, from, end - from)) {
          body = bodies.idOf(packed.toString('latin1', from + 2, end));
          delay = delayUntilOf(packed, from + 2);
          last = from;
        }
        if (said.isNew(persons[leaf] ?? 0, body)) postings.add(tags, leaf, { position: at, leaf, body });
        if (delay !== 0) delayed.push({ entryId, delayUntil: delay });
      }
      from = end;
    }
  }

  await bodies.save(tx);
  await writeRun(tx, keys.block, postings.packed(), postings.count);
  if (again.length > 0) {
    await tx.query('INSERT INTO access_again (position, entry_id) SELECT * FROM unnest($1::bigint[], $2::bytea[])', [
      again.map((one) => one.position),
      byteaArray(again.map(({ entryId }) => entryId)),
    ]);
  }
  await countDelayed(tx, delayed);
  await tx.query('UPDATE access_index SET position = $1', [next]);
  return {
    entries: next - position,
    leaves: postings.count,
    busy: false,
    full: rows.length === MOST_ENTRIES || postings.count * 8 > MOST_BYTES / 2,
  };
}

/** True where `length` bytes from `one` are those from `other`; false where `one` is no place. */
function sameBytes(bytes: Uint8Array, one: number, other: number, length: number): boolean {
  if (one < 0) return false;
  for (let i = 0; i < length; i++) if (bytes[one + i] !== bytes[other + i]) return false;
  return true;
}

/** Bodies of one entry that are told apart; a person's number is below 2^33. */
const BODIES = 2 ** 20;

/**
 * What one entry said of whom: the same of the same person again is no further posting, or a file of nothing but one person would fill
 * their list, which is read as a whole, with as many as it has rows.
 */
function createSaid() {
  const seen = new Set<number>();
  const numbers = new Map<number, number>();
  let [last, number] = [-1, 0];
  return {
    isNew(person: number, body: number): boolean {
      // Most say what the one before said.
      if (body !== last) {
        number = numbers.get(body) ?? numbers.size;
        numbers.set(body, number);
        last = body;
      }
      if (number >= BODIES) return true;
      const before = seen.size;
      return seen.add(person * BODIES + number).size > before;
    },
  };
}
