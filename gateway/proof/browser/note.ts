/** Signed heads of the log and the witnesses' cosignatures on them. Strict: what has another text than the format's is refused. */
import { type Bytes, concat, equal, fromBase64, HASH_BYTES, Malformed, sha256, utf8 } from './bytes.ts';

/** A key and the name that it signs under. */
export interface KnownKey {
  /** Example: `lienthong.dev/dev-k3v9q2xa/witness/viettel`. */
  readonly name: string;
  /** ECDSA P-256, SubjectPublicKeyInfo in DER. */
  readonly key: Bytes;
}

export interface SignedHead {
  readonly size: number;
  readonly root: Bytes;
  /** Known witnesses that cosigned it: each key once, with the time it states, unix seconds. */
  readonly witnesses: readonly { readonly name: string; readonly time: number }[];
}

interface Line {
  readonly name: string;
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

const COSIGNATURE_KEY = Uint8Array.of(0x0a, 0xff, ...utf8('lienthong.dev/cosignature-p256/v1'));
const COSIGNATURE_BYTES = 8 + 64;
const SIZE = /^(0|[1-9][0-9]{0,15})$/;
const NAME = /^[^\s+\p{White_Space}\p{Cc}]+$/u;
const MAX_LINES = 64;
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };

/**
 * The head of a note that a key of the log signed. A line of a known key that does not verify refuses the whole note; lines of
 * other keys are left alone. Undefined where no key of the log signed it. @throws {Malformed}
 */
export async function readHead(
  note: string,
  origin: string,
  logKeys: readonly Bytes[],
  witnesses: readonly KnownKey[],
): Promise<SignedHead | undefined> {
  const { text, size, root, lines } = parseNote(note, origin);
  let signed = false;
  for (const key of logKeys) {
    const keyId = (await sha256(key)).subarray(0, 4);
    for (const line of linesOf(lines, origin, keyId)) {
      if (!(await verify(key, rawOfDer(line.signature), utf8(text)))) return undefined;
      signed = true;
    }
  }
  if (!signed) return undefined;
  const found = new Map<string, { name: string; time: number }>();
  for (const { name, key } of witnesses) {
    const keyId = (await sha256(utf8(name), COSIGNATURE_KEY, key)).subarray(0, 4);
    for (const line of linesOf(lines, name, keyId)) {
      const time = await cosignedAt(line, text, key);
      if (time === undefined) return undefined;
      // One key is one witness, whatever names it is listed under.
      found.set(key.join(), { name, time });
    }
  }
  return { size, root, witnesses: [...found.values()] };
}

function parseNote(note: string, origin: string) {
  const lines = note.split('\n');
  const [first = '', size = '', root = '', blank] = lines;
  if (lines.at(-1) !== '' || blank !== '' || lines.length < 6 || lines.length > 5 + MAX_LINES) {
    throw new Malformed('note');
  }
  if (first !== origin || !SIZE.test(size) || Number(size) > Number.MAX_SAFE_INTEGER) throw new Malformed('note');
  const rootBytes = fromBase64(root);
  if (rootBytes.length !== HASH_BYTES) throw new Malformed('root');
  return {
    text: `${first}\n${size}\n${root}\n`,
    size: Number(size),
    root: rootBytes,
    lines: lines.slice(4, -1).map(parseLine),
  };
}

function parseLine(text: string): Line {
  const [dash, name = '', encoded = '', ...rest] = text.split(' ');
  const bytes = fromBase64(encoded);
  if (dash !== '\u2014' || !NAME.test(name) || rest.length > 0 || bytes.length < 5)
    throw new Malformed('signature line');
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

const linesOf = (lines: readonly Line[], name: string, keyId: Uint8Array) =>
  lines.filter((line) => line.name === name && equal(line.keyId, keyId));

async function verify(key: Bytes, signature: Bytes | undefined, message: Bytes): Promise<boolean> {
  if (signature === undefined) return false;
  const imported = await crypto.subtle.importKey('spki', key, ECDSA, false, ['verify']);
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, signature, message);
}

/** The time that a cosignature states, unix seconds; undefined where it is not one of this key over this head. */
async function cosignedAt({ signature }: Line, text: string, key: Bytes): Promise<number | undefined> {
  if (signature.length !== COSIGNATURE_BYTES) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const message = utf8(`cosignature/v1\ntime ${time}\n${text}`);
  return (await verify(key, signature.slice(8), message)) ? Number(time) : undefined;
}

/** r ‖ s of an ECDSA signature in ASN.1 DER, which is what WebCrypto takes; undefined where it is no such signature. */
function rawOfDer(der: Bytes): Bytes | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const parts: Bytes[] = [];
  let at = 2;
  for (let i = 0; i < 2; i++) {
    const length = der[at + 1] ?? 0;
    const number = der.slice(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length === 0 || length > 33 || number.length !== length) return undefined;
    const digits = number[0] === 0 ? number.slice(1) : number;
    if (digits.length > 32) return undefined;
    parts.push(concat(new Uint8Array(32 - digits.length), digits));
    at += 2 + length;
  }
  return at === der.length ? concat(...parts) : undefined;
}
