/** Numbers of a page, as a power of two: eight kilobytes. */
const PAGE_BITS = 16;
const PAGE = 2 ** PAGE_BITS;

/**
 * A set of person numbers. They are dense, so a bit each: a hundred million people are 12 MB, however many of them are in it. Pages
 * are made when a number of theirs comes.
 */
export function createNumberSet() {
  const pages = new Map<number, Uint8Array>();
  let size = 0;
  return {
    /** @param number from 0 to 2^53 */
    add(number: number): void {
      const at = Math.floor(number / PAGE);
      let page = pages.get(at);
      if (page === undefined) {
        page = new Uint8Array(PAGE / 8);
        pages.set(at, page);
      }
      const bit = number % PAGE;
      const mask = 1 << (bit & 7);
      const before = page[bit >> 3] ?? 0;
      if ((before & mask) !== 0) return;
      page[bit >> 3] = before | mask;
      size += 1;
    },
    has(number: number): boolean {
      const bit = number % PAGE;
      return (((pages.get(Math.floor(number / PAGE))?.[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
    },
    get size(): number {
      return size;
    },
    /** Ascending. */
    *[Symbol.iterator](): Generator<number> {
      for (const at of [...pages.keys()].sort((one, other) => one - other)) {
        for (const [byte, bits] of (pages.get(at) ?? []).entries()) {
          if (bits === 0) continue;
          for (let bit = 0; bit < 8; bit++) if ((bits >> bit) & 1) yield at * PAGE + byte * 8 + bit;
        }
      }
    },
  };
}

export type NumberSet = ReturnType<typeof createNumberSet>;
