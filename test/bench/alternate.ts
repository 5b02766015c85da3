/** Rates of several ways to do the same work, taken in turns in one process, so that what slows the machine slows all. */

export interface Side {
  /** Units of work in one pass. */
  readonly units: number;
  /** Does all of it once. What it returns is kept, so that nothing of it can be left out as unused. */
  pass(): number;
}

export interface Turns {
  readonly rounds: number;
  /** CPU milliseconds that a side works in a round; the pass under way is finished. */
  readonly roundMs: number;
  /** Rounds before those that count, in which the code gets compiled. */
  readonly warmRounds: number;
}

const MICROS_A_SECOND = 1_000_000;

/** What the sides returned, so that a compiler cannot know it to be unused. */
let kept = 0;

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function rateOf({ units, pass }: Side, roundMs: number): number {
  const end = roundMs * 1000;
  const started = cpuMicros();
  let passes = 0;
  let spent = 0;
  do {
    kept = (kept + pass()) | 0;
    passes++;
    spent = cpuMicros() - started;
  } while (spent < end);
  return (passes * units * MICROS_A_SECOND) / spent;
}

/** Units a second of CPU time (of the whole process: collecting garbage counts), of each side in each round. */
export function alternate<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  { rounds, roundMs, warmRounds }: Turns,
): readonly Readonly<Record<Name, number>>[] {
  const names = Object.keys(sides) as Name[];
  const all: Record<Name, number>[] = [];
  for (let round = 0; round < warmRounds + rounds; round++) {
    const rates = Object.fromEntries(names.map((name) => [name, rateOf(sides[name], roundMs)])) as Record<Name, number>;
    if (round >= warmRounds) all.push(rates);
  }
  return all;
}
