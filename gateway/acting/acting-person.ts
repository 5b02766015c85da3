/** Who acts: asserted by a registered issuer, for this channel, and by the person's own signature over exactly this act. */
import { fromBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  AssuranceLevel,
  type OnBehalf,
  type PersonAssertion,
  PersonAssertionSchema,
} from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { Effect } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { Composed } from '../exchange/work.ts';
import { audienceOf, checkBinding } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import { checkFreshness, MAX_AHEAD_SECONDS } from '../signing/freshness.ts';
import { keyLookup, readPublicJwk, type VerificationKey, verificationKeyOf } from '../signing/public-key.ts';
import { verifyToken } from '../signing/verify.ts';
import { type Issuer, type IssuerKeys, issuerOf, standsOnIssuers } from './issuer-keys.ts';

/** `iss` of every person's token: who it is stands in the assertion, never in a token. */
export const PERSON_ISSUER = 'person';
/** Longest life of an assertion, seconds. */
export const ASSERTION_SECONDS = 300;
/** A child of 7 or older and the representative. */
const MOST_PERSONS = 2;
const POINT_BYTES = 65;
const BLIND_BYTES = 16;
const PERSONAL_ID = /^\d{12}$/;

export interface ActingDeps {
  readonly issuers: IssuerKeys;
  readonly deployment: string;
  readonly nowSeconds: () => number;
  /** As of calls: proofs signed at or before this second are refused. */
  readonly iatFloor: () => number;
}

/** One who acts, as asserted. */
export interface ActingPerson {
  readonly assertion: PersonAssertion;
  readonly assurance: AssuranceLevel;
  /** Who asserts it. */
  readonly issuer: Issuer;
  /** What makes the proof count once. */
  readonly proof: { readonly jti: Buffer; readonly iat: number };
}

export interface ActingCall {
  /** "/package.Service/Method". */
  readonly method: string;
  /** Agency that carries the call. */
  readonly agency: string;
  /** The bytes that the persons signed. */
  readonly act: Uint8Array;
  readonly persons: readonly OnBehalf[];
}

/** @throws {CallRefused} ASSERTION_INVALID, ASSERTION_EXPIRED, PERSON_PROOF_WRONG */
export function verifyActing(call: ActingCall, deps: ActingDeps): ActingPerson[] {
  const { persons } = call;
  if (persons.length === 0 || persons.length > MOST_PERSONS) throw new CallRefused(ErrorReason.ASSERTION_INVALID);
  const acting = persons.map((person) => verifyOne(call, person, deps));
  const ids = new Set(acting.map(({ assertion }) => assertion.personalId));
  if (ids.size < acting.length) throw new CallRefused(ErrorReason.ASSERTION_INVALID);
  return acting;
}

function verifyOne(call: ActingCall, { assertion: signed, proof }: OnBehalf, deps: ActingDeps): ActingPerson {
  const asserted = signed && verifyAssertion(call.agency, signed.payload, signed.jws, deps);
  const key = asserted && sessionKeyOf(asserted.assertion.publicKey);
  if (asserted === undefined || key === undefined) throw new CallRefused(ErrorReason.ASSERTION_INVALID);
  const { assurance } = asserted.assertion;
  return { ...asserted, assurance, proof: verifyProof(call, key, proof, deps) };
}

function verifyAssertion(agency: string, payload: Uint8Array, jws: string, deps: ActingDeps) {
  const issuer = issuerOf(deps.issuers, jws);
  if (issuer === undefined) return undefined;
  const verified = verifyToken(jws, { typ: 'lt-assertion+jws', keys: keyLookup([issuer.key]) });
  if (!verified.ok) return undefined;
  const audience = audienceOf('gateway', deps.deployment);
  const { claims } = verified;
  if (checkBinding(claims, { audience, digest: digestOf(payload) }) !== undefined) return undefined;
  const assertion = decodeAssertion(payload);
  if (assertion === undefined || !PERSONAL_ID.test(assertion.personalId)) return undefined;
  const [issuedAt, expiresAt] = [Number(assertion.issuedAt), Number(assertion.expiresAt)];
  const wellFormed =
    assertion.issuer === issuer.code &&
    assertion.audienceAgency === agency &&
    assertion.blind.length === BLIND_BYTES &&
    assertion.assurance !== AssuranceLevel.UNSPECIFIED &&
    claims.iat === issuedAt &&
    claims.exp === expiresAt &&
    expiresAt > issuedAt &&
    expiresAt - issuedAt <= ASSERTION_SECONDS;
  if (!wellFormed) return undefined;
  const now = deps.nowSeconds();
  if (!(now < expiresAt) || !(issuedAt <= now + MAX_AHEAD_SECONDS))
    throw new CallRefused(ErrorReason.ASSERTION_EXPIRED);
  return { assertion, issuer };
}

function decodeAssertion(payload: Uint8Array): PersonAssertion | undefined {
  try {
    return fromBinary(PersonAssertionSchema, payload, { readUnknownFields: false });
  } catch {
    return undefined;
  }
}

/** The public key of 65 uncompressed bytes; undefined where it is no point of the curve. */
function sessionKeyOf(point: Uint8Array): VerificationKey | undefined {
  if (point.length !== POINT_BYTES || point[0] !== 4) return undefined;
  const part = (from: number) => Buffer.from(point.subarray(from, from + 32)).toString('base64url');
  const jwk = readPublicJwk({ kty: 'EC', crv: 'P-256', x: part(1), y: part(33) });
  return jwk && verificationKeyOf(jwk, PERSON_ISSUER);
}

function verifyProof(call: ActingCall, key: VerificationKey, proof: string, deps: ActingDeps) {
  const wrong = () => new CallRefused(ErrorReason.PERSON_PROOF_WRONG);
  const verified = verifyToken(proof, { typ: 'lt-act+jws', form: 'person', keys: keyLookup([key]) });
  if (!verified.ok) throw wrong();
  const { claims } = verified;
  const facts = {
    audience: audienceOf('gateway', deps.deployment),
    method: call.method,
    digest: digestOf(call.act),
  };
  const clock = { nowSeconds: deps.nowSeconds(), floor: deps.iatFloor() };
  if (checkBinding(claims, facts) !== undefined || checkFreshness(claims.iat, clock) !== undefined) throw wrong();
  return { jti: Buffer.from(claims.jti, 'base64url'), iat: claims.iat };
}

/** Lets each proof count once, in the transaction that records what it was for. */
function proofEffects(acting: readonly ActingPerson[]): Effect[] {
  return acting.map(({ proof }) => ({
    text: `INSERT INTO used_token (issuer, jti, iat)
SELECT '${PERSON_ISSUER}', $1, $2 WHERE $2::bigint > (SELECT iat_floor FROM token_floor) ON CONFLICT DO NOTHING RETURNING 1`,
    values: [proof.jti, proof.iat],
    orRefuse: { reason: ErrorReason.PERSON_PROOF_WRONG },
  }));
}

/** What an answer to persons brings beside itself: their proofs count once, and those who vouch for them still do when it is recorded. */
export function byTheirAct(acting: readonly ActingPerson[]): Required<Pick<Composed, 'effects' | 'standsOn'>> {
  return { effects: proofEffects(acting), standsOn: standsOnIssuers(acting.map(({ issuer }) => issuer)) };
}
