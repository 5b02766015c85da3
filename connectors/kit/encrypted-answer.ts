import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { decrypt } from '../../gateway/signing/decrypt.ts';
import type { DecryptionKey } from '../../gateway/signing/encryption-key.ts';
import { SignedMessageSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { KitError } from './kit-error.ts';

/** What an answer's signature covers, and the signature; nothing of it is believed yet. */
export type SignedBytes = { readonly payload: Uint8Array; readonly jws: string | undefined };

/** Member of an answer that stands for the whole of it, encrypted. */
const ENCRYPTED = 'encrypted';

/**
 * The signed bytes of an answer: as they came where it is plain, else out of the JWE that its member `encrypted` is. Throws KitError
 * UNTRUSTED_ANSWER where that does not open, DECRYPTION_KEY_MISSING where it is encrypted to another key than the profile's.
 */
export function openAnswer(
  schema: DescMessage,
  { signature }: { readonly signature: string | undefined },
  message: Uint8Array,
  keys: readonly DecryptionKey[],
): SignedBytes {
  // A signed answer is taken as it is: the gateway never signs one that holds another.
  if (signature !== undefined || !schema.fields.some(({ localName }) => localName === ENCRYPTED)) {
    return { payload: message, jws: signature };
  }
  const jwe: unknown = (decode(schema, message) as { readonly [ENCRYPTED]?: unknown })[ENCRYPTED];
  if (typeof jwe !== 'string' || jwe === '') return { payload: message, jws: undefined };
  let named = '';
  const opened = decrypt(jwe, (kid) => {
    named = kid;
    return keys.find((key) => key.kid === kid);
  });
  if (opened.ok) return decode(SignedMessageSchema, opened.content);
  if (opened.problem === 'UNKNOWN_KEY' && THUMBPRINT.test(named)) {
    throw new KitError('DECRYPTION_KEY_MISSING', { kid: named });
  }
  throw new KitError('UNTRUSTED_ANSWER', { problem: opened.problem });
}

/** Only such a one is named to people. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** Throws KitError UNTRUSTED_ANSWER. */
export function decode<O extends DescMessage>(schema: O, bytes: Uint8Array): MessageShape<O> {
  try {
    return fromBinary(schema, bytes);
  } catch {
    throw new KitError('UNTRUSTED_ANSWER', { problem: 'NOT_DECODABLE' });
  }
}
