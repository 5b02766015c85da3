import { open, readFile } from 'node:fs/promises';
import { filled, ToldError, type Words } from '../errors/words.ts';
import { type DecryptionKey, loadDecryptionKey } from './encryption-key.ts';
import { loadSigningKey, type PrivateEncryptionJwk, type PrivateJwk, type SigningKey } from './key-store.ts';
import { KEY_WORDS } from './key-words.ts';

/** Key files (`signing.jwk.json`, `encryption.jwk.json`): the only part of signing that touches a disk. */

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** A file of a key that cannot be used; names the path, never the content. */
export class KeyFileError extends ToldError {
  override readonly name = 'KeyFileError';
}

/** Writes a private JWK to a new file that only its owner may read. An existing file is never overwritten (EEXIST). */
export async function writeKeyFile(path: string, jwk: PrivateJwk | PrivateEncryptionJwk): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(`${JSON.stringify(jwk, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Reads a private JWK. Throws the system's error where the file is missing, and a KeyFileError that names the path, never the content,
 * where it is readable to others (not judged on Windows, which has no such bits) or holds no signing key.
 */
export function readSigningKeyFile(path: string): Promise<SigningKey> {
  return readKeyFile(path, loadSigningKey, KEY_WORDS.unusableSigning);
}

/** As {@link readSigningKeyFile}, of a key that answers are encrypted to. */
export function readDecryptionKeyFile(path: string): Promise<DecryptionKey> {
  return readKeyFile(path, loadDecryptionKey, KEY_WORDS.unusableEncryption);
}

async function readKeyFile<K>(path: string, load: (value: unknown) => K, unusable: Words): Promise<K> {
  return parseKey(path, (await readSecretFile(path)).toString('utf8'), load, unusable);
}

/**
 * The bytes of a file with a private key in whatever form. Throws the system's error where it is missing, and a KeyFileError where it is
 * readable to others, as {@link readSigningKeyFile} does.
 */
export async function readSecretFile(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      throw new KeyFileError(filled(KEY_WORDS.readByOthers, { path }));
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Reads a JWK that is no secret (a public key, the pinned root): parsed JSON, not yet checked. */
export async function readJwkFile(path: string): Promise<unknown> {
  return parseJson(path, await readFile(path, 'utf8'));
}

function parseKey<K>(path: string, text: string, load: (value: unknown) => K, unusable: Words): K {
  const value = parseJson(path, text);
  try {
    return load(value);
  } catch (error) {
    // The causes of loading name no value of the key.
    throw new KeyFileError(filled(unusable, { path }), { cause: error });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No cause: JSON.parse quotes the text it stumbled on, which here is a private key.
    throw new KeyFileError(filled(KEY_WORDS.notJson, { path }));
  }
}
