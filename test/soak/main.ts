/**
 * The long form of what `npm test` does in short: a telco's file verified again and again while gateway and client die in every
 * stage, freeze, lose database, network and disk; after each run the checker holds it against an undisturbed one. And consents that
 * are taken back while answers that stand on them are on their way.
 *
 * `npm run soak -- --help` says how it is told what to play.
 */
import { writeFileSync } from 'node:fs';
import { mountSmallDisk } from '../support/faults/full-disk.ts';
import { type Baseline, takeBaseline } from '../support/runs/round.ts';
import { playScenario } from '../support/runs/scenarios.ts';
import { openWorld, type World } from '../support/runs/world.ts';
import { playCalls } from './calls.ts';
import { NAMES } from './names.ts';
import { chooseScenarios, readOptions, type SoakOptions, USAGE } from './options.ts';
import { createTally, type RoundRecord } from './tally.ts';
import { createWithdrawals } from './withdrawals.ts';

function optionsOrEnd(): SoakOptions {
  const read = readOptions(process.argv.slice(2));
  if (typeof read !== 'string' && !read.list && chooseScenarios(NAMES, read.only).length > 0) return read;
  const asked = read === USAGE || (typeof read !== 'string' && read.list);
  process.stdout.write(`${typeof read === 'string' ? read : NAMES.join('\n')}\n`);
  process.exit(asked ? 0 : 2);
}
const options = optionsOrEnd();
const names = chooseScenarios(NAMES, options.only);
process.stdout.write(`soak: ${names.length} scenarios, ${options.rounds} rounds each, seed ${options.seed}\n`);

let place: { world: World; baseline: Baseline } | undefined;
const withdrawals = createWithdrawals(options.rounds);
const headsDisk = names.includes('disk-heads') ? mountSmallDisk(256) : undefined;

/** One world for all rounds; a new one after a round that failed, because its log may be spoilt for good. */
async function worldOf(): Promise<{ world: World; baseline: Baseline }> {
  if (place !== undefined) return place;
  const world = await openWorld({ rows: options.rows, crowd: Math.ceil(options.rows / 2), headsDisk });
  place = { world, baseline: await takeBaseline(world) };
  return place;
}

async function play(scenario: string, seed: number): Promise<RoundRecord> {
  const from = performance.now();
  const facts = { scenario, seed, found: [] as string[], deaths: 0, suffered: [] as string[], attempts: 1, starts: 0 };
  try {
    if (scenario === 'calls') {
      const problem = await playCalls(seed, options.rounds);
      const found = problem === undefined ? [] : [problem];
      return { ...facts, found, deaths: options.rounds, struck: true, ms: performance.now() - from };
    }
    if (scenario === 'withdrawals') {
      return { ...facts, ...(await withdrawals.play(seed)), ms: performance.now() - from };
    }
    const { world, baseline } = await worldOf();
    const { suffered, ends, differences, problem, attempts, struck } = await playScenario(
      world,
      baseline,
      scenario,
      seed,
    );
    const found = differences.map(({ kind, where }) => `${kind}: ${where}`);
    if (problem !== undefined) found.push(problem);
    const killed = suffered.filter(({ action }) => action === 'kill').length;
    const byHand = scenario === 'kill-any-instant' && struck ? 1 : 0;
    return {
      ...{ scenario, seed, found, attempts, struck, deaths: killed + byHand },
      suffered: suffered.map(({ point, hit, action }) => `${action} at ${point} ${hit}`),
      starts: ends.length,
      ms: performance.now() - from,
    };
  } catch (error) {
    const text = error instanceof Error ? `${error.message}` : String(error);
    return { ...facts, found: [text], struck: false, ms: performance.now() - from };
  }
}

/** What gateways complained of last. */
function errorsOf(lines: readonly string[]): string[] {
  return lines.filter((line) => /"level":[56]0/.test(line)).slice(-6);
}

const tally = createTally(options, process.stdout);
try {
  for (let round = 0; round < options.rounds; round++) {
    for (const name of names) {
      if (name === 'calls' && round > 0) continue;
      if (name === 'disk-heads' && (headsDisk === undefined || round > 0)) continue;
      const record = await play(name, options.seed + round);
      tally.add(record);
      if (record.found.length === 0) continue;
      const lines = name === 'withdrawals' ? withdrawals.logged() : (place?.world.gateway.logged() ?? []);
      for (const line of errorsOf(lines)) process.stdout.write(`       gateway: ${line}\n`);
      if (name === 'withdrawals') {
        await withdrawals.close().catch(() => undefined);
        continue;
      }
      await place?.world.close().catch(() => undefined);
      place = undefined;
    }
  }
} finally {
  await place?.world.close();
  await withdrawals.close();
  headsDisk?.unmount();
}
if (names.includes('withdrawals')) process.stdout.write(`withdrawals: ${withdrawals.summary()}\n`);
if (names.includes('disk-heads') && headsDisk === undefined)
  process.stdout.write('disk-heads was left out: no small disk can be mounted here\n');
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(tally.report(), null, 2)}\n`);
// At once: a Node that ends by itself first waits for its HTTP/2 handles, after hours of cut connections for ever and with a core of its own.
process.exit(tally.summary() ? 0 : 1);
