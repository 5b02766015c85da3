/**
 * What a person leaf says, in its one encoding:
 * outcome u8 ‖ basis u8 ‖ delay_until u32 BE (Unix seconds, 0 none) ‖ released ‖ true ‖ false ‖ not available, each of the four
 * a length byte L and L bytes, field id f at byte f>>3 bit f&7, the last byte never 0.
 */
import { needRange, ProofError } from './errors.ts';

/** Outcomes of a release. The others, 1–10, are the verdict codes of a verification. */
export const RELEASE_OUTCOMES = { RELEASED: 32, REFUSED: 33 } as const;
export const BASES = { none: 0, statute: 1, consent: 2, agreement: 3, emergency: 4 } as const;

const HEAD_BYTES = 6;
const LAST_VERDICT = 10;
const LAST_FIELD = 2039; // 255 bytes of bits
const BITMAPS = ['released', 'matched', 'mismatched', 'notAvailable'] as const;

export interface PersonBody {
  /** Verdict code 1–10, or one of RELEASE_OUTCOMES. */
  readonly outcome: number;
  /** One of BASES. */
  readonly basis: number;
  /** Unix seconds until which the person is not to be told of this use; 0 for none. */
  readonly delayUntil: number;
  /** Field ids whose values left, in any order on encoding, ascending from decoding. */
  readonly released: readonly number[];
  /** Field ids compared with result TRUE; this and the next two are disjoint. */
  readonly matched: readonly number[];
  /** … FALSE. */
  readonly mismatched: readonly number[];
  /** … NOT_AVAILABLE. */
  readonly notAvailable: readonly number[];
}

/** Throws RANGE for a number outside of its field, INCONSISTENT where a field has two results. */
export function encodePersonBody(body: PersonBody): Uint8Array {
  checkNumbers(body);
  checkDisjoint(body);
  const bitmaps = BITMAPS.map((name) => encodeBitmap(body[name]));
  // In memory of its own: what is kept of it must not keep what else stands in a shared piece.
  const out = new Uint8Array(bitmaps.reduce((length, bits) => length + bits.length, HEAD_BYTES));
  out[0] = body.outcome;
  out[1] = body.basis;
  new DataView(out.buffer).setUint32(2, body.delayUntil);
  let at = HEAD_BYTES;
  for (const bits of bitmaps) {
    out.set(bits, at);
    at += bits.length;
  }
  return out;
}

/** Strict inverse. Throws LENGTH, RANGE, NOT_CANONICAL or INCONSISTENT for anything that `encodePersonBody` cannot write. */
export function decodePersonBody(bytes: Uint8Array): PersonBody {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 10) throw new ProofError('LENGTH', 'person body');
  let at = HEAD_BYTES;
  const next = (): number[] => {
    const length = view[at];
    if (length === undefined) throw new ProofError('LENGTH', 'person body');
    // A length beyond the end is caught below, where the parts must end with the bytes.
    const bits = view.subarray(at + 1, at + 1 + length);
    at += 1 + length;
    if (length > 0 && bits[length - 1] === 0) throw new ProofError('NOT_CANONICAL', 'person body');
    return decodeBitmap(bits);
  };
  const body: PersonBody = {
    outcome: view[0]!,
    basis: view[1]!,
    delayUntil: view.readUInt32BE(2),
    released: next(),
    matched: next(),
    mismatched: next(),
    notAvailable: next(),
  };
  if (at !== view.length) throw new ProofError('LENGTH', 'person body');
  checkNumbers(body);
  checkDisjoint(body);
  return body;
}

/** Of encoded bodies that stand in `bytes`, the delay of the one at `at`, without decoding it. Throws RangeError where the bytes end before it. */
export function delayUntilOf(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at + 2);
}

function checkNumbers(body: PersonBody): void {
  const { outcome } = body;
  if (outcome !== RELEASE_OUTCOMES.RELEASED && outcome !== RELEASE_OUTCOMES.REFUSED) {
    needRange(outcome, 1, LAST_VERDICT, 'outcome');
  }
  needRange(body.basis, BASES.none, BASES.emergency, 'basis');
  needRange(body.delayUntil, 0, 0xffff_ffff, 'delay_until');
}

function checkDisjoint(body: PersonBody): void {
  const { matched, mismatched, notAvailable } = body;
  const twice =
    matched.some((field) => mismatched.includes(field) || notAvailable.includes(field)) ||
    mismatched.some((field) => notAvailable.includes(field));
  if (twice) throw new ProofError('INCONSISTENT', 'person body');
}

function encodeBitmap(fields: readonly number[]): Uint8Array {
  let length = 0;
  for (const field of fields) {
    needRange(field, 1, LAST_FIELD, 'field id');
    length = Math.max(length, (field >> 3) + 1);
  }
  const bits = new Uint8Array(1 + length);
  bits[0] = length;
  for (const field of fields) bits[1 + (field >> 3)]! |= 1 << (field & 7);
  return bits;
}

function decodeBitmap(bits: Uint8Array): number[] {
  const fields: number[] = [];
  bits.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) fields.push(index * 8 + bit);
  });
  // Field ids begin at 1: bit 0 of byte 0 stands for nothing.
  if (fields[0] === 0) throw new ProofError('RANGE', 'field id');
  return fields;
}
