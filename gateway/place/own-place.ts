import { readFileSync, readlinkSync } from 'node:fs';

/** Where a process runs, so that another one there can tell it from all others. */
export interface Place {
  /** The machine since it was started, and the process namespace in it. */
  readonly host: string;
  readonly pid: number;
  /** Clock ticks since the machine was started: no two processes share number and start. */
  readonly processStart: string;
}

/** This process's place; undefined on systems that cannot say. */
export function ownPlace(): Place | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const processStart = processStartOf(process.pid);
    if (processStart === undefined) return undefined;
    return { host: `${boot} ${readlinkSync('/proc/self/ns/pid')}`, pid: process.pid, processStart };
  } catch {
    return undefined;
  }
}

/**
 * When a process of this place began; undefined where there is none of that number. Field 22 of the process's status; what stands
 * before it may hold blanks and brackets, but ends with the last one.
 */
export function processStartOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    // Dead, and not buried yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
