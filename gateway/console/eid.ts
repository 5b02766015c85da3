import type { PublicJwk } from '../signing/public-key.ts';
import type { ConsentOrder } from './consent-order.ts';

/** Bytes with the compact JWS over them. */
export interface SignedBytes {
  readonly payload: Uint8Array;
  readonly jws: string;
}

/** What the page needs of the e-ID service, which is somebody else's. */
export interface Eid {
  /** People whom a development sign-in offers; empty for one that finds out by itself who is there. */
  readonly people: readonly { readonly personalId: string; readonly name: string }[];
  /** True where nobody proves who they are. Said on every page. */
  readonly development: boolean;
  /** A serialised PersonAssertion, bound to the key. Undefined where nobody is known by that number. */
  assertPerson(personalId: string, key: PublicJwk): Promise<SignedBytes | undefined>;
  /** A serialised ConsentArtefact of what the persons said yes to. */
  issueConsent(order: ConsentOrder): Promise<SignedBytes>;
}
