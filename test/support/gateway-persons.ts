/** People who act through the citizens' page of a test gateway, each with a session key of their own. */
import { randomBytes } from 'node:crypto';
import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import {
  type ArtefactInit,
  type AssertionInit,
  createDevelopmentIssuer,
  type DevelopmentIssuer,
  type SignedPayload,
} from '../../gateway/development/issuer.ts';
import { audienceOf } from '../../gateway/signing/binding.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../../gateway/signing/key-store.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import {
  ClaimActSchema,
  ConsentService,
  GetReceiptActSchema,
  GrantActSchema,
  ListConsentsActSchema,
  ObjectActSchema,
  RestrictActSchema,
  WithdrawActSchema,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { TestGateway } from './gateway.ts';
import { pathOf, type RawCaller, type RawOutcome, requestBytes } from './gateway-calls.ts';

const { method } = ConsentService;
const CHANNEL = 'citizen-page';

/** Acts of each method. */
const ACTS = {
  grantConsent: GrantActSchema,
  withdrawConsent: WithdrawActSchema,
  restrict: RestrictActSchema,
  object: ObjectActSchema,
  claimRight: ClaimActSchema,
  listConsents: ListConsentsActSchema,
  getReceipt: GetReceiptActSchema,
} as const satisfies Partial<Record<keyof typeof method, DescMessage>>;
export type PersonMethod = keyof typeof ACTS;

export interface ActingCitizen {
  readonly personalId: string;
  readonly assertion: SignedPayload;
  /** The person's own signature over an act. */
  prove(of: DescMethod, act: Uint8Array): string;
}

export interface Citizens {
  readonly issuer: DevelopmentIssuer;
  person(personalId: string, changes?: AssertionInit): Promise<ActingCitizen>;
  /** The signed request of these people. */
  request(name: PersonMethod, act: object, persons: readonly ActingCitizen[]): Uint8Array;
  attempt(name: PersonMethod, act: object, ...persons: ActingCitizen[]): Promise<RawOutcome>;
  /** As `attempt`; decodes the answer, throws where it was refused. */
  call<N extends PersonMethod>(
    name: N,
    act: object,
    ...persons: ActingCitizen[]
  ): Promise<MessageShape<(typeof method)[N]['output']>>;
  /** Gives a consent of the issuer's for the first of these people. */
  grant(artefact: ArtefactInit, ...persons: ActingCitizen[]): Promise<RawOutcome>;
}

/** @param key that the issuer signs with; the deployment's own unless given */
export function createCitizens(
  gateway: Pick<TestGateway, 'deployment' | 'raw'>,
  caller: RawCaller = gateway.raw(CHANNEL),
  key: SigningKey = gateway.deployment.secrets.issuer,
): Citizens {
  const { id: deployment } = gateway.deployment;
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const issuer = createDevelopmentIssuer({ key, deployment, nowSeconds });

  function request(name: PersonMethod, act: object, persons: readonly ActingCitizen[]): Uint8Array {
    const schema: DescMessage = ACTS[name];
    const bytes = toBinary(schema, create(schema, { blind: randomBytes(16), ...act } as MessageInitShape<DescMessage>));
    return requestBytes(
      caller.identity,
      method[name].input as DescMessage,
      {
        act: bytes,
        persons: persons.map((person) => ({ assertion: person.assertion, proof: person.prove(method[name], bytes) })),
      } as MessageInitShape<DescMessage>,
    );
  }
  const attempt: Citizens['attempt'] = (name, act, ...persons) =>
    caller.sign(method[name], request(name, act, persons));

  return {
    issuer,
    async person(personalId, changes = {}) {
      const { key, kid, publicJwk } = loadSigningKey(await generateSigningJwk());
      const signer = createSigner({ key, kid, issuer: 'person' });
      return {
        personalId,
        assertion: issuer.assert({ personalId, audienceAgency: CHANNEL, ...changes }, publicJwk),
        prove: (of, act) =>
          signer.sign('lt-act+jws', {
            ...{ aud: audienceOf('gateway', deployment), iat: nowSeconds(), dig: digestOf(act), mth: pathOf(of) },
          }),
      };
    },
    request,
    attempt,
    async call(name, act, ...persons) {
      const outcome = await attempt(name, act, ...persons);
      if (outcome.message === undefined) throw new Error(`${name} was refused: ${outcome.reason ?? outcome.text}`);
      return fromBinary(method[name].output as DescMessage, outcome.message) as never;
    },
    grant(artefact, ...persons) {
      const [first] = persons;
      return attempt(
        'grantConsent',
        { artefact: issuer.issue({ personalId: first?.personalId ?? '', ...artefact }) },
        ...persons,
      );
    },
  };
}
