/** `lienthong telco verify` as a child process, as the user runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, startChild } from './child.ts';
import type { Cleanup } from './cleanup.ts';
import { putElsewhere } from './elsewhere.ts';
import { cpuOfEndedChildren, peakMemoryOfTree } from './usage.ts';

export interface TelcoRun {
  /** From starting the command to its end. */
  readonly seconds: number;
  /** Seconds of CPU of the command's processes. */
  readonly cpu: number | undefined;
  /** Bytes: largest resident memory of its largest process. */
  readonly peak: number | undefined;
}

const LOOK_MS = 50;

/** @throws where the command ends with another exit code than 0 */
export async function runTelcoVerify(options: {
  input: string;
  output: string;
  profile: string;
  cleanup: Cleanup;
  /** It has what the others leave of the cores, as if it had a machine of its own: a file comes from an agency's own. */
  elsewhere?: boolean;
}): Promise<TelcoRun> {
  const launcher = join(ROOT, 'gateway', 'cli', 'launcher.mjs');
  const { input, output, profile } = options;
  // A profile for one use, as of those that rest on consent, is asked under that one.
  const { purposes } = JSON.parse(readFileSync(join(profile, 'config.json'), 'utf8')) as { purposes: string[] };
  const purpose = purposes.length === 1 ? ['--purpose', purposes[0] ?? ''] : [];
  const args = [launcher, 'telco', 'verify', input, '--out', output, '--profile', profile, ...purpose];
  const cpuBefore = cpuOfEndedChildren();
  const start = performance.now();
  const child = startChild({ command: process.execPath, args, cleanup: options.cleanup });
  if (options.elsewhere === true) putElsewhere(child.pid);
  let ended = false;
  let seconds = 0;
  const exit = child.ended.then((code) => {
    seconds = (performance.now() - start) / 1000;
    ended = true;
    return code;
  });
  let peak: number | undefined;
  while (!ended) {
    // What a process had as its peak is only told while it lives.
    const now = peakMemoryOfTree(child.pid);
    if (now !== undefined) peak = Math.max(now, peak ?? 0);
    await Promise.race([exit, sleep(LOOK_MS)]);
  }
  const code = await exit;
  if (code !== 0) throw new Error(`telco verify ended with ${code}: ${child.complaint()}`);
  const cpuAfter = cpuOfEndedChildren();
  const cpu = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
  return { seconds, cpu, peak };
}
