import { problemsOf, runStorm, type StormFindings } from '../support/consent/storm.ts';
import { openStormWorld, type StormWorld } from '../support/consent/storm-world.ts';
import { createOwnCluster } from '../support/database.ts';
import { startTestGateway } from '../support/gateway.ts';
import type { RoundRecord } from './tally.ts';

/** Consents that are taken back in a round, some of them twice: as many interleavings. */
const PEOPLE = 60;

/** Storms of the consent race, one a round, on gateways with two threads that serve calls; each has people of its own. */
export function createWithdrawals(rounds: number) {
  let world: StormWorld | undefined;
  let played = 0;

  async function worldOf(): Promise<StormWorld> {
    if (world !== undefined) return world;
    const gateway = await startTestGateway({
      database: await createOwnCluster(),
      ...{ people: [], crowd: rounds * PEOPLE, armed: true },
      config: { limits: { ioThreads: 2, matchingThreads: 1 } },
    });
    world = await openStormWorld(gateway);
    return world;
  }

  return {
    async play(seed: number): Promise<Omit<RoundRecord, 'scenario' | 'seed' | 'ms'>> {
      const place = await worldOf();
      const people = Array.from({ length: PEOPLE }, (_, i) => played * PEOPLE + i);
      played += 1;
      const before = await place.checkLog();
      const storm = await runStorm(place, { seed, people, freeze: 'for good' });
      await place.revive();
      const log = await place.checkLog();
      const found = [...problemsOf(storm), ...log.wrong.map(({ idx, fault }) => `log: ${fault} at ${idx}`)];
      if (log.pending > 0) found.push(`log: ${log.pending} never acknowledged`);
      const { withdrawConsent, restrict, object } = storm.taken;
      const taken = withdrawConsent + restrict + object;
      if (log.taken - before.taken !== taken)
        found.push(`log: ${log.taken - before.taken} taken back, and not ${taken}`);
      const suffered = [...wordsOf(storm), `${log.disclosed - before.disclosed} leaves`];
      return { found, suffered, deaths: storm.frozen === 'for good' ? 1 : 0, attempts: 1, struck: true, starts: 2 };
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
    `${stalls} stalls, ${cuts} cut, ${left} left before`,
    froze,
  ];
}
