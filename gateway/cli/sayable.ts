/**
 * Whatever is said to people, as the terminal gets it: names of files, sheets and columns come from whoever made them, and none of them
 * steers the terminal or turns a sentence around. Line feeds and tabs are the sentence's own.
 */
export function sayable(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
