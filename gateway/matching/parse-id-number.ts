import { unescapeText } from './escaped-text.ts';
import { cleanNumberText } from './number-text.ts';
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
const LOOKALIKE_DIGITS = bitOf('ID_LOOKALIKE_DIGITS');
const NOTE = bitOf('ID_NOTE');
const CARD_TEXT = bitOf('ID_CARD_TEXT');
const SEVERAL_NUMBERS = bitOf('ID_SEVERAL_NUMBERS');

const DIGITS = /^\d+$/;
/** `'0790…` and `="0790…"`: how people and exports keep a spreadsheet from eating zeros. */
const GUARDED = /^(?:['‘’`´"]+|="?)(\d[^"]*?)["'’]?$/;
const EXPONENT = /^(\d)(?:[.,](\d{1,15}))?[eE]\+?(\d{1,3})$/;
const WITH_TAIL = /^(\d+)[.,]0{1,2}$/;
/** What arithmetic makes of a whole number: `.0000` or `.99999999`. */
const FLOAT = /^(\d{8,12})[.,](?:(0{3,}\d?)|(9{6,}\d?))$/;
/** Groups of three by one sign, the decimals behind the other one: no group of the number itself can be meant. */
const GROUPED_TAIL = /^(\d{1,3}(?:,\d{3})+)\.0{1,2}$|^(\d{1,3}(?:\.\d{3})+),0{1,2}$/;
const SEPARATED = /^\d+(?:[ .,\-/_]{1,3}\d+)*[ .,\-/_]{0,3}$/;
/** The text of the card's QR code, ID|CMND|name|ddmmyyyy|…, also with other or no separators; or its machine-readable line. */
const CARD =
  /^\s*(\d{12})(?:[|;,]\s*(?:\d{9})?\s*[|;,]|(?:\d{9})?(?=\p{L}{2,}[\p{L}\s]{3}))|^IDVNM\d{10}(\d{12})(?=<|$)/u;
/** Numbers with what people put within them. */
const NUMBERS = /\d(?:[\d.\-_]| (?=\d))*/g;
const LOOKALIKES: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  l: '1',
  I: '1',
  i: '1',
  '|': '1',
  '!': '1',
  S: '5',
  s: '5',
  B: '8',
  Z: '2',
  z: '2',
  g: '9',
  q: '9',
  b: '6',
};
/** More letters than this among the digits are no misread number. */
const MOST_LOOKALIKES = 5;

function refuse(problem: IdProblem): IdReading {
  return { kind: ID_KINDS.NONE, value: 0, reasons: bitOf(problem), problem };
}

/**
 * Reads a 12-digit personal ID or a 9-digit CMND, and undoes what spreadsheets, scanners and people do to numbers where
 * there is one way to undo it; otherwise says what is wrong. Never throws.
 */
export function parseIdNumber(text: string): IdReading {
  if ((text.length === 12 || text.length === 9) && DIGITS.test(text)) return classify(text, 0);
  // Only the text of a card is longer, and its number stands in front.
  const card = text.length > 12 ? CARD.exec(text) : null;
  if (card !== null) return classify(card[1] ?? card[2] ?? '', CARD_TEXT);
  if (text.length > LIMITS.idNumber) return refuse('ID_TOO_LONG');
  let cleaned = cleanNumberText(/[%&]|_x00/.test(text) ? (unescapeText(text) ?? text) : text);
  let reasons = cleaned === text ? 0 : SEPARATORS;
  if (cleaned === '') return refuse('ID_MISSING');
  const guarded = GUARDED.exec(cleaned)?.[1];
  if (guarded !== undefined) {
    cleaned = guarded.trim();
    reasons |= TEXT_GUARD;
  }
  if (DIGITS.test(cleaned)) return classify(cleaned, reasons);
  // A dash in front of a number is a list's, not a sign.
  cleaned = cleaned
    .replace(/^-+\s*(?=\d)/, '')
    .replace(/\s*[*x×]\s*10\^/, 'E')
    .replaceAll("'", '.');
  return (
    readFloat(cleaned, reasons) ??
    readExponent(cleaned, reasons) ??
    readSeparated(cleaned, reasons) ??
    readBesideText(cleaned, reasons)
  );
}

function readFloat(text: string, reasons: number): IdReading | undefined {
  const float = FLOAT.exec(text);
  if (float === null) return undefined;
  const [, whole = '', , nines] = float;
  const digits = nines === undefined ? whole : String(Number(whole) + 1).padStart(whole.length, '0');
  return classify(digits, reasons | DECIMAL_TAIL);
}

function readExponent(text: string, reasons: number): IdReading | undefined {
  const exponent = EXPONENT.exec(text);
  if (exponent === null) return undefined;
  const [, whole = '', fraction = '', power = ''] = exponent;
  const digits = Number(power);
  // A program that prints all digits leaves out a zero at the end; one that rounds keeps eight at most.
  const kept = fraction.length >= 9 && fraction.length === digits - 1 ? `${fraction}0` : fraction;
  // Fewer digits than the power says: the missing ones were rounded away, not zeros. More: it was no whole number.
  if (digits > 20 || kept.length < digits || !/^0*$/.test(kept.slice(digits))) return refuse('ID_DIGITS_LOST');
  const all = (whole === '0' ? '' : whole) + kept.slice(0, digits);
  return classify(all, reasons | EXPONENT_FORM);
}

function readSeparated(text: string, reasons: number): IdReading | undefined {
  if (!SEPARATED.test(text)) return undefined;
  const grouped = GROUPED_TAIL.exec(text);
  if (grouped !== null) {
    const whole = (grouped[1] ?? grouped[2] ?? '').replace(/\D/g, '');
    return classify(whole, reasons | SEPARATORS | DECIMAL_TAIL);
  }
  const packed = text.replace(/\D/g, '');
  const tail = WITH_TAIL.exec(text)?.[1];
  if (tail === undefined) {
    const joined = classify(packed, reasons | SEPARATORS);
    if (joined.problem !== undefined) return readSeveral(text, reasons) ?? joined;
    return holdsAnother(text, joined) ? (readSeveral(text, reasons) ?? refuse('ID_TWO_READINGS')) : joined;
  }
  const withoutTail = classify(tail, reasons | DECIMAL_TAIL);
  // Without its tail it is no ID number, with these zeros it is one: a decimal or a group of digits, nobody can tell.
  const twoReadings = withoutTail.problem !== undefined && classify(packed, 0).problem === undefined;
  return twoReadings ? refuse('ID_TWO_READINGS') : withoutTail;
}

/** 225123456-12, 079085012345/1: a whole number and what was put behind it, which only a guess about zeros makes one of. */
function holdsAnother(text: string, { value, reasons }: IdReading): boolean {
  if ((reasons & (ZEROS_LOST | ZERO_PADDED)) === 0) return false;
  const parts = text.match(/\d+/g) ?? [];
  return parts.some((part) => (part.length === 12 || part.length === 9) && Number(part) !== value);
}

/** Two numbers side by side: the one of 12 digits is meant, if there is one. */
function readSeveral(text: string, reasons: number): IdReading | undefined {
  const numbers = text.match(/\d+/g) ?? [];
  const whole = new Set(numbers.filter((number) => number.length === 12));
  if (whole.size > 1) return refuse('ID_TWO_READINGS');
  const [only] = whole;
  if (only === undefined) return undefined;
  return classify(only, reasons | (new Set(numbers).size > 1 ? SEVERAL_NUMBERS : NOTE));
}

/** Words and numbers in one cell: a label, a note, an old number in brackets; or letters in the place of digits. */
function readBesideText(text: string, reasons: number): IdReading {
  const misread = readLookalikes(text, reasons);
  if (misread !== undefined) return misread;
  // A minus, or a letter that touches the number, belongs to it: a passport or something else, and no note.
  // A whole number behind a label, or before a place, is no passport: CD0790…, cccd0790…, GCMND2517…, 0790…HCM, 0225…TPHCM
  const labelled = /^(?:\p{L}{1,6}(\d{12})|\p{L}{3,6}(\d{9})|(\d{12}|\d{9})\p{L}{2,6})$/u.exec(text);
  if (labelled !== null) return classify(labelled[1] ?? labelled[2] ?? labelled[3] ?? '', reasons | NOTE);
  if (/[\p{L}]\d|\d[\p{L}]/u.test(text)) return refuse('ID_FORMAT');
  const numbers = new Set((text.match(NUMBERS) ?? []).map((number) => number.replace(/\D/g, '')));
  const long = [...numbers].filter((number) => number.length >= 8);
  const whole = long.filter((number) => number.length === 12);
  if (whole.length > 1) return refuse('ID_TWO_READINGS');
  const [only] = whole.length === 1 ? whole : long;
  if (only === undefined || (whole.length === 0 && long.length > 1)) return refuse('ID_FORMAT');
  // A sign in the place of a digit: the number is not all there, and what is left is no other number.
  if (whole.length === 0 && /[?*#\ufffd]\d|\d[?*#\ufffd]/.test(text)) return refuse('ID_FORMAT');
  return classify(only, reasons | (long.length > 1 ? SEVERAL_NUMBERS : NOTE));
}

/** O for 0, l for 1: only where that gives a number of exactly 12 or 9 digits. The first sign of a passport stays. */
function readLookalikes(text: string, reasons: number): IdReading | undefined {
  let letters = 0;
  let digits = '';
  for (const sign of text) {
    const digit = LOOKALIKES[sign];
    if (digit !== undefined) letters++;
    if (digit === undefined && !/[\d .\-_]/.test(sign)) return undefined;
    digits += digit ?? sign;
  }
  const packed = digits.replace(/\D/g, '');
  if (letters === 0 || letters > MOST_LOOKALIKES || (packed.length !== 12 && packed.length !== 9)) return undefined;
  if (packed.length === 9 && /^[A-Z]\d{8}$/i.test(text)) return undefined;
  return classify(packed, reasons | LOOKALIKE_DIGITS);
}

/** Vietnamese phone numbers begin so: 10 digits that do are a phone number in the wrong column. */
const PHONE = /^0[35789]/;

function classify(digits: string, reasons: number): IdReading {
  const value = Number(digits);
  if (value === 0) return refuse('ID_PLACEHOLDER');
  const zeroFirst = digits.charCodeAt(0) === 0x30;
  const personal = (with_: number): IdReading => ({
    kind: ID_KINDS.PERSONAL,
    value,
    reasons: reasons | with_,
    problem: undefined,
  });
  const cmnd = (with_: number): IdReading => ({
    kind: ID_KINDS.CMND,
    value,
    reasons: reasons | with_,
    problem: undefined,
  });
  const twice = digits.length === 24 && digits.startsWith(digits.slice(12));
  if (twice) return classify(digits.slice(12), reasons | NOTE);
  if (digits.length === 21) return readJoined(digits, reasons);
  if (digits.length > 13 && digits.length <= 20 && /^0+$/.test(digits.slice(0, -12))) {
    return classify(digits.slice(-12), reasons | ZERO_PADDED);
  }
  switch (digits.length) {
    case 13:
      return zeroFirst && value >= 1_000_000_000 ? personal(ZERO_PADDED) : refuse('ID_LENGTH');
    case 12:
      return value >= 1_000_000_000 ? personal(0) : cmnd(ZERO_PADDED);
    case 11:
    case 10:
      // A number that still begins with 0 lost nothing at its front: it is some other number, or cut at its end.
      if (!zeroFirst) return personal(ZEROS_LOST);
      return digits.length === 10 && !PHONE.test(digits) ? cmnd(ZERO_PADDED) : refuse('ID_LENGTH');
    case 9:
      return cmnd(0);
    case 8:
      return zeroFirst ? refuse('ID_LENGTH') : cmnd(ZEROS_LOST);
    default:
      return refuse('ID_LENGTH');
  }
}

/** The codes of places of birth registration, and those of synthetic people, with a century and sex of people alive. */
const PROVINCE =
  /^(?:0(?:0[12468]|1[0124579]|2[024-7]|3[013-8]|4[0245689]|5[12468]|6[024678]|7[024579]|8[0234679]|9[1-6])|9\d\d)[0-3]/;

/** A 12-digit and a 9-digit number run together: taken apart where only one place gives a province's number. */
function readJoined(digits: string, reasons: number): IdReading {
  const options = [digits.slice(0, 12), digits.slice(9)].filter((number) => PROVINCE.test(number));
  const [only] = options;
  return only === undefined || options.length > 1
    ? refuse('ID_TWO_READINGS')
    : classify(only, reasons | SEVERAL_NUMBERS);
}

/** A personal ID as people write it: 12 digits with leading zeros. */
export function formatPersonalId(value: number | bigint): string {
  return String(value).padStart(12, '0');
}

/** An identifier as people write it: 12 digits for a personal ID, 9 for a CMND. */
export function formatIdNumber(kind: IdKind, value: number | bigint): string {
  return kind === ID_KINDS.CMND ? String(value).padStart(9, '0') : formatPersonalId(value);
}
