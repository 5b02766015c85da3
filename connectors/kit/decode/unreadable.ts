/** What could not be decoded: each such place became U+FFFD, and is counted instead of refused. */
export type Unreadable = {
  readonly count: number;
  /** Line of the first; 0 where there is none. */
  readonly line: number;
};

export type UnreadableTally = {
  add(count: number, line: number): void;
  result(): Unreadable;
};

export function createUnreadable(): UnreadableTally {
  let count = 0;
  let first = 0;
  return {
    add(more, line) {
      if (count === 0) first = line;
      count += more;
    },
    result: () => ({ count, line: first }),
  };
}
