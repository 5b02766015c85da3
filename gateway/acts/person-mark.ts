import { createHmac, type KeyObject } from 'node:crypto';

/**
 * What stands for an officer's own number: unique a person, and of no use without the key. The leading NUL keeps it apart from
 * the pseudonyms that the same key makes, which begin with an agency's code.
 *
 * @param key the ring's `pseudonym`
 * @param personalId 12 digits
 */
export function personMark(key: KeyObject, personalId: string): string {
  if (!/^\d{12}$/.test(personalId)) throw new TypeError('a personal ID has 12 digits');
  return createHmac('sha256', key).update(`\0officer\0${personalId}`).digest('base64url');
}

/** Whether the number may be an officer's there: invented ones (prefixes 900 to 999) in development, and only there. */
export function isOfficersNumber(personalId: string, deployment: 'development' | 'production'): boolean {
  return /^\d{12}$/.test(personalId) && personalId.startsWith('9') === (deployment === 'development');
}
