import { join } from 'node:path';
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { type Head, parseCheckpoint, verifyCheckpointAmong } from '../../gateway/proof/checkpoint.ts';
import { ProofError } from '../../gateway/proof/errors.ts';
import { NODE_TAGS, verifyConsistency } from '../../gateway/proof/tree.ts';
import { type KeySet, keysNotLost } from '../../gateway/signing/key-set.ts';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { gatewayDiffers } from './gateway-differs.ts';
import { GATEWAY, type KeySetSource } from './key-set-source.ts';
import { KitError } from './kit-error.ts';
import type { Profile } from './profile.ts';
import { NOT_JSON, readState, writeState } from './state-file.ts';

export type LogHeads = {
  /** The head of a signed checkpoint of this log. Throws KitError LOG_INCONSISTENT; GATEWAY_DIFFERS for one of a log that the profile does not name. */
  verify(checkpoint: string): Promise<Head>;
  /**
   * Demands that the log is the continuation of the head kept last, and keeps the new one. Without an argument the
   * newest head is asked for. Returns the head; throws KitError LOG_INCONSISTENT, and then keeps the old one.
   */
  advance(checkpoint?: string): Promise<Head>;
  /** `advance` with what the gateway says is its newest head: one smaller than that kept last is refused. */
  newest(checkpoint: string): Promise<Head>;
  /**
   * Demands the same of the newest head as `advance`, and writes nothing. Undefined where no head is kept; throws KitError
   * LOG_INCONSISTENT.
   */
  look(): Promise<{ readonly kept: Head; readonly newest: Head } | undefined>;
};

export type Open = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
) => Promise<MessageShape<O>>;

const ANOTHER_LOG = 'ANOTHER_LOG';

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
    if (head !== undefined) return head;
    throw (await otherLog(checkpoint)) ?? new KitError('LOG_INCONSISTENT', { problem: 'HEAD_NOT_SIGNED' });
  }

  /** A head that the gateway did sign, of a log that the profile does not name. Where one of the named log was seen, the gateway changed. */
  async function otherLog(checkpoint: string): Promise<KitError | undefined> {
    const logOrigin = originOf(checkpoint);
    if (verifyHead(checkpoint, logOrigin, (await keySet.get()).set) === undefined) return undefined;
    const kept = await readKeptNote(statePath);
    if (kept !== undefined && originOf(kept) === profile.logOrigin) return undefined;
    return gatewayDiffers({ logOrigin }, profile);
  }

  /** Whether the gateway can prove that `later` continues `earlier`. */
  async function continues(earlier: Head, later: Head): Promise<boolean> {
    if (earlier.size === 0) return true;
    let path: Uint8Array = new Uint8Array();
    if (earlier.size < later.size) {
      const answer = await open(AuditService.method.getConsistencyProof, {
        firstSize: BigInt(earlier.size),
        secondSize: BigInt(later.size),
      });
      path = Buffer.concat(answer.path);
    }
    return verifyConsistency(earlier.size, earlier.root, later.size, later.root, path, NODE_TAGS.log);
  }

  /**
   * Says what is wrong, and keeps both heads beside each other: two heads that contradict, each signed by the log's own key, are
   * all that it takes to show others what the log did.
   */
  async function contradicted(kept: string, shown: string, problem: string): Promise<never> {
    await writeState(join(profile.stateFolder, 'log-contradiction.json'), { problem, kept, shown });
    throw new KitError('LOG_INCONSISTENT', { problem });
  }

  /** What is wrong with a head beside the one kept; undefined where nothing is. */
  async function problemOf(head: Head, kept: Head, isNewest: boolean): Promise<string | undefined> {
    if (kept.origin !== head.origin) return ANOTHER_LOG;
    if (head.size < kept.size && isNewest) return 'LOG_IS_SMALLER';
    // An older head that came with an answer (a stored one) must be a beginning of what was seen since.
    const [earlier, later] = head.size < kept.size ? [head, kept] : [kept, head];
    return (await continues(earlier, later)) ? undefined : 'NOT_A_CONTINUATION';
  }

  const askNewest = async () => (await open(AuditService.method.getTreeHead, {})).checkpoint;

  /** @param isLate whether another process of this profile may have kept a newer head since this one was asked for */
  async function follow(note: string, isNewest: boolean, isLate = isNewest): Promise<Head> {
    const head = await verify(note);
    const keptNote = await readKeptNote(statePath);
    // What was kept was verified then; keys of that time may be gone from the set by now.
    if (keptNote === undefined) {
      await writeState(statePath, { checkpoint: note });
      return head;
    }
    const kept = keptHead(keptNote);
    if (isLate && kept.origin === head.origin && head.size < kept.size) {
      const newest = await follow(await askNewest(), true, false);
      await follow(note, false);
      return newest;
    }
    const problem = await problemOf(head, kept, isNewest);
    // Heads of two logs contradict nothing.
    if (problem === ANOTHER_LOG) throw new KitError('LOG_INCONSISTENT', { problem });
    if (problem !== undefined) return contradicted(keptNote, note, problem);
    if (head.size > kept.size) await writeState(statePath, { checkpoint: note });
    return head;
  }

  return {
    verify,
    newest: (checkpoint) => follow(checkpoint, true),
    advance: async (checkpoint) =>
      checkpoint === undefined ? follow(await askNewest(), true) : follow(checkpoint, false),
    async look() {
      // Before it is asked for: another process of this profile may keep a newer one meanwhile.
      const keptNote = await readKeptNote(statePath);
      if (keptNote === undefined) return undefined;
      const kept = keptHead(keptNote);
      const newest = await verify(await askNewest());
      const problem = await problemOf(newest, kept, true);
      if (problem !== undefined) throw new KitError('LOG_INCONSISTENT', { problem });
      return { kept, newest };
    },
  };
}

/** Never taken for "nothing kept": that would forgive a roll-back. */
const damaged = (cause?: unknown) => new KitError('LOG_INCONSISTENT', { problem: 'STATE_DAMAGED' }, { cause });

/**
 * The note that a state file holds; undefined where there is no file. Throws KitError LOG_INCONSISTENT where it holds none,
 * STATE_UNREADABLE where the system does not let it be read.
 */
export async function readKeptNote(statePath: string): Promise<string | undefined> {
  const kept = await readState(statePath).catch((error: unknown) => {
    throw error instanceof KitError && error.facts.problem === NOT_JSON ? damaged(error) : error;
  });
  if (kept === undefined) return undefined;
  const { checkpoint } = Object(kept) as { checkpoint?: unknown };
  if (typeof checkpoint !== 'string') throw damaged();
  return checkpoint;
}

/** The head of such a note. Throws KitError LOG_INCONSISTENT where it is none. */
export function keptHead(note: string): Head {
  try {
    return parseCheckpoint(note).head;
  } catch (error) {
    throw damaged(error);
  }
}

/** The origin line of a note, whatever it is. */
export const originOf = (checkpoint: string): string => checkpoint.slice(0, Math.max(0, checkpoint.indexOf('\n')));

/** The head of a note that one of the gateway's keys signed; undefined where none did or the origin is another. */
export function verifyHead(checkpoint: string, origin: string, set: KeySet): Head | undefined {
  try {
    const keys = keysNotLost(set, GATEWAY).map(({ key }) => key);
    return verifyCheckpointAmong(checkpoint, origin, origin, keys);
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}
