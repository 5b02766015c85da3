/** The people in a storm: each gives a consent first, and takes it back at a moment of the seed's, in one of the ways there are. */
import { setTimeout as sleep } from 'node:timers/promises';
import { crowdPerson } from '../gateway-people.ts';
import type { ActingCitizen } from '../gateway-persons.ts';
import type { Seeded } from '../seeded.ts';
import type { Moment, Silence } from './arrivals.ts';
import { createInsistence, type InsistenceDeps, PATIENCE_MS } from './insist.ts';
import type { Heard, Tellings } from './storm-told.ts';

export interface ConsentUse {
  readonly recipient: string;
  readonly purpose: string;
}

export interface PeopleDeps extends InsistenceDeps {
  readonly random: Seeded;
  /** Of the crowd. */
  readonly people: readonly number[];
  readonly use: ConsentUse;
  readonly tellings: Tellings;
  readonly heard: Heard;
  /** What else somebody may wait for. */
  readonly comes: Readonly<Record<'a reader stands' | 'a gateway stands', () => boolean>>;
  /** How far the recipient's connections are. */
  readonly moment: () => Moment;
}

/** At the most between what somebody waits for and what they do. */
const HESITATION_MS = 60;
const SOON_MS = 2;

type TakeBack = 'withdrawConsent' | 'restrict' | 'object';
type Cue = 'nothing more' | keyof PeopleDeps['comes'];

/** Of the first ones. */
const CUES: readonly Cue[] = ['a gateway stands', 'a reader stands', 'nothing more'];
const KINDS: readonly TakeBack[] = ['restrict', 'object', 'withdrawConsent'];

const idOf = (n: number) => String(crowdPerson(n).id);

export function createPeople(deps: PeopleDeps) {
  const { random, people, citizens, use, tellings, heard, moment } = deps;
  const { insist, acknowledged } = createInsistence(deps);
  const placeOf = new Map(people.map((n) => [idOf(n), n]));
  const silences = new Map<number, Silence[]>(people.map((n) => [n, []]));
  const acting = new Map<number, ActingCitizen>();
  const taken = { withdrawConsent: 0, restrict: 0, object: 0, lifted: 0 };
  // Drawn beforehand: what comes when is the machine's affair, what is drawn is the seed's.
  const plans = people.map((n, i) => ({
    n,
    // Of this person: so that one comes after the other, while the others' answers go on.
    afterAnswers: random.whole(1, people.length),
    // Whatever the seed says, there is one for each.
    cue: CUES[i] ?? random.pick<Cue>(['nothing more', 'nothing more', 'a reader stands', 'a gateway stands']),
    hesitationMs: random.whole(0, HESITATION_MS),
    kind:
      KINDS[i] ??
      random.pick<TakeBack>(['withdrawConsent', 'withdrawConsent', 'withdrawConsent', 'restrict', 'object']),
    lifts: i < KINDS.length || random.part() < 0.5,
    thenAnswers: random.whole(1, 6),
  }));

  async function until(what: string, holds: () => boolean): Promise<void> {
    for (const last = performance.now() + PATIENCE_MS; !holds(); await sleep(SOON_MS))
      if (performance.now() > last) throw new Error(`it never came to this: ${what}`);
  }

  /** Until so many more answers have told of this person. */
  function answered(n: number, times: number): Promise<void> {
    const before = heard.of(n);
    return until('an answer that tells of somebody', () => heard.of(n) >= before + times);
  }

  async function takeBack(n: number, kind: TakeBack): Promise<void> {
    const person = acting.get(n) as ActingCitizen;
    const silent = silences.get(n) ?? [];
    const before = silent.length;
    const { receipt } = await insist(kind, use, person);
    await acknowledged(person, receipt);
    tellings.tell(n);
    taken[kind] += 1;
    // The database's word for it comes on a connection of its own.
    await until('an acknowledgement that somebody was told of is committed', () => silent.length > before);
  }

  async function giveBack(n: number): Promise<void> {
    tellings.untell(n);
    const last = silences.get(n)?.at(-1);
    if (last !== undefined) last.until = moment();
    await insist('restrict', { ...use, lift: true }, acting.get(n) as ActingCitizen);
    taken.lifted += 1;
  }

  return {
    silences: silences as ReadonlyMap<number, readonly Silence[]>,
    /** The acknowledgement of what this person took back was committed. */
    hush(personalId: string): void {
      const n = placeOf.get(personalId);
      if (n !== undefined) silences.get(n)?.push({ from: moment() });
    },
    async give(): Promise<void> {
      const artefact = { recipients: [use.recipient], purposes: [use.purpose], fieldIds: [1, 2, 3] };
      await Promise.all(
        people.map(async (n) => {
          const person = await citizens.person(idOf(n));
          acting.set(n, person);
          const { code, reason, text } = await citizens.grant(artefact, person);
          if (code !== 0) throw new Error(`a consent was refused: ${reason ?? text}`);
        }),
      );
    },
    /** Until everybody was told that nothing is on its way. */
    async takeBackAll(): Promise<void> {
      await Promise.all(
        plans.map(async ({ n, afterAnswers, cue, hesitationMs, kind, lifts, thenAnswers }) => {
          await answered(n, afterAnswers);
          if (cue !== 'nothing more') await until(cue, deps.comes[cue]);
          await sleep(hesitationMs);
          await takeBack(n, kind);
          if (kind === 'withdrawConsent' || !lifts) return;
          await giveBack(n);
          await answered(n, thenAnswers);
          await takeBack(n, 'withdrawConsent');
        }),
      );
    },
    taken: () => ({ ...taken }),
  };
}
