/** Withdrawals against answers: seeded moments, several gateways, unary calls and the chunks of jobs at the same time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Verdict, VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { RawCaller } from '../gateway-calls.ts';
import { attach } from '../gateway-jobs.ts';
import { crowdPerson, printDate } from '../gateway-people.ts';
import type { Citizens } from '../gateway-persons.ts';
import { chunkPayload, rowOf } from '../gateway-stream.ts';
import { seeded } from '../seeded.ts';

const { verifyPerson } = VerificationService.method;
const ROW_BYTES = 22;

export interface StormOptions {
  readonly seed: number;
  /** The recipient's connections, to as many gateways. */
  readonly callers: readonly RawCaller[];
  readonly citizens: Citizens;
  /** Of the crowd: each gives a consent first and withdraws it at a moment of the seed's. */
  readonly people: readonly number[];
  readonly recipient: string;
  readonly purpose: string;
}

/** What the recipient saw after a person had been told that nothing is on its way any more. */
export interface StormFindings {
  readonly answers: number;
  /** Answers to calls and chunks that were asked after that, and told of the person all the same. */
  readonly late: number;
}

export async function runStorm(options: StormOptions): Promise<StormFindings> {
  const { seed, callers, citizens, people, recipient, purpose } = options;
  const random = seeded(seed);
  const acting = await Promise.all(people.map((n) => citizens.person(String(crowdPerson(n).id))));
  const given = await Promise.all(
    acting.map((person) =>
      citizens.grant({ recipients: [recipient], purposes: [purpose], fieldIds: [1, 2, 3] }, person),
    ),
  );
  if (given.some(({ code }) => code !== 0))
    throw new Error(`a consent was refused: ${given.map(({ reason }) => reason)}`);
  const told = new Set<number>();
  const withdrawals = people.map(async (n, i) => {
    await sleep(random.whole(50, 900));
    await citizens.call('withdrawConsent', { recipient, purpose }, acting[i] as (typeof acting)[number]);
    told.add(n);
  });
  let answers = 0;
  let late = 0;
  const saw = (before: ReadonlySet<number>, n: number, verdict: number | undefined) => {
    answers += 1;
    if (verdict !== Verdict.CONSENT_MISSING && before.has(n)) late += 1;
  };
  let over = false;

  async function callOn(caller: RawCaller): Promise<void> {
    while (!over) {
      const n = random.pick(people);
      const { id, name, born } = crowdPerson(n);
      const before = new Set(told);
      const init = { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
      saw(before, n, (await caller.call(verifyPerson, init)).message.verdict);
    }
  }
  async function streamOn(caller: RawCaller): Promise<void> {
    const { stream } = await attach(caller);
    for (let num = 0; !over; num++) {
      const before = new Set(told);
      stream.chunk(
        num,
        chunkPayload(
          num,
          people.map((n) => rowOf(crowdPerson(n))),
        ),
      );
      const { results } = await stream.answer();
      for (const [row, n] of people.entries()) saw(before, n, results[row * ROW_BYTES]);
    }
    stream.cancel();
  }

  const asking = callers.flatMap((caller) => [callOn(caller), callOn(caller), streamOn(caller)]);
  await Promise.all(withdrawals).finally(() => {
    over = true;
  });
  await Promise.all(asking);
  return { answers, late };
}
