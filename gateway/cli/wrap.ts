import { textWidth } from './layout.ts';

/** A text in lines of at most `width`, broken at spaces; a word that is longer keeps its line. Line breaks stay. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}

/** A list of things with what is said of each: labels on the left, the rest wrapped beside them. */
export function definitions(rows: readonly (readonly [string, string])[], width: number): string[] {
  const indent = Math.max(0, ...rows.map(([label]) => textWidth(label))) + 2;
  return rows.flatMap(([label, text]) =>
    wrap(text, width - indent - 2).map((line, at) => {
      const front = at === 0 ? label + ' '.repeat(indent - textWidth(label)) : ' '.repeat(indent);
      return `  ${front}${line}`.trimEnd();
    }),
  );
}

/** What cannot be seen in a cell, shown by its code: `An⟨U+200B⟩`. Nothing of it then steers a terminal. */
export function visible(cell: string): string {
  return cell.replaceAll(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (sign) => {
    const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${code}⟩`;
  });
}
