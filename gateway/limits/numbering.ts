/** Numbers triples of 32 bits in the order in which they are first met: an open hash table that makes no object. */
export function createNumbering(most: number) {
  const mask = 2 ** Math.ceil(Math.log2(2 * most + 1)) - 1;
  /** By slot: the number after. */
  const slots = new Int32Array(mask + 1);
  const keys = new Int32Array(3 * most);
  let size = 0;
  function write(at: number, a: number, b: number, c: number): void {
    keys[at] = a;
    keys[at + 1] = b;
    keys[at + 2] = c;
  }
  return {
    /** How many there are; the next one that is new gets this number. */
    get size(): number {
      return size;
    },
    /** @throws RangeError beyond `most` */
    numberOf(a: number, b: number, c: number): number {
      const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
      for (let slot = (mixed ^ (mixed >>> 15)) & mask; ; slot = (slot + 1) & mask) {
        const number = (slots[slot] ?? 0) - 1;
        if (number < 0) {
          if (size === most) throw new RangeError('there are more than was said');
          slots[slot] = size + 1;
          write(3 * size, a, b, c);
          return size++;
        }
        const at = 3 * number;
        if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c) return number;
      }
    },
  };
}
