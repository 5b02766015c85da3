/** One measured figure and what is asked of it. */
export interface Figure {
  readonly name: string;
  /** value : baseline, so that more is better; null where a part could not be measured. */
  readonly ratio: number | null;
  readonly value: number | null;
  /** Unit of `value` and `baseline`. */
  readonly unit: string;
  readonly baseline: number | null;
  /** Lowest ratio that passes; null where none is asked. */
  readonly gate: number | null;
  /** Ratio to reach for; missing it fails nothing. */
  readonly goal: number | null;
  /** Further members of the JSON. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Lines for people, printed below the table. */
  readonly notes?: readonly string[];
}

/** A figure with a gate passes only when it was measured and reached it. */
export function passes({ gate, ratio }: Figure): boolean {
  return gate === null || (ratio !== null && ratio >= gate);
}

export function toJson({ name, ratio, value, unit, baseline, gate, goal, extra }: Figure): object {
  return { name, ratio, value, unit, baseline, gate, goal, ...extra };
}
