/** One-shot SHA-256 and strict text encodings of bytes. */
import { hash } from 'node:crypto';
import { ProofError } from './errors.ts';

export const HASH_BYTES = 32;

/** View of any bytes as a Buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** SHA-256 of `data`, 32 new bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  return Buffer.from(hash('sha256', data, 'binary'), 'latin1');
}

/** SHA-256 of `data` into `out` at `at`. By way of a latin1 ('binary') string, which Node makes three times as fast as a Buffer. */
export function sha256Into(data: Uint8Array, out: Buffer, at: number): void {
  out.write(hash('sha256', data, 'binary'), at, HASH_BYTES, 'latin1');
}

/** Equality of public hashes; not in constant time, never for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && asBuffer(a).equals(b);
}

/** base64url without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64url');
}

/** Strict inverse: only the one text that `toBase64url` writes is taken, and only `length` bytes if that is given. */
export function fromBase64url(text: string, where: string, length?: number): Uint8Array {
  return strict(text, 'base64url', where, length);
}

/** base64 with padding (RFC 4648 section 4), as signed notes use it. */
export function toBase64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64');
}

/** Strict inverse of `toBase64`. */
export function fromBase64(text: string, where: string, length?: number): Uint8Array {
  return strict(text, 'base64', where, length);
}

function strict(text: string, encoding: 'base64' | 'base64url', where: string, length: number | undefined): Uint8Array {
  const bytes = Buffer.from(text, encoding);
  if (bytes.toString(encoding) !== text) throw new ProofError('NOT_CANONICAL', where);
  if (length !== undefined && bytes.length !== length) throw new ProofError('LENGTH', where);
  return bytes;
}
