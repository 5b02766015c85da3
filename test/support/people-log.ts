/** Entries of the log about people, appended as a gateway appends them, without the calls that they would be of. */
import { randomBytes } from 'node:crypto';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { appendGroup } from '../../gateway/audit/append-group.ts';
import { openAppendConnection } from '../../gateway/audit/connection.ts';
import { registerWriter } from '../../gateway/audit/log-store.ts';
import { createPeople } from '../../gateway/exchange/people.ts';
import { createPeopleSealer, type PeopleKeys } from '../../gateway/exchange/seal-people.ts';
import { BASES, encodePersonBody, type PersonBody } from '../../gateway/proof/person-body.ts';
import type { Pool } from '../../gateway/storage/pool.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';

export interface LoggedPerson {
  readonly personNo: number;
  readonly body?: Partial<PersonBody>;
  /** Wrapped, 16 bytes; a key of the moment unless given. */
  readonly logKey?: Uint8Array;
}

const BODY: PersonBody = {
  outcome: 1,
  basis: BASES.statute,
  delayUntil: 0,
  released: [],
  matched: [1, 2],
  mismatched: [],
  notAvailable: [],
};

/** What appends; `append` resolves to the ids of the entries. */
export async function openPeopleLog(pool: Pool, keys: PeopleKeys) {
  const writer = await registerWriter(pool);
  const connection = await openAppendConnection(pool);
  const sealPeople = createPeopleSealer(keys);
  const bodies = new Map<Partial<PersonBody> | undefined, Uint8Array>();

  function bodyOf(body: Partial<PersonBody> | undefined): Uint8Array {
    const encoded = bodies.get(body) ?? encodePersonBody({ ...BODY, ...body });
    bodies.set(body, encoded);
    return encoded;
  }

  function itemOf(entry: MessageInitShape<typeof EntrySchema>, logged: readonly LoggedPerson[]) {
    const entryId = randomBytes(16);
    const people = createPeople(logged.length);
    for (const { personNo, body, logKey } of logged) people.add(personNo, bodyOf(body), logKey ?? randomBytes(16));
    const sealed = sealPeople(people.finish(), entryId);
    const whole = create(EntrySchema, {
      ...({ kind: EntryKind.UNARY, timeMs: BigInt(Date.now()), agency: 'viettel', ...entry } as object),
      entryId,
      people: sealed.count,
      subtreeRoot: sealed.root,
    });
    return {
      ...{ agency: whole.agency, entryId, salt: randomBytes(16), entry: toBinary(EntrySchema, whole) },
      ...{ ...sealed.stored, changeRevision: 0n, standsOn: [] },
    };
  }

  return {
    async append(
      ...entries: readonly (readonly [MessageInitShape<typeof EntrySchema>, readonly LoggedPerson[]])[]
    ): Promise<Buffer[]> {
      const items = entries.map(([entry, logged]) => itemOf(entry, logged));
      await appendGroup(connection, writer.workerId, items);
      return items.map(({ entryId }) => entryId);
    },
    close: () => connection.close(),
  };
}
