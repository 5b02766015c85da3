import { join } from 'node:path';
import { audienceOf } from '../../gateway/signing/binding.ts';
import { type KeySet, type KeySetMark, liveKeys } from '../../gateway/signing/key-set.ts';
import type { KeyLookup } from '../../gateway/signing/public-key.ts';
import { type SignedKeySet, verifyKeySet } from '../../gateway/signing/signed-key-set.ts';
import { audienceDiffers, audienceIn } from './gateway-differs.ts';
import { KitError } from './kit-error.ts';
import type { KitReason } from './messages.ts';
import type { Profile } from './profile.ts';
import { readState, writeState } from './state-file.ts';

export const GATEWAY = 'gateway';
/** A token that names an unknown key makes the set be fetched again, but not at every such token. */
const REFETCH_AFTER_MS = 5_000;
/** A set this old is fetched anew beside the work: of a key in other hands nothing else would tell a client that runs for days. */
const OLD_AFTER_MS = 60_000;
/** Gateways on several machines get a new set one after the other: for so long one of them may have an older one. */
const SPREAD_SECONDS = 600;

export type KnownKeys = { readonly set: KeySet; readonly signed: SignedKeySet; readonly keys: KeyLookup };

export type KeySetSource = {
  /** The set, fetched and verified at first use, and anew from time to time. `limits` of a fetch that this call starts. */
  get(limits?: FetchLimits): Promise<KnownKeys>;
  /** The set fetched anew, unless that was done a moment ago. */
  refresh(): Promise<KnownKeys>;
};

/** Of each attempt, and from the first failure on; the client's own where not given. */
export type FetchLimits = { readonly deadlineMs: number; readonly retryForMs: number };

/** Monotonic milliseconds, and whole seconds of the machine's clock. */
export type KeySetClock = { readonly ms: () => number; readonly seconds: () => number };
const CLOCK: KeySetClock = { ms: () => performance.now(), seconds: () => Math.floor(Date.now() / 1000) };

/** What a gateway tells that is no set for this profile: the one in use ends as well. */
const UNBELIEVED: ReadonlySet<KitReason> = new Set(['UNTRUSTED_KEY_SET', 'GATEWAY_DIFFERS']);

const stateFile = ({ stateFolder }: Pick<Profile, 'stateFolder'>): string => join(stateFolder, 'key-set.json');

/**
 * The gateway's key set, verified against the profile's pinned root. The set last accepted is kept in the profile's state: an
 * older one, or another one of the same version, is refused (UNTRUSTED_KEY_SET), and so is one that the root signed for another
 * deployment (GATEWAY_DIFFERS). For ten minutes after a new one came an older one is passed over instead: the new one stays in
 * use, and a gateway that does not have it yet is no roll-back.
 */
export function createKeySetSource({
  profile,
  fetch,
  clock = CLOCK,
}: {
  profile: Pick<Profile, 'deployment' | 'keySetRoot' | 'stateFolder'>;
  fetch: (limits?: FetchLimits) => Promise<SignedKeySet>;
  clock?: KeySetClock;
}): KeySetSource {
  const statePath = stateFile(profile);
  let known: Promise<KnownKeys> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let refreshedAt = Number.NEGATIVE_INFINITY;

  const judge = (signed: SignedKeySet, last: KeySetMark | undefined) =>
    verifyKeySet(signed, {
      root: profile.keySetRoot,
      issuer: GATEWAY,
      audience: audienceOf('*', profile.deployment),
      ...(last === undefined ? {} : { last }),
    });

  async function load(limits?: FetchLimits): Promise<KnownKeys> {
    const [signed, kept] = [await fetch(limits), await readState(statePath)];
    const last = readMark(kept);
    const result = judge(signed, last);
    if (!result.ok) {
      const newer = result.problem === 'ROLLED_BACK' && last !== undefined ? spreading(signed, kept, last) : undefined;
      if (newer !== undefined) return newer;
      // The pinned root signed it, for another deployment than the profile names.
      const audience = result.problem === 'WRONG_AUDIENCE' ? audienceIn(signed.jws) : undefined;
      const other = audience === undefined ? undefined : audienceDiffers(audience, profile);
      throw other ?? new KitError('UNTRUSTED_KEY_SET', { problem: result.problem });
    }
    if (last === undefined || result.mark.version > last.version || readKept(kept) === undefined) {
      const payload = Buffer.from(signed.payload).toString('base64url');
      await writeState(statePath, { ...result.mark, payload, jws: signed.jws, accepted_at: clock.seconds() });
    }
    return { set: result.set, signed, keys: liveKeys(result.set, GATEWAY) };
  }

  /** The set that is kept, where this older one may be of a gateway that has not got it yet. */
  function spreading(older: SignedKeySet, kept: unknown, last: KeySetMark): KnownKeys | undefined {
    const age = clock.seconds() - Number(Object(kept).accepted_at);
    const [offered, signed] = [judge(older, undefined), readKept(kept)];
    if (!(age >= 0 && age < SPREAD_SECONDS) || signed === undefined) return undefined;
    if (!offered.ok || offered.mark.version >= last.version) return undefined;
    const result = judge(signed, last);
    return result.ok ? { set: result.set, signed, keys: liveKeys(result.set, GATEWAY) } : undefined;
  }

  function start(limits?: FetchLimits): Promise<KnownKeys> {
    const loading = load(limits);
    known = loading;
    loadedAt = clock.ms();
    // A failure is not kept: the next caller tries again.
    loading.catch(() => {
      if (known === loading) known = undefined;
    });
    return loading;
  }

  /** Nobody waits for it; a gateway that is away leaves the set as it is, one that is not believed any more ends it. */
  function reload(): void {
    loadedAt = clock.ms();
    const before = known;
    const loading = load();
    loading.then(
      () => {
        if (known === before) known = loading;
      },
      (error: unknown) => {
        if (known === before && error instanceof KitError && UNBELIEVED.has(error.reason)) known = undefined;
      },
    );
  }

  return {
    get(limits) {
      if (known === undefined) return start(limits);
      if (clock.ms() - loadedAt > OLD_AFTER_MS) reload();
      return known;
    },
    refresh() {
      if (known !== undefined && clock.ms() - refreshedAt < REFETCH_AFTER_MS) return known;
      refreshedAt = clock.ms();
      return start();
    },
  };
}

/** The newest set that this profile has accepted; undefined before the first. Whether the root signed it is the reader's to check. */
export async function readKeptKeySet(profile: Pick<Profile, 'stateFolder'>): Promise<SignedKeySet | undefined> {
  return readKept(await readState(stateFile(profile)));
}

function readMark(value: unknown): KeySetMark | undefined {
  const { version, digest } = Object(value) as Readonly<Record<string, unknown>>;
  return typeof version === 'number' && typeof digest === 'string' ? { version, digest } : undefined;
}

function readKept(value: unknown): SignedKeySet | undefined {
  const { payload, jws } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof payload !== 'string' || typeof jws !== 'string') return undefined;
  return { payload: Buffer.from(payload, 'base64url'), jws };
}
