import { hostname } from 'node:os';
import { ownPlace, processStartOf } from '../../gateway/place/own-place.ts';

/** What a file tells of the process that made it. */
export interface ProcessMark {
  readonly pid: number;
  readonly start: string;
  /** Two containers have different ones, though the number of the process in them is mostly the same. */
  readonly place: string;
}

const PLACE = ownPlace();

/** The mark of this process. */
export function ownMark(): ProcessMark {
  if (PLACE === undefined) return { pid: process.pid, start: String(performance.timeOrigin), place: hostname() };
  return { pid: PLACE.pid, start: PLACE.processStart, place: PLACE.host };
}

/** Whether the process lives; undefined where it is of another place, whose processes are not seen from here. */
export function isRunning({ pid, start, place }: ProcessMark): boolean | undefined {
  const own = ownMark();
  if (place !== own.place) return undefined;
  if (PLACE !== undefined) return processStartOf(pid) === start;
  // Here only whether any process has that number can be known.
  return pid === own.pid ? start === own.start : isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return Object(error).code === 'EPERM';
  }
}
