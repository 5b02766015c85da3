/** The commands of a page: its `console` blocks, read into steps. */

export interface ShownLine {
  /** Line of the page, from 1. */
  readonly line: number;
  readonly text: string;
}

export interface Step {
  /** Line of the page that the command stands on, from 1. */
  readonly line: number;
  /** As a shell reads it, here-documents included. */
  readonly command: string;
  /** Exit code that the page promises: 0, or the one of a trailing `# exits N`. */
  readonly exits: number;
  /** Keeps running until the end of the page (`dev up`). */
  readonly background: boolean;
  readonly output: readonly ShownLine[];
}

export class PageError extends Error {
  override readonly name = 'PageError';
}

const OPENING = /^```(\w*)\s*$/;
const COMMAND = /^\$ (.+)$/;
const HERE_DOCUMENT = /<<'?(\w+)'?/;
const EXITS = /\s# exits (\d+)$/;
const BACKGROUND = /\blienthong dev up\b/;

/**
 * In a `console` block a line that begins with `$ ` is a command, up to the end of its here-document where it has one;
 * the lines below it are what it prints. Throws PageError where a block is not of that form.
 */
export function readSteps(page: string): Step[] {
  const lines = page.split('\n');
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; at++) {
    const kind = OPENING.exec(lines[at] ?? '')?.[1];
    if (kind === undefined) continue;
    const end = lines.findIndex((text, index) => index > at && text === '```');
    if (end < 0) throw new PageError(`line ${at + 1}: the block is never closed`);
    if (kind === 'console') steps.push(...readBlock(lines, at + 1, end));
    at = end;
  }
  return steps;
}

function readBlock(lines: readonly string[], from: number, end: number): Step[] {
  const steps: Step[] = [];
  let at = from;
  while (at < end) {
    const first = COMMAND.exec(lines[at] ?? '')?.[1];
    if (first === undefined) throw new PageError(`line ${at + 1}: a console block begins with "$ "`);
    const line = at + 1;
    const close = closingLine(lines, at, end, first);
    const command = [first, ...lines.slice(at + 1, close + 1)].join('\n');
    const output: ShownLine[] = [];
    for (at = close + 1; at < end && !COMMAND.test(lines[at] ?? ''); at++) {
      output.push({ line: at + 1, text: (lines[at] ?? '').trimEnd() });
    }
    while (output.at(-1)?.text === '') output.pop();
    const exits = Number(EXITS.exec(first)?.[1] ?? 0);
    steps.push({ line, command, exits, background: BACKGROUND.test(first), output });
  }
  return steps;
}

/** Index of the last line of the command that begins at `at`. */
function closingLine(lines: readonly string[], at: number, end: number, first: string): number {
  const word = HERE_DOCUMENT.exec(first)?.[1];
  if (word === undefined) return at;
  const close = lines.findIndex((text, index) => index > at && index < end && text === word);
  if (close < 0) throw new PageError(`line ${at + 1}: the here-document is never closed by ${word}`);
  return close;
}
