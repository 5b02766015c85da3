import type { Words } from '../../gateway/errors/words.ts';

const UNKNOWN: Words = { en: 'unknown', vi: 'không rõ' };

/** The code that the system gave an error, `ENOSPC` for one; of an error without one a word in the language of its reader. */
export function systemCode(error: unknown): string | Words {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : UNKNOWN;
}
