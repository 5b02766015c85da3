/** How long one agency's single calls take while another attacks the gateway, each way by itself, against an idle one. */
import { join } from 'node:path';
import { startProgram } from './child.ts';
import type { BenchContext } from './context.ts';
import { putElsewhere } from './elsewhere.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import { ATTACKS, type Attack } from './hostile-attacks.ts';
import { median, rounded } from './stats.ts';
import { type Measured, runClient } from './unary-verify.ts';

/** Beside the worst of them a call may take twice what it takes alone. */
const GOAL = 0.5;
/** The second worst of some hundred calls, in a few seconds each: on a shared machine a figure swings by a third. */
const GATE = 0.4;
const IN_FLIGHT = 2;
const WARM_MS = 3000;
const MIB = 1024 * 1024;

interface Attacked {
  readonly attack: Attack;
  readonly measured: Measured;
  /** p99 alone, before and after it: the machine is another one some minutes later. */
  readonly alone: number;
  /** Largest memory of the gateway so far, bytes. */
  readonly peak: number | undefined;
}

export async function hostile(context: BenchContext): Promise<readonly Figure[]> {
  const { options, cleanup, say } = context;
  const register = await context.register();
  const { persons } = register;
  const gateway = await startGateway({ configPath: register.configPath, cleanup });
  const times = { inFlight: IN_FLIGHT, warmMs: WARM_MS, measureMs: options.sizes.measureSeconds * 1000 };
  const setup = { kind: 'gateway', ...times, profile: register.otherProfile, persons } as const;
  let from = 0;
  const calls = (whenWarm?: () => void) => {
    // Each measurement begins at other people.
    from = (from + Math.floor(persons / 30)) % persons;
    return runClient(context, { ...setup, from }, {}, whenWarm);
  };
  const attacked = async (attack: Attack): Promise<Measured> => {
    const program = join(import.meta.dirname, 'hostile-client.ts');
    const attacker = startProgram(program, [register.profile, attack, String(persons)], { cleanup });
    putElsewhere(attacker.pid);
    await attacker.event('ready');
    let began = false;
    void attacker.event('attacking').then(() => {
      began = true;
    });
    // From its first moment: what it does before anybody has noticed counts as well.
    const measured = await calls(() => process.kill(attacker.pid, 'SIGUSR2'));
    // Calls that were over before it began would have measured an idle gateway.
    if (!began) throw new Error(`the calls were through before "${attack}" began: measure for longer`);
    await attacker.stop();
    // What it left open is as old as what nobody counts any more: the register is kept for other benchmarks.
    await register.pool.query("UPDATE job SET active_at = active_at - interval '8 days'");
    await register.pool.query('VACUUM job');
    await register.settle();
    return measured;
  };

  await calls();
  const alone: Measured[] = [await calls()];
  const before = gateway.peak();
  const under: Attacked[] = [];
  for (const attack of ATTACKS) {
    const measured = await attacked(attack);
    const peak = gateway.peak();
    alone.push(await calls());
    const beside = median(alone.slice(-2).map(({ p99 }) => p99));
    under.push({ attack, measured, alone: beside, peak });
    say(`hostile, ${attack}: p99 ${measured.p99.toFixed(1)} ms, alone ${beside.toFixed(1)} ms`);
  }
  await gateway.stop();
  return [figureOf(alone, under, before)];
}

const timesAlone = ({ measured, alone }: Attacked) => measured.p99 / alone;

function figureOf(alone: readonly Measured[], under: readonly Attacked[], before: number | undefined): Figure {
  const worst = under.reduce((most, one) => (timesAlone(one) > timesAlone(most) ? one : most));
  const peak = under.at(-1)?.peak;
  const mib = (bytes: number | undefined) => (bytes === undefined ? '?' : (bytes / MIB).toFixed(0));
  const idle = median(alone.map(({ p99 }) => p99));
  return {
    name: 'hostile',
    ratio: worst.alone / worst.measured.p99,
    value: worst.measured.p99,
    unit: 'ms p99, less is better',
    baseline: worst.alone,
    gate: GATE,
    goal: GOAL,
    extra: {
      inFlight: IN_FLIGHT,
      baselineRuns: alone.map(({ p99 }) => rounded(p99, 4)),
      attacks: Object.fromEntries(under.map((one) => [one.attack, rounded(timesAlone(one), 4)])),
      peakMiB: peak === undefined ? null : Math.round(peak / MIB),
    },
    notes: [
      `alone: p50 ${median(alone.map(({ p50 }) => p50)).toFixed(1)} ms, p99 ${idle.toFixed(1)} ms; gateway's peak ${mib(before)} MiB`,
      ...under.map(
        (one) =>
          `${one.attack}: p50 ${one.measured.p50.toFixed(1)} ms, p99 ${one.measured.p99.toFixed(1)} ms (${timesAlone(one).toFixed(1)} ×), ${one.measured.rate.toFixed(0)} calls/s; peak so far ${mib(one.peak)} MiB`,
      ),
      'the attacker runs on the same cores at the lowest priority: as if it had a machine of its own',
    ],
  };
}
