import { type Words, wordsOf } from '../errors/words.ts';
import { ConfigError } from './config-error.ts';
import { CONFIG_WORDS } from './config-words.ts';

/** @throws {ConfigError} */
export function parse(member: string, content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    // No cause: JSON.parse quotes what it stumbled on, which may be a key.
    throw new ConfigError(member, CONFIG_WORDS.notJson);
  }
}

const NOTHING: Words = { en: '', vi: '' };

/** Runs a loader of another folder; those name members, never values. */
export function loaded<T>(member: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw error instanceof ConfigError
      ? error
      : new ConfigError(member, error instanceof Error ? wordsOf(error) : NOTHING);
  }
}
