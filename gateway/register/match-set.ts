/** From one text per column, as the server sends it, to candidates in the order of the rows that asked. */

/** Separates the cells of a column: import refuses control characters, so no name holds it. */
export const SEPARATOR = '\x1e';
const LOG_KEY = 16;
const NUMBERS = 5;

/** Candidates as they came, and where those of each value begin. */
export interface Answered {
  /** Per candidate: value, person number, current ID, birth date, facts (kind | id status << 4 | sex << 8 | person status << 12). */
  readonly numbers: Float64Array;
  readonly names: readonly string[];
  readonly logKeys: Uint8Array;
  readonly count: number;
}

/** The candidate that stands at `index`: its value. */
const valueAt = (answered: Answered, index: number): number => answered.numbers[index * NUMBERS] ?? 0;

/** Order by value, then person number, where the server did not already send it so. */
export function candidateOrder(answered: Answered): Uint32Array {
  const order = Uint32Array.from({ length: answered.count }, (_, index) => index);
  const { numbers } = answered;
  const compare = (a: number, b: number) =>
    valueAt(answered, a) - valueAt(answered, b) || (numbers[a * NUMBERS + 1] ?? 0) - (numbers[b * NUMBERS + 1] ?? 0);
  for (let i = 1; i < order.length; i++) if (compare(i - 1, i) > 0) return order.sort(compare);
  return order;
}

/**
 * First candidate of each value, in candidate order, by open addressing: at most half full, and a number's low bits are spread
 * by its sequence digits. Returns the place in `order`, or its length for nobody.
 */
function createFinder(answered: Answered, order: Uint32Array): (value: number) => number {
  const size = 2 ** Math.ceil(Math.log2(2 * order.length + 2));
  const slots = new Uint32Array(size);
  const slotOf = (value: number): number => {
    let slot = (Math.imul(value % 0x8000_0000, 0x9e37_79b1) >>> 1) & (size - 1);
    for (;;) {
      const at = slots[slot] ?? 0;
      if (at === 0 || valueAt(answered, order[at - 1] ?? 0) === value) return slot;
      slot = (slot + 1) & (size - 1);
    }
  };
  // Backwards, so that the first of several stays.
  for (let i = order.length - 1; i >= 0; i--) slots[slotOf(valueAt(answered, order[i] ?? 0))] = i + 1;
  return (value) => {
    const at = slots[slotOf(value)] ?? 0;
    return at === 0 ? order.length : at - 1;
  };
}

/**
 * For each asked value its candidates: `starts[i]`…`starts[i + 1]` index into `picks`, which index into the answer. A value
 * asked for twice gets its candidates twice.
 */
export function spread(
  values: readonly number[],
  answered: Answered,
): { starts: Uint32Array<ArrayBuffer>; picks: Uint32Array } {
  const order = candidateOrder(answered);
  const find = createFinder(answered, order);
  const starts = new Uint32Array(values.length + 1);
  const picks: number[] = [];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    for (
      let i = value > 0 ? find(value) : order.length;
      i < order.length && valueAt(answered, order[i] ?? 0) === value;
      i++
    ) {
      picks.push(order[i] ?? 0);
    }
    starts[row + 1] = picks.length;
  }
  return { starts, picks: Uint32Array.from(picks) };
}

/** Struct of arrays in the order of `picks`. */
export function gather(answered: Answered, picks: Uint32Array) {
  const n = picks.length;
  const personNo = new Float64Array(n);
  const currentId = new Float64Array(n);
  const birthDate = new Uint32Array(n);
  const idKind = new Uint8Array(n);
  const idStatus = new Uint8Array(n);
  const sex = new Uint8Array(n);
  const personStatus = new Uint8Array(n);
  const logKeys = new Uint8Array(n * LOG_KEY);
  const names = new Array<string>(n);
  for (let i = 0; i < n; i++) {
    const from = picks[i] ?? 0;
    const base = from * NUMBERS;
    personNo[i] = answered.numbers[base + 1] ?? 0;
    currentId[i] = answered.numbers[base + 2] ?? 0;
    birthDate[i] = answered.numbers[base + 3] ?? 0;
    const facts = answered.numbers[base + 4] ?? 0;
    idKind[i] = facts & 15;
    idStatus[i] = (facts >> 4) & 15;
    sex[i] = (facts >> 8) & 15;
    personStatus[i] = (facts >> 12) & 15;
    names[i] = answered.names[from] ?? '';
    const key = from * LOG_KEY;
    for (let b = 0; b < LOG_KEY; b++) logKeys[i * LOG_KEY + b] = answered.logKeys[key + b] ?? 0;
  }
  return { personNo, currentId, birthDate, idKind, idStatus, sex, personStatus, names, logKeys };
}
