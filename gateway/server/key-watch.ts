/**
 * Keeps the gateway's own keys in step with the disk: a set with a higher version is taken at the next look, and so is the key that
 * answers are signed with. What does not fit changes nothing, and the last good keys go on.
 */
import { parseCheckpoint, signersOf } from '../proof/checkpoint.ts';
import { evidenceCounts, type KeySet, markOf } from '../signing/key-set.ts';
import type { SigningKey } from '../signing/key-store.ts';
import { thumbprintOf, verificationKeyOf } from '../signing/public-key.ts';
import { createSigner, type Signer } from '../signing/sign.ts';
import type { SignedKeySet } from '../signing/signed-key-set.ts';
import { createPoll } from '../storage/poll.ts';

export interface OwnKeyFacts {
  readonly signingKey: SigningKey;
  readonly keySet: SignedKeySet;
  readonly set: KeySet;
}

export interface KeyWatchLog {
  info(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export interface KeyWatch {
  /** Signs with the key in use at that moment. */
  readonly signer: Signer;
  /** Version of the set in use. */
  readonly version: number;
  /** Whether other keys lie on the disk, which do not count. */
  readonly refused: boolean;
  /** The set as it lies there now: no thread tells a client of an older one than another did before. */
  keySet(): Promise<SignedKeySet>;
  /** Whether what this key signed proves nothing any more, unless the log shows when. */
  isCompromised(kid: string): boolean;
  /** Whether all keys that signed this head of the log are such. */
  isHeadLost(note: string): boolean;
  start(): void;
  stop(): Promise<void>;
  refresh(): Promise<void>;
}

const POLL_MS = 1000;

/** @param read rejects where the files are not keys that fit together */
export function createKeyWatch({
  opened,
  read,
  log,
  pollMs = POLL_MS,
}: {
  readonly opened: OwnKeyFacts;
  readonly read: () => Promise<OwnKeyFacts>;
  readonly log: KeyWatchLog;
  readonly pollMs?: number;
}): KeyWatch {
  let current = opened;
  let signing = signerOf(opened);
  let refused: 'UNUSABLE' | 'ROLLED_BACK' | undefined;

  function refuse(problem: 'UNUSABLE' | 'ROLLED_BACK'): void {
    // Files that are being copied are refused until they are whole; told once.
    if (refused !== problem) {
      log.error({ problem, version: current.set.version }, 'keys of our own were refused, those in use stay');
    }
    refused = problem;
  }

  async function look(): Promise<void> {
    const found = await read().catch(() => undefined);
    if (found === undefined) return refuse('UNUSABLE');
    const [mark, known] = [found, current].map(({ set, keySet }) => markOf(set.version, keySet.payload));
    if (mark === undefined || known === undefined) return;
    const rolledBack = mark.version < known.version || (mark.version === known.version && mark.digest !== known.digest);
    if (rolledBack) return refuse('ROLLED_BACK');
    const [published, switched] = [mark.version > known.version, found.signingKey.kid !== current.signingKey.kid];
    refused = undefined;
    if (!published && !switched) return;
    current = found;
    if (published) log.info({ version: mark.version }, 'another key set was taken into use');
    if (switched) {
      signing = signerOf(found);
      log.info({ kid: signing.kid, version: mark.version }, 'answers are signed with another key');
    }
  }

  const poll = createPoll(look, pollMs);

  return {
    signer: {
      get kid() {
        return signing.kid;
      },
      issuer: signing.issuer,
      sign: (typ, claims) => signing.sign(typ, claims),
      signAsync: (typ, claims) => signing.signAsync(typ, claims),
    },
    get version() {
      return current.set.version;
    },
    get refused() {
      return refused !== undefined;
    },
    async keySet() {
      await poll.refresh();
      return current.keySet;
    },
    isCompromised(kid) {
      const entry = current.set.keys.find(({ jwk }) => thumbprintOf(jwk) === kid);
      return entry !== undefined && !evidenceCounts(entry, Number.POSITIVE_INFINITY);
    },
    isHeadLost(note) {
      const { origin } = parseCheckpoint(note).head;
      const signers = current.set.keys.filter(
        ({ jwk }) => signersOf(note, origin, [verificationKeyOf(jwk, 'gateway').key]).length > 0,
      );
      return signers.length > 0 && !signers.some((entry) => evidenceCounts(entry, Number.POSITIVE_INFINITY));
    },
    ...poll,
  };
}

function signerOf({ signingKey }: OwnKeyFacts): Signer {
  return createSigner({ key: signingKey.key, kid: signingKey.kid, issuer: 'gateway' });
}
