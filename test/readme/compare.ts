/** What a page shows against what a command printed. */
import type { ShownLine } from './steps.ts';

const ANYTHING = '…';

/**
 * The shown line that the output does not have where the page has it, undefined where all agree. A line `…` stands for
 * any number of lines; `…` inside a line for any text; everything else is compared letter by letter, spaces at the end
 * of a line apart. Nothing shown means that nothing may be printed.
 */
export function firstDifference(shown: readonly ShownLine[], printed: string): ShownLine | 'MORE' | undefined {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  let from = 0;
  const groups = groupsOf(shown);
  for (const [index, group] of groups.entries()) {
    const last = index === groups.length - 1;
    const at = index === 0 ? 0 : last ? Math.max(from, lines.length - group.length) : firstPlace(group, lines, from);
    const missing = group.find(({ text }, offset) => !fits(text, lines[at + offset]));
    if (missing !== undefined) return missing;
    from = at + group.length;
    if (last && from < lines.length) return 'MORE';
  }
  return undefined;
}

/** The runs of lines between lines `…`; a `…` at either end leaves an empty run there. */
function groupsOf(shown: readonly ShownLine[]): ShownLine[][] {
  const groups: ShownLine[][] = [[]];
  for (const line of shown) {
    if (line.text === ANYTHING) groups.push([]);
    else groups.at(-1)?.push(line);
  }
  return groups;
}

/** The first place at or after `from` where the whole run fits; else where it fits best, for the message. */
function firstPlace(group: readonly ShownLine[], lines: readonly string[], from: number): number {
  let best = { at: from, fitting: -1 };
  for (let at = from; at <= lines.length - group.length; at++) {
    const differing = group.findIndex(({ text }, offset) => !fits(text, lines[at + offset]));
    if (differing < 0) return at;
    if (differing > best.fitting) best = { at, fitting: differing };
  }
  return best.at;
}

function fits(shown: string, line: string | undefined): boolean {
  if (line === undefined) return false;
  const pattern = shown.split(ANYTHING).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`, 'u').test(line);
}
