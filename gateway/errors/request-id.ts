import { drawRandom } from '../sealing/random.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;
/** Digits with separators, no longer than this, may be somebody's number, telephone or date of birth. */
const LIKE_A_NUMBER = /^[0-9._-]{1,15}$/;

/** True where a text has a request id's form: 8 to 64 of `[A-Za-z0-9._-]`. */
export function isRequestId(text: string): boolean {
  return REQUEST_ID.test(text);
}

/** An id for a call that brought none that could be read. Example: `gw-4fzyJ0o2cWcP0d3bXn1Q9A`. */
export function makeRequestId(): string {
  return `gw-${drawRandom(16).toString('base64url')}`;
}

/** True where a code or an id that a caller chose could be a number, telephone or date of a person: 8 to 15 digits. */
export function mayBeOfAPerson(text: string): boolean {
  return text.length >= 8 && LIKE_A_NUMBER.test(text);
}

/**
 * The id that a call has in log lines, traces and the trailer `lt-request-id`: the caller's own where it can be read and cannot
 * be a number of a person, else one of the gateway's.
 */
export function traceableRequestId(given: string | undefined): string {
  return given !== undefined && isRequestId(given) && !mayBeOfAPerson(given) ? given : makeRequestId();
}
