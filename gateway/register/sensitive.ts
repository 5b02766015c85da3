/** The sensitive fields of a person (ethnicity, religion, blood type), sealed together in one column. */
import type { KeyObject } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { unseal } from '../sealing/seal.ts';
import type { Sensitive } from './encode-sensitive.ts';

/** Keys of the sensitive fields; they live outside the database. */
export interface KeyPort {
  /** Id of the key that seals now, 1 to 32 of [a-z0-9-]. */
  readonly keyId: string;
  /** The AES-256 key of an id. Rejects for an id that it does not have. */
  key(id: string): Promise<KeyObject>;
}

/** What is authenticated beside the ciphertext: the person's number and the key's id, so that no record opens elsewhere. */
export function sensitiveContext(personNo: number, keyId: string): Buffer {
  const context = Buffer.allocUnsafe(8 + keyId.length);
  context.writeBigUInt64BE(BigInt(personNo), 0);
  context.write(keyId, 8, 'latin1');
  return context;
}

/** Opens a sealed record. Throws an Error without data where it was sealed for another person or key, or was changed. */
export async function openSensitive(
  keys: KeyPort,
  personNo: number,
  sealed: Uint8Array,
  keyId: string,
): Promise<Sensitive> {
  const plain = unseal(await keys.key(keyId), sensitiveContext(personNo, keyId), sealed);
  if (plain === undefined)
    throw new Error('A sealed record of the register does not open: wrong key, or changed in the table.');
  const { ethnicity, religion, bloodType } = fromBinary(PersonSchema, plain);
  return { ethnicity, religion, bloodType };
}
