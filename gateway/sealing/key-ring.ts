/**
 * The gateway's own secret keys: one 256-bit key a purpose, kept outside the database, so that a dump alone opens nothing.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { filled, ToldError, type Words } from '../errors/words.ts';

/** What a key is for. A new purpose is a new key, never a second use of one. */
export const KEY_PURPOSES = [
  /** Sensitive fields of people. */
  'sensitive',
  /** People's log keys, wrapped (decision: one AES block each). */
  'log-key',
  /** Answers kept for a retry, and openings of jobs. */
  'answer',
  /** Decisions beside log entries. */
  'decision',
  /** Who the people of a log entry are. */
  'evidence',
  /** Pseudonyms of officers. */
  'pseudonym',
] as const;

export type KeyPurpose = (typeof KEY_PURPOSES)[number];
export type KeyRing = Readonly<Record<KeyPurpose, KeyObject>>;
/** The ring as it is stored: base64url of 32 bytes a purpose. */
export type StoredKeyRing = Readonly<Record<KeyPurpose, string>>;

export function generateKeyRing(): StoredKeyRing {
  return Object.fromEntries(KEY_PURPOSES.map((name) => [name, randomBytes(32).toString('base64url')])) as StoredKeyRing;
}

export const KEYS_WRONG: Words = {
  en: 'storage keys: missing or not 32 bytes of base64url: {keys}',
  vi: 'khóa lưu trữ: thiếu hoặc không phải 32 byte dạng base64url: {keys}',
};

/** @throws ToldError naming every purpose whose key is missing or not 32 bytes. */
export function loadKeyRing(stored: unknown): KeyRing {
  const source = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>;
  const wrong: string[] = [];
  const entries = KEY_PURPOSES.map((purpose) => {
    const text = source[purpose];
    const bytes = typeof text === 'string' ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
    if (bytes.length !== 32) wrong.push(`"${purpose}"`);
    return [purpose, bytes] as const;
  });
  if (wrong.length > 0) throw new ToldError(filled(KEYS_WRONG, { keys: wrong.join(', ') }));
  return Object.fromEntries(entries.map(([purpose, bytes]) => [purpose, createSecretKey(bytes)])) as Record<
    KeyPurpose,
    KeyObject
  >;
}
