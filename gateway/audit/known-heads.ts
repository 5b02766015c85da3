/** A head of the log's tree. */
export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

export const sameHead = (one: Head, other: Head): boolean =>
  one.size === other.size && Buffer.compare(one.root, other.root) === 0;

/**
 * Heads that the log may stand at without another proof: the last one that this worker verified or committed, and, while word of a
 * commit is on its way, the one that is being committed and the one that it follows.
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

  /**
   * `next` is about to be committed behind `locked`, which was found to continue the last one. Whatever was to come besides is not
   * in the log, or the locked head would stand behind it, and must not be taken for ours should it turn up.
   */
  coming(locked: Head, next: Head): void {
    this.#coming = [locked, next];
  }

  /** False where a later one was committed already. */
  committed(head: Head): boolean {
    if (this.#last !== undefined && head.size <= this.#last.size) return false;
    this.#last = head;
    this.#coming = this.#coming.filter(({ size }) => size > head.size);
    return true;
  }
}
