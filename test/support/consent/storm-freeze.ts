/** One of the gateways is frozen in a storm: for a moment, for about as long as its lease runs, or for good. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_SECONDS } from '../../../gateway/audit/log-store.ts';
import type { FaultPoint } from '../../../gateway/faults/point.ts';
import { type Fault, readSuffered, type ToProcess } from '../faults/plan.ts';
import type { GatewayProcess } from '../gateway.ts';
import type { Seeded } from '../seeded.ts';

/** Where an answer stands between its place in the log and its way out, and the log itself before and after. */
const POINTS = [
  'append-begin',
  'append-commit',
  'append-committed',
  'sign',
  'write',
  'written',
] as const satisfies FaultPoint[];
const LEASE_MS = LEASE_SECONDS * 1000;
const LOOK_MS = 10;

export type Frozen = 'no' | 'for a moment' | 'about a lease' | 'for good';

export interface Freeze {
  readonly frozen: Frozen;
  /** Where it is frozen; anywhere after `afterMs` unless given. */
  readonly fault: { readonly point: FaultPoint; readonly hit: number } | undefined;
  readonly afterMs: number;
  readonly forMs: number;
}

/** @param most how long at the most: what takes seconds is for the long form */
export function drawFreeze(random: Seeded, most: Frozen): Freeze {
  const [whether, how] = [random.part(), random.part()];
  const kind = how < 0.7 ? 'for a moment' : how < 0.85 ? 'about a lease' : 'for good';
  const frozen = most === 'no' ? 'no' : most === 'for a moment' ? most : whether < 0.4 ? 'no' : kind;
  const point = random.pick(POINTS);
  const hit = random.whole(1, 40);
  const anywhere = random.part() < 0.5;
  const [momentMs, leaseMs] = [random.whole(50, 2500), random.whole(LEASE_MS - 500, LEASE_MS + 1500)];
  return {
    frozen,
    fault: anywhere ? undefined : { point, hit },
    afterMs: random.whole(50, 700),
    forMs: frozen === 'about a lease' ? leaseMs : momentMs,
  };
}

const isGone = ({ child }: GatewayProcess) => child.exitCode !== null || child.signalCode !== null;

/** Resolves when it goes on or is gone; to whether it was frozen at all. */
export async function freeze(
  { frozen, fault, afterMs, forMs }: Freeze,
  gateway: GatewayProcess,
  over: () => boolean,
): Promise<boolean> {
  if (frozen === 'no') return false;
  const { child } = gateway;
  if (fault === undefined) {
    await sleep(afterMs);
    child.kill('SIGSTOP');
  } else if (!(await comesTo({ ...fault, action: 'stop' }, gateway, over))) return false;
  if (frozen === 'for good') while (!isGone(gateway)) await sleep(LOOK_MS);
  else await sleep(forMs);
  child.kill('SIGCONT');
  return true;
}

/** Until it stands there, or it is too late for that. */
async function comesTo(fault: Fault, gateway: GatewayProcess, over: () => boolean): Promise<boolean> {
  const { child, lines } = gateway;
  const from = lines.length;
  let heard = 0;
  const onMessage = () => {
    heard += 1;
  };
  const arm = (faults: readonly Fault[]) => child.send({ arm: faults } satisfies ToProcess);
  const stands = () => lines.slice(from).some((line) => readSuffered(line) !== undefined);
  child.on('message', onMessage);
  try {
    arm([fault]);
    while (!over() && !stands()) await sleep(LOOK_MS);
    if (stands()) return true;
    arm([]);
    // It may come there yet, before it hears that it need not.
    for (; heard < 2 && !isGone(gateway); await sleep(LOOK_MS)) child.kill('SIGCONT');
    return false;
  } finally {
    child.off('message', onMessage);
  }
}
