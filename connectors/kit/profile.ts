import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { filled, type Words, wordsOf } from '../../gateway/errors/words.ts';
import { type DecryptionKey, loadDecryptionKey } from '../../gateway/signing/encryption-key.ts';
import {
  KeyFileError,
  readDecryptionKeyFile,
  readSecretFile,
  readSigningKeyFile,
} from '../../gateway/signing/key-file.ts';
import { loadSigningKey, type SigningKey } from '../../gateway/signing/key-store.ts';
import { type PublicJwk, readPublicJwk } from '../../gateway/signing/public-key.ts';
import { checkCertificate, readCertificate } from './certificate.ts';
import { KitError } from './kit-error.ts';
import { PROFILE_PROBLEMS, PROFILE_WANTED } from './profile-words.ts';
import { isForbidden } from './unreadable-file.ts';

/** The profile folder of an agency: where the gateway is, who calls, and the keys to do it with. */

export const PROFILE_VERSION = 1;

/** What the client fills into a request's context where the caller says nothing. */
export type ContextDefaults = {
  readonly serviceCode: string;
  readonly unitCode: string;
  readonly officerCode: string;
};

export type Profile = {
  readonly folder: string;
  /** `host:port`; by name, because the gateway's certificate names a host. */
  readonly address: string;
  readonly deployment: string;
  readonly agency: string;
  readonly purposes: readonly string[];
  readonly context: ContextDefaults;
  /** PEM. */
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly signingKey: SigningKey;
  /** Keys that answers with sensitive fields are encrypted to: several while one follows another; none where none is granted. */
  readonly decryptionKeys: readonly DecryptionKey[];
  /** Root that signs the gateway's key set. */
  readonly keySetRoot: PublicJwk;
  /** Origin line of the log's checkpoints. */
  readonly logOrigin: string;
  /** Path of the descriptor set, for calls by name. */
  readonly descriptors: string | undefined;
  /** Folder that the client writes: last log head, last key set. */
  readonly stateFolder: string;
};

type Rule = { readonly pattern: RegExp; readonly wanted: Words };
/** The members of config.json that are one text each, in the order in which they are looked at. */
export const PROFILE_TEXTS = {
  address: { pattern: /^[A-Za-z0-9.-]+:\d{1,5}$/, wanted: PROFILE_WANTED.address },
  deployment: { pattern: /^[a-z0-9][a-z0-9.-]{0,63}$/, wanted: PROFILE_WANTED.deployment },
  agency: { pattern: /^[a-z0-9][a-z0-9-]{0,31}$/, wanted: PROFILE_WANTED.agency },
  log_origin: { pattern: /^[^\s+]+$/, wanted: PROFILE_WANTED.logOrigin },
} as const satisfies Record<string, Rule>;
/** Those that say where something is kept. */
export const PROFILE_FILES = ['ca', 'certificate', 'key', 'signing_key', 'key_set_root'] as const;
/** A key and the one that follows it; no more are ever in use at a time. */
const MOST_ENCRYPTION_KEYS = 4;
const FILE_URI: Rule = { pattern: /^(?:file|env):.+$/, wanted: PROFILE_WANTED.uri };
/** A folder that is written is at a place; it has no content to be handed over. */
const STATE_URI: Rule = { pattern: /^file:.+$/, wanted: PROFILE_WANTED.folder };
const PURPOSE = /^[a-z0-9][a-z0-9-]{0,63}$/;

export type ProfileConfig = Readonly<Record<string, unknown>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Loads and checks a profile folder (`config.json` and what it names by `file:` or `env:`).
 *
 * Throws KitError of exit class PROFILE whose sentence names the member and says what to do; never a key's content.
 *
 * @param env where `env:NAME` is read from; the process's own where a program says nothing else
 * @param now for the certificate's validity
 */
export async function loadProfile(
  folder: string,
  { env = process.env, now = new Date() }: { env?: Environment; now?: Date } = {},
): Promise<Profile> {
  const at = resolve(folder);
  const config = await readProfileConfig(at);
  const text = (member: keyof typeof PROFILE_TEXTS): string => textMember(config, member, PROFILE_TEXTS[member]);
  const uri = (member: string): string => textMember(config, member, FILE_URI);
  const bytes = (member: string): Promise<Buffer> => readProfileFile(at, config, member, env);

  const [ca, certificate] = [await bytes('ca'), await bytes('certificate')];
  // Whoever reads it shows the agency's certificate: kept as the key that signs is.
  const key = await readProfileFile(at, config, 'key', env, readSecretFile);
  readCertificate('ca', ca);
  checkCertificate(certificate, key, now);
  return {
    folder: at,
    address: text('address'),
    deployment: text('deployment'),
    agency: text('agency'),
    purposes: readPurposes(config.purposes),
    context: readContext(config.context),
    ca,
    certificate,
    key,
    signingKey: await readSigningKey(at, config, env),
    decryptionKeys: await readDecryptionKeys(at, config, env),
    keySetRoot: readRoot(await bytes('key_set_root')),
    logOrigin: text('log_origin'),
    descriptors: config.descriptors === undefined ? undefined : profilePath(at, uri('descriptors')),
    stateFolder: stateFolderOf(at, config),
  };
}

/** The purpose to call under: the one asked for, or the profile's only or first one. */
export function purposeOf(profile: Profile, wanted?: string): string {
  const purpose = wanted ?? profile.purposes[0];
  if (purpose === undefined || !profile.purposes.includes(purpose)) {
    throw new KitError('PURPOSE_UNKNOWN', { purpose: purpose ?? '', known: profile.purposes.join(', ') });
  }
  return purpose;
}

function textMember(config: ProfileConfig, member: string, { pattern, wanted }: Rule): string {
  const value = config[member];
  if (typeof value !== 'string' || !pattern.test(value)) throw new KitError('PROFILE_WRONG', { member, wanted });
  return value;
}

/** Throws KitError PROFILE_WRONG for the first member of config.json that is missing or wrong; files are not opened. */
export function checkProfileConfig(config: ProfileConfig): void {
  for (const [member, rule] of Object.entries(PROFILE_TEXTS)) textMember(config, member, rule);
  for (const member of PROFILE_FILES) textMember(config, member, FILE_URI);
  encryptionKeyUris(config);
  stateFolderOf('', config);
  readPurposes(config.purposes);
  readContext(config.context);
}

/** config.json of a version that is known here, its members not yet looked at. Throws PROFILE_MISSING, PROFILE_WRONG. */
export async function readProfileConfig(folder: string): Promise<ProfileConfig> {
  const config = await readConfig(folder);
  if (config.version !== PROFILE_VERSION) {
    throw new KitError('PROFILE_WRONG', {
      member: 'version',
      wanted: filled(PROFILE_WANTED.version, { version: PROFILE_VERSION }),
    });
  }
  return config;
}

async function readConfig(folder: string): Promise<ProfileConfig> {
  let content: string;
  try {
    content = await readFile(join(folder, 'config.json'), 'utf8');
  } catch (error) {
    // There, and somebody else's: a path that is right would be looked for in vain.
    if (isForbidden(error)) throw fileProblem('config.json', join(folder, 'config.json'), error);
    const begun = await stat(join(folder, 'request.json')).catch(() => undefined);
    throw new KitError(begun === undefined ? 'PROFILE_MISSING' : 'PROFILE_UNFINISHED', { folder }, { cause: error });
  }
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The sentence below says all there is to say; JSON.parse would quote the file.
  }
  throw new KitError('PROFILE_WRONG', { member: 'config.json', wanted: PROFILE_WANTED.object });
}

/** Where a member's file is; undefined where it is not kept in one. */
export function profilePath(folder: string, uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  const path = uri.slice('file:'.length);
  return isAbsolute(path) ? path : join(folder, path);
}

/** Where `state` says, or in the profile's own folder: that one may be read-only. Throws KitError PROFILE_WRONG. */
function stateFolderOf(folder: string, config: ProfileConfig): string {
  const uri = config.state === undefined ? 'file:state' : textMember(config, 'state', STATE_URI);
  return profilePath(folder, uri) as string;
}

/** What a member names. Throws KitError PROFILE_WRONG, PROFILE_FILE; never with a content. */
export async function readProfileFile(
  folder: string,
  config: ProfileConfig,
  member: string,
  env: Environment,
  read: (path: string) => Promise<Buffer> = readFile,
): Promise<Buffer> {
  const uri = textMember(config, member, FILE_URI);
  const path = profilePath(folder, uri);
  if (path === undefined) {
    const name = uri.slice('env:'.length);
    const value = env[name];
    if (value === undefined || value === '') {
      throw new KitError('PROFILE_FILE', { member, problem: filled(PROFILE_PROBLEMS.variableUnset, { name }) });
    }
    return Buffer.from(value, 'utf8');
  }
  try {
    return await read(path);
  } catch (error) {
    throw fileProblem(member, path, error);
  }
}

/** The error for a file of the profile that was not read. */
export function fileProblem(member: string, path: string, error: unknown): KitError {
  const words = isForbidden(error) ? PROFILE_PROBLEMS.forbidden : PROFILE_PROBLEMS.unreadable;
  const problem = error instanceof KeyFileError ? error.words : filled(words, { path });
  return new KitError('PROFILE_FILE', { member, problem }, { cause: error });
}

/** Throws KitError PROFILE_WRONG, PROFILE_FILE. */
export async function readSigningKey(folder: string, config: ProfileConfig, env: Environment): Promise<SigningKey> {
  return readPrivateKey(folder, config, 'signing_key', env, { file: readSigningKeyFile, value: loadSigningKey });
}

/**
 * The keys that `encryption_keys` lists, none where it is absent. Throws KitError PROFILE_WRONG, PROFILE_FILE.
 */
export async function readDecryptionKeys(
  folder: string,
  config: ProfileConfig,
  env: Environment,
): Promise<readonly DecryptionKey[]> {
  const uris = encryptionKeyUris(config);
  // Each by a name of its own, as every other member is read.
  const members = uris.map((uri, at) => [`encryption_keys[${at}]`, uri] as const);
  const named = Object.fromEntries(members);
  const read = { file: readDecryptionKeyFile, value: loadDecryptionKey };
  return Promise.all(members.map(([member]) => readPrivateKey(folder, named, member, env, read)));
}

function encryptionKeyUris({ encryption_keys: uris = [] }: ProfileConfig): readonly string[] {
  const wrong = new KitError('PROFILE_WRONG', { member: 'encryption_keys', wanted: PROFILE_WANTED.uris });
  if (!Array.isArray(uris) || uris.length > MOST_ENCRYPTION_KEYS) throw wrong;
  if (!uris.every((uri) => typeof uri === 'string' && FILE_URI.pattern.test(uri))) throw wrong;
  return uris;
}

async function readPrivateKey<K>(
  folder: string,
  config: ProfileConfig,
  member: string,
  env: Environment,
  read: { readonly file: (path: string) => Promise<K>; readonly value: (value: unknown) => K },
): Promise<K> {
  const path = profilePath(folder, textMember(config, member, FILE_URI));
  try {
    if (path !== undefined) return await read.file(path);
    return read.value(JSON.parse((await readProfileFile(folder, config, member, env)).toString('utf8')));
  } catch (error) {
    if (error instanceof KitError) throw error;
    // The messages of gateway/signing name the path, never the content; a JSON error would quote it.
    const said = error instanceof Error && !(error instanceof SyntaxError) ? wordsOf(error) : PROFILE_PROBLEMS.notJson;
    throw new KitError('PROFILE_FILE', { member, problem: said });
  }
}

/** A public JWK as the pinned root. */
export function readRoot(bytes: Uint8Array): PublicJwk {
  let root: PublicJwk | undefined;
  try {
    root = readPublicJwk(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    root = undefined;
  }
  if (root === undefined)
    throw new KitError('PROFILE_FILE', { member: 'key_set_root', problem: PROFILE_PROBLEMS.notRoot });
  return root;
}

function readPurposes(value: unknown): readonly string[] {
  const purposes = Array.isArray(value) ? value : [];
  if (purposes.length === 0 || !purposes.every((item) => typeof item === 'string' && PURPOSE.test(item))) {
    throw new KitError('PROFILE_WRONG', { member: 'purposes', wanted: PROFILE_WANTED.purposes });
  }
  return purposes;
}

function readContext(value: unknown): ContextDefaults {
  const members = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const code = (name: string): string => {
    const text = members[name] ?? '';
    if (typeof text !== 'string' || text.length > 128) {
      throw new KitError('PROFILE_WRONG', { member: `context.${name}`, wanted: PROFILE_WANTED.code });
    }
    return text;
  };
  return { serviceCode: code('service_code'), unitCode: code('unit_code'), officerCode: code('officer_code') };
}
