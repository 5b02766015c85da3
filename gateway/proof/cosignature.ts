/**
 * A witness's cosignature on a head of the log: C2SP tlog-cosignature v1, with ECDSA P-256 in place of Ed25519, because that is
 * the key that an agency has enrolled. Signed message: "cosignature/v1\n" ‖ "time <unix seconds>\n" ‖ the head's three lines;
 * signature: time u64 BE ‖ r ‖ s. That message begins with a line of its own, so that no token (`gateway/signing`) can pass for one.
 */
import { type KeyObject, sign, verify } from 'node:crypto';
import { asBuffer, equalBytes, sha256 } from './bytes.ts';
import {
  type Checkpoint,
  checkpointText,
  ecdsaKeyId,
  type Head,
  type NoteSignature,
  signatureLine,
} from './checkpoint.ts';
import { needRange } from './errors.ts';

/** A witness that is believed, known beforehand. */
export interface Witness {
  /** As `witnessName` makes it. */
  readonly name: string;
  /** Public ECDSA P-256 key. */
  readonly key: KeyObject;
}

/** A cosignature that holds. */
export interface Cosigned {
  readonly name: string;
  /** When the witness says it signed, unix seconds. */
  readonly time: number;
}

/** C2SP assigns no byte to this type: FF and a name of our own. */
const KEY_TYPE = Buffer.concat([Buffer.of(0x0a, 0xff), Buffer.from('lienthong.dev/cosignature-p256/v1')]);
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** The name that an agency signs heads of this log under. */
export const witnessName = (origin: string, agency: string) => `${origin}/witness/${agency}`;

/** First 4 bytes of SHA-256(name ‖ 0A ‖ FF ‖ "lienthong.dev/cosignature-p256/v1" ‖ SubjectPublicKeyInfo). Throws RANGE for another key. */
export function cosignatureKeyId(name: string, publicKey: KeyObject): Uint8Array {
  ecdsaKeyId(publicKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return sha256(Buffer.concat([Buffer.from(name, 'utf8'), KEY_TYPE, spki])).subarray(0, 4);
}

const messageOf = (text: string, time: bigint) => Buffer.from(`cosignature/v1\ntime ${time}\n${text}`, 'utf8');

/**
 * The signature line, without its line feed. It states that at `time` this head was the largest put before the witness, and
 * continued all it had cosigned: the caller has proven that.
 */
export function cosign(
  head: Head,
  name: string,
  key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  time: number,
): string {
  needRange(time, 0, Number.MAX_SAFE_INTEGER, 'time');
  const stated = Buffer.alloc(TIME_BYTES);
  stated.writeBigUInt64BE(BigInt(time));
  const message = messageOf(checkpointText(head), BigInt(time));
  const signature = sign('sha256', message, { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return signatureLine(name, cosignatureKeyId(name, key.publicKey), Buffer.concat([stated, signature]));
}

/** Whether the line is this witness's to check: by name and key id. */
export function isOf({ name, keyId }: NoteSignature, witness: Witness): boolean {
  return name === witness.name && equalBytes(keyId, cosignatureKeyId(name, witness.key));
}

/** The time that the cosignature states; undefined where it is none of this key over this text. */
export function cosignedAt(text: string, { signature }: NoteSignature, key: KeyObject): number | undefined {
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const bytes = asBuffer(signature);
  const time = bytes.readBigUInt64BE();
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const verified = verify(
    'sha256',
    messageOf(text, time),
    { key, dsaEncoding: 'ieee-p1363' },
    bytes.subarray(TIME_BYTES),
  );
  return verified ? Number(time) : undefined;
}

/**
 * Which of these witnesses cosigned a parsed note, each key once. Undefined where a line of one of them does not verify: then
 * the whole note is to be refused, as the specification recommends. Lines of others are left alone.
 */
export function cosignersOf({ text, signatures }: Checkpoint, witnesses: readonly Witness[]): Cosigned[] | undefined {
  const found = new Map<string, Cosigned>();
  for (const witness of witnesses) {
    for (const line of signatures.filter((signature) => isOf(signature, witness))) {
      const time = cosignedAt(text, line, witness.key);
      if (time === undefined) return undefined;
      found.set(witness.key.export({ type: 'spki', format: 'der' }).toString('hex'), { name: witness.name, time });
    }
  }
  return [...found.values()];
}
