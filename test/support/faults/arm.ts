/**
 * Put in front of a process by a test: `node --import …/arm.ts program`. Breaks it at the fault points that its plan names:
 * the plan of the environment at the start, or one that the parent sends over IPC while it runs. Also in worker threads, which
 * inherit what stands in front of the program; hits are counted a thread.
 */
import { writeSync } from 'node:fs';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import { FAULT_POINTS, type FaultPoint, faultChannel } from '../../../gateway/faults/point.ts';
import { fillDisk } from './fill-disk.ts';
import { type Counts, type Fault, type FromProcess, PLAN_ENV, type Plan, type ToProcess } from './plan.ts';

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
  if (due === undefined || (due.action === 'end-thread' && isMainThread)) return;
  // Written at once: a process that is killed flushes nothing.
  writeSync(2, `${JSON.stringify({ event: 'fault', ...due })}\n`);
  // In a worker this is the end of the thread alone.
  if (due.action === 'end-thread') process.exit(1);
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
