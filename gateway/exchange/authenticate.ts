import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { RecipientKey } from '../signing/encryption-key.ts';
import type { KeyLookup } from '../signing/public-key.ts';
import type { Peer } from './ports.ts';
import { CallRefused } from './refused.ts';

/** An agency's certificate, as the directory knows it. */
export interface Caller {
  readonly agency: string;
  readonly legalEntity: string;
  /** SHA-256 of the certificate, lower-case hex. */
  readonly certificate: string;
  /** The agency's active keys, and no other's. */
  readonly keys: KeyLookup;
  /** What answers with sensitive fields are encrypted to; absent where the agency has enrolled none. */
  readonly encryptionKey?: RecipientKey | undefined;
  /** The officer whose certificate it is; absent for an agency's. */
  readonly officer?: string;
}

export interface CallerDirectory {
  /** Highest change revision that the answers below take into account. */
  readonly revision: bigint;
  find(fingerprint: string): Caller | 'unknown' | 'barred';
}

/** Stage 1: the certificate names an agency that may call. */
class AuthenticatedCall {
  readonly #stage = 'authenticated';
  readonly caller: Caller;
  /** Change revision seen when the caller was found: what came later is looked at when the answer is appended. */
  readonly changeRevision: bigint;

  constructor(caller: Caller, changeRevision: bigint) {
    this.caller = caller;
    this.changeRevision = changeRevision;
  }

  get stage(): string {
    return this.#stage;
  }
}
export type Authenticated = AuthenticatedCall;

export interface AuthenticateDeps {
  readonly directory: CallerDirectory;
  readonly nowSeconds: () => number;
}

/** Looked up again for each call and each chunk; the TLS layer has proven possession of the certificate's key. */
export function createAuthenticate({ directory, nowSeconds }: AuthenticateDeps) {
  return (peer: Peer | undefined): Authenticated => {
    if (peer === undefined) throw new CallRefused(ErrorReason.CERTIFICATE_UNKNOWN);
    // Read before the look-up: a change between the two is then seen as later, never as taken into account.
    const revision = directory.revision;
    const caller = directory.find(peer.fingerprint);
    if (caller === 'unknown' || peer.notAfter <= nowSeconds()) throw new CallRefused(ErrorReason.CERTIFICATE_UNKNOWN);
    if (caller === 'barred') throw new CallRefused(ErrorReason.REVOKED);
    return new AuthenticatedCall(caller, revision);
  };
}

/** Whom a connection counts against: its certificate's legal entity, or the certificate where nobody knows it. */
export function partyOf(directory: CallerDirectory): (peer: Peer) => string {
  return ({ fingerprint }) => {
    try {
      const caller = directory.find(fingerprint);
      return typeof caller === 'string' ? fingerprint : caller.legalEntity;
    } catch {
      // The directory has not been read for too long: each call is told so.
      return fingerprint;
    }
  };
}
