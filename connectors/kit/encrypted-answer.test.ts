import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { encrypt } from '../../gateway/signing/encrypt.ts';
import { generateEncryptionJwk, loadDecryptionKey, recipientKeyOf } from '../../gateway/signing/encryption-key.ts';
import { GetPersonResponseSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { SignedMessageSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { VerifyPersonResponseSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { openAnswer } from './encrypted-answer.ts';

const own = loadDecryptionKey(await generateEncryptionJwk());
const other = loadDecryptionKey(await generateEncryptionJwk());
const payload = Buffer.from('the plain answer');
const content = toBinary(SignedMessageSchema, create(SignedMessageSchema, { payload, jws: 'a.b.c' }));
const answerOf = (encrypted: string) =>
  toBinary(GetPersonResponseSchema, create(GetPersonResponseSchema, { encrypted }));
const open = (message: Uint8Array, signature?: string) =>
  openAnswer(GetPersonResponseSchema, { signature }, message, [other, own]);

describe('the signed bytes of an answer', () => {
  it('are the answer itself where it is plain: nothing is decoded, whatever it says', () => {
    const message = Buffer.from('no message of the contract');
    expect(open(message, 'x.y.z')).toEqual({ payload: message, jws: 'x.y.z' });
    expect(openAnswer(VerifyPersonResponseSchema, { signature: undefined }, message, [])).toEqual({
      payload: message,
      jws: undefined,
    });
    const unsigned = answerOf('');
    expect(open(unsigned)).toEqual({ payload: unsigned, jws: undefined });
  });

  it('stand in its JWE with the signature, under whichever of the keys', () => {
    for (const key of [own, other]) {
      expect(open(answerOf(encrypt(content, recipientKeyOf(key.publicJwk))))).toMatchObject({ payload, jws: 'a.b.c' });
    }
  });

  it.each([
    ['no JWE', () => 'x', 'UNTRUSTED_ANSWER', { problem: 'MALFORMED' }],
    ['changed on the way', () => `${sealed().slice(0, -4)}AAAA`, 'UNTRUSTED_ANSWER', { problem: 'NOT_AUTHENTIC' }],
    [
      'something else inside',
      () => encrypt(Buffer.from([0xff]), recipientKeyOf(own.publicJwk)),
      'UNTRUSTED_ANSWER',
      { problem: 'NOT_DECODABLE' },
    ],
  ])('%s: is not believed', (_, token, reason, facts) => {
    expect(() => open(answerOf(token()))).toThrow(expect.objectContaining({ reason, facts }));
  });

  it('under a key that the profile has not: says which, where it is a name of a key', () => {
    const message = answerOf(sealed());
    expect(() => openAnswer(GetPersonResponseSchema, { signature: undefined }, message, [other])).toThrow(
      expect.objectContaining({ reason: 'DECRYPTION_KEY_MISSING', exitCode: 3, facts: { kid: own.kid } }),
    );
    const named = encrypt(content, { ...recipientKeyOf(own.publicJwk), kid: 'x'.repeat(60) });
    expect(() => open(answerOf(named))).toThrow(
      expect.objectContaining({ reason: 'UNTRUSTED_ANSWER', facts: { problem: 'UNKNOWN_KEY' } }),
    );
  });
});

function sealed(): string {
  return encrypt(content, recipientKeyOf(own.publicJwk));
}
