import type { Transaction } from '../../../gateway/exchange/log-port.ts';
import { personLeaves } from '../../../gateway/proof/batch.ts';
import type { KeyRing } from '../../../gateway/sealing/key-ring.ts';
import { unwrapLogKeys } from '../../../gateway/sealing/log-keys.ts';
import { unseal } from '../../../gateway/sealing/seal.ts';
import type { Report } from './difference.ts';

/** A person leaf as it is stored, unsealed. */
export interface PersonLeaf {
  /** 0 where a row had no person. */
  readonly personNo: number;
  /** Outcome, basis, delay and bitmaps, in their one encoding. */
  readonly body: Buffer;
  readonly hash: Buffer;
}

export interface SealedLeaves {
  readonly entry_id: Buffer;
  readonly persons: Buffer | null;
  readonly person_bodies: Buffer | null;
  readonly person_leaves: Buffer | null;
}

/** The leaves of an entry in their order; undefined where what is sealed does not open or does not fit together. */
export function openLeaves(keys: KeyRing, stored: SealedLeaves): PersonLeaf[] | undefined {
  const { entry_id: entryId, persons, person_bodies: bodies, person_leaves: hashes } = stored;
  if (persons === null || bodies === null || hashes === null) return [];
  const numbers = unseal(keys.evidence, entryId, persons);
  const packed = unseal(keys.evidence, Buffer.concat([entryId, Buffer.from('bodies')]), bodies);
  if (numbers === undefined || packed === undefined || numbers.length * 4 !== hashes.length) return undefined;
  const leaves: PersonLeaf[] = [];
  let at = 0;
  for (let i = 0; i * 8 < numbers.length; i++) {
    const length = packed.readUInt16BE(at);
    const body = packed.subarray(at + 2, at + 2 + length);
    leaves.push({ personNo: numbers.readDoubleLE(i * 8), body, hash: hashes.subarray(i * 32, i * 32 + 32) });
    at += 2 + length;
  }
  return at === packed.length ? leaves : undefined;
}

export function compareLeaves(one: readonly PersonLeaf[], other: readonly PersonLeaf[], at: string, report: Report) {
  if (one.length !== other.length) return report('LEAF_PERSON', `${at}: ${other.length} leaves for ${one.length}`);
  for (const [i, { personNo, body }] of one.entries()) {
    const found = other[i];
    if (found?.personNo !== personNo) report('LEAF_PERSON', `${at}, leaf ${i}`);
    if (found?.body.equals(body) !== true) report('LEAF_OUTCOME', `${at}, leaf ${i}`);
  }
}

/** Every leaf of a person is the hash of its body under the person's own key; leaves of nobody have a salt that is gone. */
export async function checkHashes(
  db: Transaction,
  keys: KeyRing,
  entryId: Buffer,
  leaves: readonly PersonLeaf[],
  at: string,
  report: Report,
): Promise<void> {
  const { rows } = await db.query('SELECT person_no::float8 AS no, log_key FROM person WHERE person_no = ANY($1)', [
    [...new Set(leaves.map(({ personNo }) => personNo))],
  ]);
  const keyOf = new Map(rows.map(({ no, log_key }) => [no as number, log_key as Buffer]));
  const wrapped = Buffer.concat(leaves.map(({ personNo }) => keyOf.get(personNo) ?? Buffer.alloc(16)));
  const offsets = new Uint32Array(leaves.length + 1);
  for (const [i, { body }] of leaves.entries()) offsets[i + 1] = (offsets[i] ?? 0) + body.length;
  const bodies = Buffer.concat(leaves.map(({ body }) => body));
  const hashes = Buffer.from(personLeaves(unwrapLogKeys(keys['log-key'], wrapped), entryId, bodies, offsets));
  for (const [i, { personNo, hash }] of leaves.entries()) {
    if (personNo === 0 || hash.equals(hashes.subarray(i * 32, i * 32 + 32))) continue;
    report('LEAF_HASH', `${at}, leaf ${i}`);
  }
}
