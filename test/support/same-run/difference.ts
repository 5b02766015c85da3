/** What can be found to differ. */
export const DIFFERENCES = {
  RESULT_ROWS: 'the results do not have one line for every record of the file, in its order',
  RESULT_CELL: 'a cell of the results differs',
  SUMMARY: 'what the command told of the run differs',
  TOTALS: 'the verdict totals of the job differ',
  JOB: 'another column of the job differs',
  JOB_ADDED: 'a job stands there that nobody knows of',
  CHUNK: 'a chunk of the job is missing, stands twice, or is not that of its entry',
  STORED_ANSWERS: 'other answers are kept',
  ENTRY_COUNT: 'a chunk has no entry of its disclosure, or more than one',
  ENTRY: 'an entry says something else',
  ENTRY_ADDED: 'an entry stands there that may not be added',
  REDELIVERY: 'a redelivery is not of an earlier entry of the same request',
  DECISION: 'the decision of an entry differs, or is not the one that it binds',
  LEAF_PERSON: 'a leaf is of another person',
  LEAF_OUTCOME: 'a leaf says something else of its person',
  LEAF_HASH: 'a leaf is not the hash of what it says under its person’s key',
  RECEIPT: 'the receipt does not verify',
  RECEIPT_LEAF: 'an answer of the receipt is not the one that the log has of it',
  HEAD: 'the head of the receipt is not one of this log, or does not cover its answers',
  LOG: 'the log as a whole is not sound',
  LEFT_BEHIND: 'a finished run left a file that the next would stumble over',
} as const;
export type DifferenceKind = keyof typeof DIFFERENCES;

/** `where` names lines, columns, chunks and members; never a value of a row. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly where: string;
}

export type Report = (kind: DifferenceKind, where: string) => void;

/** As text that does not depend on the order of members; byte strings as hexadecimal. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return String(item);
    if (item instanceof Uint8Array) return Buffer.from(item).toString('hex');
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Members of two records whose values differ. */
export function differing(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => canonical(one[name] ?? null) !== canonical(other[name] ?? null));
}
