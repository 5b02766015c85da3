/** The people in a storm: each gives a consent first, and takes it back at a moment of the seed's, in one of the ways there are. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DescMessage, fromBinary } from '@bufbuild/protobuf';
import { ConsentService, MatterState, type Receipt } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { RawCaller } from '../gateway-calls.ts';
import { crowdPerson } from '../gateway-people.ts';
import type { ActingCitizen, Citizens, PersonMethod } from '../gateway-persons.ts';
import type { Seeded } from '../seeded.ts';
import type { Moment, Silence } from './arrivals.ts';
import type { Tellings } from './storm-told.ts';

export interface ConsentUse {
  readonly recipient: string;
  readonly purpose: string;
}

export interface PeopleDeps {
  readonly random: Seeded;
  /** Of the crowd. */
  readonly people: readonly number[];
  readonly citizens: Citizens;
  /** Through which they act. */
  readonly channel: RawCaller;
  readonly use: ConsentUse;
  readonly tellings: Tellings;
  /** How far the recipient's connections are. */
  readonly moment: () => Moment;
}

/** Between a storm's first moment and the last that somebody draws. */
const SPREAD_MS = 900;
/** For what never comes: a gateway that is frozen for good is waited for until its lease is over, and until it was ended. */
const PATIENCE_MS = 90_000;
const LOOK_MS = 100;

type TakeBack = 'withdrawConsent' | 'restrict' | 'object';

const idOf = (n: number) => String(crowdPerson(n).id);

export function createPeople({ random, people, citizens, channel, use, tellings, moment }: PeopleDeps) {
  const placeOf = new Map(people.map((n) => [idOf(n), n]));
  const silences = new Map<number, Silence[]>(people.map((n) => [n, []]));
  const acting = new Map<number, ActingCitizen>();
  const taken = { withdrawConsent: 0, restrict: 0, object: 0, lifted: 0 };
  // Drawn beforehand: what comes when is the machine's affair, what is drawn is the seed's.
  const plans = people.map((n) => ({
    n,
    afterMs: random.whole(50, SPREAD_MS),
    kind: random.pick<TakeBack>(['withdrawConsent', 'withdrawConsent', 'withdrawConsent', 'restrict', 'object']),
    lifts: random.part() < 0.5,
    thenMs: [random.whole(10, 300), random.whole(10, 300)] as const,
  }));

  /** Asks again, with the same words, while the log cannot be written. */
  async function insist<N extends PersonMethod>(name: N, act: object, person: ActingCitizen) {
    const method = ConsentService.method[name];
    const bytes = citizens.request(name, act, [person]);
    for (const until = performance.now() + PATIENCE_MS; ; await sleep(LOOK_MS)) {
      const { message, reason, text } = await channel.sign(method, bytes);
      if (message !== undefined) return fromBinary(method.output as DescMessage, message) as { receipt?: Receipt };
      if (reason !== 'STORAGE_UNAVAILABLE' || performance.now() > until)
        throw new Error(`${name} was refused: ${reason ?? text}`);
    }
  }

  async function acknowledged(person: ActingCitizen, receipt: Receipt | undefined): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    for (let now = receipt; now?.state !== MatterState.ACKNOWLEDGED; await sleep(LOOK_MS)) {
      if (performance.now() > until) throw new Error('what was taken back was never acknowledged');
      ({ receipt: now } = await insist('getReceipt', { receiptId: receipt?.receiptId }, person));
    }
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
    for (const until = performance.now() + PATIENCE_MS; silent.length === before; await sleep(1))
      if (performance.now() > until)
        throw new Error('somebody was told of an acknowledgement that was never committed');
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
        plans.map(async ({ n, afterMs, kind, lifts, thenMs }) => {
          await sleep(afterMs);
          await takeBack(n, kind);
          if (kind === 'withdrawConsent' || !lifts) return;
          await sleep(thenMs[0]);
          await giveBack(n);
          await sleep(thenMs[1]);
          await takeBack(n, 'withdrawConsent');
        }),
      );
    },
    taken: () => ({ ...taken }),
  };
}
