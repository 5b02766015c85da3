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
/** What spreadsheets keep control characters as. */
const CONTROL = /_x00[0-1][0-9A-F]_/g;
const BYTES = /(?:(?:%|=|\\x)[0-9a-fA-F]{2}){1,}/g;
const UTF7 = /[+&]([A-Za-z0-9+/,]{3,})-/g;

const letter = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');

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
    const values = (run.match(/[0-9a-fA-F]{2}/g) ?? []).map((hex) => Number.parseInt(hex, 16));
    return new TextDecoder('utf-8').decode(Uint8Array.from(values));
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
  if (!/[&%=\\+]|_x00|u(?:0[01]|1e)[0-9a-f]{2}/i.test(text)) return undefined;
  let out = entities(entities(text.replace(CONTROL, ' '))).replace(UNICODE, (_, hex: string) =>
    letter(Number.parseInt(hex, 16)),
  );
  out = out.replace(STRIPPED, (_, hex: string) => letter(Number.parseInt(hex, 16)));
  const read = bytes(out);
  // Where bytes were escaped as in addresses, a plus is a blank.
  if (read !== out) out = read.replaceAll('+', ' ');
  out = utf7(out);
  return out === text ? undefined : out;
}
