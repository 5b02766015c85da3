import { join } from 'node:path';
import { audienceOf } from '../../gateway/signing/binding.ts';
import { type KeySet, type KeySetMark, liveKeys } from '../../gateway/signing/key-set.ts';
import type { KeyLookup } from '../../gateway/signing/public-key.ts';
import { type SignedKeySet, verifyKeySet } from '../../gateway/signing/signed-key-set.ts';
import { KitError } from './kit-error.ts';
import type { Profile } from './profile.ts';
import { readState, writeState } from './state-file.ts';

export const GATEWAY = 'gateway';
/** A token that names an unknown key makes the set be fetched again, but not at every such token. */
const REFETCH_AFTER_MS = 5_000;

export type KnownKeys = { readonly set: KeySet; readonly signed: SignedKeySet; readonly keys: KeyLookup };

export type KeySetSource = {
  /** The set, fetched and verified at first use. */
  get(): Promise<KnownKeys>;
  /** The set fetched anew, unless that was done a moment ago. */
  refresh(): Promise<KnownKeys>;
};

/**
 * The gateway's key set, verified against the profile's pinned root. The version last accepted is kept in the profile's
 * state: an older set, or another one of the same version, is refused (UNTRUSTED_KEY_SET).
 */
export function createKeySetSource({
  profile,
  fetch,
}: {
  profile: Pick<Profile, 'deployment' | 'keySetRoot' | 'stateFolder'>;
  fetch: () => Promise<SignedKeySet>;
}): KeySetSource {
  const statePath = join(profile.stateFolder, 'key-set.json');
  let known: Promise<KnownKeys> | undefined;
  let refreshedAt = Number.NEGATIVE_INFINITY;

  async function load(): Promise<KnownKeys> {
    const [signed, last] = [await fetch(), readMark(await readState(statePath))];
    const result = verifyKeySet(signed, {
      root: profile.keySetRoot,
      issuer: GATEWAY,
      audience: audienceOf('*', profile.deployment),
      ...(last === undefined ? {} : { last }),
    });
    if (!result.ok) throw new KitError('UNTRUSTED_KEY_SET', { problem: result.problem });
    if (last === undefined || result.mark.version > last.version) await writeState(statePath, result.mark);
    return { set: result.set, signed, keys: liveKeys(result.set, GATEWAY) };
  }

  function start(): Promise<KnownKeys> {
    const loading = load();
    known = loading;
    // A failure is not kept: the next caller tries again.
    loading.catch(() => {
      if (known === loading) known = undefined;
    });
    return loading;
  }

  return {
    get: () => known ?? start(),
    refresh() {
      if (known !== undefined && performance.now() - refreshedAt < REFETCH_AFTER_MS) return known;
      refreshedAt = performance.now();
      return start();
    },
  };
}

function readMark(value: unknown): KeySetMark | undefined {
  const { version, digest } = Object(value) as Readonly<Record<string, unknown>>;
  return typeof version === 'number' && typeof digest === 'string' ? { version, digest } : undefined;
}
