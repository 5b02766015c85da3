/**
 * A JSON reader that has one meaning for one text, for the header and the claims of a token.
 *
 * JSON.parse lets the last of two equal names win and rounds numbers; a party that lets the first win, or keeps the
 * digits, would read other claims under the same signature. So this refuses equal names at any depth (compared after
 * their escapes are resolved), numbers other than whole ones that a double holds exactly, lone surrogates, the name
 * `__proto__`, and nesting beyond {@link MAX_DEPTH}. White space and escapes are welcome: other languages write them.
 */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

/** Claims are an object whose members are at most objects of plain values: 2; one more for what may come. */
export const MAX_DEPTH = 3;

class Refused extends Error {}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The one object that a text holds, or undefined where the text is anything else. Never throws. */
export function readStrictObject(text: string): JsonObject | undefined {
  let at = 0;

  function skipSpace(): void {
    for (;;) {
      const c = text.charCodeAt(at);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
      at += 1;
    }
  }

  function expect(code: number): void {
    if (text.charCodeAt(at) !== code) throw new Refused();
    at += 1;
  }

  /** Reads from the opening quote; JSON.parse resolves the escapes where there are any. */
  function readString(): string {
    expect(QUOTE);
    const start = at;
    let escaped = false;
    let plainAscii = true;
    for (;;) {
      const c = text.charCodeAt(at);
      if (c === QUOTE) break;
      // NaN (end of text) fails this comparison as well.
      if (!(c >= 0x20)) throw new Refused();
      if (c === BACKSLASH) {
        escaped = true;
        at += 1;
      } else if (c > 0x7f) plainAscii = false;
      at += 1;
    }
    const raw = text.slice(start, at);
    at += 1;
    if (!escaped && plainAscii) return raw;
    const value: unknown = escaped ? JSON.parse(`"${raw}"`) : raw;
    if (typeof value !== 'string' || !value.isWellFormed()) throw new Refused();
    return value;
  }

  function readNumber(): number {
    const start = at;
    while (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at += 1;
    const value = Number(text.slice(start, at));
    const leadingZero = at - start > 1 && text.charCodeAt(start) === 0x30;
    if (at === start || leadingZero || !Number.isSafeInteger(value)) throw new Refused();
    return value;
  }

  function readWord<T>(word: string, value: T): T {
    if (!text.startsWith(word, at)) throw new Refused();
    at += word.length;
    return value;
  }

  /** Reads up to the closing bracket, calling `readItem` for each item; a trailing comma is refused. */
  function readItems(close: number, readItem: () => void): void {
    at += 1;
    skipSpace();
    if (text.charCodeAt(at) === close) {
      at += 1;
      return;
    }
    for (;;) {
      skipSpace();
      readItem();
      skipSpace();
      if (text.charCodeAt(at) === close) {
        at += 1;
        return;
      }
      expect(0x2c);
    }
  }

  function readObject(depth: number): JsonObject {
    if (depth > MAX_DEPTH) throw new Refused();
    const object: { [name: string]: Json } = {};
    readItems(0x7d, () => {
      const name = readString();
      if (name === '__proto__' || Object.hasOwn(object, name)) throw new Refused();
      skipSpace();
      expect(0x3a);
      skipSpace();
      object[name] = readValue(depth + 1);
    });
    return object;
  }

  function readArray(depth: number): Json[] {
    if (depth > MAX_DEPTH) throw new Refused();
    const array: Json[] = [];
    readItems(0x5d, () => array.push(readValue(depth + 1)));
    return array;
  }

  function readValue(depth: number): Json {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        return readString();
      case 0x7b:
        return readObject(depth);
      case 0x5b:
        return readArray(depth);
      case 0x74:
        return readWord('true', true);
      case 0x66:
        return readWord('false', false);
      case 0x6e:
        return readWord('null', null);
      default:
        return readNumber();
    }
  }

  try {
    skipSpace();
    if (text.charCodeAt(at) !== 0x7b) return undefined;
    const object = readObject(1);
    skipSpace();
    return at === text.length ? object : undefined;
  } catch (error) {
    // JSON.parse throws SyntaxError on a bad escape; anything else is a fault of ours and must show.
    if (error instanceof Refused || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
