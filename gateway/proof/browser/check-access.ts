import { type Bytes, equal, HASH_BYTES, Malformed, sha256 } from './bytes.ts';
import { type KnownKey, readHead, type SignedHead } from './note.ts';
import { type PersonUse, readPersonUse } from './person.ts';
import { NODES, rootOf } from './tree.ts';
import { allBytesAt, bytesAt, type Fields, numberAt, readFields, textAt } from './wire.ts';

/** What whoever checks knows beforehand, from another place than the proof. */
export interface LogTrust {
  /** First line of the log's heads. Example: `lienthong.dev/dev-k3v9q2xa`. */
  readonly origin: string;
  /** The log's keys, past ones as well: SubjectPublicKeyInfo in DER. */
  readonly logKeys: readonly Bytes[];
  /** Witnesses that are believed; none unless given. */
  readonly witnesses?: readonly KnownKey[];
  /** How many of them must have cosigned the head; default 0. */
  readonly needed?: number;
}

/** What is proven: the entry's own statements, and what it says of the person. */
export interface ProvenAccess {
  readonly entryId: Bytes;
  /** Position in the log. */
  readonly index: number;
  readonly head: SignedHead;
  /** lienthong.audit.v1.EntryKind. */
  readonly kind: number;
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly agency: string;
  readonly method: string;
  readonly requestId: string;
  readonly purpose: string;
  readonly serviceCode: string;
  readonly unitCode: string;
  readonly caseRef: string;
  readonly vocabularyVersion: number;
  /** 16 bytes; empty outside jobs. */
  readonly jobId: Bytes;
  /** How many people the entry is about. */
  readonly people: number;
  /** lienthong.error.v1.ErrorReason of what was refused whole; 0 where it was not. */
  readonly refusal: number;
  /** By place in the entry. */
  readonly uses: readonly (PersonUse & { readonly leaf: number })[];
}

/**
 * The first part that does not hold: FORMAT (the bytes are no such proof), HEAD (the log did not sign it, or it is another
 * log's), WITNESSES (too few cosigned it), ENTRY (the entry does not stand in that tree), PERSON (a leaf does not stand in the
 * entry).
 */
export type AccessFault = 'FORMAT' | 'HEAD' | 'WITNESSES' | 'ENTRY' | 'PERSON';
export type AccessCheck =
  | { readonly holds: true; readonly access: ProvenAccess }
  | { readonly holds: false; readonly fault: AccessFault };

const SALT_BYTES = 16;
const fails = (fault: AccessFault): AccessCheck => ({ holds: false, fault });

/** Checks a serialised lienthong.audit.v1.AccessProof. Never throws on what stands in it. */
export async function checkAccessProof(proof: Uint8Array, trust: LogTrust): Promise<AccessCheck> {
  try {
    return await check(readFields(proof), trust);
  } catch (error) {
    // A text that is no UTF-8 is told by a TypeError of the decoder.
    if (error instanceof Malformed || error instanceof TypeError) return fails('FORMAT');
    throw error;
  }
}

async function check(proof: Fields, trust: LogTrust): Promise<AccessCheck> {
  const [entryBytes, entrySalt] = [bytesAt(proof, 1), bytesAt(proof, 2)];
  const [index, size] = [numberAt(proof, 3), numberAt(proof, 4)];
  const leaves = allBytesAt(proof, 7).map(readFields);
  const entry = readFields(entryBytes);
  // A proof about nobody would "hold" whatever it is shown for.
  if (entrySalt.length !== SALT_BYTES || leaves.length === 0) return fails('FORMAT');

  const head = await readHead(textAt(proof, 6), trust.origin, trust.logKeys, trust.witnesses ?? []);
  if (head === undefined || head.size !== size) return fails('HEAD');
  if (head.witnesses.length < (trust.needed ?? 0)) return fails('WITNESSES');

  const leaf = await sha256(Uint8Array.of(0), entrySalt, entryBytes);
  const root = await rootOf(leaf, index, size, allBytesAt(proof, 5), NODES.log);
  if (root === undefined || !equal(root, head.root)) return fails('ENTRY');

  const [people, subtree] = [numberAt(entry, 18), bytesAt(entry, 19)];
  const uses: ProvenAccess['uses'][number][] = [];
  for (const fields of leaves) {
    const [place, salt, body] = [numberAt(fields, 1), bytesAt(fields, 2), bytesAt(fields, 3)];
    if (place <= (uses.at(-1)?.leaf ?? -1)) return fails('FORMAT');
    const person = await sha256(Uint8Array.of(2), salt, body);
    const top = await rootOf(person, place, people, allBytesAt(fields, 4), NODES.person);
    const stands = salt.length === SALT_BYTES && subtree.length === HASH_BYTES;
    if (!stands || top === undefined || !equal(top, subtree)) return fails('PERSON');
    uses.push({ leaf: place, ...readPersonUse(body) });
  }

  const context = readFields(bytesAt(entry, 6));
  return {
    holds: true,
    access: {
      entryId: bytesAt(entry, 1),
      index,
      head,
      kind: numberAt(entry, 2),
      timeMs: numberAt(entry, 3),
      agency: textAt(entry, 4),
      method: textAt(entry, 5),
      requestId: textAt(context, 1),
      purpose: textAt(context, 2),
      serviceCode: textAt(context, 3),
      unitCode: textAt(context, 4),
      caseRef: textAt(context, 6),
      vocabularyVersion: numberAt(entry, 8),
      jobId: bytesAt(entry, 15),
      people,
      refusal: numberAt(entry, 21),
      uses,
    },
  };
}
