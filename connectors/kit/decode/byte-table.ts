import iconv from 'iconv-lite';

/**
 * Encodings of one byte a character. The tables are iconv-lite's; TCVN 5712 holds all that ABC fonts (TCVN3) use, and the
 * capitals with tones that they lack. Decoding is done here: by table into code units it takes a tenth of the time.
 */
const NAMES = {
  tcvn3: 'tcvn',
  'windows-1258': 'windows1258',
  viscii: 'viscii',
  'windows-1252': 'windows1252',
} as const;

export type TableEncoding = keyof typeof NAMES;
/** Code unit of each byte; 0xFFFD for a byte that is no character. */
export type ByteTable = Uint16Array;

const UNREADABLE = 0xfffd;
const tables = new Map<TableEncoding, ByteTable>();

export function byteTable(encoding: TableEncoding): ByteTable {
  const made = tables.get(encoding);
  if (made !== undefined) return made;
  const table = Uint16Array.from({ length: 256 }, (_, byte) =>
    iconv.decode(Buffer.of(byte), NAMES[encoding]).charCodeAt(0),
  );
  tables.set(encoding, table);
  return table;
}

/** @param onUnreadable told the index of each byte that is no character */
export function decodeByTable(table: ByteTable, bytes: Uint8Array, onUnreadable: (index: number) => void): string {
  const units = new Uint16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const unit = table[bytes[i] as number] as number;
    if (unit === UNREADABLE) onUnreadable(i);
    units[i] = unit;
  }
  return textOf(units, units.length);
}

/** Code units, in the order of this machine's bytes, as a string. */
export function textOf(units: Uint16Array, length: number): string {
  const bytes = Buffer.from(units.buffer, units.byteOffset, length * 2);
  return (BIG_ENDIAN ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
}

const BIG_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;
