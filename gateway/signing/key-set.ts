import { digestOf } from './digest.ts';
import {
  type KeyLookup,
  keyLookup,
  type PublicJwk,
  readPublicJwk,
  thumbprintOf,
  type VerificationKey,
  verificationKeyOf,
} from './public-key.ts';
import { type Json, type JsonObject, readStrictObject } from './strict-json.ts';

/** The gateway's key set: which of its keys are in use, which were, and which fell into other hands since when. */

export type KeyState =
  /** Signs now. Old and new key overlap in this state while a rotation spreads. */
  | { readonly state: 'active' }
  /** Signs no more; what it signed stands. */
  | { readonly state: 'retired' }
  /** From this second on (of the log's clock) its signatures prove nothing. */
  | { readonly state: 'compromised'; readonly compromisedFrom: number };

export type KeySetEntry = { readonly jwk: PublicJwk } & KeyState;

export type KeySet = {
  /** Rises with every change, from 1. */
  readonly version: number;
  readonly keys: readonly KeySetEntry[];
};

/** What a client kept of the last key set it accepted: a lower version, or another set of the same, is a roll-back. */
export type KeySetMark = { readonly version: number; readonly digest: string };

/** The bytes that go into the payload of a signed key set; `dig` of its `lt-keys+jws` covers exactly these. */
export function serialiseKeySet({ version, keys }: KeySet): Buffer {
  const entries = keys.map((entry) => ({
    kid: thumbprintOf(entry.jwk),
    kty: entry.jwk.kty,
    crv: entry.jwk.crv,
    x: entry.jwk.x,
    y: entry.jwk.y,
    state: entry.state,
    ...(entry.state === 'compromised' ? { compromised_from: entry.compromisedFrom } : {}),
  }));
  return Buffer.from(JSON.stringify({ version, keys: entries }), 'utf8');
}

/** Reads a key set strictly: undefined where a member is unknown, missing or wrong, or a key stands twice. */
export function readKeySet(payload: Uint8Array): KeySet | undefined {
  // Not a check of UTF-8: what a broken sequence is replaced with fits no member.
  const value = readStrictObject(Buffer.from(payload).toString('utf8'));
  if (value === undefined || Object.keys(value).length !== 2) return undefined;
  const { version, keys } = value;
  if (typeof version !== 'number' || version < 1 || !Array.isArray(keys)) return undefined;
  const entries: KeySetEntry[] = [];
  const kids = new Set<string>();
  for (const item of keys as readonly Json[]) {
    const entry = readEntry(item);
    if (entry === undefined) return undefined;
    entries.push(entry);
    kids.add(thumbprintOf(entry.jwk));
  }
  return kids.size === entries.length ? { version, keys: entries } : undefined;
}

function readEntry(item: Json): KeySetEntry | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const { state, compromised_from: compromisedFrom, ...jwkMembers } = item as JsonObject;
  if (Object.keys(jwkMembers).some((name) => !['kid', 'kty', 'crv', 'x', 'y'].includes(name))) return undefined;
  const jwk = readPublicJwk(jwkMembers);
  if (jwk === undefined || jwkMembers.kid === undefined) return undefined;
  if (state === 'compromised') {
    return typeof compromisedFrom === 'number' ? { jwk, state, compromisedFrom } : undefined;
  }
  if ((state !== 'active' && state !== 'retired') || compromisedFrom !== undefined) return undefined;
  return { jwk, state };
}

export function markOf(version: number, payload: Uint8Array): KeySetMark {
  return { version, digest: digestOf(payload) };
}

/** Keys that a token of now may be signed with: the active ones. */
export function liveKeys(set: KeySet, issuer: string): KeyLookup {
  return lookupAmong(set, issuer, (entry) => entry.state === 'active');
}

/**
 * Keys that a token which the log holds at this time may be signed with. The time is the log's, not the token's: the
 * thief of a key writes any `iat` he likes.
 */
export function evidenceKeys(set: KeySet, issuer: string, loggedAtSeconds: number): KeyLookup {
  return lookupAmong(set, issuer, (entry) => evidenceCounts(entry, loggedAtSeconds));
}

/** Whether a signature of a key in this state proves anything, given when it was logged. */
export function evidenceCounts(state: KeyState, loggedAtSeconds: number): boolean {
  return state.state !== 'compromised' || loggedAtSeconds < state.compromisedFrom;
}

/** Keys that what has no moment in the log is believed by, past ones as well: heads, which the log does not hold itself. */
export function keysNotLost(set: KeySet, issuer: string): VerificationKey[] {
  return set.keys
    .filter((entry) => evidenceCounts(entry, Number.POSITIVE_INFINITY))
    .map(({ jwk }) => verificationKeyOf(jwk, issuer));
}

/** A set as it stood then, with what a newer one says of its keys now. */
export function withNewerStates(set: KeySet, newer: KeySet): KeySet {
  const byKid = new Map(newer.keys.map((entry) => [thumbprintOf(entry.jwk), entry]));
  return { version: set.version, keys: set.keys.map((entry) => byKid.get(thumbprintOf(entry.jwk)) ?? entry) };
}

function lookupAmong(set: KeySet, issuer: string, counts: (entry: KeySetEntry) => boolean): KeyLookup {
  return keyLookup(set.keys.filter(counts).map(({ jwk }) => verificationKeyOf(jwk, issuer)));
}
