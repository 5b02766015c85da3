/** The keys that the gateway signs answers with, and what clients are told of them: two files that are replaced while it runs. */

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { filled } from '../errors/words.ts';
import { audienceOf } from '../signing/binding.ts';
import { type KeySet, keysNotLost, readKeySet } from '../signing/key-set.ts';
import { loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { type PublicJwk, readPublicJwk } from '../signing/public-key.ts';
import { readSignedKeySet, type SignedKeySet, verifyKeySet } from '../signing/signed-key-set.ts';
import { ConfigError } from './config-error.ts';
import { CONFIG_WORDS, MUST_BE } from './config-words.ts';
import { loaded, parse } from './parse.ts';

const GATEWAY = 'gateway';

/** What heads of the log are signed with, and by which keys those of before are believed. */
export interface LogKeys {
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  /** Keys of the set, past ones as well; none that fell into other hands. */
  readonly known: readonly KeyObject[];
  /** Version of that set. */
  readonly version: number;
}

export interface OwnKeys {
  /** Answers are signed with it: an active key of the set. */
  readonly signingKey: SigningKey;
  readonly keySet: SignedKeySet;
  readonly set: KeySet;
}

export interface KeyReading {
  readonly own: OwnKeys;
  readonly log: LogKeys;
}

/** The files as they lie there now. */
export interface OwnKeyFiles {
  readonly signingKey: Buffer;
  readonly keySet: Buffer;
  /** PEM. */
  readonly logKey: Buffer;
}

export interface OwnKeysTrust {
  readonly deployment: string;
  /** Whose signature makes the set count; without it the signature is the clients' alone to check. */
  readonly root: PublicJwk | undefined;
}

/** What clients will verify with must know the keys that this gateway signs with. */
function readOwnKeys(files: OwnKeyFiles, { deployment, root }: OwnKeysTrust): KeyReading {
  const key = readLogKey(files.logKey);
  const publicKey = createPublicKey(key);
  const logKey = publicKey.export({ format: 'jwk' });
  const signingKey = loaded('signing_key', () => loadSigningKey(parse('signing_key', files.signingKey)));
  const keySet = readSignedKeySet(files.keySet.toString('utf8'));
  if (keySet === undefined) throw new ConfigError('key_set', MUST_BE.keySet);
  const set = readKeySet(keySet.payload);
  if (set === undefined) throw new ConfigError('key_set', CONFIG_WORDS.notKeySet);
  if (root !== undefined) {
    const known = verifyKeySet(keySet, { root, issuer: GATEWAY, audience: audienceOf('*', deployment) });
    if (!known.ok) throw new ConfigError('key_set', filled(CONFIG_WORDS.keySetUnsigned, { problem: known.problem }));
  }
  const own = [
    [signingKey.publicJwk, CONFIG_WORDS.signingKeyInactive],
    [logKey, CONFIG_WORDS.logKeyInactive],
  ] as const;
  for (const [jwk, inactive] of own) {
    const { x, y } = jwk as { x?: string; y?: string };
    const known = set.keys.some((entry) => entry.state === 'active' && entry.jwk.x === x && entry.jwk.y === y);
    if (!known) throw new ConfigError('key_set', inactive);
  }
  const known = keysNotLost(set, GATEWAY).map((one) => one.key);
  return { own: { signingKey, keySet, set }, log: { key, publicKey, known, version: set.version } };
}

/**
 * What the files say, for whoever looks each second: those that are as they were the last time are not parsed and verified anew.
 * @throws {ConfigError} naming the member that is wrong
 */
export function createKeyReading(trust: OwnKeysTrust): (files: OwnKeyFiles) => KeyReading {
  let last: { readonly files: OwnKeyFiles; readonly reading: KeyReading } | undefined;
  return (files) => {
    if (last === undefined || !areSame(last.files, files)) last = { files, reading: readOwnKeys(files, trust) };
    return last.reading;
  };
}

const areSame = (one: OwnKeyFiles, other: OwnKeyFiles): boolean =>
  one.keySet.equals(other.keySet) && one.signingKey.equals(other.signingKey) && one.logKey.equals(other.logKey);

function readLogKey(pem: Buffer): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    key = undefined;
  }
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new ConfigError('log.key', CONFIG_WORDS.notLogKey);
  }
  return key;
}

export function readPinnedKey(member: string, content: Buffer): PublicJwk {
  const jwk = readPublicJwk(parse(member, content));
  if (jwk === undefined) throw new ConfigError(member, CONFIG_WORDS.notPublicJwk);
  return jwk;
}
