/** Single verifications of different people, against a bare echo and against the composition one would build first. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIndexState } from '../../gateway/accesses/index-state.ts';
import type { Pool } from '../../gateway/storage/pool.ts';
import { startProgram } from './child.ts';
import type { BenchContext } from './context.ts';
import { printShares } from './cpu-profile.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import { findOpa, type RunningNaive, startNaive } from './naive/start.ts';
import { median, rounded, spread } from './stats.ts';
import { type TlsFiles, writeTls } from './tls.ts';
import type { ClientSetup } from './unary-setup.ts';
import { cpuOfTree } from './usage.ts';

const GATE = 0.15;
/** Of the short form, against regressions: it stands at 0.15 to 0.2, as the machine's speed swings between the two sides of a pair. */
const SHORT_FLOOR = 0.12;
const GOAL = 0.3;
const NAIVE_GOAL = 3;
const IN_FLIGHT = 64;
const MICROS = 1e6;
const LOOK_MS = 100;
const INDEXED_MS = 180_000;

/** One measured run. */
export interface Measured {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly requestBytes: number;
  readonly answerBytes: number;
  /** Microseconds of CPU a call: of the client, and of the named processes. */
  readonly cpu: Readonly<Record<string, number>>;
}

export type Meters = Readonly<Record<string, () => number | undefined>>;

export async function unaryVerify(context: BenchContext): Promise<readonly Figure[]> {
  const { options, scratch, cleanup, say } = context;
  const register = await context.register();
  const tls = await writeTls(scratch);
  const { persons } = register;
  const times = {
    inFlight: IN_FLIGHT,
    warmMs: options.sizes.warmSeconds * 1000,
    measureMs: options.sizes.measureSeconds * 1000,
  };
  const opa = findOpa();
  if (opa === undefined) say('unary-verify: no opa program, so the naive composition is not measured');
  const naive =
    opa === undefined
      ? undefined
      : await startNaive({
          opa,
          profile: register.profile,
          databaseUrl: register.databaseUrl,
          tls: tls.server,
          scratch,
          cleanup,
        });
  const profileTo = options.profile ? join(scratch, 'cpu-unary') : undefined;
  const gateway = await startGateway({ configPath: register.configPath, cleanup, profileTo });
  const measure = (setup: ClientSetup, meters: Meters) => runClient(context, setup, meters);

  const gatewayRuns: Measured[] = [];
  const echoRuns: Measured[] = [];
  const naiveRuns: Measured[] = [];
  for (let run = 0; run < options.runs; run++) {
    // Each run and each side begins at other people.
    const from = Math.floor((persons * run) / options.runs);
    const signed = { ...times, profile: register.profile, persons, from };
    await untilIndexed(register.pool);
    await register.settle();
    const ours = await measure({ kind: 'gateway', ...signed }, { gateway: gateway.cpu, postgres: register.cpu });
    gatewayRuns.push(ours);
    echoRuns.push(await echo(context, tls, times, ours));
    if (naive !== undefined) {
      await register.settle();
      naiveRuns.push(await naiveRun(measure, naive, tls.client, signed, register.cpu));
    }
    const rates = [ours, echoRuns[run], naiveRuns[run]].map((one) => (one === undefined ? '–' : one.rate.toFixed(0)));
    say(`unary-verify ${run + 1}/${options.runs}: ${rates[0]} calls/s, echo ${rates[1]}, naive ${rates[2]}`);
  }
  const shares = await gateway.stop();
  await naive?.stop();
  const gate = options.short ? SHORT_FLOOR : GATE;
  return figuresOf(gatewayRuns, echoRuns, naiveRuns, { gate, profile: printShares(shares) });
}

/** What files of earlier benchmarks left to the index of accesses costs the calls as much again as they cost the database. */
async function untilIndexed(pool: Pool): Promise<void> {
  for (let tries = 0; (await readIndexState(pool)).behind > 0; tries++) {
    if (tries * LOOK_MS > INDEXED_MS) throw new Error('the index of accesses does not come to its end');
    await sleep(LOOK_MS);
  }
}

/** An echo of the same message sizes, in a process of its own that lives for this run. */
async function echo(
  context: BenchContext,
  tls: { server: TlsFiles; client: TlsFiles },
  times: Pick<ClientSetup, 'inFlight' | 'warmMs' | 'measureMs'>,
  sizes: Measured,
): Promise<Measured> {
  const { ca, cert, key } = tls.server;
  const program = join(import.meta.dirname, 'echo-server.ts');
  const server = startProgram(program, [ca, cert, key, String(sizes.answerBytes)], { cleanup: context.cleanup });
  const { port } = await server.event('listening');
  const setup: ClientSetup = {
    kind: 'echo',
    ...times,
    address: `localhost:${String(port)}`,
    tls: tls.client,
    requestBytes: sizes.requestBytes,
  };
  const measured = await runClient(context, setup, { server: () => cpuOfTree(server.pid) });
  await server.stop();
  return measured;
}

function naiveRun(
  measure: (setup: ClientSetup, meters: Meters) => Promise<Measured>,
  naive: RunningNaive,
  tls: TlsFiles,
  signed: Omit<Extract<ClientSetup, { kind: 'gateway' }>, 'kind'>,
  postgres: () => number | undefined,
): Promise<Measured> {
  const setup: ClientSetup = { kind: 'naive', ...signed, address: naive.address, tls, serverKey: naive.serverKey };
  return measure(setup, { server: naive.cpu, opa: naive.cpuOfOpa, postgres });
}

/** @param whenWarm runs as the measurement begins */
export async function runClient(
  context: BenchContext,
  setup: ClientSetup,
  meters: Meters,
  whenWarm: () => void = () => undefined,
): Promise<Measured> {
  const path = join(context.scratch, `client-${setup.kind}.json`);
  writeFileSync(path, JSON.stringify(setup), { mode: 0o600 });
  const program = join(import.meta.dirname, 'unary-client.ts');
  const client = startProgram(program, [path], { cleanup: context.cleanup });
  await client.event('measuring');
  whenWarm();
  const read = (): Map<string, number> =>
    new Map(Object.entries(meters).map(([name, meter]) => [name, meter() ?? Number.NaN]));
  const before = read();
  const end = await client.event('measured');
  const after = read();
  await client.ended;
  const figure = (name: string): number => Number(end[name]);
  const calls = figure('calls');
  const cpu: Record<string, number> = { client: (figure('clientCpu') / calls) * MICROS };
  for (const [name, value] of after) cpu[name] = ((value - (before.get(name) ?? Number.NaN)) / calls) * MICROS;
  return {
    rate: figure('rate'),
    p50: figure('p50'),
    p99: figure('p99'),
    requestBytes: figure('requestBytes'),
    answerBytes: figure('answerBytes'),
    cpu,
  };
}

/** Medians of all members. */
function middleOf(runs: readonly Measured[]): Measured {
  const of = (pick: (run: Measured) => number): number => median(runs.map(pick));
  const names = Object.keys(runs[0]?.cpu ?? {});
  return {
    rate: of(({ rate }) => rate),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    requestBytes: of(({ requestBytes }) => requestBytes),
    answerBytes: of(({ answerBytes }) => answerBytes),
    cpu: Object.fromEntries(names.map((name) => [name, of(({ cpu }) => cpu[name] ?? Number.NaN)])),
  };
}

function describe(label: string, runs: readonly Measured[]): string {
  const { p50, p99, cpu } = middleOf(runs);
  const micros = Object.entries(cpu).map(([name, value]) => `${name} ${value.toFixed(0)} µs`);
  const apart = (100 * spread(runs.map(({ rate }) => rate))).toFixed(0);
  return `${label}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; CPU a call: ${micros.join(', ')}; runs ±${apart} %`;
}

function toExtra(runs: readonly Measured[]): Readonly<Record<string, unknown>> {
  const { p50, p99, cpu } = middleOf(runs);
  const micros = Object.fromEntries(Object.entries(cpu).map(([name, value]) => [name, rounded(value)]));
  return {
    p50Ms: rounded(p50),
    p99Ms: rounded(p99),
    cpuMicrosACall: micros,
    runs: runs.map(({ rate }) => rounded(rate, 4)),
  };
}

function figuresOf(
  gatewayRuns: readonly Measured[],
  echoRuns: readonly Measured[],
  naiveRuns: readonly Measured[],
  { gate, profile }: { readonly gate: number; readonly profile: string },
): readonly Figure[] {
  const ours = middleOf(gatewayRuns);
  const bare = middleOf(echoRuns);
  const naive = naiveRuns.length === 0 ? undefined : middleOf(naiveRuns);
  return [
    {
      name: 'unary-verify',
      // Of pairs that were measured one after the other: the machine is another one some minutes later.
      ratio: median(gatewayRuns.map(({ rate }, run) => rate / (echoRuns[run]?.rate ?? Number.NaN))),
      value: ours.rate,
      unit: 'calls/s',
      baseline: bare.rate,
      gate,
      goal: GOAL,
      extra: {
        inFlight: IN_FLIGHT,
        requestBytes: ours.requestBytes,
        answerBytes: ours.answerBytes,
        ...toExtra(gatewayRuns),
        echo: toExtra(echoRuns),
      },
      notes: [
        describe('gateway', gatewayRuns),
        describe('echo', echoRuns),
        `${IN_FLIGHT} in flight, ${ours.requestBytes} bytes asked, ${ours.answerBytes} answered`,
        ...(profile === '' ? [] : [`gateway by folder: ${profile}`]),
      ],
    },
    {
      name: 'unary-verify-naive',
      ratio:
        naive === undefined
          ? null
          : median(gatewayRuns.map(({ rate }, run) => rate / (naiveRuns[run]?.rate ?? Number.NaN))),
      value: ours.rate,
      unit: 'calls/s',
      baseline: naive?.rate ?? null,
      gate: null,
      goal: NAIVE_GOAL,
      ...(naive === undefined
        ? { notes: ['not measured: no opa program found'] }
        : { extra: toExtra(naiveRuns), notes: [describe('naive', naiveRuns)] }),
    },
  ];
}
