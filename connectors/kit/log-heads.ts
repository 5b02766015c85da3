import { join } from 'node:path';
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { ecdsaKeyId, type Head, parseCheckpoint, verifyCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { ProofError } from '../../gateway/proof/errors.ts';
import { NODE_TAGS, verifyConsistency } from '../../gateway/proof/tree.ts';
import { evidenceCounts, type KeySet } from '../../gateway/signing/key-set.ts';
import { verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { GATEWAY, type KeySetSource } from './key-set-source.ts';
import { KitError } from './kit-error.ts';
import type { Profile } from './profile.ts';
import { readState, writeState } from './state-file.ts';

export type LogHeads = {
  /** The head of a signed checkpoint of this log. Throws KitError LOG_INCONSISTENT. */
  verify(checkpoint: string): Promise<Head>;
  /**
   * Demands that the log is the continuation of the head kept last, and keeps the new one. Without an argument the
   * newest head is asked for. Returns the head; throws KitError LOG_INCONSISTENT, and then keeps the old one.
   */
  advance(checkpoint?: string): Promise<Head>;
};

type Open = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
) => Promise<MessageShape<O>>;

/** The heads of the gateway's log that this profile has seen: a log that is rolled back or forked is found out here. */
export function createLogHeads({
  profile,
  keySet,
  open,
}: {
  profile: Pick<Profile, 'logOrigin' | 'stateFolder'>;
  keySet: KeySetSource;
  open: Open;
}): LogHeads {
  const statePath = join(profile.stateFolder, 'log-head.json');

  async function verify(checkpoint: string): Promise<Head> {
    const head =
      verifyHead(checkpoint, profile.logOrigin, (await keySet.get()).set) ??
      verifyHead(checkpoint, profile.logOrigin, (await keySet.refresh()).set);
    if (head === undefined) throw new KitError('LOG_INCONSISTENT', { problem: 'HEAD_NOT_SIGNED' });
    return head;
  }

  /** Throws unless `later` continues `earlier`. */
  async function demandConsistency(earlier: Head, later: Head): Promise<void> {
    if (earlier.size === 0) return;
    let path: Uint8Array = new Uint8Array();
    if (earlier.size < later.size) {
      const answer = await open(AuditService.method.getConsistencyProof, {
        firstSize: BigInt(earlier.size),
        secondSize: BigInt(later.size),
      });
      path = Buffer.concat(answer.path);
    }
    if (!verifyConsistency(earlier.size, earlier.root, later.size, later.root, path, NODE_TAGS.log)) {
      throw new KitError('LOG_INCONSISTENT', { problem: 'NOT_A_CONTINUATION' });
    }
  }

  return {
    verify,
    async advance(checkpoint) {
      const note = checkpoint ?? (await open(AuditService.method.getTreeHead, {})).checkpoint;
      const head = await verify(note);
      const keptNote = (Object(await readState(statePath)) as { checkpoint?: unknown }).checkpoint;
      // What was kept was verified then; keys of that time may be gone from the set by now.
      const kept = typeof keptNote === 'string' ? keptHead(keptNote) : undefined;
      if (kept === undefined) {
        await writeState(statePath, { checkpoint: note });
        return head;
      }
      if (kept.origin !== head.origin) throw new KitError('LOG_INCONSISTENT', { problem: 'ANOTHER_LOG' });
      if (head.size >= kept.size) {
        await demandConsistency(kept, head);
        if (head.size > kept.size) await writeState(statePath, { checkpoint: note });
      } else if (checkpoint === undefined) {
        throw new KitError('LOG_INCONSISTENT', { problem: 'LOG_IS_SMALLER' });
      } else {
        // An older head that came with an answer (a stored one): it must be a beginning of what was seen since.
        await demandConsistency(head, kept);
      }
      return head;
    },
  };
}

function keptHead(note: string): Head {
  try {
    return parseCheckpoint(note).head;
  } catch (error) {
    // Never taken for "nothing kept": that would forgive a roll-back.
    throw new KitError('LOG_INCONSISTENT', { problem: 'STATE_DAMAGED' }, { cause: error });
  }
}

/** The head of a note that one of the gateway's keys signed; undefined where none did or the origin is another. */
export function verifyHead(checkpoint: string, origin: string, set: KeySet): Head | undefined {
  try {
    const ids = parseCheckpoint(checkpoint).signatures.map(({ keyId }) => Buffer.from(keyId).toString('hex'));
    for (const entry of set.keys) {
      if (!evidenceCounts(entry, Number.POSITIVE_INFINITY)) continue;
      const { key } = verificationKeyOf(entry.jwk, GATEWAY);
      if (ids.includes(Buffer.from(ecdsaKeyId(key)).toString('hex'))) {
        return verifyCheckpoint(checkpoint, origin, origin, key);
      }
    }
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
  }
  return undefined;
}
