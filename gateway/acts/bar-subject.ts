import type { BarredKind } from './act.ts';

const CODE = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** How each is spelt where calls are compared with the hotlist: an act that spells it otherwise bars nothing. */
const SPELLINGS: Readonly<Record<BarredKind, RegExp>> = {
  agency: CODE,
  /** SHA-256 of the DER. */
  certificate: /^[0-9a-f]{64}$/,
  /** RFC 7638 thumbprint, base64url. */
  key: /^[A-Za-z0-9_-]{43}$/,
  officer: CODE,
  agreement: /^[a-z0-9][a-z0-9-]{0,63}$/,
  issuer: CODE,
};

/** Asked of what officers newly sign. Acts that stand in the log already are read by the wider rule of `act.ts`, or they would fall. */
export function isBarSubject(what: BarredKind, subject: string): boolean {
  return SPELLINGS[what].test(subject);
}
