/** Columns of `person` written straight from the bytes of their cells. */
import { CURRENT_CATALOGUE } from '../administrative-units.ts';
import { ID_PREFIX_CATALOGUE, isBirthRegistrationCode } from '../provinces.ts';
import { createCodeReader, equalBytes, readDate, readDigits } from './byte-values.ts';
import type { CopyWriter } from './copy-writer.ts';
import type { PlanColumn } from './plan.ts';
import { CODES } from './read-row.ts';

/** Writes the value of a cell that is not empty; false, with nothing written, where the reader of texts has to look. */
export type ByteColumn = (bytes: Uint8Array, start: number, end: number) => boolean;

const SEMICOLON = 0x3b;
const AT = 0x40;
const ZERO = 0x30;
const PLUS = 0x2b;
const NOTHING = new Uint8Array(0);

function dateColumn(into: CopyWriter, latest: number): ByteColumn {
  return (bytes, start, end) => {
    const date = readDate(bytes, start, end);
    if (date === 0 || date > latest) return false;
    into.int4(date);
    return true;
  };
}

function codeColumn(into: CopyWriter, path: string): ByteColumn {
  const read = createCodeReader(CODES.get(path) ?? new Map());
  return (bytes, start, end) => {
    const code = read(bytes, start, end);
    if (code > 0) into.int2(code);
    return code > 0;
  };
}

/** A code of the current catalogue, named or not. */
function unitColumn(into: CopyWriter): ByteColumn {
  const suffix = Buffer.from(`@${CURRENT_CATALOGUE}`);
  return (bytes, start, end) => {
    let at = start;
    while (at < end && bytes[at] !== AT) {
      const byte = bytes[at] ?? 0;
      if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a))) return false;
      at++;
    }
    if (at === start || at - start > 10 || (at < end && !equalBytes(bytes, at, end, suffix))) return false;
    into.joined(NOTHING, bytes, start, at, suffix);
    return true;
  };
}

/** A code of birth registration without its catalogue. */
function birthCodeColumn(into: CopyWriter): ByteColumn {
  const suffix = Buffer.from(`@${ID_PREFIX_CATALOGUE}`);
  const known = Uint8Array.from({ length: 1000 }, (_, code) =>
    isBirthRegistrationCode(String(code).padStart(3, '0')) ? 1 : 0,
  );
  return (bytes, start, end) => {
    if (end - start !== 3 || known[readDigits(bytes, start, end)] !== 1) return false;
    into.joined(NOTHING, bytes, start, end, suffix);
    return true;
  };
}

/** National and international forms of a number, as `read-row.ts` takes them. */
function mobileColumn(into: CopyWriter): ByteColumn {
  const country = Buffer.from('+84');
  const plus = Buffer.from('+');
  return (bytes, start, end) => {
    const length = end - start;
    const signed = bytes[start] === PLUS;
    if (readDigits(bytes, signed ? start + 1 : start, end) < 0) return false;
    if (signed && length >= 9 && length <= 16) into.bytes(bytes, start, end);
    else if (length === 10 && bytes[start] === ZERO) into.joined(country, bytes, start + 1, end, NOTHING);
    else if (length === 11 && bytes[start] === 0x38 && bytes[start + 1] === 0x34)
      into.joined(plus, bytes, start, end, NOTHING);
    else return false;
    return true;
  };
}

export function holdsList(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === SEMICOLON) return true;
  return false;
}

/** The writer of one column. `today`: as for `createRowReader`. */
export function createByteColumn(column: PlanColumn, today: number, into: CopyWriter): ByteColumn {
  const { field, form } = column;
  switch (field.shape) {
    case 'date':
      return dateColumn(into, field.path === 'card.expires_on' ? Number.POSITIVE_INFINITY : today);
    case 'code':
      return codeColumn(into, field.path);
    case 'unit':
      return form === 'birth_code' ? birthCodeColumn(into) : unitColumn(into);
    case 'texts':
      return (bytes, start, end) => {
        if (holdsList(bytes, start, end)) return false;
        into.textOfOne(bytes, start, end);
        return true;
      };
    default:
      if (form === 'mobile') return mobileColumn(into);
      return (bytes, start, end) => {
        into.bytes(bytes, start, end);
        return true;
      };
  }
}
