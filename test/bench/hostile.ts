/** How long one agency's single calls take while another attacks the gateway, each way by itself, against an idle one. */
import { join } from 'node:path';
import { startProgram } from './child.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import { ATTACKS, type Attack } from './hostile-attacks.ts';
import { median, rounded } from './stats.ts';
import { type Measured, runClient } from './unary-verify.ts';

/** Beside the worst of them a call may take twice what it takes alone. */
const GOAL = 0.5;
const IN_FLIGHT = 2;
const WARM_MS = 1500;
const MIB = 1024 * 1024;

interface Attacked {
  readonly attack: Attack;
  readonly measured: Measured;
  /** Largest memory of the gateway so far, bytes. */
  readonly peak: number | undefined;
}

export async function hostile(context: BenchContext): Promise<readonly Figure[]> {
  const { options, cleanup, say } = context;
  const register = await context.register();
  const { persons } = register;
  const gateway = await startGateway({ configPath: register.configPath, cleanup });
  const times = { inFlight: IN_FLIGHT, warmMs: WARM_MS, measureMs: (options.sizes.measureSeconds * 1000) / 2 };
  const setup = { kind: 'gateway', ...times, profile: register.otherProfile, persons } as const;
  let from = 0;
  const calls = () => {
    // Each measurement begins at other people.
    from = (from + Math.floor(persons / 30)) % persons;
    return runClient(context, { ...setup, from }, {});
  };
  const alone: Measured[] = [await calls()];
  say(`hostile, alone: p99 ${alone[0]?.p99.toFixed(1)} ms`);
  const before = gateway.peak();
  const under: Attacked[] = [];
  for (const attack of ATTACKS) {
    const program = join(import.meta.dirname, 'hostile-client.ts');
    const attacker = startProgram(program, [register.profile, attack], { cleanup });
    await attacker.event('attacking');
    const measured = await calls();
    await attacker.stop();
    under.push({ attack, measured, peak: gateway.peak() });
    say(`hostile, ${attack}: p99 ${measured.p99.toFixed(1)} ms`);
    // What it left open is as old as what nobody counts any more: the register is kept for other benchmarks.
    await register.pool.query("UPDATE job SET active_at = active_at - interval '8 days'");
    await register.settle();
  }
  alone.push(await calls());
  const peak = gateway.peak();
  await gateway.stop();
  return [figureOf(alone, under, before, peak)];
}

function figureOf(
  alone: readonly Measured[],
  under: readonly Attacked[],
  before: number | undefined,
  peak: number | undefined,
): Figure {
  const idle = median(alone.map(({ p99 }) => p99));
  const worst = Math.max(...under.map(({ measured }) => measured.p99));
  const mib = (bytes: number | undefined) => (bytes === undefined ? '?' : (bytes / MIB).toFixed(0));
  return {
    name: 'hostile',
    ratio: idle / worst,
    value: worst,
    unit: 'ms p99, less is better',
    baseline: idle,
    gate: null,
    goal: GOAL,
    extra: {
      inFlight: IN_FLIGHT,
      baselineRuns: alone.map(({ p99 }) => rounded(p99, 4)),
      attacks: Object.fromEntries(under.map(({ attack, measured }) => [attack, rounded(measured.p99, 4)])),
      peakMiB: peak === undefined ? null : Math.round(peak / MIB),
    },
    notes: [
      `alone: p50 ${median(alone.map(({ p50 }) => p50)).toFixed(1)} ms, p99 ${idle.toFixed(1)} ms; gateway's peak ${mib(before)} MiB`,
      ...under.map(
        ({ attack, measured: { p50, p99, rate }, peak: so }) =>
          `${attack}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${(p99 / idle).toFixed(1)} ×), ${rate.toFixed(0)} calls/s; peak so far ${mib(so)} MiB`,
      ),
      'the attacker runs on the same cores at the lowest priority: as if it had a machine of its own',
    ],
  };
}
