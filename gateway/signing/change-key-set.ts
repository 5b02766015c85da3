/** The changes that a key set may take: its version rises by one with each, a key never leaves it, and none comes back. */
import type { Words } from '../errors/words.ts';
import type { KeySet, KeySetEntry, KeyState } from './key-set.ts';
import { type PublicJwk, thumbprintOf } from './public-key.ts';

export const KEY_SET_CHANGE_PROBLEMS = {
  KEY_THERE: { en: 'the key stands in the set already', vi: 'khóa đã có trong bộ' },
  KEY_UNKNOWN: { en: 'no such key stands in the set', vi: 'không có khóa đó trong bộ' },
  STATE_WRONG: {
    en: 'a key goes from active to retired, and from either to compromised, or to an earlier moment of that',
    vi: 'khóa đang dùng chỉ chuyển sang ngừng dùng (retired); từ hai trạng thái đó chuyển sang bị lộ (compromised), hoặc sang một thời điểm bị lộ sớm hơn',
  },
} as const satisfies Record<string, Words>;
export type KeySetChangeProblem = keyof typeof KEY_SET_CHANGE_PROBLEMS;

export type ChangedKeySet =
  | { readonly ok: true; readonly set: KeySet }
  | { readonly ok: false; readonly problem: KeySetChangeProblem };

/** One more active key, which may sign once every gateway and client has the set. */
export function withKeyAdded(set: KeySet, jwk: PublicJwk): ChangedKeySet {
  if (find(set, thumbprintOf(jwk)) !== undefined) return { ok: false, problem: 'KEY_THERE' };
  return { ok: true, set: { version: set.version + 1, keys: [...set.keys, { jwk, state: 'active' }] } };
}

export function withState(set: KeySet, kid: string, to: Exclude<KeyState, { state: 'active' }>): ChangedKeySet {
  const entry = find(set, kid);
  if (entry === undefined) return { ok: false, problem: 'KEY_UNKNOWN' };
  if (!mayBecome(entry, to)) return { ok: false, problem: 'STATE_WRONG' };
  const keys = set.keys.map((one): KeySetEntry => (one === entry ? { jwk: one.jwk, ...to } : one));
  return { ok: true, set: { version: set.version + 1, keys } };
}

function find({ keys }: KeySet, kid: string): KeySetEntry | undefined {
  return keys.find(({ jwk }) => thumbprintOf(jwk) === kid);
}

/** What counts as evidence only ever becomes less. */
function mayBecome(from: KeyState, to: KeyState): boolean {
  if (to.state !== 'compromised') return from.state === 'active';
  return from.state !== 'compromised' || to.compromisedFrom < from.compromisedFrom;
}
