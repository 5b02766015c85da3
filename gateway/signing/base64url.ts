/**
 * Bytes of a base64url text, or undefined unless the text is the one canonical encoding of these bytes: no padding,
 * no other alphabet, no white space, no set bits behind the last byte (RFC 4648 sections 3.5 and 5).
 *
 * Node's decoder forgives all of these, hence the comparison with the encoding of what it read. Without it, one token
 * would have many texts.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** Canonical base64url of exactly 32 bytes; the last character carries four bits and two zeros. */
export const BASE64URL_32_BYTES = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Canonical base64url of exactly 16 bytes; the last character carries two bits and four zeros. */
export const BASE64URL_16_BYTES = /^[A-Za-z0-9_-]{21}[AQgw]$/;
