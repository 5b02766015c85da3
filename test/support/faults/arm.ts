/**
 * Put in front of a process by a test: `node --import …/arm.ts program`. Breaks it at the fault points that its plan names:
 * the plan of the environment at the start, or one that the parent sends over IPC while it runs. Also in worker threads, which
 * inherit what stands in front of the program; hits are counted a thread.
 */
import { readlinkSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import { FAULT_POINTS, type FaultPoint, faultChannel } from '../../../gateway/faults/point.ts';
import {
  type Counts,
  type DiskFull,
  type Fault,
  type FromProcess,
  PLAN_ENV,
  type Plan,
  type ToProcess,
} from './plan.ts';

const text = process.env[PLAN_ENV];
if (text === undefined) throw new Error(`${PLAN_ENV} is not set: fault points are for tests`);
const plan = JSON.parse(text) as Plan;

const NAMES = Object.keys(FAULT_POINTS) as FaultPoint[];
const counts = new Map<FaultPoint, number>();
let faults: readonly Fault[] = plan.faults ?? [];

function come(name: FaultPoint): void {
  const hit = (counts.get(name) ?? 0) + 1;
  counts.set(name, hit);
  const due = faults.find((fault) => fault.point === name && fault.hit === hit);
  if (due === undefined) return;
  // Written at once: a process that is killed flushes nothing.
  writeSync(2, `${JSON.stringify({ event: 'fault', ...due })}\n`);
  if (due.action !== 'tell') process.kill(process.pid, due.action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}
for (const name of NAMES) faultChannel(name).subscribe(() => come(name));

function arm(next: readonly Fault[]): void {
  faults = next;
  counts.clear();
}

const threads = new BroadcastChannel('lienthong-test-faults');
threads.unref();
if (isMainThread) {
  const answer = (message: FromProcess): void => void process.send?.(message);
  process.on('message', (message: ToProcess) => {
    if ('arm' in message) {
      arm(message.arm);
      threads.postMessage(message.arm);
      answer({ armed: message.arm.length });
    } else answer({ counts: Object.fromEntries(counts) as Counts });
  });
  process.channel?.unref();
} else {
  threads.onmessage = ({ data }: { data: unknown }) => arm(data as readonly Fault[]);
}

if (plan.tellCounts === true && isMainThread) {
  const told = () => JSON.stringify({ event: 'counts', counts: Object.fromEntries(counts) });
  process.on('exit', () => void writeSync(2, `${told()}\n`));
}
if (plan.disk !== undefined) await fillDisk(plan.disk);

/** Lets file handles write as a disk that is filling up does: what fits is written, the rest is refused. */
async function fillDisk({ path, afterBytes }: DiskFull): Promise<void> {
  const any = await open(process.execPath);
  const prototype = Object.getPrototypeOf(any) as FileHandle;
  await any.close();
  let left = afterBytes;
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28 });
  const write = prototype.write as (...args: unknown[]) => Promise<unknown>;
  const writeFile = prototype.writeFile as (...args: unknown[]) => Promise<unknown>;
  const isOnIt = (handle: FileHandle): boolean => readlinkSync(`/proc/self/fd/${handle.fd}`).includes(path);

  prototype.write = async function (this: FileHandle, bytes: Uint8Array, at = 0, count = bytes.length - at, to = null) {
    if (!isOnIt(this)) return write.call(this, bytes, at, count, to);
    if (left <= 0) throw full();
    const fits = Math.min(count, left);
    left -= fits;
    return write.call(this, bytes, at, fits, to);
  } as typeof prototype.write;
  prototype.writeFile = async function (this: FileHandle, data: string, options: unknown) {
    if (!isOnIt(this)) return writeFile.call(this, data, options);
    left -= Buffer.byteLength(data);
    if (left < 0) throw full();
    return writeFile.call(this, data, options);
  } as typeof prototype.writeFile;
}
