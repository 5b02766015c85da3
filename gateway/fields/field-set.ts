/**
 * A set of field ids: ascending, no id twice. The one form in which fields travel through the pipeline, so that sets compare
 * and store the same wherever they were made. Made by `fieldSet`, `expandMask`, `readBitmap` and the operations below.
 */
export type FieldSet = readonly number[];

export const NO_FIELDS: FieldSet = [];

/** The set of `ids`, in any order, repeated or not. */
export function fieldSet(ids: Iterable<number>): FieldSet {
  return [...new Set(ids)].sort((a, b) => a - b);
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return fieldSet([...a, ...b]);
}

export function intersect(a: FieldSet, b: FieldSet): FieldSet {
  const other = new Set(b);
  return a.filter((id) => other.has(id));
}

/** The ids of `a` that are not in `b`. */
export function minus(a: FieldSet, b: FieldSet): FieldSet {
  const other = new Set(b);
  return a.filter((id) => !other.has(id));
}

/** True where every id of `inner` is in `outer`. */
export function contains(outer: FieldSet, inner: FieldSet): boolean {
  const other = new Set(outer);
  return inner.every((id) => other.has(id));
}
