/** A text of a file as a message may show it: what moves a terminal's cursor, or turns what stands behind it around, is a U+FFFD. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '\ufffd');
}
