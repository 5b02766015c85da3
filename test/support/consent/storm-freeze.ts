/** One of the gateways is frozen in a storm: for a moment, for about as long as its lease runs, or for good. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_SECONDS } from '../../../gateway/exchange/lease.ts';
import type { FaultPoint } from '../../../gateway/faults/point.ts';
import { type Fault, readSuffered, type ToProcess } from '../faults/plan.ts';
import type { GatewayProcess } from '../gateway.ts';
import type { Seeded } from '../seeded.ts';

/** Where an answer stands between the look-up of its consents and its way out, and the log itself before and after. */
const POINTS = [
  'look-up',
  'leaves',
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
  readonly fault: Pick<Fault, 'point' | 'hit'> | undefined;
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

export const isGone = ({ child }: GatewayProcess) => child.exitCode !== null || child.signalCode !== null;

/** The kernel's word for it (Linux only): true neither of one that runs nor of one that is dead, buried or not. */
export function isStopped({ child }: GatewayProcess): boolean {
  try {
    const status = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).startsWith('T');
  } catch {
    return false;
  }
}

export interface FreezeWatch {
  readonly over: () => boolean;
  /** Told when it is frozen. */
  readonly onStanding: () => void;
}

/** Resolves when it goes on or is gone; to false where it stood for good and nobody had ended it when all was over. */
export async function freeze(
  { frozen, fault, afterMs, forMs }: Freeze,
  gateway: GatewayProcess,
  { over, onStanding }: FreezeWatch,
): Promise<boolean> {
  if (frozen === 'no') return true;
  if (fault === undefined) await sleep(afterMs);
  const held = await hold(fault, gateway, over);
  if (held === undefined) return true;
  onStanding();
  if (frozen === 'for good') while (!isGone(gateway) && !over()) await sleep(LOOK_MS);
  else await sleep(forMs);
  const ended = frozen !== 'for good' || !isStopped(gateway);
  await held.release();
  // Another thread may have come there before it heard that it need not.
  for (; !over() && !isGone(gateway); await sleep(LOOK_MS)) gateway.child.kill('SIGCONT');
  return ended;
}

/** Freezes a gateway when it comes to a place, or at once. Undefined where it was over before; who is held must be released. */
export async function hold(
  fault: Freeze['fault'],
  gateway: GatewayProcess,
  over: () => boolean,
): Promise<{ release(): Promise<void> } | undefined> {
  const { child, lines } = gateway;
  const from = lines.length;
  if (fault === undefined) {
    child.kill('SIGSTOP');
    return { release: async () => void child.kill('SIGCONT') };
  }
  let heard = 0;
  const onMessage = () => {
    heard += 1;
  };
  child.on('message', onMessage);
  const arm = (faults: readonly Fault[]) => child.send({ arm: faults } satisfies ToProcess, () => undefined);
  const stands = () => lines.slice(from).some((line) => readSuffered(line) !== undefined);
  async function release(): Promise<void> {
    if (!isGone(gateway)) arm([]);
    for (; heard < 2 && !isGone(gateway); await sleep(LOOK_MS)) child.kill('SIGCONT');
    child.off('message', onMessage);
  }
  arm([{ ...fault, action: 'stop' }]);
  while (!stands() && !over() && !isGone(gateway)) await sleep(LOOK_MS);
  if (stands()) return { release };
  await release();
  return undefined;
}
