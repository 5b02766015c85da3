import { type FieldSet, fieldSet } from './field-set.ts';
import { pathOf, VOCABULARY } from './vocabulary.ts';

/**
 * Why a path of a mask is not taken.
 *
 * - UNKNOWN: the vocabulary has no such path. Example: `fullName`, `*`, an empty path.
 * - INSIDE_A_FIELD: it goes below a leaf; a leaf is given whole or not at all. Example: `date_of_birth.year`.
 */
export const MASK_PROBLEMS = ['UNKNOWN', 'INSIDE_A_FIELD'] as const;
export type MaskProblem = (typeof MASK_PROBLEMS)[number];

/** Paths of one mask: several times as many as the vocabulary has. A longer one is not looked into. */
export const MOST_PATHS = 256;

export interface ExpandedMask {
  /** The leaves that the good paths mean. */
  readonly fields: FieldSet;
  /** The paths not taken, with their place in the mask. `path` is the caller's text: it may hold anything, never log it. */
  readonly problems: readonly { readonly index: number; readonly path: string; readonly problem: MaskProblem }[];
}

/**
 * The leaves that a mask means: a leaf's path means itself, a group's path its leaves at this vocabulary version; repeated and
 * overlapping paths collapse. Paths are exact (snake case, as in the proto; no wildcard). An empty mask means no field:
 * whether that is allowed is the caller's rule.
 */
export function expandMask(paths: readonly string[]): ExpandedMask {
  const ids: number[] = [];
  const problems: ExpandedMask['problems'][number][] = [];
  paths.forEach((path, index) => {
    const leaf = VOCABULARY.byPath.get(path);
    if (leaf !== undefined) {
      ids.push(leaf.id);
      return;
    }
    const group = VOCABULARY.groups.get(path);
    if (group !== undefined) ids.push(...group);
    else problems.push({ index, path, problem: isBelowLeaf(path) ? 'INSIDE_A_FIELD' : 'UNKNOWN' });
  });
  return { fields: fieldSet(ids), problems };
}

/** The leaf paths of a set, in id order. Throws for an id that the vocabulary does not have. */
export function toPaths(fields: FieldSet): string[] {
  return fields.map(pathOf);
}

/**
 * The shortest mask that means exactly this set: a group's path stands for its leaves where all of them are in the set.
 * In order of each path's first id.
 */
export function toShortMask(fields: FieldSet): string[] {
  const wanted = new Set(fields);
  const short = new Set<string>();
  for (const id of fields) short.add(longestWholeGroup(pathOf(id), wanted));
  return [...short];
}

function longestWholeGroup(path: string, wanted: ReadonlySet<number>): string {
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const group = path.slice(0, dot);
    if (VOCABULARY.groups.get(group)?.every((id) => wanted.has(id))) return group;
  }
  return path;
}

function isBelowLeaf(path: string): boolean {
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    if (VOCABULARY.byPath.has(path.slice(0, dot))) return true;
  }
  return false;
}
