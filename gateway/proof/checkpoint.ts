/**
 * The head of the log as a signed note (C2SP signed-note, tlog-checkpoint): origin, size and root, a line each; an empty line;
 * signature lines "— <name> <base64(key id ‖ signature)>". ECDSA P-256 over SHA-256 of the text, signature in ASN.1 DER; the
 * key id of an ECDSA key is the first 4 bytes of SHA-256 of its SubjectPublicKeyInfo in DER (no name in it, unlike Ed25519).
 */
import { type KeyObject, sign, verify } from 'node:crypto';
import { equalBytes, fromBase64, HASH_BYTES, sha256, toBase64 } from './bytes.ts';
import { needLength, needRange, ProofError } from './errors.ts';

export interface Head {
  /** The log's name, a schema-less URL from the configuration. Example: `lienthong.dev/dev-k3v9q2xa`. Also the name of the log's key. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
  /** The line as it came, without its line feed: witnesses' cosignatures are passed on verbatim. */
  readonly line: string;
}

export interface Checkpoint {
  readonly head: Head;
  /** The signed bytes: three lines with their line feeds. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const MAX_NOTE_CHARS = 64 * 1024;
const MAX_SIGNATURES = 64;
/** Cosignatures that a note of the log has room for, beside the log's own signature. */
export const MOST_COSIGNATURES = MAX_SIGNATURES - 1;
const NAME = /^[^\s+\p{White_Space}\p{Cc}]+$/u;
const SIZE = /^(0|[1-9][0-9]{0,15})$/;
const DASH = '\u2014 ';

/** The text that is signed. Throws NOT_CANONICAL, RANGE or LENGTH. */
export function checkpointText(head: Head): string {
  checkName(head.origin);
  needRange(head.size, 0, Number.MAX_SAFE_INTEGER, 'size');
  needLength(head.root, HASH_BYTES, 'root');
  return `${head.origin}\n${head.size}\n${toBase64(head.root)}\n`;
}

/** Key id, 4 bytes. Throws RANGE for anything but a public ECDSA P-256 key. */
export function ecdsaKeyId(publicKey: KeyObject): Uint8Array {
  const isP256 = publicKey.type === 'public' && publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (!isP256) throw new ProofError('RANGE', 'key');
  return sha256(publicKey.export({ type: 'spki', format: 'der' })).subarray(0, 4);
}

/** A whole note with one signature, by an ECDSA P-256 key pair (the public half saves deriving it each time). */
export function signCheckpoint(head: Head, name: string, privateKey: KeyObject, publicKey: KeyObject): string {
  checkName(name);
  const text = checkpointText(head);
  const signature = sign('sha256', Buffer.from(text, 'utf8'), privateKey);
  return `${text}\n${signatureLine(name, ecdsaKeyId(publicKey), signature)}\n`;
}

/** One signature line without its line feed. */
export function signatureLine(name: string, keyId: Uint8Array, signature: Uint8Array): string {
  needLength(keyId, 4, 'key id');
  return `${DASH}${name} ${toBase64(Buffer.concat([keyId, signature]))}`;
}

/** Adds a cosignature line, as a witness returned it, to a note. Throws as `parseCheckpoint` if the result is not one. */
export function addSignature(note: string, line: string): string {
  const extended = `${note}${line}\n`;
  parseCheckpoint(extended);
  return extended;
}

/**
 * Strict parse, nothing verified: exactly three text lines (extension lines are refused: we define none), 1–64 signature lines,
 * canonical decimal and base64. Throws ProofError.
 */
export function parseCheckpoint(note: string): Checkpoint {
  if (note.length > MAX_NOTE_CHARS || !note.isWellFormed()) throw new ProofError('LENGTH', 'note');
  const lines = note.split('\n');
  const [origin = '', size = '', root = '', blank] = lines;
  if (lines.at(-1) !== '' || blank !== '' || lines.length < 6) throw new ProofError('SHAPE', 'note');
  checkName(origin);
  if (!SIZE.test(size)) throw new ProofError('NOT_CANONICAL', 'size');
  const head: Head = { origin, size: Number(size), root: fromBase64(root, 'root', HASH_BYTES) };
  const signatures = lines.slice(4, -1).map(parseSignature);
  if (signatures.length > MAX_SIGNATURES) throw new ProofError('LENGTH', 'signatures');
  return { head, text: checkpointText(head), signatures };
}

function parseSignature(line: string): NoteSignature {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ');
  if (`${dash} ` !== DASH || rest.length > 0) throw new ProofError('SHAPE', 'signature line');
  checkName(name);
  const bytes = fromBase64(encoded, 'signature line');
  if (bytes.length < 5) throw new ProofError('LENGTH', 'signature line');
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4), line };
}

/**
 * The head, if the key named `name` signed it. Throws UNSIGNED if there is no such signature, or if any line with that name and
 * key id does not verify; INCONSISTENT if the head is of another log than `origin`. Lines of other keys are left alone.
 */
export function verifyCheckpoint(note: string, origin: string, name: string, publicKey: KeyObject): Head {
  const { head, text, signatures } = parseCheckpoint(note);
  const keyId = ecdsaKeyId(publicKey);
  const own = signatures.filter((signature) => signature.name === name && equalBytes(signature.keyId, keyId));
  const signed = Buffer.from(text, 'utf8');
  if (own.length === 0 || !own.every(({ signature }) => verify('sha256', signed, publicKey, signature))) {
    throw new ProofError('UNSIGNED', 'note');
  }
  if (head.origin !== origin) throw new ProofError('INCONSISTENT', 'origin');
  return head;
}

/**
 * As {@link verifyCheckpoint}, by whichever of these keys its note was signed with: keys follow one another, and a head of before
 * stays one. A line of any of them that does not verify refuses the note. Throws UNSIGNED, INCONSISTENT.
 */
export function verifyCheckpointAmong(
  note: string,
  origin: string,
  name: string,
  publicKeys: readonly KeyObject[],
): Head {
  const [head] = signersOf(note, name, publicKeys).map((key) => verifyCheckpoint(note, origin, name, key));
  if (head === undefined) throw new ProofError('UNSIGNED', 'note');
  return head;
}

/** Those of the keys that a note names as its signers; whether they signed it is not looked at. Throws as `parseCheckpoint`. */
export function signersOf(note: string, name: string, publicKeys: readonly KeyObject[]): KeyObject[] {
  const { signatures } = parseCheckpoint(note);
  return publicKeys.filter((key) => {
    const keyId = ecdsaKeyId(key);
    return signatures.some((signature) => signature.name === name && equalBytes(signature.keyId, keyId));
  });
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new ProofError('NOT_CANONICAL', 'name');
}
