/** A metric as it is told: name, unit, meaning, and the closed sets its labels are taken from. */
export interface MetricRow {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** By label: every value that it can have. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Upper bounds of a histogram's buckets, seconds. */
  readonly buckets?: readonly number[];
}
