import { isUtf8 } from 'node:buffer';
import { decodeBase64url } from './base64url.ts';
import { readClaims } from './claims-read.ts';
import { isSignatureInRange } from './es256.ts';
import { type JsonObject, readStrictObject } from './strict-json.ts';

/** Longest token that is looked at, in characters: the largest receipt fits, nothing else comes near. */
export const MAX_TOKEN_LENGTH = 16_384;
/** Longest encoded header: `alg`, a 43-character `kid`, a `typ`, and white space of other languages. */
const MAX_HEADER_LENGTH = 512;

/** What a text must hold to be one of our tokens at all; nothing in it is trusted yet. */
export type ParsedToken = {
  readonly kid: string;
  readonly typ: string;
  readonly claims: JsonObject;
  /** The form of `typ` whose exact claims these are, where reading has told it; undefined says nothing. */
  readonly form: string | undefined;
  /** The bytes that were signed: encoded header, dot, encoded payload, as received. */
  readonly signed: Buffer;
  /** r‖s, both in [1, n−1]. */
  readonly signature: Buffer;
};

export const PARSE_PROBLEMS = {
  TOO_LARGE: 'longer than any token',
  MALFORMED: 'not three parts of canonical base64url',
  BAD_HEADER: 'header is not exactly alg ES256, kid and typ',
  BAD_PAYLOAD: 'payload is not one JSON object in UTF-8 with one meaning',
  BAD_SIGNATURE_FORM: 'signature is not 64 bytes with r and s in range',
} as const;
export type ParseProblem = keyof typeof PARSE_PROBLEMS;

export type ParseResult =
  | { readonly ok: true; readonly token: ParsedToken }
  | { readonly ok: false; readonly problem: ParseProblem };

function refused(problem: ParseProblem): ParseResult {
  return { ok: false, problem };
}

function readObject(bytes: Buffer | undefined): JsonObject | undefined {
  // Buffer's decoder would put U+FFFD in the place of broken UTF-8, and two payloads would read alike.
  return bytes !== undefined && isUtf8(bytes) ? readStrictObject(bytes.toString('utf8')) : undefined;
}

function readPayload(typ: string, part: string): Pick<ParsedToken, 'claims' | 'form'> | undefined {
  const bytes = decodeBase64url(part);
  // All that is read so is ASCII, which is the same in every encoding.
  const written = bytes && readClaims(typ, bytes.toString('latin1'));
  if (written !== undefined) return written;
  const claims = readObject(bytes);
  return claims && { claims, form: undefined };
}

type Header = Pick<ParsedToken, 'kid' | 'typ'>;

/** Read before, by their text: a party's tokens of one type all begin alike. */
const HEADERS = new Map<string, Header>();
const MOST_HEADERS = 256;

function headerOf(text: string): Header | undefined {
  const known = HEADERS.get(text);
  if (known !== undefined) return known;
  const read = readObject(decodeBase64url(text));
  if (read === undefined || Object.keys(read).length !== 3) return undefined;
  const { alg, kid, typ } = read;
  if (alg !== 'ES256' || typeof kid !== 'string' || typeof typ !== 'string') return undefined;
  // Whoever sends ever other headers makes others be read again, no more.
  if (HEADERS.size >= MOST_HEADERS) HEADERS.clear();
  const header = { kid, typ };
  HEADERS.set(text, header);
  return header;
}

/**
 * Reads a compact JWS strictly (RFC 7515 section 7.1): one text for one token, one meaning for one text.
 *
 * The header has exactly the members alg, kid and typ, in any order. Whatever else RFC 7515 and its heirs offer
 * (`crit`, `jwk`, `jku`, `x5u`, `x5c`, `b64`, `zip`, `cty`) is refused by its mere presence.
 */
export function parseToken(text: string): ParseResult {
  if (text.length > MAX_TOKEN_LENGTH) return refused('TOO_LARGE');
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first < 1 || second < first + 2) return refused('MALFORMED');
  if (first > MAX_HEADER_LENGTH) return refused('BAD_HEADER');

  // A further dot is no character of base64url.
  const signature = decodeBase64url(text.slice(second + 1));
  if (signature === undefined) return refused('MALFORMED');
  if (!isSignatureInRange(signature)) return refused('BAD_SIGNATURE_FORM');

  const header = headerOf(text.slice(0, first));
  if (header === undefined) return refused('BAD_HEADER');

  const payload = readPayload(header.typ, text.slice(first + 1, second));
  if (payload === undefined) return refused('BAD_PAYLOAD');
  // Every character up to here is base64url or a dot, so latin1 is exact.
  const signed = Buffer.from(text.slice(0, second), 'latin1');
  const { kid, typ } = header;
  const { claims, form } = payload;
  return { ok: true, token: { kid, typ, claims, form, signed, signature } };
}
