/** The sensitive fields of a person as the message that is sealed. Apart from the library, whose start costs more than a block of rows. */

export interface Sensitive {
  readonly ethnicity: string;
  readonly religion: string;
  readonly bloodType: string;
}

/** Field numbers of the contract, in the order in which the library writes them. */
const FIELDS = [
  [9, 'ethnicity'],
  [10, 'religion'],
  [12, 'bloodType'],
] as const;
const LENGTH_DELIMITED = 2;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

/** A Person message that holds only the sensitive leaves; empty for none. */
export function encodeSensitive(values: Sensitive): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [number, name] of FIELDS) {
    if (values[name] === '') continue;
    const text = Buffer.from(values[name]);
    parts.push(Uint8Array.from([(number << 3) | LENGTH_DELIMITED, ...varint(text.length)]), text);
  }
  return Buffer.concat(parts);
}
