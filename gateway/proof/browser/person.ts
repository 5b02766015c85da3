import { Malformed } from './bytes.ts';

/** What one leaf says of the person. */
export interface PersonUse {
  /** Verdict code 1–10; 32 released, 33 refused. */
  readonly outcome: number;
  /** 0 none, 1 statute, 2 consent, 3 agreement, 4 emergency. */
  readonly basis: number;
  /** Unix seconds until which the person was not to be told; 0 for none. */
  readonly delayUntil: number;
  /** Field ids whose values left. */
  readonly released: readonly number[];
  /** Field ids compared, by result. */
  readonly matched: readonly number[];
  readonly mismatched: readonly number[];
  readonly notAvailable: readonly number[];
}

const HEAD = 6;

/** Reads the body of a person leaf. @throws {Malformed} where its parts do not end with it */
export function readPersonUse(body: Uint8Array): PersonUse {
  if (body.length < HEAD + 4) throw new Malformed('person body');
  let at = HEAD;
  const bitmap = (): number[] => {
    const length = body[at] ?? 0;
    const bits = body.subarray(at + 1, at + 1 + length);
    at += 1 + length;
    const fields: number[] = [];
    for (let field = 0; field < bits.length * 8; field++) {
      if (((bits[field >> 3] ?? 0) >> (field & 7)) & 1) fields.push(field);
    }
    return fields;
  };
  const use = {
    outcome: body[0] ?? 0,
    basis: body[1] ?? 0,
    delayUntil: new DataView(body.buffer, body.byteOffset).getUint32(2),
    released: bitmap(),
    matched: bitmap(),
    mismatched: bitmap(),
    notAvailable: bitmap(),
  };
  if (at !== body.length) throw new Malformed('person body');
  return use;
}
