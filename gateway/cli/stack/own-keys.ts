/** The gateway's own keys as files: the key that signs, the set that clients are told, and the root that signs the set. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type GatewayConfig, readConfigFile, readGatewayConfig } from '../../config/read-config.ts';
import { type Environment, pathOfUri } from '../../config/uri.ts';
import { generateKeyRing } from '../../sealing/key-ring.ts';
import { type ChangedKeySet, KEY_SET_CHANGE_PROBLEMS, withKeyAdded, withState } from '../../signing/change-key-set.ts';
import { readSigningKeyFile, writeKeyFile } from '../../signing/key-file.ts';
import type { KeySet, KeyState } from '../../signing/key-set.ts';
import { generateSigningJwk, type SigningKey } from '../../signing/key-store.ts';
import { parseToken } from '../../signing/parse.ts';
import { type PublicJwk, readPublicJwk, thumbprintOf } from '../../signing/public-key.ts';
import { createSigner } from '../../signing/sign.ts';
import { readSignedKeySet, signedKeySetText, signKeySet, verifyKeySet } from '../../signing/signed-key-set.ts';
import { CliProblem } from '../problem.ts';
import { moveInto, replaceFile } from './replace-file.ts';

const GATEWAY = 'gateway';

export interface OwnKeyPaths {
  readonly signing: string;
  readonly log: string;
  readonly keySet: string;
}

/** Which of the gateway's two keys: that of answers, or that of the heads of the log. */
export type OwnKey = 'signing' | 'log';

export interface OwnKeysHere {
  readonly config: GatewayConfig;
  readonly paths: OwnKeyPaths;
}

/** The config and where its keys lie. @throws ConfigError; CliProblem OPTION_WRONG where they are no files */
export async function ownKeysOf(configPath: string, env: Environment): Promise<OwnKeysHere> {
  const { signing_key, key_set, log: logFile } = await readConfigFile(configPath);
  const folder = dirname(resolve(configPath));
  const [signing, keySet, log] = [signing_key, key_set, logFile.key].map((uri) => pathOfUri(folder, uri));
  if (signing === undefined || keySet === undefined || log === undefined) {
    throw new CliProblem('OPTION_WRONG', { option: '--config', wanted: 'configOfFiles' });
  }
  return { config: await readGatewayConfig(configPath, env), paths: { signing, keySet, log } };
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
  readonly which: OwnKey;
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

const ENDING = /\.(?:jwk\.json|pem)$/;
const nextPublicPath = (path: string): string => nextKeyPath(path).replace(ENDING, '.public.jwk.json');
/** Beside the key that it follows, with the same ending. */
const nextKeyPath = (path: string): string => {
  const ending = ENDING.exec(path)?.[0] ?? '.jwk.json';
  return `${path.replace(ENDING, '')}.next${ending}`;
};

/** How the two keys lie in their files. */
const FORMS = {
  signing: {
    make: async (path: string) => writeKeyFile(path, await generateSigningJwk()),
    read: async (path: string) => (await readSigningKeyFile(path)).publicJwk,
  },
  log: {
    make: (path: string) => writeFile(path, newLogKey(), { flag: 'wx', mode: 0o600 }),
    read: async (path: string) => publicJwkOfPem(await readFile(path)),
  },
} as const satisfies Record<OwnKey, object>;

/** A key of heads, PEM. */
export function newLogKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** @throws CliProblem OPTION_WRONG */
export function publicJwkOfPem(pem: Buffer): PublicJwk {
  const jwk = readPublicJwk(createPublicKey(createPrivateKey(pem)).export({ format: 'jwk' }));
  if (jwk === undefined) throw new CliProblem('OPTION_WRONG', { option: '--log', wanted: 'p256Key' });
  return jwk;
}

/**
 * From one key to the next, under gateways and clients that go on: the set tells the next key before it signs, and the end
 * of the old one only once it signs no more. Cut short it is run again and goes on where it was.
 *
 * @throws CliProblem KEY_UNPUBLISHED where the set does not know the next key and the root's is not here
 */
export async function rotateKey({ which, config, paths, root, wait, end, onStep }: RotateOptions): Promise<Rotated> {
  const { [which]: path } = paths;
  const form = FORMS[which];
  const old = thumbprintOf(await form.read(path));
  const nextPath = nextKeyPath(path);
  if (!(await isThere(nextPath))) await form.make(nextPath);
  const next = await form.read(nextPath);
  const kid = thumbprintOf(next);
  await writeFile(nextPublicPath(path), `${JSON.stringify(next, null, 2)}\n`);
  const isActive = config.own.set.keys.some(({ jwk, state }) => state === 'active' && jwk.x === next.x);
  if (!isActive) {
    if (root === undefined) throw new CliProblem('KEY_UNPUBLISHED', { kid, file: nextPublicPath(path) });
    const file = await readKeySetFile(paths.keySet, root);
    const { version } = await publishChange(file, root, withKeyAdded(file.set, next));
    onStep('published', { version, kid });
  }
  await config.readOwn();
  await wait();
  await moveInto(nextPath, path);
  await rm(nextPublicPath(path), { force: true });
  const { set } = (await config.readOwn()).own;
  onStep('switched', { version: set.version, kid });
  const done = { kid, old };
  if (root === undefined) return { ...done, version: set.version, ended: false };
  await wait();
  const file = await readKeySetFile(paths.keySet, root);
  const { version } = await publishChange(file, root, withState(file.set, old, end));
  await config.readOwn();
  onStep('ended', { version, kid: old });
  return { ...done, version, ended: true };
}

/** Makes the keys that seal what the database keeps, readable by their owner only. A file that is there stays (EEXIST). */
export function writeStorageKeys(path: string): Promise<void> {
  const text = `${JSON.stringify(generateKeyRing(), null, 2)}\n`;
  return writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true });
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
