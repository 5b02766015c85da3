/**
 * Writes the vectors of whole exchanges beside this file: `node test/golden/signing/make-exchange.ts`. Made once, then frozen: a
 * second run signs anew, and everything that holds a signature is other bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { create, toBinary } from '@bufbuild/protobuf';
import { refuse } from '../../../gateway/errors/refuse.ts';
import { digestOf } from '../../../gateway/signing/digest.ts';
import { encrypt } from '../../../gateway/signing/encrypt.ts';
import { loadDecryptionKey, recipientKeyOf } from '../../../gateway/signing/encryption-key.ts';
import { signKeySet } from '../../../gateway/signing/signed-key-set.ts';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { GetPersonRequestSchema, GetPersonResponseSchema } from '../../../proto/gen/lienthong/person/v1/person_pb.js';
import { SignedMessageSchema } from '../../../proto/gen/lienthong/type/v1/type_pb.js';
import {
  FieldResult,
  Verdict,
  VerifyPersonRequestSchema,
  VerifyPersonResponseSchema,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { jobVector } from './exchange-job.ts';
import {
  AGENCY,
  callOf,
  DEPLOYMENT,
  drawn,
  GET_PERSON,
  gateway,
  hex,
  KEY,
  LOG_ORIGIN,
  logged,
  SIGNED_AT,
  toAgency,
  VERIFICATION,
} from './exchange-parts.ts';
import { alsoGood, refusedTokens } from './refused-tokens.ts';

const FOLDER = new URL('./', import.meta.url);
const VERIFY_PERSON = `${VERIFICATION}/VerifyPerson`;

const keySet = signKeySet(
  { version: 3, keys: [{ jwk: KEY.publicJwk, state: 'active' }] },
  { root: gateway, audience: `*@${DEPLOYMENT}`, iat: SIGNED_AT },
);

/** One request to verify a person, and its token. */
function asked(requestId: string, purpose: string) {
  const person = { idNumber: '901085000017', fullName: 'NGUYEN VAN AN', dateOfBirth: '27/03/1985' };
  const message = { context: { requestId, purpose }, ...person, blind: drawn(requestId) };
  const request = toBinary(VerifyPersonRequestSchema, create(VerifyPersonRequestSchema, message));
  return { request, ...callOf(VERIFY_PERSON, request) };
}

function call() {
  const requestId = 'call-7f39';
  const { request, dig, token } = asked(requestId, 'subscriber-verification');
  const { TRUE } = FieldResult;
  const told = { verdict: Verdict.VERIFIED, idResult: TRUE, nameResult: TRUE, birthDateResult: TRUE };
  const message = { requestId, ...told, asOf: BigInt(SIGNED_AT - 3600), blind: drawn('answer') };
  const answer = toBinary(VerifyPersonResponseSchema, create(VerifyPersonResponseSchema, message));
  const claims = { ...toAgency, dig: digestOf(answer), mth: VERIFY_PERSON, rqd: dig, req: requestId, code: 0 };
  const answerToken = gateway.sign('lt-answer+jws', { ...claims, ...logged('call') });
  const shown = { method: VERIFY_PERSON, request_id: requestId, request: hex(request), token };
  return { ...shown, answer: hex(answer), answer_token: answerToken };
}

function refusedCall() {
  const requestId = 'call-7f3d';
  const { request, dig, token } = asked(requestId, 'advertising');
  const { code, details } = refuse(ErrorReason.NOT_AGREED, { requestId });
  const { log, leaf } = logged('refused');
  const claims = { ...toAgency, dig: digestOf(details), mth: VERIFY_PERSON, rqd: dig, req: requestId, code, log, leaf };
  const shown = { method: VERIFY_PERSON, request_id: requestId, request: hex(request), token };
  const answerToken = gateway.sign('lt-answer+jws', claims);
  return { ...shown, reason: 'NOT_AGREED', code, details: hex(details), answer_token: answerToken };
}

function encryptedCall() {
  const requestId = 'call-7f3e';
  const recipient = loadDecryptionKey(
    JSON.parse(readFileSync(new URL('published-example-encryption-key.jwk.json', FOLDER), 'utf8')),
  );
  const message = {
    context: { requestId, purpose: 'medical-examination' },
    ...{ personalId: '901085000017', readMask: { paths: ['blood_type'] }, blind: drawn(requestId) },
  };
  const request = toBinary(GetPersonRequestSchema, create(GetPersonRequestSchema, message));
  const { dig, token } = callOf(GET_PERSON, request);
  const told = { requestId, person: { bloodType: 'O' }, blind: drawn('person') };
  const payload = toBinary(GetPersonResponseSchema, create(GetPersonResponseSchema, told));
  const claims = { ...toAgency, dig: digestOf(payload), mth: GET_PERSON, rqd: dig, req: requestId, code: 0 };
  const jws = gateway.sign('lt-answer+jws', { ...claims, ...logged('encrypted') });
  const signed = toBinary(SignedMessageSchema, create(SignedMessageSchema, { payload, jws }));
  const jwe = encrypt(signed, recipientKeyOf(recipient.publicJwk));
  const answer = toBinary(GetPersonResponseSchema, create(GetPersonResponseSchema, { encrypted: jwe }));
  const shown = { method: GET_PERSON, request_id: requestId, request: hex(request), token, answer: hex(answer) };
  return { ...shown, recipient: recipient.publicJwk, inside: { payload: hex(payload), answer_token: jws } };
}

const unary = call();
const job = jobVector(keySet, FOLDER);
const exchange = {
  ...{ deployment: DEPLOYMENT, agency: AGENCY, signed_at: SIGNED_AT, root: KEY.publicJwk, agency_key: KEY.publicJwk },
  log_origin: LOG_ORIGIN,
  key_set: { payload: hex(keySet.payload), token: keySet.jws },
  call: unary,
  call_also_good: alsoGood(unary.token),
  refused_call: refusedCall(),
  encrypted_call: encryptedCall(),
  ...job,
};
const refused = refusedTokens({ call: unary.token, chunk: job.chunk.token, answer: unary.answer_token });

const write = (name: string, value: unknown): void =>
  writeFileSync(new URL(name, FOLDER), `${JSON.stringify(value, null, 2)}\n`);
write('exchange.json', exchange);
write('refused.json', refused);
