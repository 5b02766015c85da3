import type { FieldRule } from './rules.ts';

/** A field of the request and the rule that it breaks. */
export interface Violation {
  /**
   * Path from the request message (`context.purpose`, `read_mask.paths[2]`), or a path of the vocabulary where a mask names a
   * field that is unknown or not granted.
   */
  readonly field: string;
  readonly rule: FieldRule;
}

/** What stands in for a path that has no path's form: whatever a caller put there is not repeated. */
export const UNNAMED_FIELD = '(unnamed)';

const PATH = /^[A-Za-z_]+(\[\d{1,6}\])?(\.[A-Za-z_]+(\[\d{1,6}\])?)*$/;
const LONGEST_PATH = 64;

/**
 * The path, if it looks like one: ASCII letters, `_`, dots and short indexes. A number of a person, a date or a name as people
 * write it does not, so a value put in a path's place by mistake never comes back in an error or reaches a log.
 */
export function isNameable(path: string): boolean {
  return path.length <= LONGEST_PATH && PATH.test(path);
}

const MASK_RULES = { UNKNOWN: 'UNKNOWN_PATH', INSIDE_A_FIELD: 'INSIDE_A_FIELD' } as const satisfies Record<
  string,
  FieldRule
>;

/** The violations for a mask's problems (`expandMask`): by the path itself, or by its place in `mask` where it cannot be named. */
export function maskViolations(
  mask: string,
  problems: readonly { readonly index: number; readonly path: string; readonly problem: keyof typeof MASK_RULES }[],
): Violation[] {
  return problems.map(({ index, path, problem }) => ({
    field: isNameable(path) ? path : `${mask}.paths[${index}]`,
    rule: MASK_RULES[problem],
  }));
}
