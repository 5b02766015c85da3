import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { filled } from '../errors/words.ts';
import { ConfigError } from './config-error.ts';
import { CONFIG_WORDS } from './config-words.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const OTHERS = 0o077;
/** Of what is trusted: whoever could write it would name the officers, or the key that policies are signed with. */
const WRITTEN_BY_ANYBODY = 0o002;
/** Far above the compiled policy, the largest thing a config names. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;

/** The path of a `file:` URI, relative to the config's folder; undefined for `env:`. */
export function pathOfUri(folder: string, uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  const path = uri.slice('file:'.length);
  return isAbsolute(path) ? path : resolve(folder, path);
}

/** @throws {ConfigError} where a secret may be read by others, or anything be written by anybody (not judged on Windows) */
export function mustBeOurs(member: string, path: string, { mode }: Pick<Stats, 'mode'>, secret: boolean): void {
  if (process.platform === 'win32') return;
  if (secret && (mode & OTHERS) !== 0) throw new ConfigError(member, filled(CONFIG_WORDS.readByOthers, { path }));
  if ((mode & WRITTEN_BY_ANYBODY) !== 0) {
    throw new ConfigError(member, filled(CONFIG_WORDS.writtenByAnybody, { path }));
  }
}

/** What a file that the system did not give says: one that is another user's is there, and would be looked for in vain. */
export function notRead(member: string, path: string, error: unknown): ConfigError {
  const { code } = Object(error) as { code?: unknown };
  const words = code === 'EACCES' || code === 'EPERM' ? CONFIG_WORDS.forbidden : CONFIG_WORDS.unreadable;
  return new ConfigError(member, filled(words, { path }), { cause: error });
}

/**
 * The bytes behind a URI.
 *
 * @param secret the file may be readable by its owner only; another may not be writable by everybody
 * @throws {ConfigError} naming the member and the path or variable, never the content
 */
export async function readUri(
  uri: string,
  { folder, member, env, secret }: { folder: string; member: string; env: Environment; secret: boolean },
): Promise<Buffer> {
  const path = pathOfUri(folder, uri);
  if (path === undefined) {
    const name = uri.slice('env:'.length);
    const value = env[name];
    if (value === undefined || value === '')
      throw new ConfigError(member, filled(CONFIG_WORDS.variableUnset, { name }));
    return Buffer.from(value, 'utf8');
  }
  const file = await open(path, 'r').catch((error: unknown) => {
    throw notRead(member, path, error);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new ConfigError(member, filled(CONFIG_WORDS.noFile, { path }));
    mustBeOurs(member, path, stat, secret);
    if (stat.size > MAXIMUM_BYTES) throw new ConfigError(member, filled(CONFIG_WORDS.tooLarge, { path }));
    return await file.readFile();
  } finally {
    await file.close();
  }
}
