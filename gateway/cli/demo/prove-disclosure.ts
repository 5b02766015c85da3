import { type DescMessage, fromBinary } from '@bufbuild/protobuf';
import type { Answer, SignedClient } from '../../../connectors/kit/client.ts';
import { AuditService, EntrySchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { entryLeaf } from '../../proof/leaf.ts';
import { NODE_TAGS, verifyInclusion } from '../../proof/tree.ts';
import { digestOf } from '../../signing/digest.ts';

/** What was found of one answer in the log; every part was checked here, by the caller. */
export interface DisclosureProof {
  readonly origin: string;
  /** Position of the entry, from 0, and size of the tree it was proven in. */
  readonly index: number;
  readonly size: number;
  /** Root that the log's key signed, base64. */
  readonly root: string;
  /** Hashes from the entry up to the root. */
  readonly hashes: number;
  readonly answerDigest: string;
  /** The entry records the very bytes of this request and of this answer. */
  readonly sameAnswer: boolean;
  /** The path leads from the entry to the signed root. */
  readonly included: boolean;
  /** With one bit of the entry changed it no longer does. */
  readonly tamperEvident: boolean;
}

const HASH_BYTES = 32;

/** Asks for an answer's entry and proves it against the log's signed head. Throws KitError where the head does not hold. */
export async function proveDisclosure<O extends DescMessage>(
  client: SignedClient,
  answer: Answer<O>,
): Promise<DisclosureProof> {
  const entryId = Buffer.from(answer.claims.leaf ?? '', 'base64url');
  const proof = await client.open(AuditService.method.getInclusionProof, { entryId });
  const head = await client.logHeads.advance(proof.checkpoint);
  const entry = fromBinary(EntrySchema, proof.entry);
  const path = Buffer.concat(proof.path);
  const [index, size] = [Number(proof.index), Number(proof.treeSize)];
  const leads = (bytes: Uint8Array) =>
    size === head.size && verifyInclusion(entryLeaf(proof.salt, bytes), index, size, path, head.root, NODE_TAGS.log);
  const answerDigest = digestOf(answer.bytes);
  const changed = Buffer.from(proof.entry);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return {
    origin: head.origin,
    index,
    size,
    root: Buffer.from(head.root).toString('base64'),
    hashes: path.length / HASH_BYTES,
    answerDigest,
    sameAnswer:
      Buffer.from(entry.answerDigest).toString('base64url') === answerDigest &&
      Buffer.from(entry.requestDigest).toString('base64url') === answer.requestDigest,
    included: leads(proof.entry),
    tamperEvident: !leads(changed),
  };
}
