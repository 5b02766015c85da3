/**
 * Where a text stops being JSON (RFC 8259). `JSON.parse` says it of some mistakes only, and quotes the text beside it, which may be a
 * secret: this gives a place and nothing else.
 */
const SPACE = /[ \t\r\n]*/y;
/** Of the control characters those above DEL are let in. */
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Index of the first character that no JSON has there; the text's length where it ends too early. Of a text that is JSON: its length. */
export function jsonFault(text: string): number {
  let at = 0;

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found !== null;
  }
  function next(character: string): boolean {
    take(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  }
  function list(close: string, item: () => boolean): boolean {
    if (next(close)) return true;
    while (item()) {
      if (next(close)) return true;
      if (!next(',')) return false;
    }
    return false;
  }
  function value(): boolean {
    take(SPACE);
    if (take(STRING) || take(SCALAR)) return true;
    if (next('[')) return list(']', value);
    return next('{') && list('}', () => take(SPACE) && take(STRING) && next(':') && value());
  }

  if (value()) take(SPACE);
  return at;
}

/** As an editor counts: both from 1. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
