/** One call of each kind, as a client makes it. */
import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { type AnswerCheck, createAnswerCheck } from '../../connectors/kit/answer-check.ts';
import { createSignedClient } from '../../connectors/kit/client.ts';
import type { KeySetSource } from '../../connectors/kit/key-set-source.ts';
import { loadProfile } from '../../connectors/kit/profile.ts';
import { callRaw, connect } from '../../connectors/kit/raw-call.ts';
import { prepareRequest } from '../../connectors/kit/request.ts';
import { audienceOf } from '../../gateway/signing/binding.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import {
  Verdict,
  VerificationService,
  VerifyPersonRequestSchema,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { type CleanPerson, cleanPeople } from './clean-people.ts';
import type { TlsFiles } from './tls.ts';
import type { ClientSetup } from './unary-setup.ts';

export interface Caller {
  /** One call; throws whatever is wrong with its answer. */
  call(index: number): Promise<void>;
  /** Bytes of a request and of an answer. */
  sizes(): { readonly requestBytes: number; readonly answerBytes: number };
  close(): void;
}

const DEADLINE_MS = 30_000;
/** People made ready before the first call; more than any machine asks for in the time, so that making them costs no call. */
const PEOPLE_A_SECOND = 8_000;
export const VERIFY_PERSON = '/lienthong.verification.v1.VerificationService/VerifyPerson';

export function createCaller(setup: ClientSetup): Promise<Caller> | Caller {
  switch (setup.kind) {
    case 'gateway':
      return gatewayCaller(setup);
    case 'naive':
      return naiveCaller(setup);
    case 'echo':
      return echoCaller(setup);
  }
}

function peopleOf(setup: Extract<ClientSetup, { kind: 'gateway' | 'naive' }>): () => CleanPerson {
  const { people } = setup;
  const more = people === undefined ? cleanPeople(setup) : again(JSON.parse(readFileSync(people, 'utf8')));
  const seconds = (setup.warmMs + setup.measureMs) / 1000;
  const ready = Array.from({ length: Math.min(setup.persons, Math.ceil(seconds * PEOPLE_A_SECOND)) }, more);
  let next = 0;
  return () => ready[next++] ?? more();
}

/** The same people without end. */
function again(people: readonly CleanPerson[]): () => CleanPerson {
  let next = 0;
  return () => people[next++ % people.length] as CleanPerson;
}

function mustBeVerified(verdict: Verdict): void {
  if (verdict !== Verdict.VERIFIED) throw new Error(`a clean person was answered with verdict ${verdict}`);
}

async function gatewayCaller(setup: Extract<ClientSetup, { kind: 'gateway' }>): Promise<Caller> {
  const client = createSignedClient(await loadProfile(setup.profile));
  const person = peopleOf(setup);
  const method = VerificationService.method.verifyPerson;
  let answerBytes = 0;
  return {
    async call() {
      const { message, bytes } = await client.unary(method, person(), { retryForMs: 0, deadlineMs: DEADLINE_MS });
      answerBytes = bytes.length;
      mustBeVerified(message.verdict);
    },
    sizes: () => ({ requestBytes: sampleRequest(client.profile, person()).length, answerBytes }),
    close: () => client.close(),
  };
}

function sampleRequest(profile: Parameters<typeof prepareRequest>[0], person: CleanPerson): Uint8Array {
  return prepareRequest(profile, VerifyPersonRequestSchema, person).bytes;
}

/** The same work as the signed client's, with the one key of a server that has no key set. */
async function naiveCaller(setup: Extract<ClientSetup, { kind: 'naive' }>): Promise<Caller> {
  const profile = await loadProfile(setup.profile);
  const { agency, deployment, signingKey } = profile;
  const client = connect({ address: setup.address, ...readTls(setup.tls) });
  const signer = createSigner({ key: signingKey.key, kid: signingKey.kid, issuer: agency });
  const check = checkWithKey(setup.serverKey, { agency, deployment });
  const aud = audienceOf('gateway', deployment);
  const person = peopleOf(setup);
  let sizes = { requestBytes: 0, answerBytes: 0 };
  return {
    async call() {
      const { bytes, requestId } = prepareRequest(profile, VerifyPersonRequestSchema, person());
      const dig = digestOf(bytes);
      const iat = Math.floor(Date.now() / 1000);
      const signature = signer.sign('lt-call+jws', { aud, iat, dig, mth: VERIFY_PERSON });
      const answer = await callRaw(client, VERIFY_PERSON, bytes, { signature, deadlineMs: DEADLINE_MS });
      if (answer.message === undefined) throw new Error(`naive server: code ${answer.code} ${answer.text}`);
      await check.answer(answer.signature, answer.message, { method: VERIFY_PERSON, requestDigest: dig, requestId });
      mustBeVerified(fromBinary(VerifyPersonResponseSchema, answer.message).verdict);
      sizes = { requestBytes: bytes.length, answerBytes: answer.message.length };
    },
    sizes: () => sizes,
    close: () => client.close(),
  };
}

function checkWithKey(
  jwk: Parameters<typeof verificationKeyOf>[0],
  profile: { agency: string; deployment: string },
): AnswerCheck {
  const key = verificationKeyOf(jwk, 'gateway');
  const known = Promise.resolve({ keys: (kid: string) => (kid === key.kid ? key : undefined) });
  const keySet = { get: () => known, refresh: () => known } as unknown as KeySetSource;
  return createAnswerCheck({ keySet, profile });
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** Nothing but the call: no deadline, no metadata. */
function echoCaller(setup: Extract<ClientSetup, { kind: 'echo' }>): Caller {
  const client = connect({ address: setup.address, ...readTls(setup.tls) });
  const request = Buffer.alloc(setup.requestBytes, 1);
  let answerBytes = 0;
  return {
    call: () =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest('/bench.Echo/Echo', asIs, asIs, request, (error, answer) => {
          if (error !== null || answer === undefined) return reject(error ?? new Error('echo: no answer'));
          answerBytes = answer.length;
          resolve();
        });
      }),
    sizes: () => ({ requestBytes: request.length, answerBytes }),
    close: () => client.close(),
  };
}

function readTls({ ca, cert, key }: TlsFiles): { ca: Buffer; certificate: Buffer; key: Buffer } {
  return { ca: readFileSync(ca), certificate: readFileSync(cert), key: readFileSync(key) };
}
