/** Escapes of web pages, programs and mail that were stored instead of the letters they stand for. Total, linear, pure. */

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  nbsp: ' ',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  eth: 'ð',
  ETH: 'Ð',
};
const ACCENTS: Readonly<Record<string, string>> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
};
const ENTITY = /&(?:#(\d{1,6})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z])(grave|acute|circ|tilde)|([a-zA-Z]{2,5}));?/g;
const UNICODE = /(?:\\+u\{?|%u|[uU]\+|\\x\{)([0-9a-fA-F]{4})\}?/g;
/** The same after something took the backslash away: only letters that Vietnamese has. */
const STRIPPED = /u((?:0[01]|1e)[0-9a-f]{2})/gi;
/** What spreadsheets keep control characters as, and some programs all others. */
const CONTROL = /_x00[0-1][0-9A-F]_/g;
const SPREADSHEET = /_x([0-9A-F]{4})_/gi;
/** Words of a mail's header: =?utf-8?B?…?=, =?utf-8?Q?…?=. */
const MAIL_WORD = /=\?([\w-]{1,20})\?([bq])\?([^?\s]{1,400})\?=(?:\s+(?==\?))?/gi;
const BYTES = /(?:(?:%|=|\\x)[0-9a-fA-F]{2}){1,}/g;
const UTF7 = /[+&]([A-Za-z0-9+/,]{3,})-/g;

const letter = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');

const byHex = (_: string, hex: string): string => letter(Number.parseInt(hex, 16));

function entities(text: string): string {
  return text.replace(ENTITY, (whole, decimal, hex, base, accent, name) => {
    if (decimal !== undefined) return letter(Number(decimal));
    if (hex !== undefined) return letter(Number.parseInt(hex, 16));
    if (base !== undefined) return (base + (ACCENTS[accent] ?? '')).normalize('NFC');
    return NAMED[name] ?? whole;
  });
}

function bytes(text: string): string {
  return text.replace(BYTES, (run) => {
    const values = Uint8Array.from(run.match(/[0-9a-fA-F]{2}/g) ?? [], (hex) => Number.parseInt(hex, 16));
    // Programs that print letters of Latin-1 by their own codes (\\xf4) have no bytes in mind.
    return run.startsWith('\\') ? (wholeUtf8(values) ?? String.fromCharCode(...values)) : UTF8.decode(values);
  });
}

const UTF8 = new TextDecoder('utf-8');
const STRICT = new TextDecoder('utf-8', { fatal: true });

function wholeUtf8(values: Uint8Array): string | undefined {
  try {
    return STRICT.decode(values);
  } catch {
    return undefined;
  }
}

function mailWords(text: string): string {
  return text.replace(MAIL_WORD, (whole, charset: string, kind: string, encoded: string) => {
    if (charset.toLowerCase() !== 'utf-8') return whole;
    if (kind.toLowerCase() === 'q') return bytes(encoded.replaceAll('_', ' '));
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return whole;
    const raw = atob(padded(encoded.replace(/=+$/, '')));
    return UTF8.decode(Uint8Array.from(raw, (sign) => sign.charCodeAt(0)));
  });
}

function utf7(text: string): string {
  return text.replace(UTF7, (_, encoded: string) => {
    const raw = atob(padded(encoded.replaceAll(',', '/')));
    let out = '';
    for (let i = 0; i + 1 < raw.length; i += 2)
      out += String.fromCharCode(raw.charCodeAt(i) * 256 + raw.charCodeAt(i + 1));
    return out;
  });
}

/** Whole groups of four: a rest of one sign carries no byte. */
function padded(text: string): string {
  const whole = text.length % 4 === 1 ? text.slice(0, -1) : text;
  return whole.padEnd(Math.ceil(whole.length / 4) * 4, '=');
}

/** The text with its escapes undone; undefined where it holds none. */
export function unescapeText(text: string): string | undefined {
  if (!/[&%=\\+]|_x[0-9a-f]{4}_|u(?:0[01]|1e)[0-9a-f]{2}/i.test(text)) return undefined;
  const own = mailWords(text).replace(CONTROL, ' ').replace(SPREADSHEET, byHex);
  let out = entities(entities(own)).replace(UNICODE, byHex);
  out = out.replace(STRIPPED, byHex);
  const read = bytes(out);
  // Where bytes were escaped as in addresses, a plus is a blank.
  if (read !== out) out = read.replaceAll('+', ' ');
  out = utf7(out);
  return out === text ? undefined : out;
}
