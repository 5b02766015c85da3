/** The gateway's own keys as files: the key that signs, the set that clients are told, and the root that signs the set. */
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type GatewayConfig, readConfigFile, readGatewayConfig } from '../../config/read-config.ts';
import { type Environment, pathOfUri } from '../../config/uri.ts';
import { type ChangedKeySet, KEY_SET_CHANGE_PROBLEMS, withKeyAdded, withState } from '../../signing/change-key-set.ts';
import { readSigningKeyFile, writeKeyFile } from '../../signing/key-file.ts';
import type { KeySet, KeyState } from '../../signing/key-set.ts';
import { generateSigningJwk, type SigningKey } from '../../signing/key-store.ts';
import { parseToken } from '../../signing/parse.ts';
import { createSigner } from '../../signing/sign.ts';
import { readSignedKeySet, signedKeySetText, signKeySet, verifyKeySet } from '../../signing/signed-key-set.ts';
import { CliProblem } from '../problem.ts';
import { moveInto, replaceFile } from './replace-file.ts';

const GATEWAY = 'gateway';

export interface OwnKeyPaths {
  readonly signing: string;
  readonly keySet: string;
}

export interface OwnKeysHere {
  readonly config: GatewayConfig;
  readonly paths: OwnKeyPaths;
}

/** The config and where its keys lie. @throws ConfigError; CliProblem OPTION_WRONG where they are no files */
export async function ownKeysOf(configPath: string, env: Environment): Promise<OwnKeysHere> {
  const { signing_key, key_set } = await readConfigFile(configPath);
  const folder = dirname(resolve(configPath));
  const [signing, keySet] = [signing_key, key_set].map((uri) => pathOfUri(folder, uri));
  if (signing === undefined || keySet === undefined)
    throw new CliProblem('OPTION_WRONG', { option: '--config', wanted: 'one whose signing_key and key_set are files' });
  return { config: await readGatewayConfig(configPath, env), paths: { signing, keySet } };
}

/** A signed set in its file, and whom it speaks to (`*@<deployment>`). */
export interface KeySetFile {
  readonly path: string;
  readonly set: KeySet;
  readonly audience: string;
}

/** Reads a set that this root signed. @throws CliProblem KEY_SET_FILE */
export async function readKeySetFile(path: string, root: SigningKey): Promise<KeySetFile> {
  const signed = readSignedKeySet(await readFile(path, 'utf8'));
  if (signed === undefined) throw new CliProblem('KEY_SET_FILE', { file: path, problem: 'BAD_KEY_SET' });
  const parsed = parseToken(signed.jws);
  const audience = parsed.ok ? String(parsed.token.claims.aud) : '';
  const known = verifyKeySet(signed, { root: root.publicJwk, issuer: GATEWAY, audience });
  if (!known.ok) throw new CliProblem('KEY_SET_FILE', { file: path, problem: known.problem });
  return { path, set: known.set, audience };
}

/** Signs a set and puts it in its place, in one step. */
export async function publishKeySet(path: string, set: KeySet, root: SigningKey, audience: string): Promise<void> {
  const signer = createSigner({ key: root.key, kid: root.kid, issuer: GATEWAY });
  const iat = Math.floor(Date.now() / 1000);
  await replaceFile(path, signedKeySetText(signKeySet(set, { root: signer, audience, iat })), 0o644);
}

/** @throws CliProblem KEY_SET_CHANGE */
export async function publishChange(file: KeySetFile, root: SigningKey, changed: ChangedKeySet): Promise<KeySet> {
  if (!changed.ok) throw new CliProblem('KEY_SET_CHANGE', { problem: KEY_SET_CHANGE_PROBLEMS[changed.problem] });
  await publishKeySet(file.path, changed.set, root, file.audience);
  return changed.set;
}

export interface RotateOptions extends OwnKeysHere {
  /** Absent where the root's key is on another machine: then the set is changed there. */
  readonly root: SigningKey | undefined;
  /** Between publishing, signing with the next key, and the end of the old one. */
  readonly wait: () => Promise<void>;
  /** What becomes of the old key. */
  readonly end: Exclude<KeyState, { state: 'active' }>;
  readonly onStep: (step: 'published' | 'switched' | 'ended', facts: { version: number; kid: string }) => void;
}

export interface Rotated {
  readonly kid: string;
  readonly old: string;
  readonly version: number;
  /** Whether the set says of the old key that it signs no more. */
  readonly ended: boolean;
}

const nextPublicPath = (signing: string): string => nextKeyPath(signing).replace(/\.jwk\.json$/, '.public.jwk.json');
export const nextKeyPath = (signing: string): string => `${signing.replace(/\.jwk\.json$/, '')}.next.jwk.json`;

/**
 * From one signing key to the next, under gateways and clients that go on: the set tells the next key before it signs, and the end
 * of the old one only once it signs no more. Cut short it is run again and goes on where it was.
 *
 * @throws CliProblem KEY_UNPUBLISHED where the set does not know the next key and the root's is not here
 */
export async function rotateSigningKey({ config, paths, root, wait, end, onStep }: RotateOptions): Promise<Rotated> {
  const old = config.own.signingKey.kid;
  const nextPath = nextKeyPath(paths.signing);
  if (!(await isThere(nextPath))) await writeKeyFile(nextPath, await generateSigningJwk());
  const next = await readSigningKeyFile(nextPath);
  await writeFile(nextPublicPath(paths.signing), `${JSON.stringify(next.publicJwk, null, 2)}\n`);
  const isActive = config.own.set.keys.some(({ jwk, state }) => state === 'active' && jwk.x === next.publicJwk.x);
  if (!isActive) {
    if (root === undefined)
      throw new CliProblem('KEY_UNPUBLISHED', { kid: next.kid, file: nextPublicPath(paths.signing) });
    const file = await readKeySetFile(paths.keySet, root);
    const { version } = await publishChange(file, root, withKeyAdded(file.set, next.publicJwk));
    onStep('published', { version, kid: next.kid });
  }
  await config.readOwn();
  await wait();
  await moveInto(nextPath, paths.signing);
  await rm(nextPublicPath(paths.signing), { force: true });
  const { set } = await config.readOwn();
  onStep('switched', { version: set.version, kid: next.kid });
  const done = { kid: next.kid, old };
  if (root === undefined) return { ...done, version: set.version, ended: false };
  await wait();
  const file = await readKeySetFile(paths.keySet, root);
  const { version } = await publishChange(file, root, withState(file.set, old, end));
  await config.readOwn();
  onStep('ended', { version, kid: old });
  return { ...done, version, ended: true };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
