/** How soon a withdrawal is acknowledged while a file whose basis is consent runs at full rate: two gateways, one of them busy. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadProfile, purposeOf } from '../../connectors/kit/profile.ts';
import { MatterState } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createRawCaller, type RawCaller } from '../support/gateway-calls.ts';
import { createCitizens } from '../support/gateway-persons.ts';
import { BY_CONSENT, profileFor, RECIPIENT } from './consent-uses.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { type Giver, giveConsents } from './give-consents.ts';
import { openConsents } from './kept-consents.ts';
import type { Register } from './register.ts';
import { percentile, rounded } from './stats.ts';
import { runTelcoVerify } from './telco-run.ts';

/** What is promised at the 99th percentile, milliseconds. */
const PROMISED = 3_000;
/** Persons who withdraw at the same time. */
const LANES = 2;
const MOST_PAUSE_MS = 250;
const CHANNEL = 'citizen-page';

export async function withdrawal(context: BenchContext): Promise<readonly Figure[]> {
  const { options, files, cleanup, scratch, say } = context;
  const { register, people } = await openConsents(context);
  const givers = people.without.slice(0, options.sizes.withdrawals);
  await giveConsents(register, BY_CONSENT, givers);
  const busy = await startGateway({ configPath: register.configPath, cleanup });
  const other = await startAnother(context, register);
  const { port } = await other.process.event('listening');
  const caller = await channelTo(register, Number(port));
  cleanup.add(() => caller.close());

  const { path: input } = await files.subscribers(options.sizes.rows, options.sizes.persons);
  const profile = profileFor(context, register, { purpose: BY_CONSENT.purpose });
  const output = join(scratch, 'withdrawal.csv');
  let over = false;
  let jobs = 0;
  const running = (async () => {
    for (; !over; jobs++) {
      for (const name of ['', '.receipt', '.asked', '.part', '.job.json']) rmSync(`${output}${name}`, { force: true });
      await runTelcoVerify({ input, output, profile, cleanup });
    }
  })();
  const times = await Promise.race([
    grows(register).then(() => withdrawAll(register, caller, givers)),
    // A file that cannot be answered ends the measurement.
    running.then(() => new Float64Array(0)),
  ]).finally(() => {
    over = true;
  });
  await running;
  caller.close();
  for (const gateway of [busy, other]) await gateway.stop();
  const figure = figureOf(times, jobs, options.short);
  say(figure.notes?.join(' ') ?? '');
  return [figure];
}

/** A further gateway on the same database and keys. On another machine an operator would accept the log for it; here it begins with what the first one kept. */
async function startAnother({ cleanup }: BenchContext, { configPath }: Register): Promise<RunningGateway> {
  const folder = dirname(configPath);
  const config = JSON.parse(readFileSync(configPath, 'utf8')) as Record<'log' | 'listen', object>;
  copyFileSync(join(folder, 'heads'), join(folder, 'heads-bench'));
  const path = join(folder, 'config-bench-other.json');
  const changes = { listen: { ...config.listen, port: 0 }, log: { ...config.log, heads: 'file:heads-bench' } };
  writeFileSync(path, JSON.stringify({ ...config, ...changes }), { mode: 0o600 });
  return startGateway({ configPath: path, cleanup });
}

async function channelTo({ deployment }: Register, port: number): Promise<RawCaller> {
  const profile = await loadProfile(deployment.profiles[CHANNEL] ?? '');
  const { agency, signingKey, context } = profile;
  const [ca, certificate, key] = [profile.ca, profile.certificate, profile.key].map(String) as [string, string, string];
  const identity = {
    ...{ agency, deployment: deployment.id, signingKey, ca, certificate, key, purpose: purposeOf(profile) },
    context: { service_code: context.serviceCode, unit_code: context.unitCode, officer_code: context.officerCode },
  };
  return createRawCaller(identity, { port, gatewayKey: deployment.secrets.signing });
}

/** Resolves when the file's chunks are being answered. */
async function grows({ pool }: Register): Promise<void> {
  const size = async () =>
    (await pool.query<{ size: number }>('SELECT size::float8 AS size FROM log_head')).rows[0]?.size;
  const before = (await size()) ?? 0;
  while (((await size()) ?? 0) < before + 20) await sleep(50);
}

/** Milliseconds until each was told that nothing is on its way any more, ascending. */
async function withdrawAll(
  { deployment }: Register,
  caller: RawCaller,
  givers: readonly Giver[],
): Promise<Float64Array> {
  const citizens = createCitizens({ deployment, raw: () => caller }, caller);
  const times: number[] = [];
  const waiting = [...givers];
  async function lane(): Promise<void> {
    for (let giver = waiting.pop(); giver !== undefined; giver = waiting.pop()) {
      const person = await citizens.person(giver.personalId);
      const act = { recipient: RECIPIENT, purpose: BY_CONSENT.purpose };
      const from = performance.now();
      const { receipt } = await citizens.call('withdrawConsent', act, person);
      times.push(performance.now() - from);
      if (receipt?.state !== MatterState.ACKNOWLEDGED)
        throw new Error('a withdrawal was recorded and not acknowledged');
      // At any moment of a chunk's way and of the gateways' looks.
      await sleep((randomBytes(1).readUInt8() / 255) * MOST_PAUSE_MS);
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane));
  return Float64Array.from(times).sort();
}

function figureOf(times: Float64Array, jobs: number, short: boolean): Figure {
  const [p50, p99, worst] = [percentile(times, 0.5), percentile(times, 0.99), times.at(-1) ?? Number.NaN];
  const measured = times.length > 0;
  return {
    name: 'withdrawal',
    ratio: measured ? rounded(PROMISED / p99) : null,
    value: measured ? rounded(p99, 4) : null,
    unit: 'ms p99, less is better',
    baseline: PROMISED,
    // Sixty of them are no percentile: the short form prints it.
    gate: short ? null : 1,
    goal: 1,
    extra: { withdrawals: times.length, p50Ms: rounded(p50), worstMs: rounded(worst) },
    notes: [
      `${times.length} withdrawals through one gateway while ${jobs} files ran through another: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, the slowest ${worst.toFixed(0)} ms`,
    ],
  };
}
