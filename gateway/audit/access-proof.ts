import type { KeyObject } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Transaction } from '../exchange/log-port.ts';
import { openPeople } from '../exchange/open-people.ts';
import { buildAccessProof, type OwnLeaf } from '../proof/access-proof.ts';
import { parseCheckpoint } from '../proof/checkpoint.ts';
import { ProofError } from '../proof/errors.ts';
import { toldFrom } from '../proof/lawful-delay.ts';
import { personSalt } from '../proof/leaf.ts';
import { decodePersonBody } from '../proof/person-body.ts';
import { unwrapLogKeys } from '../sealing/log-keys.ts';
import type { Heads } from './heads.ts';
import { proveInclusion, readHead } from './log-store.ts';
import type { Witnesses } from './witnesses.ts';

export interface AccessProofDeps {
  readonly db: Transaction;
  readonly heads: Pick<Heads, 'checkpointAt'>;
  readonly witnesses: Pick<Witnesses, 'witnessed'>;
  readonly keys: Readonly<Record<'log-key' | 'evidence', KeyObject>>;
  readonly nowMs: () => number;
}

export interface AccessProofs {
  /**
   * The person's own proof of one entry: a serialised lienthong.audit.v1.AccessProof. Undefined where there is nothing that this
   * person may be shown: no such entry, no leaf of theirs in it, their log key destroyed, or a lawful delay still running.
   * @param entryId 16 bytes
   * @throws {CallRefused} LOG_BROKEN
   * @throws {ProofError} where what is stored is not what was hashed
   */
  prove(entryId: Uint8Array, personNo: number): Promise<Uint8Array | undefined>;
}

const ENTRY = `SELECT i.idx::float8 AS idx, e.salt, e.entry, e.persons, e.person_bodies, e.person_leaves,
    (SELECT log_key FROM person WHERE person_no = $2) AS log_key
  FROM log_entry e JOIN log_index i USING (entry_id) WHERE e.entry_id = $1`;

export function createAccessProofs({ db, heads, witnesses, keys, nowMs }: AccessProofDeps): AccessProofs {
  /** The person's leaves; none while any of them is not to be told of. */
  function ownLeaves(entryId: Uint8Array, personNo: number, row: Record<string, unknown>): OwnLeaf[] {
    const [persons, personBodies] = [row.persons as Buffer | null, row.person_bodies as Buffer | null];
    const wrapped = row.log_key as Buffer | null;
    if (persons === null || personBodies === null || wrapped === null) return [];
    const opened = openPeople(keys.evidence, entryId, { persons, personBodies });
    if (opened === undefined) throw new ProofError('INCONSISTENT', 'people');
    const logKey = unwrapLogKeys(keys['log-key'], wrapped);
    const own = opened.bodies.flatMap((body, index) =>
      opened.personNos[index] === personNo ? [{ index, salt: personSalt(logKey, entryId, index), body }] : [],
    );
    const { timeMs } = fromBinary(EntrySchema, row.entry as Buffer);
    const delayed = own.some(({ body }) => toldFrom(decodePersonBody(body), Number(timeMs)) * 1000 > nowMs());
    return delayed ? [] : own;
  }

  /** The newest witnessed head that has the entry; where there is none yet, the newest head. */
  async function headOver(index: number): Promise<{ treeSize: number; checkpoint: string }> {
    const checkpoint = await witnesses.witnessed(index);
    if (checkpoint !== undefined) return { treeSize: parseCheckpoint(checkpoint).head.size, checkpoint };
    const { size: treeSize } = await readHead(db);
    return { treeSize, checkpoint: await heads.checkpointAt(treeSize, db) };
  }

  return {
    async prove(entryId, personNo) {
      // 0 stands in the place of a row without a person.
      if (personNo < 1) return undefined;
      const { rows } = await db.query(ENTRY, [Buffer.from(entryId), personNo]);
      const [row] = rows;
      const own = row === undefined ? [] : ownLeaves(entryId, personNo, row);
      if (row === undefined || own.length === 0) return undefined;
      const index = row.idx as number;
      const { treeSize, checkpoint } = await headOver(index);
      return buildAccessProof({
        entry: row.entry as Buffer,
        entrySalt: row.salt as Buffer,
        index,
        treeSize,
        path: await proveInclusion(db, index, treeSize),
        checkpoint,
        people: row.person_leaves as Buffer,
        own: someOf(own),
      });
    },
  };
}

/** Leaves of one entry that a proof holds. Each is a path through all leaves of the entry, and an agency may put one person into thousands. */
const MOST_LEAVES = 16;

/** Of many, one of each that says something else before a second one of any. */
function someOf(own: readonly OwnLeaf[]): readonly OwnLeaf[] {
  if (own.length <= MOST_LEAVES) return own;
  const firsts = new Map<string, OwnLeaf>();
  for (const leaf of own) {
    const said = Buffer.from(leaf.body).toString('latin1');
    if (!firsts.has(said)) firsts.set(said, leaf);
  }
  return [...new Set([...firsts.values(), ...own])].slice(0, MOST_LEAVES);
}
