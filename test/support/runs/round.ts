/** One disturbed run: the client is started until it has finished, and what came of it is held against an undisturbed run. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadProfile } from '../../../connectors/kit/profile.ts';
import type { VerifySummary } from '../../../connectors/telco/verify.ts';
import type { Counts, Fault, Plan, Suffered } from '../faults/plan.ts';
import { type SameRunOptions, sameRun } from '../same-run/check.ts';
import type { Difference } from '../same-run/difference.ts';
import { type ClientEnd, type ClientOptions, startClient } from './client-run.ts';
import type { World } from './world.ts';

/** What an undisturbed run looks like: its summary, how often each place was come to, and the bytes that passed. */
export interface Baseline {
  readonly summary: VerifySummary;
  readonly counts: Counts;
  readonly toGateway: { readonly up: number; readonly down: number };
  readonly toDatabase: { readonly up: number; readonly down: number };
  readonly facts: Pick<SameRunOptions, 'root' | 'agency' | 'deployment' | 'logOrigin'>;
  /** Jobs of this world so far. */
  readonly jobs: string[];
}

export async function takeBaseline(world: World): Promise<Baseline> {
  const { keySetRoot: root, agency, deployment, logOrigin } = await loadProfile(world.profile);
  const facts = { root, agency, deployment, logOrigin };
  const run = async (name: string): Promise<ClientEnd & { summary: VerifySummary }> => {
    const ended = await startClient(world.options(join(world.folder, name)), { tellCounts: true }).ended;
    if (ended.summary === undefined) throw new Error(`an undisturbed run did not finish: ${ended.stderr}`);
    return { ...ended, summary: ended.summary };
  };
  const first = await run('undisturbed.csv');
  await world.arm([]);
  world.toGateway.set(undefined);
  world.toDatabase.set(undefined);
  const second = await run('undisturbed-too.csv');
  const passed = { toGateway: { ...world.toGateway.passed }, toDatabase: { ...world.toDatabase.passed } };
  const counts = { ...second.counts, ...(await world.counts()) };
  const jobs = [first.summary.jobId, second.summary.jobId];
  const baseline = { summary: first.summary, counts, ...passed, facts, jobs };
  const differences = await held(world, baseline, second.summary, {});
  if (differences.length > 0)
    throw new Error(`two undisturbed runs differ: ${differences.map(({ kind, where }) => `${kind} (${where})`)}`);
  return baseline;
}

export interface RoundPlan {
  /** What the gateways suffer, one after the other: the next is told its fault when it serves. */
  readonly gateway?: readonly Fault[];
  /** What each start of the client suffers; later ones suffer nothing. */
  readonly clients?: readonly Plan[];
  /** Called when anything told of itself or was stopped. */
  readonly onSuffered?: (fault: Suffered, child: ChildProcess) => void;
  /** Called before the client is started again after an end that was not its death. */
  readonly mend?: (end: ClientEnd) => void | Promise<void>;
  /** Called with each client as it is started. */
  readonly onClient?: (child: ChildProcess) => void;
  /** Changes of the client's options. */
  readonly options?: Partial<ClientOptions>;
  /** Reasons of refusals that may be logged besides. */
  readonly refusals?: readonly string[];
}

export interface RoundEnd {
  readonly suffered: readonly Suffered[];
  /** Every end of the client, the last of which should be a finished run. */
  readonly ends: readonly ClientEnd[];
  readonly differences: readonly Difference[];
  /** Why there is nothing to compare; undefined where there is. */
  readonly problem?: string;
}

const MOST_STARTS = 12;
const HUNG_MS = 120_000;
/** Looks at the log in a row, a tenth of a second apart, between which nothing came. */
const STILL_LOOKS = 5;

export async function playRound(world: World, baseline: Baseline, out: string, plan: RoundPlan): Promise<RoundEnd> {
  await settle(world);
  const waiting = [...(plan.gateway ?? [])];
  let arming = Promise.resolve();
  const tell = plan.onSuffered ?? (() => undefined);
  world.takeSuffered();
  world.onSuffered((fault) => {
    tell(fault, world.gateway.process.child);
    // The one that takes a dead one's place is told before it serves: a short file is answered before it could be told after.
    if (fault.action === 'kill') world.armAtStart(waiting.splice(0, 1));
    else if (waiting.length > 0) arming = arming.then(() => armNext(world, waiting));
  });
  await armNext(world, waiting);
  const ends: ClientEnd[] = [];
  const suffered: Suffered[] = [];
  const ended = (differences: readonly Difference[], problem?: string): RoundEnd => {
    suffered.push(...world.takeSuffered());
    return { suffered, ends, differences, ...(problem === undefined ? {} : { problem }) };
  };
  try {
    for (let start = 0; start < MOST_STARTS; start++) {
      const run = startClient({ ...world.options(out), ...plan.options }, plan.clients?.[start] ?? {}, tell);
      plan.onClient?.(run.child);
      const late = setTimeout(() => run.child.kill('SIGABRT'), HUNG_MS);
      const end = await run.ended;
      clearTimeout(late);
      ends.push(end);
      suffered.push(...end.suffered);
      if (end.summary !== undefined && end.code === 0) {
        baseline.jobs.push(end.summary.jobId);
        return ended(await held(world, baseline, end.summary, plan));
      }
      if (end.signal === 'SIGKILL') continue;
      if (end.signal !== null) return ended([], `the client hung and was ended with ${end.signal}`);
      if (plan.mend === undefined && end.code !== 5) return ended([], `exit code ${end.code}: ${end.stderr.trim()}`);
      await plan.mend?.(end);
    }
    return ended([], `not finished after ${MOST_STARTS} starts`);
  } finally {
    waiting.length = 0;
    world.armAtStart([]);
    await arming;
    world.onSuffered(() => undefined);
  }
}

/**
 * Waits until nothing of the round before is on its way: a stalled connection lets go of chunks when that round is over, they are given
 * again and logged, and whatever stands between a job's first entry and its last is held against that job.
 */
async function settle({ toGateway, cluster }: World): Promise<void> {
  toGateway.partition(true);
  toGateway.partition(false);
  let [size, still] = ['', 0];
  while (still < STILL_LOOKS) {
    await sleep(100);
    const { rows } = await cluster.pool.query<{ size: string }>('SELECT size::text AS size FROM log_head');
    const now = rows[0]?.size ?? '';
    still = now === size ? still + 1 : 0;
    size = now;
  }
}

/** Tells the gateway that serves, or the next one that will, its fault. */
async function armNext(world: World, waiting: Fault[]): Promise<void> {
  const next = waiting.shift();
  for (let attempt = 0; attempt < 200; attempt++) {
    await world.serving();
    try {
      return await world.arm(next === undefined ? [] : [next]);
    } catch {
      await sleep(50);
    }
  }
  throw new Error('no gateway could be told what to suffer');
}

async function held(
  { cluster, keys, file }: World,
  { summary, facts, jobs }: Baseline,
  disturbed: VerifySummary,
  { refusals = [] }: RoundPlan,
): Promise<Difference[]> {
  const runs = { undisturbed: { summary }, disturbed: { summary: disturbed } };
  return sameRun({ db: cluster.pool, keys, file, ...facts, ...runs, knownJobs: jobs, refusals });
}
