import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import type { Head } from '../../gateway/proof/checkpoint.ts';
import { cosign, witnessName } from '../../gateway/proof/cosignature.ts';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { KitError } from './kit-error.ts';
import { keptHead, type LogHeads, type Open, readKeptNote } from './log-heads.ts';
import type { Profile } from './profile.ts';
import { writeState } from './state-file.ts';

/** A head that this profile cosigned, now or before. */
export type CosignedHead = {
  readonly size: number;
  /** Organisations whose cosignatures the gateway has on it, this one included, and how many make it witnessed. */
  readonly witnesses: number;
  readonly needed: number;
  /** False where this profile had cosigned it before. */
  readonly fresh: boolean;
};

export type LogWitness = {
  /**
   * Cosigns the head that the gateway offers, once it is proven that the log continues all that this profile has seen and that
   * the head is one of it. Undefined where nothing is offered, or only what is older than what was cosigned.
   *
   * Throws KitError LOG_INCONSISTENT, and then signs nothing; GatewayError.
   */
  cosign(): Promise<CosignedHead | undefined>;
};

/**
 * A witness of the gateway's log, with the key and the state of one profile. `open` should not try for long: the next turn comes.
 */
export function createLogWitness({
  profile,
  logHeads,
  open,
  now,
}: {
  profile: Pick<Profile, 'agency' | 'logOrigin' | 'signingKey' | 'stateFolder'>;
  logHeads: Pick<LogHeads, 'advance' | 'newest'>;
  open: Open;
  now: () => number;
}): LogWitness {
  const statePath = join(profile.stateFolder, 'witnessed-head.json');
  const { key: privateKey, kid } = profile.signingKey;
  const publicKey = createPublicKey(privateKey);

  /** The largest head that was cosigned; a file that cannot be read is not taken for none. */
  async function lastCosigned(): Promise<Head | undefined> {
    const kept = await readKeptNote(statePath);
    return kept === undefined ? undefined : keptHead(kept);
  }

  return {
    async cosign() {
      const answer = await open(AuditService.method.getTreeHead, {});
      await logHeads.newest(answer.checkpoint);
      if (answer.offered === '') return undefined;
      const head = await logHeads.advance(answer.offered);
      const last = await lastCosigned();
      // Never a smaller one than before: a cosignature says that it is the largest that was put before this witness.
      if (last !== undefined && head.size < last.size) return undefined;
      const fresh = last === undefined || head.size > last.size;
      // On the disk first: what was signed and forgotten could be contradicted.
      if (fresh) await writeState(statePath, { checkpoint: answer.offered });
      const line = cosign(head, witnessName(profile.logOrigin, profile.agency), { privateKey, publicKey }, now());
      const given = await open(AuditService.method.addCosignature, { treeSize: BigInt(head.size), line, kid });
      return { size: head.size, witnesses: given.witnesses, needed: given.witnessesNeeded, fresh };
    },
  };
}

const EVERY_MS = 5_000;

/**
 * Cosigns again and again while `work` runs. A log that is not the one seen before ends the work with LOG_INCONSISTENT; that a
 * cosignature could not be handed in does not, for the work is not there for it.
 */
export async function cosignWhile<T>(
  witness: LogWitness,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
  everyMs = EVERY_MS,
): Promise<T> {
  const stop = new AbortController();
  const done = new AbortController();
  let inconsistent: KitError | undefined;
  const turn = async () => {
    try {
      await witness.cosign();
    } catch (error) {
      if (!(error instanceof KitError) || error.reason !== 'LOG_INCONSISTENT') return;
      inconsistent = error;
      stop.abort();
    }
  };
  const witnessing = (async () => {
    while (!done.signal.aborted && inconsistent === undefined) {
      await turn();
      await pauseUnless(everyMs, AbortSignal.any([done.signal, stop.signal]));
    }
  })();
  try {
    return await work(signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]));
  } catch (error) {
    throw inconsistent ?? error;
  } finally {
    done.abort();
    await witnessing;
  }
}

function pauseUnless(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(end, ms);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
    signal.addEventListener('abort', end);
  });
}
