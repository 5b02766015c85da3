/** What can happen to a run. Each is drawn from a seed: the same seed on the same world size draws the same fault. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPoint } from '../../../gateway/faults/point.ts';
import { killPostmaster, stopAtOnce } from '../faults/database.ts';
import type { Fault } from '../faults/plan.ts';
import type { NetworkFault } from '../faults/tcp-proxy.ts';
import { type Seeded, seeded } from '../seeded.ts';
import { diskScenarios } from './disk-scenarios.ts';
import { type Baseline, playRound, type RoundEnd } from './round.ts';
import { CLIENT_POINTS, CLIENT_STAGES, GATEWAY_POINTS, GATEWAY_STAGES } from './stages.ts';
import type { World } from './world.ts';

export interface Play {
  readonly world: World;
  readonly baseline: Baseline;
  readonly numbers: Seeded;
  readonly out: string;
}

export type Scenario = (play: Play) => Promise<RoundEnd & { readonly struck: boolean }>;

/** Which time of those that an undisturbed run comes there; not the last ones, which another grouping may not reach. */
function hitOf(baseline: Baseline, numbers: Seeded, point: FaultPoint): number {
  return numbers.whole(1, Math.max(1, Math.floor((baseline.counts[point] ?? 1) * 0.7)));
}

/** A refusal that says so discloses nothing; it is logged where the database is back before it is written. */
const AWAY = ['STORAGE_UNAVAILABLE'];

const fault = ({ baseline, numbers }: Play, points: readonly FaultPoint[], action: Fault['action']): Fault => {
  const point = numbers.pick(points);
  return { point, hit: hitOf(baseline, numbers, point), action };
};

const struckBy = (end: RoundEnd, action: Fault['action']) => ({
  ...end,
  struck: end.suffered.some((suffered) => suffered.action === action),
});

/** A death of the gateway in one stage; now and then a second one anywhere. */
const killGateway =
  (points: readonly FaultPoint[]): Scenario =>
  async (play) => {
    const gateway = [fault(play, points, 'kill')];
    if (play.numbers.part() < 0.3) gateway.push(fault(play, GATEWAY_POINTS, 'kill'));
    return struckBy(await playRound(play.world, play.baseline, play.out, { gateway }), 'kill');
  };

/** A death of the client in one stage; now and then one of the gateway as well, or of the client that goes on. */
const killClient =
  (points: readonly FaultPoint[]): Scenario =>
  async (play) => {
    const clients = [{ faults: [fault(play, points, 'kill')] }];
    if (play.numbers.part() < 0.3) clients.push({ faults: [fault(play, CLIENT_POINTS, 'kill')] });
    const gateway = play.numbers.part() < 0.2 ? [fault(play, GATEWAY_POINTS, 'kill')] : [];
    return struckBy(await playRound(play.world, play.baseline, play.out, { clients, gateway }), 'kill');
  };

/** Frozen for a while: shorter than the client waits, or longer. */
const frozenMs = (numbers: Seeded) => (numbers.part() < 0.25 ? 7000 : numbers.whole(100, 2000));

const pause =
  (side: 'gateway' | 'client'): Scenario =>
  async (play) => {
    const faults = [fault(play, side === 'gateway' ? GATEWAY_POINTS : CLIENT_POINTS, 'stop')];
    const ms = frozenMs(play.numbers);
    const end = await playRound(play.world, play.baseline, play.out, {
      ...(side === 'gateway' ? { gateway: faults } : { clients: [{ faults }] }),
      // What waited for the database may have waited too long when the process wakes.
      refusals: side === 'gateway' ? AWAY : [],
      onSuffered: (_fault, child) => void sleep(ms).then(() => child.kill('SIGCONT')),
    });
    return struckBy(end, 'stop');
  };

/** The gateway comes to a place, and a moment later something happens to what it stands on. */
const whenTold =
  (happen: (play: Play) => Promise<void>, refusals: readonly string[]): Scenario =>
  async (play) => {
    const gateway = [fault(play, GATEWAY_POINTS, 'tell')];
    let happening: Promise<void> = Promise.resolve();
    const end = await playRound(play.world, play.baseline, play.out, {
      gateway,
      refusals,
      mend: async (ended) => {
        await happening;
        if (ended.code !== 5) throw new Error(`exit code ${ended.code}: ${ended.stderr}`);
      },
      onSuffered: () => {
        happening = happen(play);
      },
    });
    await happening;
    return struckBy(end, 'tell');
  };

const stopDatabase = (stop: typeof stopAtOnce) =>
  whenTold(async ({ world, numbers }) => {
    await stop(world.cluster);
    await sleep(numbers.whole(0, 1500));
    await world.cluster.restart();
  }, AWAY);

const apart = (which: 'toGateway' | 'toDatabase', refusals: readonly string[]) =>
  whenTold(async ({ world, numbers }) => {
    world[which].partition(true);
    await sleep(numbers.whole(50, 1500));
    world[which].partition(false);
  }, refusals);

/** A fault of one of the two links, at a byte that an undisturbed run comes to. */
const link =
  (which: 'toGateway' | 'toDatabase', kind: NetworkFault['kind'], refusals: readonly string[]): Scenario =>
  async (play) => {
    const { world, baseline, numbers } = play;
    const direction = numbers.pick(['up', 'down'] as const);
    const afterBytes = numbers.whole(1, Math.floor(baseline[which][direction] * 0.7));
    const ms = which === 'toGateway' ? frozenMs(numbers) : numbers.whole(100, 3000);
    world[which].set({ kind, direction, afterBytes, ms, bytesPerSecond: which === 'toGateway' ? 150_000 : 400_000 });
    const end = await playRound(world, baseline, play.out, { refusals, mend: () => undefined });
    const { struck } = world[which];
    world[which].set(undefined);
    return { ...end, struck };
  };

/** Killed with nothing known of where it is. */
const anyInstant: Scenario = async (play) => {
  const { world, numbers } = play;
  const [ms, side] = [numbers.whole(200, 2200), numbers.pick(['gateway', 'client'] as const)];
  let struck = false;
  const { child } = world.gateway.process;
  const end = await playRound(world, play.baseline, play.out, {
    onClient(client) {
      setTimeout(() => {
        if (!struck) struck = (side === 'gateway' ? child : client).kill('SIGKILL');
      }, ms).unref();
    },
  });
  return { ...end, struck };
};

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(
    Object.entries(GATEWAY_STAGES).map(([stage, points]) => [`kill-${stage}`, killGateway(points)]),
  ),
  ...Object.fromEntries(
    Object.entries(CLIENT_STAGES).map(([stage, points]) => [`kill-client-${stage}`, killClient(points)]),
  ),
  'kill-any-instant': anyInstant,
  'pause-gateway': pause('gateway'),
  'pause-client': pause('client'),
  'postgres-stop': stopDatabase(stopAtOnce),
  'postgres-kill': stopDatabase(killPostmaster),
  'network-cut': link('toGateway', 'cut', []),
  'network-stall': link('toGateway', 'stall', []),
  'network-slow': link('toGateway', 'slow', []),
  'network-half-close': link('toGateway', 'half-close', []),
  'network-apart': apart('toGateway', []),
  'database-link-cut': link('toDatabase', 'cut', AWAY),
  'database-link-stall': link('toDatabase', 'stall', AWAY),
  'database-link-slow': link('toDatabase', 'slow', AWAY),
  'database-link-half-close': link('toDatabase', 'half-close', AWAY),
  'database-link-apart': apart('toDatabase', AWAY),
  ...diskScenarios,
};

/** One round of a scenario; where a fault did not strike (less was grouped than foreseen) another is drawn. */
export async function playScenario(world: World, baseline: Baseline, name: string, seed: number) {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const numbers = seeded(seed);
  for (let attempt = 0; ; attempt++) {
    const out = `${world.folder}/${name}-${seed}-${attempt}.csv`;
    const end = await scenario({ world, baseline, numbers, out });
    const broken = end.problem !== undefined || end.differences.length > 0;
    if (end.struck || broken || attempt >= 3) return { ...end, attempts: attempt + 1 };
  }
}
