/** One file through connector, gateway and database, with what each of them spent on it. */
import { rmSync } from 'node:fs';
import type { BenchContext } from './context.ts';
import type { RunningGateway } from './gateway.ts';
import type { Register } from './register.ts';
import { runTelcoVerify } from './telco-run.ts';

/** Seconds of CPU by stage, and of the clock. */
export interface Stages {
  readonly seconds: number;
  readonly client: number;
  readonly gateway: number;
  readonly postgres: number;
}

export interface Sides {
  readonly context: BenchContext;
  readonly register: Register;
  readonly gateway: RunningGateway;
  readonly output: string;
}

export async function runOurs({ context, register, gateway, output }: Sides, input: string): Promise<Stages> {
  // Nothing of an earlier run, or the connector would go on where that one ended.
  for (const name of ['', '.receipt', '.asked', '.part', '.job.json']) rmSync(`${output}${name}`, { force: true });
  const before = { gateway: gateway.cpu() ?? Number.NaN, postgres: register.cpu() ?? Number.NaN };
  const { seconds, cpu } = await runTelcoVerify({
    input,
    output,
    profile: register.profile,
    cleanup: context.cleanup,
  });
  return {
    seconds,
    client: cpu ?? Number.NaN,
    gateway: (gateway.cpu() ?? Number.NaN) - before.gateway,
    postgres: (register.cpu() ?? Number.NaN) - before.postgres,
  };
}
