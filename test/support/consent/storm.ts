/**
 * Withdrawals against answers: seeded moments, two gateways of which one may freeze, calls and chunks of a greedy recipient, asked
 * again as they were, and a reader who stops reading. What left is held against what was acknowledged, byte by byte.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestGateway } from '../gateway.ts';
import type { RawCaller } from '../gateway-calls.ts';
import { createCitizens } from '../gateway-persons.ts';
import { type Seeded, seeded } from '../seeded.ts';
import type { Moment } from './arrivals.ts';
import { readKernelQueues } from './kernel-queues.ts';
import { type CallersFindings, createCallers } from './storm-callers.ts';
import { drawFreeze, type Freeze, type Frozen, freeze, isGone } from './storm-freeze.ts';
import { type ConsentUse, createPeople } from './storm-people.ts';
import { createAsked, createHeard, createTellings } from './storm-told.ts';
import { judgeWire, type WireFindings } from './storm-wire.ts';
import type { StormWorld } from './storm-world.ts';
import { startTap, type Tap } from './tap.ts';

/** Consents that are taken back in a storm of the long form, some of them twice: as many interleavings. */
export const MANY = 80;
/** More than all answers that can be on their way at once. */
const GREEDY_WINDOW = 16 << 20;
const CALLS_AT_ONCE = 3;
/** For what never comes. */
const PATIENCE_MS = 90_000;
const LOOK_MS = 10;

export interface StormOptions {
  readonly seed: number;
  /** Of the crowd; new ones each time. */
  readonly people: readonly number[];
  readonly freeze: Frozen;
}

export interface StormFindings extends CallersFindings, WireFindings {
  /** Consents withdrawn, restricted, objected to, and given back. */
  readonly taken: {
    readonly withdrawConsent: number;
    readonly restrict: number;
    readonly object: number;
    readonly lifted: number;
  };
  /** What a storm is made of and did not come. */
  readonly lacking: readonly string[];
  readonly frozen: Frozen;
  /** In words, what was frozen and where. */
  readonly froze: string;
}

/** Connections of the recipient to one gateway, each through a tap of its own kind. */
interface Readers {
  readonly calls: { readonly tap: Tap; readonly caller: RawCaller };
  readonly chunks: { readonly tap: Tap; readonly caller: RawCaller };
  readonly slow: { readonly tap: Tap; readonly caller: RawCaller };
}

async function openReaders(
  { gateway, use }: Pick<StormWorld, 'gateway' | 'use'>,
  port: number,
  connection: () => number,
  random: Seeded,
): Promise<Readers> {
  const identity = { ...gateway.identity(use.recipient), purpose: use.purpose };
  const { ca, certificate = '', key = '' } = identity;
  const reader = async (windowBytes: number | undefined) => {
    const tap = await startTap({ port, ca, certificate, key, connection });
    const place = { port: tap.port, clear: true, ...(windowBytes !== undefined && { windowBytes }) };
    return { tap, caller: gateway.raw(identity, place) };
  };
  // With a large window all of an answer is given to the kernel, whoever reads; with HTTP/2's own one a part waits in the gateway.
  const slowly = random.part() < 0.3 ? GREEDY_WINDOW : undefined;
  return { calls: await reader(GREEDY_WINDOW), chunks: await reader(GREEDY_WINDOW), slow: await reader(slowly) };
}

const tapsOf = ({ calls, chunks, slow }: Readers) => [calls.tap, chunks.tap, slow.tap];

export async function runStorm(
  world: StormWorld,
  { seed, people, freeze: most }: StormOptions,
): Promise<StormFindings> {
  const random = seeded(seed);
  /** For whoever draws at the same time as others. */
  const fork = () => seeded(random.whole(0, 0xffff_ffff));
  const { gateway, use } = world;
  const plan = drawFreeze(random, most);
  const victim = random.whole(0, 1);
  const processes = world.processes();
  let connections = 0;
  const open = ({ port }: { readonly port: number }) => openReaders(world, port, () => connections++, random);
  const readers = [await open(processes[0]), await open(processes[1])] as const;
  const direct = directCallers(gateway, use, processes[1 - victim]?.port ?? 0);
  const moment = (): Moment => {
    const queues = readKernelQueues();
    return { connections: new Map(readers.flatMap(tapsOf).flatMap((tap) => tap.progress(queues))) };
  };
  const [tellings, heard, asked] = [createTellings(), createHeard(), createAsked()];
  const { channel } = direct;
  const citizens = createCitizens(gateway, channel);
  let over = false;
  let stands = plan.frozen === 'no';
  const comes = {
    'a reader stands': () => readers.some(({ slow }) => slow.tap.stalled),
    'a gateway stands': () => stands,
  };
  const crowd = createPeople({ random, people, citizens, channel, use, tellings, heard, comes, moment });
  const callers = createCallers({ people, asked, tellings, heard, over: () => over });
  const lacking = () =>
    processes.flatMap((each, at) =>
      isGone(each) ? [] : callers.lacking(at).map((what) => `gateway ${at + 1}: ${what}`),
    );
  try {
    await crowd.give();
    world.onAcknowledged(crowd.hush);
    const chunkCallers = readers.map(({ chunks }) => chunks.caller);
    const asking = readers.flatMap(({ calls, slow }, at) => [
      ...Array.from({ length: CALLS_AT_ONCE }, () => callers.call({ random: fork(), at, caller: calls.caller })),
      callers.stream(direct.recipient, chunkCallers, fork()),
      callers.readSlowly(direct.recipient, { random: fork(), at, caller: slow.caller }, slow.tap),
    ]);
    const onStanding = () => {
      stands = true;
    };
    const freezing = freeze(plan, processes[victim] as (typeof processes)[number], { over: () => over, onStanding });
    const all = Promise.all([freezing, ...asking]);
    // Told below: until then the people go on.
    all.catch(() => undefined);
    try {
      await crowd.takeBackAll();
      for (const last = performance.now() + PATIENCE_MS; lacking().length > 0 && performance.now() < last; )
        await sleep(LOOK_MS);
    } finally {
      over = true;
    }
    const missed = lacking();
    const [ended] = await all;
    return {
      ...callers.findings(),
      ...judgeWire(
        readers.flatMap(({ calls, chunks, slow }) => [
          { arrivals: calls.tap.arrivals(), toldOf: asked.toldByCall },
          ...[chunks, slow].map(({ tap }) => ({ arrivals: tap.arrivals(), toldOf: asked.toldByFrame })),
        ]),
        crowd.silences,
      ),
      taken: crowd.taken(),
      lacking: [...missed, ...(ended ? [] : ['an end for the gateway that was frozen for good'])],
      frozen: plan.frozen,
      froze: wordsOf(plan, victim),
    };
  } finally {
    over = true;
    world.onAcknowledged(() => undefined);
    direct.close();
    for (const each of readers) {
      for (const { caller } of [each.calls, each.chunks, each.slow]) caller.close();
      await Promise.all(tapsOf(each).map((tap) => tap.close()));
    }
  }
}

/** Connections that nothing happens to, to the gateway that does not freeze. */
function directCallers(gateway: TestGateway, { recipient, purpose }: ConsentUse, port: number) {
  const channel = gateway.raw('citizen-page', { port });
  const asRecipient = gateway.raw({ ...gateway.identity(recipient), purpose }, { port });
  return {
    channel,
    recipient: asRecipient,
    close(): void {
      channel.close();
      asRecipient.close();
    },
  };
}

function wordsOf({ frozen, fault, forMs }: Freeze, victim: number): string {
  if (frozen === 'no') return 'nothing froze';
  const where = fault === undefined ? 'anywhere' : `at ${fault.point} ${fault.hit}`;
  return `gateway ${victim + 1} frozen ${where} ${frozen === 'for good' ? frozen : `for ${forMs} ms`}`;
}

/** What did not hold, in words. */
export function problemsOf(found: StormFindings): string[] {
  return [
    ...found.late.map((each) => `asked after the acknowledgement and answered: ${each}`),
    ...found.handed.map((each) => `handed to the kernel after the acknowledgement: ${each}`),
    ...found.unexpected,
    ...found.lacking.map((each) => `did not come: ${each}`),
    ...found.unseen.map((person) => `nothing that leaves late of person ${person} would be found`),
  ];
}
