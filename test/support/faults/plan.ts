/** What a process that a test starts is to suffer, and what it says of it on standard error, a JSON line each. */
import type { FaultPoint } from '../../../gateway/faults/point.ts';

export interface Fault {
  readonly point: FaultPoint;
  /** Which time that the process comes there, from 1. */
  readonly hit: number;
  /**
   * `stop` freezes the process (SIGSTOP) until somebody sends SIGCONT; `end-thread` ends the thread that came there, unless it is the
   * process's own; `tell` only says that it came there.
   */
  readonly action: 'kill' | 'stop' | 'end-thread' | 'tell';
}

/** A disk that takes so many more bytes of files whose path holds `path`, and then says ENOSPC. */
export interface DiskFull {
  readonly path: string;
  readonly afterBytes: number;
}

export interface Plan {
  readonly faults?: readonly Fault[];
  readonly disk?: DiskFull;
  /** Says at its end how often it came to each place. */
  readonly tellCounts?: boolean;
}

/** The environment's name for a plan; without it `arm.ts` refuses to run. */
export const PLAN_ENV = 'LIENTHONG_TEST_FAULTS';

/** What a process says when it suffers, just before. */
export interface Suffered extends Fault {
  readonly event: 'fault';
}

/** How often a process came to each place. */
export type Counts = Readonly<Partial<Record<FaultPoint, number>>>;

export type ToProcess = { readonly arm: readonly Fault[] } | { readonly tell: 'counts' };
export type FromProcess = { readonly armed: number } | { readonly counts: Counts };

/** The line, where it says how often a process came to each place. */
export function readCounts(line: string): Counts | undefined {
  return line.startsWith('{"event":"counts"') ? (JSON.parse(line) as { counts: Counts }).counts : undefined;
}

/** The line, where it says what a process suffers. */
export function readSuffered(line: string): Suffered | undefined {
  if (!line.startsWith('{"event":"fault"')) return undefined;
  return JSON.parse(line) as Suffered;
}
