import { KIND, KIND_BITS, meaningOf } from './letter-table.ts';
import { LIMITS } from './profile.ts';
import { bitOf, type IdProblem } from './reasons.ts';

/** Kinds of a register identifier: personal ID (12 digits), old identity card number (CMND, 9 digits). 0: none. */
export const ID_KINDS = { NONE: 0, PERSONAL: 1, CMND: 2 } as const;
export type IdKind = (typeof ID_KINDS)[keyof typeof ID_KINDS];

/**
 * An ID number as read. `value` is the number (a personal ID is at least 1_000_000_000, a CMND below), 0 when
 * `problem` says why there is none. `reasons`: bits of word 0; those of kind `guess` need name and date to agree.
 */
export type IdReading = {
  readonly kind: IdKind;
  readonly value: number;
  readonly reasons: number;
  readonly problem: IdProblem | undefined;
};

const SEPARATORS = bitOf('ID_SEPARATORS');
const DECIMAL_TAIL = bitOf('ID_DECIMAL_TAIL');
const EXPONENT_FORM = bitOf('ID_EXPONENT_FORM');
const ZEROS_LOST = bitOf('ID_LEADING_ZEROS_LOST');
const TEXT_GUARD = bitOf('ID_TEXT_GUARD');
const ZERO_PADDED = bitOf('ID_ZERO_PADDED');

const DIGITS = /^\d+$/;
/** `'0790…` and `="0790…"`: how people and exports keep a spreadsheet from eating zeros. */
const GUARDED = /^(?:['‘’`´]+|="?)(\d[^"]*?)"?$/;
const EXPONENT = /^(\d)(?:[.,](\d{1,15}))?[eE]\+?(\d{1,2})$/;
const WITH_TAIL = /^(\d+)[.,]0{1,2}$/;
const SEPARATED = /^\d+(?:[ .,\-/_]{1,3}\d+)*$/;

function refuse(problem: IdProblem): IdReading {
  return { kind: ID_KINDS.NONE, value: 0, reasons: bitOf(problem), problem };
}

/**
 * Reads a 12-digit personal ID or a 9-digit CMND, and undoes what spreadsheets do to numbers where there is one way
 * to undo it; otherwise says what is wrong. Never throws.
 */
export function parseIdNumber(text: string): IdReading {
  if ((text.length === 12 || text.length === 9) && DIGITS.test(text)) return classify(text, 0);
  if (text.length > LIMITS.idNumber) return refuse('ID_TOO_LONG');
  let reasons = 0;
  let cleaned = clean(text);
  if (cleaned !== text) reasons |= SEPARATORS;
  if (cleaned === '') return refuse('ID_MISSING');
  const guarded = GUARDED.exec(cleaned)?.[1];
  if (guarded !== undefined) {
    cleaned = guarded.trim();
    reasons |= TEXT_GUARD;
  }
  if (DIGITS.test(cleaned)) return classify(cleaned, reasons);
  const exponent = EXPONENT.exec(cleaned);
  if (exponent !== null) {
    const [, whole = '', fraction = '', power = ''] = exponent;
    const digits = Number(power);
    // Fewer digits than the power says: the missing ones were rounded away, not zeros. More: it was no whole number.
    if (fraction.length < digits || !/^0*$/.test(fraction.slice(digits))) return refuse('ID_DIGITS_LOST');
    return classify(whole + fraction.slice(0, digits), reasons | EXPONENT_FORM);
  }
  if (!SEPARATED.test(cleaned)) return refuse('ID_FORMAT');
  const packed = cleaned.replace(/\D/g, '');
  const tail = WITH_TAIL.exec(cleaned)?.[1];
  if (tail === undefined) return classify(packed, reasons | SEPARATORS);
  const withoutTail = classify(tail, reasons | DECIMAL_TAIL);
  // Without its tail it is no ID number, with these zeros it is one: a decimal or a group of digits, nobody can tell.
  const twoReadings = withoutTail.problem !== undefined && classify(packed, 0).problem === undefined;
  return twoReadings ? refuse('ID_TWO_READINGS') : withoutTail;
}

function classify(digits: string, reasons: number): IdReading {
  const value = Number(digits);
  if (value === 0) return refuse('ID_PLACEHOLDER');
  const zeroFirst = digits.charCodeAt(0) === 0x30;
  switch (digits.length) {
    case 12:
      if (value >= 1_000_000_000) return { kind: ID_KINDS.PERSONAL, value, reasons, problem: undefined };
      return { kind: ID_KINDS.CMND, value, reasons: reasons | ZERO_PADDED, problem: undefined };
    case 11:
    case 10:
      // A number that still begins with 0 lost nothing at its front: it is some other number, or cut at its end.
      if (zeroFirst) return refuse('ID_LENGTH');
      return { kind: ID_KINDS.PERSONAL, value, reasons: reasons | ZEROS_LOST, problem: undefined };
    case 9:
      return { kind: ID_KINDS.CMND, value, reasons, problem: undefined };
    case 8:
      if (zeroFirst) return refuse('ID_LENGTH');
      return { kind: ID_KINDS.CMND, value, reasons: reasons | ZEROS_LOST, problem: undefined };
    default:
      return refuse('ID_LENGTH');
  }
}

/** Trims, drops what cannot be seen, turns every blank and dash into its plain form and full-width digits too. */
function clean(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = meaningOf(code) & KIND_BITS;
    if (kind === KIND.invisible) continue;
    if (kind === KIND.space || kind === KIND.blank) out += ' ';
    else if (code >= 0x2010 && code <= 0x2015) out += '-';
    else out += code >= 0xff10 && code <= 0xff19 ? String.fromCharCode(code - 0xfee0) : text.charAt(i);
  }
  return out.trim();
}

/** A personal ID as people write it: 12 digits with leading zeros. */
export function formatPersonalId(value: number | bigint): string {
  return String(value).padStart(12, '0');
}

/** An identifier as people write it: 12 digits for a personal ID, 9 for a CMND. */
export function formatIdNumber(kind: IdKind, value: number | bigint): string {
  return kind === ID_KINDS.CMND ? String(value).padStart(9, '0') : formatPersonalId(value);
}
