import { CLAIM_KINDS, CLAIM_TEXTS, type ClaimKind, REVISION_TEXT } from './claim-kinds.ts';
import { ACROSS } from './claims.ts';
import type { Json, JsonObject } from './strict-json.ts';
import { TOKEN_TYPES, type TokenType } from './token-types.ts';

/**
 * Payloads as this side writes them: the claims of a form in the table's order, no white space, no escape. They are read and
 * judged at once, by one pattern a form.
 *
 * Between two tokens comes a signature, after which little is left in the processor's caches: the fewer and the shorter the
 * pieces of code, the cheaper. Whatever is not read here is left to `readStrictObject` and `formOfClaims`, which define what is
 * accepted and would read alike what is read here.
 */

export type ReadClaims = { readonly form: string; readonly claims: JsonObject };

type Claim = {
  readonly name: string;
  /** Of a number; a string has matched its pattern. */
  readonly holds: ((value: Json) => boolean) | undefined;
  /** Of an object. */
  readonly members: readonly string[] | undefined;
};
type FormPattern = { readonly form: string; readonly pattern: RegExp; readonly claims: readonly Claim[] };

/** Sixteen digits are more than a double holds exactly: that the kind judges. */
const NUMBER = '(0|[1-9][0-9]{0,15})';

function patternOfForm(form: string, kinds: Readonly<Record<string, string>>): FormPattern | undefined {
  const claims: Claim[] = [];
  let source = '';
  for (const [name, marked] of Object.entries(kinds)) {
    const optional = marked.endsWith('?');
    const kind = (optional ? marked.slice(0, -1) : marked) as ClaimKind;
    const text = CLAIM_TEXTS[kind];
    // Such a form is always read the other way.
    if (text === undefined) return undefined;
    const number = text === 'number';
    const members = !number && 'members' in text ? text.members : undefined;
    const value = number ? NUMBER : 'text' in text ? `"(${text.text})"` : objectSource(text.members);
    // The first claim of a form is never optional.
    const claim = `${source === '' ? '' : ','}"${name}":${value}`;
    source += optional ? `(?:${claim})?` : claim;
    claims.push({ name, holds: number ? CLAIM_KINDS[kind] : undefined, members });
  }
  return { form, pattern: new RegExp(`^\\{${source}\\}$`), claims };
}

function objectSource(members: readonly string[]): string {
  return `\\{${members.map((name) => `"${name}":"(${REVISION_TEXT})"`).join(',')}\\}`;
}

const PATTERNS: ReadonlyMap<string, readonly FormPattern[]> = new Map(
  (Object.keys(TOKEN_TYPES) as TokenType[]).map((typ) => [
    typ,
    Object.entries(TOKEN_TYPES[typ])
      .map(([form, kinds]) => patternOfForm(form, kinds))
      .filter((pattern) => pattern !== undefined),
  ]),
);

/** The claims of a payload and their form; undefined says nothing of the payload. */
export function readClaims(typ: string, text: string): ReadClaims | undefined {
  for (const { form, pattern, claims } of PATTERNS.get(typ) ?? []) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const read = claimsOf(claims, found);
    return read !== undefined && (ACROSS[typ as TokenType]?.(read) ?? true) ? { form, claims: read } : undefined;
  }
  return undefined;
}

function claimsOf(claims: readonly Claim[], found: RegExpExecArray): JsonObject | undefined {
  const read: { [name: string]: Json } = {};
  let at = 0;
  for (const { name, holds, members } of claims) {
    at += 1;
    const text = found[at];
    if (members !== undefined) {
      // All of them or, where it is left out, none.
      if (text !== undefined) read[name] = objectOf(members, found, at);
      at += members.length - 1;
    } else if (text !== undefined) {
      const value = holds === undefined ? text : Number(text);
      if (holds !== undefined && !holds(value)) return undefined;
      read[name] = value;
    }
  }
  return read;
}

function objectOf(members: readonly string[], found: RegExpExecArray, from: number): JsonObject {
  const object: { [name: string]: Json } = {};
  let at = from;
  for (const member of members) {
    object[member] = found[at] as string;
    at += 1;
  }
  return object;
}
