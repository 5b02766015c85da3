import { unseenIn } from '../support/consent/judge-log.ts';
import { MANY, problemsOf, runStorm, type StormFindings } from '../support/consent/storm.ts';
import type { LeftBefore } from '../support/consent/storm-wire.ts';
import { openStormWorld, type StormWorld } from '../support/consent/storm-world.ts';
import { createOwnCluster } from '../support/database.ts';
import { startTestGateway } from '../support/gateway.ts';
import type { RoundRecord } from './tally.ts';

const count = (number: number) => number.toLocaleString('en');

/** Storms of the consent race, one a round, on gateways with two threads that serve calls; each has people of its own. */
export function createWithdrawals(rounds: number) {
  let world: StormWorld | undefined;
  let played = 0;
  const sums = {
    taken: 0,
    withdrawn: 0,
    answers: 0,
    again: 0,
    came: 0,
    stalls: 0,
    cuts: 0,
    left: 0,
    bytes: 0,
    found: 0,
  };

  async function worldOf(): Promise<StormWorld> {
    if (world !== undefined) return world;
    const gateway = await startTestGateway({
      database: await createOwnCluster(),
      ...{ people: [], crowd: rounds * MANY, armed: true },
      config: { limits: { ioThreads: 2, matchingThreads: 1 } },
    });
    world = await openStormWorld(gateway);
    return world;
  }

  /** What the log says of a storm that said this. */
  async function readLog({ taken }: StormFindings): Promise<{ readonly told: number; readonly found: string[] }> {
    const { events, found } = await (await worldOf()).lookAtLog();
    const took = events.filter(({ kind }) => kind === 'withdrawn' || kind === 'rested').length;
    const wanted = taken.withdrawConsent + taken.restrict + taken.object;
    return {
      told: events.filter(({ kind }) => kind === 'told' || kind === 'told again').length,
      found: [
        ...found.wrong.map(({ idx, fault }) => `log: ${fault} at ${idx}`),
        ...(found.pending > 0 ? [`log: ${found.pending} never acknowledged`] : []),
        ...(took === wanted ? [] : [`log: ${took} taken back, and not ${wanted}`]),
        ...unseenIn(events).map((person) => `log: no late answer about number ${person} would be found`),
      ],
    };
  }

  function add(storm: StormFindings, found: readonly string[]): void {
    const { withdrawConsent, restrict, object } = storm.taken;
    sums.taken += withdrawConsent + restrict + object;
    sums.withdrawn += withdrawConsent;
    for (const name of ['answers', 'again', 'came', 'stalls', 'cuts'] as const) sums[name] += storm[name];
    sums.left += storm.left.length;
    sums.bytes += storm.left.reduce((sum, { bytes }) => sum + bytes, 0);
    sums.found += found.length;
  }

  return {
    async play(seed: number): Promise<Omit<RoundRecord, 'scenario' | 'seed' | 'ms'>> {
      const place = await worldOf();
      const people = Array.from({ length: MANY }, (_, i) => played * MANY + i);
      played += 1;
      const storm = await runStorm(place, { seed, people, freeze: 'for good' });
      await place.revive();
      const log = await readLog(storm);
      const found = [...problemsOf(storm), ...log.found];
      add(storm, found);
      const suffered = [...wordsOf(storm), `${log.told} entries that tell of somebody`];
      const deaths = storm.frozen === 'for good' ? 1 : 0;
      return { found, suffered, listed: storm.left.map(leftOf), deaths, attempts: 1, struck: true, starts: 2 };
    },
    /** All rounds so far, in words. */
    summary(): string {
      const { taken, withdrawn, answers, again, came, stalls, cuts, left, bytes, found } = sums;
      return [
        `${count(taken)} interleavings, ${count(withdrawn)} of them withdrawals`,
        `${count(answers)} answers, ${count(again)} of them again`,
        `${count(came)} messages held`,
        `${count(stalls)} readers who stopped, ${count(cuts)} cut off`,
        `${count(left)} messages left before with up to ${count(bytes)} bytes unread`,
        `${count(found)} findings`,
      ].join('; ');
    },
    /** The gateways' last complaints. */
    logged: () => world?.gateway.logged() ?? [],
    async close(): Promise<void> {
      const closing = world;
      world = undefined;
      played = 0;
      await closing?.close();
    },
  };
}

function wordsOf({ taken, answers, again, left, stalls, cuts, froze }: StormFindings): string[] {
  const { withdrawConsent, restrict, object, lifted } = taken;
  return [
    `${withdrawConsent} withdrawn, ${restrict} restricted, ${object} objected, ${lifted} lifted`,
    `${answers} answers, ${again} again`,
    `${stalls} stalls, ${cuts} cut, ${left.length} left before`,
    froze,
  ];
}

function leftOf({ connection, end, people, bytes }: LeftBefore): string {
  return `left before: connection ${connection} up to byte ${end}, ${bytes} of them unread, of ${people} people`;
}
