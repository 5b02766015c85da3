/** Bytes without Node: strict base64, concatenation, equality, SHA-256 by WebCrypto. */

/** Bytes that WebCrypto takes: never a view of shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const HASH_BYTES = 32;

/** What is not as its format demands. `where` names the part, never its value. */
export class Malformed extends Error {
  constructor(where: string) {
    super(`malformed: ${where}`);
    this.name = 'Malformed';
  }
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function utf8(text: string): Bytes {
  return concat(new TextEncoder().encode(text));
}

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));
}

/** Base64 with padding (RFC 4648 section 4); only the one text of its bytes is taken. @throws {Malformed} */
export function fromBase64(text: string): Bytes {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Malformed('base64');
  }
  // `atob` forgives spaces, missing padding and stray bits; a note has one text.
  if (btoa(binary) !== text) throw new Malformed('base64');
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
