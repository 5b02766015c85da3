/** Texts whose encoding is not known yet, as their bytes: one code unit a byte. */

/** Code units that the bytes are as UTF-8; −1 where they are not UTF-8. */
export function utf8Length(raw: string): number {
  let length = 0;
  for (let i = 0; i < raw.length; ) {
    const lead = raw.charCodeAt(i);
    if (lead < 0x80) {
      i++;
      length++;
      continue;
    }
    const size =
      lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    if (size === 0 || i + size > raw.length) return -1;
    for (let k = 1; k < size; k++) if ((raw.charCodeAt(i + k) & 0xc0) !== 0x80) return -1;
    const second = raw.charCodeAt(i + 1);
    // Too long for what it says, a surrogate, or beyond the last character.
    if (lead === 0xe0 && second < 0xa0) return -1;
    if (lead === 0xed && second > 0x9f) return -1;
    if (lead === 0xf0 && second < 0x90) return -1;
    if (lead === 0xf4 && second > 0x8f) return -1;
    i += size;
    length += size === 4 ? 2 : 1;
  }
  return length;
}

export function isAscii(raw: string): boolean {
  for (let i = 0; i < raw.length; i++) if (raw.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Without the spaces that fill a field of fixed width. */
export function withoutPadding(raw: string): string {
  let end = raw.length;
  while (end > 0 && raw.charCodeAt(end - 1) === 0x20) end--;
  return end === raw.length ? raw : raw.slice(0, end);
}
