/** How the log stands, for threads that do not keep it: written by the one that does, in memory that all of them share. */
import type { LogTrouble } from '../../exchange/log-port.ts';

export interface LogFacts {
  readonly trouble: LogTrouble | undefined;
  /** Unix seconds. */
  readonly tokenFloor: number;
  readonly size: number;
  /** Unix milliseconds; undefined where no head was kept yet. */
  readonly keptAt: number | undefined;
}

const TROUBLES: readonly (LogTrouble | undefined)[] = [undefined, 'another', 'fenced', 'unkept', 'unconfirmed'];
const [TROUBLE, FLOOR, SIZE, KEPT_AT, WRITTEN_AT, CELLS] = [0, 1, 2, 3, 4, 5];
/** The writer writes several times a second: when it has not for so long, it has stopped, and nobody knows how the log stands. */
const STALE_MS = 5_000;

export function createLogBoard(): SharedArrayBuffer {
  return new SharedArrayBuffer(CELLS * BigInt64Array.BYTES_PER_ELEMENT);
}

/** `nowMs` of the clock that all threads share. */
export function writeLogBoard(memory: SharedArrayBuffer, facts: LogFacts, nowMs: number): void {
  const cells = new BigInt64Array(memory);
  const set = (cell: number, value: number) => Atomics.store(cells, cell, BigInt(Math.floor(value)));
  set(TROUBLE, TROUBLES.indexOf(facts.trouble));
  set(FLOOR, facts.tokenFloor);
  set(SIZE, facts.size);
  set(KEPT_AT, facts.keptAt ?? -1);
  set(WRITTEN_AT, nowMs);
}

export function readLogBoard(memory: SharedArrayBuffer, nowMs: () => number) {
  const cells = new BigInt64Array(memory);
  const get = (cell: number) => Number(Atomics.load(cells, cell));
  return {
    trouble(): LogTrouble | undefined {
      const trouble = TROUBLES[get(TROUBLE)];
      // One that passes by itself, and in which nothing is disclosed.
      return trouble ?? (nowMs() - get(WRITTEN_AT) > STALE_MS ? 'unconfirmed' : undefined);
    },
    tokenFloor: () => get(FLOOR),
    size: () => get(SIZE),
    keptAt: () => (get(KEPT_AT) < 0 ? undefined : get(KEPT_AT)),
  };
}
