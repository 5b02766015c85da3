/** People who act: a registered issuer that says who they are, and their own session keys. */
import { randomBytes } from 'node:crypto';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { digestOf } from '../../gateway/signing/digest.ts';
import { signRaw } from '../../gateway/signing/es256.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../../gateway/signing/key-store.ts';
import type { Pool } from '../../gateway/storage/pool.ts';
import { AssuranceLevel, PersonAssertionSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { newJti, nowSeconds } from './gateway-calls.ts';

const ISSUER = 'eid-test';

export interface TestIssuer {
  /** Somebody who has just signed in, for one channel; what the assertion says can be changed. */
  signIn(
    personalId: string,
    channel: string,
    assertion?: MessageInitShape<typeof PersonAssertionSchema>,
  ): Promise<SignedIn>;
}

export interface SignedIn {
  /** What goes with a call: the assertion, and a fresh signature over the act. */
  actFor(method: string, act: Uint8Array): { assertion: { payload: Uint8Array; jws: string }; proof: string };
}

/** Registers an issuer in the database of a development deployment. */
export async function registerIssuer(pool: Pool, deployment: string): Promise<TestIssuer> {
  const key = loadSigningKey(await generateSigningJwk());
  await pool.query(`INSERT INTO consent_issuer VALUES ($1, $2, 'LE-EID', $3, 'active')`, [
    key.kid,
    ISSUER,
    JSON.stringify(key.publicJwk),
  ]);
  const aud = `gateway@${deployment}`;
  const base = (iss: string, bytes: Uint8Array, iat: number) => ({
    iss,
    aud,
    iat,
    jti: newJti(),
    dig: digestOf(bytes),
  });
  return {
    async signIn(personalId, channel, changed = {}) {
      const session = loadSigningKey(await generateSigningJwk());
      const issuedAt = nowSeconds();
      const payload = toBinary(
        PersonAssertionSchema,
        create(PersonAssertionSchema, {
          ...{ issuer: ISSUER, personalId, publicKey: pointOf(session), assurance: AssuranceLevel.TWO },
          ...{ audienceAgency: channel, issuedAt: BigInt(issuedAt), expiresAt: BigInt(issuedAt + 300) },
          blind: randomBytes(16),
          ...(changed as object),
        }),
      );
      const jws = compact(key, 'lt-assertion+jws', { ...base(ISSUER, payload, issuedAt), exp: issuedAt + 300 });
      return {
        actFor: (method, act) => ({
          assertion: { payload, jws },
          proof: compact(session, 'lt-act+jws', { ...base('person', act, nowSeconds()), mth: method }),
        }),
      };
    },
  };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function compact(key: SigningKey, typ: string, claims: object): string {
  const input = `${encode({ alg: 'ES256', kid: key.kid, typ })}.${encode(claims)}`;
  return `${input}.${signRaw(Buffer.from(input), key.key).toString('base64url')}`;
}

function pointOf({ publicJwk }: SigningKey): Uint8Array {
  const { x, y } = publicJwk as { x: string; y: string };
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}
