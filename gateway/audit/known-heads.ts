/** A head of the log's tree. */
export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

export const sameHead = (one: Head, other: Head): boolean =>
  one.size === other.size && Buffer.compare(one.root, other.root) === 0;

/**
 * Heads of which this worker knows that each continues the one before: the last one that it verified or committed, and those that it
 * was about to commit. Whether these were is learned only after others may have locked the head behind them.
 */
export class KnownHeads {
  #last: Head | undefined;
  #coming: readonly Head[] = [];

  constructor(last: Head | undefined) {
    this.#last = last;
  }

  get last(): Head | undefined {
    return this.#last;
  }

  has(head: Head): boolean {
    return [this.#last, ...this.#coming].some((known) => known !== undefined && sameHead(known, head));
  }

  /** About to be committed behind a head that was found to continue the last one. */
  coming(head: Head): void {
    this.#coming = [...this.#coming, head];
  }

  /** False where a later one was committed already. */
  committed(head: Head): boolean {
    if (this.#last !== undefined && head.size <= this.#last.size) return false;
    this.#last = head;
    this.#coming = this.#coming.filter(({ size }) => size > head.size);
    return true;
  }
}
