import { LOG_KEY_BYTES } from '../proof/leaf.ts';
import { BASES, encodePersonBody, RELEASE_OUTCOMES } from '../proof/person-body.ts';
import { drawRandom } from '../sealing/random.ts';

/** Leaves come in so many where their number is to tell nothing: how many people a number has, or that it has none. */
export const LEAVES_STEP = 4;

/** The people of one entry, in leaf order: everyone whose data was used or left, and a place for each row without a person. */
export interface People {
  readonly count: number;
  /** 0 where a row had no person. */
  readonly personNos: Float64Array;
  /** Wrapped log keys, 16 bytes each; fresh random bytes where there is no person. */
  readonly logKeys: Uint8Array;
  /** Bodies of the leaves, end to end: body i is bodies[offsets[i] … offsets[i+1]−1]. */
  readonly bodies: Uint8Array;
  readonly offsets: Uint32Array;
}

export const NOBODY: People = {
  count: 0,
  personNos: new Float64Array(0),
  logKeys: new Uint8Array(0),
  bodies: new Uint8Array(0),
  offsets: new Uint32Array(1),
};

/** Gathers people one by one into packed arrays that double when they are full. */
export function createPeople(expected: number) {
  let personNos = new Float64Array(Math.max(1, expected));
  let logKeys = new Uint8Array(personNos.length * LOG_KEY_BYTES);
  let offsets = new Uint32Array(personNos.length + 1);
  let bodies = new Uint8Array(personNos.length * 16);
  let count = 0;
  let end = 0;

  function grow(body: Uint8Array): void {
    if (count === personNos.length) {
      const length = count * 2;
      personNos = copyInto(new Float64Array(length), personNos);
      logKeys = copyInto(new Uint8Array(length * LOG_KEY_BYTES), logKeys);
      offsets = copyInto(new Uint32Array(length + 1), offsets);
    }
    if (end + body.length > bodies.length) {
      bodies = copyInto(new Uint8Array(Math.max(bodies.length * 2, end + body.length)), bodies);
    }
  }

  return {
    /** `logKeyAt` is the person's place in `keys`; without keys the leaf gets a random salt. */
    add(personNo: number, body: Uint8Array, keys?: Uint8Array, logKeyAt = 0): void {
      grow(body);
      personNos[count] = personNo;
      const to = count * LOG_KEY_BYTES;
      // Byte by byte: of so few, a view and a copy cost more. What ORs to nothing is a destroyed key.
      let any = 0;
      if (keys !== undefined) {
        const from = logKeyAt * LOG_KEY_BYTES;
        for (let i = 0; i < LOG_KEY_BYTES; i++) {
          const byte = keys[from + i] ?? 0;
          any |= byte;
          logKeys[to + i] = byte;
        }
      }
      // A destroyed key reads as zeros: whoever was unlinked gets a leaf like a row without a person, and stays nobody's.
      if (any === 0) {
        logKeys.set(drawRandom(LOG_KEY_BYTES), to);
        if (keys !== undefined) personNos[count] = 0;
      }
      for (let i = 0; i < body.length; i++) bodies[end++] = body[i] ?? 0;
      count += 1;
      offsets[count] = end;
    },
    /** Adds places without a person up to the next multiple of `step`: the number of people then tells nothing. */
    pad(since: number, step: number, body: Uint8Array): void {
      while (count === since || (count - since) % step !== 0) this.add(0, body);
    },
    get count(): number {
      return count;
    },
    finish(): People {
      return {
        count,
        personNos: personNos.subarray(0, count),
        logKeys: logKeys.subarray(0, count * LOG_KEY_BYTES),
        bodies: bodies.subarray(0, end),
        offsets: offsets.subarray(0, count + 1),
      };
    },
  };
}

/** Those whom a number stands for, each with the same leaf; in steps, so that the number of leaves tells nothing. */
export function peopleAlike(personNos: Float64Array, logKeys: Uint8Array, body: Uint8Array): People {
  const people = createPeople(LEAVES_STEP);
  for (const [at, personNo] of personNos.entries()) people.add(personNo, body, logKeys, at);
  people.pad(0, LEAVES_STEP, body);
  return people.finish();
}

const REFUSED = encodePersonBody({
  ...{ outcome: RELEASE_OUTCOMES.REFUSED, basis: BASES.none, delayUntil: 0 },
  ...{ released: [], matched: [], mismatched: [], notAvailable: [] },
});

/** Leaves of those who were looked at for a call that is then refused. */
export const refusedPeople = (personNos: Float64Array, logKeys: Uint8Array): People =>
  peopleAlike(personNos, logKeys, REFUSED);

function copyInto<T extends Float64Array | Uint8Array | Uint32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
