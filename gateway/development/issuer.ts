/**
 * The e-ID service of a development deployment: it says who anybody is without asking. Production never imports this folder, and
 * believes no issuer that officers did not admit; this one is admitted by `admit-issuer.ts`.
 */
import { randomBytes } from 'node:crypto';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { ConsentArtefactSchema, ConsentManner } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { AssuranceLevel, PersonAssertionSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { audienceOf } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import type { SigningKey } from '../signing/key-store.ts';
import type { PublicJwk } from '../signing/public-key.ts';
import { createSigner } from '../signing/sign.ts';

export const DEVELOPMENT_ISSUER = {
  code: 'vneid-dev',
  legalEntity: 'LE-VNEID-DEV',
  nameVi: 'Định danh điện tử (thử nghiệm)',
  nameEn: 'Electronic identity (development)',
} as const;
const ASSERTION_SECONDS = 300;
const DAY = 86_400;

export type AssertionInit = MessageInitShape<typeof PersonAssertionSchema>;
export type ArtefactInit = MessageInitShape<typeof ConsentArtefactSchema>;

export interface SignedPayload {
  readonly payload: Uint8Array;
  readonly jws: string;
}

export interface DevelopmentIssuer {
  /** A PersonAssertion of whoever is named, for the holder of the key, through the agency's channel. */
  assert(
    person: AssertionInit & { readonly personalId: string; readonly audienceAgency: string },
    key: PublicJwk,
  ): SignedPayload;
  /** A ConsentArtefact; what is not given is as in an ordinary one of 90 days, given by the person. */
  issue(artefact: ArtefactInit & { readonly personalId: string }): SignedPayload;
}

export function createDevelopmentIssuer({
  key,
  deployment,
  nowSeconds,
}: {
  readonly key: SigningKey;
  readonly deployment: string;
  readonly nowSeconds: () => number;
}): DevelopmentIssuer {
  const issuer = DEVELOPMENT_ISSUER.code;
  const signer = createSigner({ key: key.key, kid: key.kid, issuer });
  const base = (payload: Uint8Array, iat: number) => ({
    aud: audienceOf('gateway', deployment),
    iat,
    dig: digestOf(payload),
  });

  return {
    assert(person, publicKey) {
      const issuedAt = Number(person.issuedAt ?? Math.floor(nowSeconds()));
      const expiresAt = Number(person.expiresAt ?? issuedAt + ASSERTION_SECONDS);
      const payload = toBinary(
        PersonAssertionSchema,
        create(PersonAssertionSchema, {
          ...{ issuer, assurance: AssuranceLevel.TWO, blind: randomBytes(16), publicKey: pointOf(publicKey) },
          ...person,
          ...{ issuedAt: BigInt(issuedAt), expiresAt: BigInt(expiresAt) },
        } as AssertionInit),
      );
      return { payload, jws: signer.sign('lt-assertion+jws', { ...base(payload, issuedAt), exp: expiresAt }) };
    },
    issue(artefact) {
      const issuedAt = Number(artefact.issuedAt ?? Math.floor(nowSeconds()));
      const validFrom = Number(artefact.validFrom ?? issuedAt);
      const expiresAt = Number(artefact.expiresAt ?? validFrom + 90 * DAY);
      const own = {
        personalId: artefact.personalId,
        manner: ConsentManner.ACTIVE,
        actedAt: BigInt(issuedAt),
        assurance: AssuranceLevel.TWO,
      };
      const payload = toBinary(
        ConsentArtefactSchema,
        create(ConsentArtefactSchema, {
          ...{ consentId: randomBytes(16), blind: randomBytes(16), issuer, vocabularyVersion: VOCABULARY_VERSION },
          ...{ acts: [own], language: 'vi', textVersion: 'dev-1', textShown: 'Tôi đồng ý.' },
          ...artefact,
          ...{ issuedAt: BigInt(issuedAt), validFrom: BigInt(validFrom), expiresAt: BigInt(expiresAt) },
        } as ArtefactInit),
      );
      return { payload, jws: signer.sign('lt-consent+jws', { ...base(payload, issuedAt), exp: expiresAt }) };
    },
  };
}

/** The 65 uncompressed bytes of a point. */
export function pointOf({ x, y }: PublicJwk): Uint8Array {
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}
