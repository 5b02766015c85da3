/** How long one agency's single calls take while another's file runs through the same gateway, against an idle one. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import type { Register } from './register.ts';
import { median, rounded, spread } from './stats.ts';
import { runTelcoVerify } from './telco-run.ts';
import { type Measured, runClient } from './unary-verify.ts';

/** Beside a job a call may take twice what it takes alone. */
const GOAL = 0.5;
/** Single calls of an agency's counters, not a load of their own. */
const IN_FLIGHT = 2;
const WARM_MS = 2000;

export async function besideBulk(context: BenchContext): Promise<readonly Figure[]> {
  const { options, files, scratch, cleanup, say } = context;
  const register = await context.register();
  const { path } = await files.subscribers(options.sizes.rows, options.sizes.persons);
  const gateway = await startGateway({ configPath: register.configPath, cleanup });
  const alone: Measured[] = [];
  const beside: Measured[] = [];
  for (let run = 0; run < options.runs; run++) {
    await register.settle();
    alone.push(await calls(context, register, run));
    const output = join(scratch, 'beside.csv');
    for (const name of ['', '.receipt', '.asked', '.part', '.job.json']) rmSync(`${output}${name}`, { force: true });
    let running = true;
    const job = runTelcoVerify({
      ...{ input: path, output, profile: register.profile, cleanup },
      elsewhere: true,
    }).finally(() => {
      running = false;
    });
    beside.push(await calls(context, register, run));
    // Calls that went on after the file was through would have measured an idle gateway.
    if (!running) throw new Error('the file was through before the calls were: give it more rows');
    await job;
    say(
      `beside-bulk ${run + 1}/${options.runs}: p99 ${alone[run]?.p99.toFixed(1)} ms alone, ${beside[run]?.p99.toFixed(1)} ms beside a job`,
    );
  }
  await gateway.stop();
  return [figureOf(alone, beside)];
}

function calls(context: BenchContext, register: Register, run: number): Promise<Measured> {
  const { persons } = register;
  const from = Math.floor((persons * run) / context.options.runs);
  const measureMs = (context.options.sizes.measureSeconds * 1000) / 2;
  const times = { inFlight: IN_FLIGHT, warmMs: WARM_MS, measureMs };
  return runClient(context, { kind: 'gateway', ...times, profile: register.otherProfile, persons, from }, {});
}

function figureOf(alone: readonly Measured[], beside: readonly Measured[]): Figure {
  const middle = (runs: readonly Measured[], pick: (run: Measured) => number) => median(runs.map(pick));
  const [idle, busy] = [middle(alone, ({ p99 }) => p99), middle(beside, ({ p99 }) => p99)];
  const tell = (label: string, runs: readonly Measured[]) =>
    `${label}: p50 ${middle(runs, ({ p50 }) => p50).toFixed(1)} ms, p99 ${middle(runs, ({ p99 }) => p99).toFixed(1)} ms, ${middle(runs, ({ rate }) => rate).toFixed(0)} calls/s; runs ±${(100 * spread(runs.map(({ p99 }) => p99))).toFixed(0)} %`;
  return {
    name: 'beside-bulk',
    ratio: idle / busy,
    value: busy,
    unit: 'ms p99, less is better',
    baseline: idle,
    gate: null,
    goal: GOAL,
    extra: {
      inFlight: IN_FLIGHT,
      runs: beside.map(({ p99 }) => rounded(p99, 4)),
      baselineRuns: alone.map(({ p99 }) => rounded(p99, 4)),
    },
    notes: [
      tell('alone', alone),
      tell('beside a job', beside),
      `${IN_FLIGHT} calls in flight; the callers and the database share the machine's cores with the gateway`,
      'the connector runs on the same cores at the lowest priority: as if it had a machine of its own',
    ],
  };
}
