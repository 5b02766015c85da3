/**
 * A set of field ids: ascending, no id twice. The one form in which fields travel through the pipeline, so that sets compare
 * and store the same wherever they were made. Made by `fieldSet` and `expandMask`.
 */
export type FieldSet = readonly number[];

/** The set of `ids`, in any order, repeated or not. */
export function fieldSet(ids: Iterable<number>): FieldSet {
  return [...new Set(ids)].sort((a, b) => a - b);
}
