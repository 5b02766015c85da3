/** The gateway as its own process, started as an operator starts it. */

import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY_FLAGS, MEMORY_ENV } from '../../gateway/cli/node-flags.mjs';
import { type Child, ROOT, startProgram } from './child.ts';
import type { Cleanup } from './cleanup.ts';
import { type Share, summariseProfiles } from './cpu-profile.ts';
import { cpuOfTree, peakMemoryOfTree } from './usage.ts';

export interface RunningGateway {
  readonly process: Child;
  /** Seconds of CPU used so far; undefined where the system does not say. */
  cpu(): number | undefined;
  /** Bytes. */
  peak(): number | undefined;
  /** Stops it in order; with profiling on, the shares of its CPU by folder. */
  stop(): Promise<readonly Share[]>;
}

export async function startGateway(options: {
  configPath: string;
  cleanup: Cleanup;
  /** Folder for CPU profiles; absent = no profiling. */
  profileTo?: string | undefined;
  /** Programs put in front of it. */
  imports?: readonly string[];
}): Promise<RunningGateway> {
  const { configPath, cleanup, profileTo, imports = [] } = options;
  if (profileTo !== undefined) mkdirSync(profileTo, { recursive: true });
  const profiling = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const before = imports.flatMap((path) => ['--import', path]);
  const nodeArgs = [...GATEWAY_FLAGS, ...before, ...profiling];
  const main = join(ROOT, 'gateway', 'main.ts');
  const child = startProgram(main, ['--config', configPath], { nodeArgs, cleanup, env: MEMORY_ENV });
  await child.event('listening');
  return {
    process: child,
    cpu: () => cpuOfTree(child.pid),
    peak: () => peakMemoryOfTree(child.pid),
    async stop() {
      await child.stop();
      await child.ended;
      if (profileTo === undefined) return [];
      const files = readdirSync(profileTo).filter((name) => name.endsWith('.cpuprofile'));
      return summariseProfiles(files.map((name) => join(profileTo, name)));
    },
  };
}
