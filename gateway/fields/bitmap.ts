import type { FieldSet } from './field-set.ts';
import { MAX_FIELD_ID } from './vocabulary.ts';

/**
 * The set as a bitmap: bit of field id f is bit f & 7 of byte f >> 3; trailing zero bytes are dropped, so each set has one
 * encoding (0 to 32 bytes). It stands inside hashed leaves: see `gateway/docs/design/fields.md`.
 */
export function toBitmap(fields: FieldSet): Uint8Array {
  const highest = fields.at(-1);
  if (highest === undefined) return new Uint8Array(0);
  const bits = new Uint8Array((highest >> 3) + 1);
  for (const id of fields) {
    if (!Number.isInteger(id) || id < 1 || id > MAX_FIELD_ID) throw new RangeError('a field id is outside of 1 to 255');
    const at = id >> 3;
    bits[at] = (bits[at] ?? 0) | (1 << (id & 7));
  }
  return bits;
}

/** Reads `toBitmap`'s form. Throws for any other: too long, bit 0 (no field has id 0), or a zero byte at the end. */
export function readBitmap(bits: Uint8Array): FieldSet {
  if (bits.length > (MAX_FIELD_ID >> 3) + 1) throw new RangeError('the bitmap is longer than the vocabulary can be');
  if (bits.at(-1) === 0) throw new RangeError('the bitmap ends in a zero byte');
  if (((bits[0] ?? 0) & 1) !== 0) throw new RangeError('no field has the id 0');
  const ids: number[] = [];
  bits.forEach((byte, at) => {
    for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) ids.push(at * 8 + bit);
  });
  return ids;
}
