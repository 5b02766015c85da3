import { type KeyObject, randomBytes } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { type PersonAssertion, PersonAssertionSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { generateSigningJwk, loadSigningKey } from '../signing/key-store.ts';
import { type PublicJwk, thumbprintOf } from '../signing/public-key.ts';
import type { Eid, SignedBytes } from './eid.ts';

/**
 * Where the session's key is. In the browser it cannot be copied out, and nothing is signed once the page is closed; kept here, for
 * browsers without script, this process could act for the person until the session ends.
 */
export type SessionKey =
  | { readonly held: 'browser'; readonly kid: string; readonly publicJwk: PublicJwk }
  | { readonly held: 'here'; readonly kid: string; readonly publicJwk: PublicJwk; readonly key: KeyObject };

/** Somebody who signed in through the e-ID, and the key by which they act. */
export interface ActingPerson {
  readonly key: SessionKey;
  /** What the e-ID asserts now; it is asked again before that is over. */
  assertion: SignedBytes;
  about: PersonAssertion;
}

export function browserKey(publicJwk: PublicJwk): SessionKey {
  return { held: 'browser', kid: thumbprintOf(publicJwk), publicJwk };
}

export async function newKeyHere(): Promise<SessionKey> {
  const { key, kid, publicJwk } = loadSigningKey(await generateSigningJwk());
  return { held: 'here', kid, publicJwk, key };
}

/** Signs somebody in. Undefined where the e-ID knows nobody by that number. */
export async function signIn(eid: Eid, personalId: string, key: SessionKey): Promise<ActingPerson | undefined> {
  const assertion = await eid.assertPerson(personalId, key.publicJwk);
  if (assertion === undefined) return undefined;
  return { key, assertion, about: fromBinary(PersonAssertionSchema, assertion.payload) };
}

/** Seconds of an assertion that must be left for an act to be worth signing. */
const LEFT_S = 90;

/** Lets the e-ID assert again where what it asserted is nearly over. False where it no longer does. */
export async function renew(eid: Eid, person: ActingPerson, nowSeconds: number): Promise<boolean> {
  if (Number(person.about.expiresAt) - nowSeconds > LEFT_S) return true;
  const again = await signIn(eid, person.about.personalId, person.key);
  if (again === undefined) return false;
  person.assertion = again.assertion;
  person.about = again.about;
  return true;
}

/** 16 random bytes. */
export function newBlind(): Uint8Array {
  return randomBytes(16);
}
