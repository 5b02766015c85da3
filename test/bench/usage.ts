/** CPU and memory of processes, from Linux's /proc; undefined on other systems. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second: fixed in the interface of /proc, whatever the kernel's own timer. */
const TICKS = 100;
const KIB = 1024;

interface Stat {
  readonly parent: number;
  /** Of its threads. */
  readonly own: number;
  /** Of its children that have ended and were waited for, with theirs. */
  readonly ended: number;
}

function readStat(pid: number | string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the name in brackets, which may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (field: number): number => Number(fields[field - 3]);
    return { parent: at(4), own: at(14) + at(15), ended: at(16) + at(17) };
  } catch {
    return undefined;
  }
}

/** The process and all its living descendants. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  for (const name of names) {
    const stat = readStat(name);
    if (stat !== undefined) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i] ?? -1) ?? []));
  return tree;
}

/** Seconds of CPU that a process and its descendants, ended ones too, have used so far. */
export function cpuOfTree(root: number): number | undefined {
  if (readStat(root) === undefined) return undefined;
  let ticks = 0;
  for (const pid of processTree(root)) {
    const stat = readStat(pid);
    if (stat !== undefined) ticks += stat.own + stat.ended;
  }
  return ticks / TICKS;
}

/** Seconds of CPU of this process's children that have ended, with theirs. */
export function cpuOfEndedChildren(): number | undefined {
  const stat = readStat('self');
  return stat === undefined ? undefined : stat.ended / TICKS;
}

/** Largest resident memory that the process ever had, bytes. */
export function peakMemory(pid: number): number | undefined {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return line === null ? undefined : Number(line[1]) * KIB;
  } catch {
    return undefined;
  }
}

/** The largest peak of any process of the tree: a launcher that only waits does not count beside what it launched. */
export function peakMemoryOfTree(root: number): number | undefined {
  const peaks = processTree(root)
    .map(peakMemory)
    .filter((peak) => peak !== undefined);
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}
