/** Every small change of a Rego file that an author might make by mistake or on purpose, found by walking OPA's syntax tree. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Mutant {
  readonly file: string;
  /** Stable while the rule says the same: what a list of survivors names it by. */
  readonly id: string;
  readonly source: string;
}

interface Location {
  readonly row: number;
  readonly col: number;
  /** Base64 of the text. */
  readonly text: string;
}

interface Node {
  readonly location?: Location;
  readonly type?: string;
  readonly value?: unknown;
  readonly terms?: unknown;
  readonly negated?: boolean;
  readonly generated?: boolean;
  readonly default?: boolean;
  readonly head?: { readonly name: string };
}

interface Edit {
  readonly at: number;
  readonly before: string;
  readonly after: string;
  readonly what: string;
}

const SWAPS: Readonly<Record<string, readonly string[]>> = {
  '<=': ['<', '>', '=='],
  '<': ['<=', '>', '=='],
  '>': ['>=', '<'],
  '==': ['!='],
};
/** Names that stand beside each other in the rules and are easily taken for one another. */
const TWINS: Readonly<Record<string, string>> = {
  asked_match: 'asked_release',
  granted_match: 'granted_release',
  legal_entity: 'status',
  agency: 'purpose',
  valid_from: 'valid_to',
  rows_per_job: 'rows_per_day',
  demanded_context: 'supplied_context',
};
const twins = new Map(Object.entries(TWINS).flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
const WORD = 'zz-widened';

/** @throws Error where OPA cannot read the file */
export function mutantsOf(opa: string, folder: string, file: string): Mutant[] {
  const args = ['parse', '--format', 'json', '--json-include', 'locations', join(folder, file)];
  const parsed = spawnSync(opa, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const source = readFileSync(join(folder, file), 'utf8');
  if (parsed.status !== 0) throw new Error(`${file}: ${parsed.stderr}`);
  const { rules } = JSON.parse(parsed.stdout) as { rules: (Node & { head: { name: string } })[] };
  const lines = offsetsOf(source);
  const times = new Map<string, number>();
  for (const { head } of rules) times.set(head.name, (times.get(head.name) ?? 0) + 1);
  const mutants = new Map<string, Mutant>();
  for (const rule of rules) {
    const edits = [...ofRule(rule, source, lines, times.get(rule.head.name) ?? 1), ...ofNode(rule, source, lines)];
    for (const { at, before, after, what } of edits) {
      const mutated = `${source.slice(0, at)}${after}${source.slice(at + before.length)}`;
      if (mutated === source) continue;
      const short = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 80);
      let id = `${file} ${rule.head.name}: ${what}: ${short(before)} → ${short(after)}`;
      // The same change at several places of one rule.
      for (let nth = 2; mutants.has(id) && mutants.get(id)?.source !== mutated; nth += 1) {
        id = `${id.replace(/ #\d+$/, '')} #${nth}`;
      }
      mutants.set(id, { file, id, source: mutated });
    }
  }
  return [...mutants.values()];
}

/** Offset of each line's first character. */
function offsetsOf(source: string): number[] {
  const offsets = [0];
  for (const line of source.split('\n')) offsets.push((offsets.at(-1) ?? 0) + line.length + 1);
  return offsets;
}

function place(node: Node, source: string, lines: readonly number[]): { at: number; text: string } | undefined {
  if (node.location === undefined) return undefined;
  const { row, col, text } = node.location;
  const at = (lines[row - 1] ?? 0) + col - 1;
  const read = Buffer.from(text, 'base64').toString('utf8');
  return read !== '' && source.startsWith(read, at) ? { at, text: read } : undefined;
}

function ofRule(rule: Node, source: string, lines: readonly number[], times: number): Edit[] {
  const found = place(rule, source, lines);
  if (found === undefined) return [];
  const { at, text } = found;
  if (rule.default === true) {
    const before = source.slice(at, source.indexOf('\n', at));
    return [{ at, before, after: '', what: 'remove the default' }];
  }
  // One of several: the others stand.
  return times > 2 || (times > 1 && text.includes(' contains '))
    ? [{ at, before: text, after: '', what: 'remove' }]
    : [];
}

function ofNode(node: unknown, source: string, lines: readonly number[]): Edit[] {
  if (Array.isArray(node)) return node.flatMap((one) => ofNode(one, source, lines));
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.entries(node)
    .filter(([name]) => name !== 'annotations' && name !== 'location')
    .flatMap(([, member]) => ofNode(member, source, lines));
  const one = node as Node;
  const found = place(one, source, lines);
  if (found === undefined) return inner;
  if ('index' in one && one.generated !== true)
    return [...ofCondition(one, found), ...ofTerms(one, source, lines), ...inner];
  return [...ofTerm(one, found, source, lines), ...inner];
}

function ofCondition({ negated }: Node, { at, text }: { at: number; text: string }): Edit[] {
  const edit = (after: string, what: string): Edit => ({ at, before: text, after, what });
  if (/^(some|every)\b|:=/.test(text)) return [];
  const opposite = negated === true ? text.replace(/^not\s+/, '') : `not ${text}`;
  return [edit('true', 'drop'), edit(opposite, 'negate')];
}

/** Operators written between their terms: `a < b`. */
function ofTerms({ terms }: Node, source: string, lines: readonly number[]): Edit[] {
  const [operator] = Array.isArray(terms) ? (terms as Node[]) : [];
  const found = operator === undefined ? undefined : place(operator, source, lines);
  if (found === undefined) return [];
  return (SWAPS[found.text] ?? []).map((after) => ({ at: found.at, before: found.text, after, what: 'compare' }));
}

function ofTerm(node: Node, found: { at: number; text: string }, source: string, lines: readonly number[]): Edit[] {
  const { at, text } = found;
  const edit = (after: string, what: string): Edit => ({ at, before: text, after, what });
  switch (node.type) {
    case 'string':
      if (!text.startsWith('"')) return twins.has(text) ? [edit(twins.get(text) ?? '', 'confuse')] : [];
      return [edit(`${text.slice(0, -1)}~"`, 'constant')];
    case 'boolean':
      return text === 'true' || text === 'false' ? [edit(text === 'true' ? 'false' : 'true', 'constant')] : [];
    case 'number':
      return [edit(String(Number(text) + 1), 'constant')];
    case 'var':
      return twins.has(text) ? [edit(twins.get(text) ?? '', 'confuse')] : [];
    case 'array':
    case 'set':
      return ofElements(node, found, source, lines);
    case 'call': {
      const [operator, ...args] = node.value as Node[];
      const places = args.map((arg) => place(arg, source, lines)).filter((one) => one !== undefined);
      const called = operator === undefined ? undefined : place(operator, source, lines);
      const swapped = (SWAPS[called?.text ?? ''] ?? []).map((after) => edit(swap(found, called, after), 'compare'));
      return [...swapped, ...places.map((one) => edit(one.text, 'unwrap'))];
    }
    default:
      return [];
  }
}

function swap(
  found: { at: number; text: string },
  called: { at: number; text: string } | undefined,
  after: string,
): string {
  const from = (called?.at ?? 0) - found.at;
  return `${found.text.slice(0, from)}${after}${found.text.slice(from + (called?.text.length ?? 0))}`;
}

/** A list of words with one more, or one less. */
function ofElements(
  node: Node,
  { at, text }: { at: number; text: string },
  source: string,
  lines: readonly number[],
): Edit[] {
  const elements = (node.value as Node[]).map((one) => place(one, source, lines));
  const words = elements.map((one) => one?.text ?? '');
  if (words.length === 0 || !words.every((word) => word.startsWith('"'))) return [];
  const [open, close] = [text.slice(0, 1), text.slice(-1)];
  const list = (kept: readonly string[]) => `${open}${kept.join(', ')}${close}`;
  return [
    { at, before: text, after: list([...words, `"${WORD}"`]), what: 'widen' },
    ...(words.length > 1
      ? words.map((_, drop) => ({ at, before: text, after: list(words.filter((__, i) => i !== drop)), what: 'narrow' }))
      : []),
  ];
}
