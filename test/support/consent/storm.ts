/**
 * Withdrawals against answers: seeded moments, two gateways of which one may freeze, calls and chunks of a greedy recipient, asked
 * again as they were, and a reader who stops reading. What left is held against what was acknowledged, byte by byte.
 */
import type { TestGateway } from '../gateway.ts';
import type { RawCaller } from '../gateway-calls.ts';
import { createCitizens } from '../gateway-persons.ts';
import { type Seeded, seeded } from '../seeded.ts';
import { judgeArrivals, type Moment } from './arrivals.ts';
import { readKernelQueues } from './kernel-queues.ts';
import { type CallersFindings, createCallers } from './storm-callers.ts';
import { drawFreeze, type Freeze, type Frozen, freeze } from './storm-freeze.ts';
import { type ConsentUse, createPeople } from './storm-people.ts';
import { createAsked, createTellings } from './storm-told.ts';
import type { StormWorld } from './storm-world.ts';
import { startTap, type Tap } from './tap.ts';

/** More than all answers that can be on their way at once. */
const GREEDY_WINDOW = 16 << 20;
const CALLS_AT_ONCE = 3;

export interface StormOptions {
  readonly seed: number;
  /** Of the crowd; new ones each time. */
  readonly people: readonly number[];
  readonly freeze: Frozen;
}

export interface StormFindings extends CallersFindings {
  /** Consents withdrawn, restricted, objected to, and given back. */
  readonly taken: {
    readonly withdrawConsent: number;
    readonly restrict: number;
    readonly object: number;
    readonly lifted: number;
  };
  /** What was handed to the kernel after the acknowledgement. */
  readonly handed: readonly string[];
  /** What the kernel had taken before, and was read later: listed, and not undone. */
  readonly left: number;
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
  const [tellings, asked] = [createTellings(), createAsked()];
  const { channel } = direct;
  const citizens = createCitizens(gateway, channel);
  const crowd = createPeople({ random, people, citizens, channel, use, tellings, moment });
  let over = false;
  const callers = createCallers({ random, people, asked, tellings, over: () => over });
  try {
    await crowd.give();
    world.onAcknowledged(crowd.hush);
    const asking = readers.flatMap(({ calls, slow }) => [
      ...Array.from({ length: CALLS_AT_ONCE }, () => callers.call(calls.caller)),
      callers.stream(
        direct.recipient,
        readers.map(({ chunks }) => chunks.caller),
      ),
      callers.readSlowly(direct.recipient, slow.caller, slow.tap),
    ]);
    const freezing = freeze(plan, processes[victim] as (typeof processes)[number], () => over);
    const all = Promise.all([freezing, ...asking]);
    // Told below: until then the people go on.
    all.catch(() => undefined);
    await crowd.takeBackAll().finally(() => {
      over = true;
    });
    const [froze] = await all;
    const judged = readers.flatMap(({ calls, chunks, slow }) => [
      judgeArrivals(calls.tap.arrivals(), crowd.silences, asked.toldByCall),
      ...[chunks, slow].map(({ tap }) => judgeArrivals(tap.arrivals(), crowd.silences, asked.toldByFrame)),
    ]);
    return {
      ...callers.findings(),
      taken: crowd.taken(),
      handed: judged.flatMap(({ handed }) =>
        handed.map(({ person, arrival }) => `of person ${person} at ${arrival.end}`),
      ),
      left: judged.reduce((sum, { left }) => sum + left, 0),
      frozen: froze ? plan.frozen : 'no',
      froze: froze ? wordsOf(plan, victim) : 'nothing froze',
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
  const where = fault === undefined ? 'anywhere' : `at ${fault.point} ${fault.hit}`;
  return `gateway ${victim + 1} frozen ${where} ${frozen === 'for good' ? frozen : `for ${forMs} ms`}`;
}

/** What did not hold, in words. */
export function problemsOf({
  late,
  handed,
  unexpected,
}: Pick<StormFindings, 'late' | 'handed' | 'unexpected'>): string[] {
  return [
    ...late.map((each) => `asked after the acknowledgement and answered: ${each}`),
    ...handed.map((each) => `handed to the kernel after the acknowledgement: ${each}`),
    ...unexpected,
  ];
}
