/** The recipient in a storm: calls and chunks as many as go, asked again as they were, and a reader who stops reading. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DescMethod } from '@bufbuild/protobuf';
import { PersonService } from '../../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { contextOf, type RawCaller, type RawOutcome, requestBytes } from '../gateway-calls.ts';
import { crowdPerson, printDate } from '../gateway-people.ts';
import { chunkPayload, type OpenedJob, openTestStream, rowOf, startJob, type TestStream } from '../gateway-stream.ts';
import type { Seeded } from '../seeded.ts';
import type { Asked, Heard, Tellings } from './storm-told.ts';
import type { Tap } from './tap.ts';

const { verifyPerson, cancelJob } = VerificationService.method;
const { getPerson } = PersonService.method;
/** What a storm may be refused for, beside connections that were cut. */
const EXPECTED: ReadonlySet<string> = new Set(['CONSENT_MISSING', 'STORAGE_UNAVAILABLE', 'DRAINING']);
const AGAIN = 0.25;
const PAUSE_MS = 20;
/** Of a job's chunks; they are full, with every person in turn. */
const SMALL_CHUNK = 256;
/** An answer has begun, and nobody has read so much of it that its window would be opened again. */
const STALL_BYTES = [4_000, 24_000] as const;
/** So many rows' results are more than the window of a stream takes. */
export const LARGE_CHUNK = 4096;

export interface CallersDeps {
  /** Of the crowd. */
  readonly people: readonly number[];
  readonly asked: Asked;
  readonly tellings: Tellings;
  readonly heard: Heard;
  readonly over: () => boolean;
}

/** One who asks, with draws of their own: what comes of others changes nothing in them. */
export interface Asker {
  readonly random: Seeded;
  /** Which gateway. */
  readonly at: number;
  readonly caller: RawCaller;
}

/** What every gateway that is there does in a storm sooner or later. */
export const DONE = ['answers', 'answers again', 'waits for a reader'] as const;
export type Done = (typeof DONE)[number];

export interface CallersFindings {
  readonly answers: number;
  /** Answers to what had been answered before. */
  readonly again: number;
  /** What was refused as it should be, or broke off with its connection. */
  readonly refused: number;
  /** Reading stopped with answers on their way. */
  readonly stalls: number;
  /** Of these, those whose connection was gone when reading went on. */
  readonly cuts: number;
  /** What was asked after a person was told, and told of the person all the same. */
  readonly late: readonly string[];
  readonly unexpected: readonly string[];
}

interface Request {
  readonly method: DescMethod;
  readonly bytes: Uint8Array;
}

export function createCallers({ people, asked, tellings, heard, over }: CallersDeps) {
  const found = {
    answers: 0,
    again: 0,
    refused: 0,
    stalls: 0,
    cuts: 0,
    late: [] as string[],
    unexpected: [] as string[],
  };

  const done = new Set<string>();

  function answered(what: string, before: ReadonlyMap<number, number>, told: readonly number[], again: boolean): void {
    found.answers += 1;
    if (again) found.again += 1;
    heard.add(told);
    for (const person of tellings.stillTold(before, told)) found.late.push(`${what} of person ${person}`);
  }

  function refused({ reason, text, code }: Pick<RawOutcome, 'reason' | 'text' | 'code'>): void {
    found.refused += 1;
    // Without a reason it is the connection's end, or nobody was there.
    if (reason !== undefined && !EXPECTED.has(reason)) found.unexpected.push(`refused: ${reason} ${text}`);
    else if (reason === undefined && code === 0) found.unexpected.push(`an answer without a message: ${text}`);
  }

  function newRequest({ caller, random }: Asker): Request {
    const person = random.pick(people);
    const { id, name, born } = crowdPerson(person);
    const context = contextOf(caller.identity);
    const reads = random.part() < 0.4;
    asked.call(context.requestId, reads ? 'read' : 'verify', person);
    const init = { context, idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
    const readInit = { context, personalId: String(id), readMask: { paths: ['full_name', 'date_of_birth'] } };
    return reads
      ? { method: getPerson, bytes: requestBytes(caller.identity, getPerson.input, readInit) }
      : { method: verifyPerson, bytes: requestBytes(caller.identity, verifyPerson.input, init) };
  }

  /** Calls one after the other. */
  async function call(asker: Asker): Promise<void> {
    const { random, at, caller } = asker;
    const earlier: Request[] = [];
    while (!over()) {
      const again = earlier.length > 0 && random.part() < AGAIN;
      const request = again ? random.pick(earlier) : newRequest(asker);
      const before = tellings.now();
      const outcome = await caller.sign(request.method, request.bytes);
      if (outcome.message === undefined) {
        refused(outcome);
        if (outcome.reason !== 'CONSENT_MISSING') await sleep(PAUSE_MS);
        continue;
      }
      if (outcome.claims === undefined) found.unexpected.push('an answer that is not signed');
      answered(request.method.name, before, asked.toldByCall(outcome.message), again);
      done.add(`${at} ${(again ? 'answers again' : 'answers') satisfies Done}`);
      if (!again) earlier.push(request);
    }
  }

  /** A job's chunks, each made once. */
  function chunksOf({ jobId }: OpenedJob, rows: number) {
    const made: Uint8Array[] = [];
    const sent = Array.from({ length: rows }, (_, row) => people[row % people.length] as number);
    return {
      get count() {
        return made.length;
      },
      payload(num: number): Uint8Array {
        made[num] ??= chunkPayload(
          num,
          sent.map((n) => rowOf(crowdPerson(n))),
        );
        asked.chunk(jobId, num, sent);
        return made[num];
      },
    };
  }

  /** Sends these chunks, and takes their answers; undefined once the stream has ended. */
  async function exchange(
    stream: TestStream,
    { jobId }: OpenedJob,
    nums: readonly number[],
    wait?: () => Promise<void>,
  ) {
    const before = tellings.now();
    await wait?.();
    for (let i = 0; i < nums.length; i++) {
      const { kind } = (await stream.next()) ?? { kind: { case: undefined } };
      if (kind.case !== 'answer') return undefined;
      answered(`chunk ${kind.value.num}`, before, asked.toldByAnswer(jobId, kind.value), kind.value.redelivery);
    }
    return nums.length;
  }

  async function ended(stream: TestStream): Promise<void> {
    stream.cancel();
    refused({ ...(await stream.ended), text: '' });
  }

  /** @param direct on which the job is begun and ended, beside all that happens to the streams */
  async function withJob(direct: RawCaller, rows: number, work: (job: OpenedJob) => Promise<void>): Promise<void> {
    const job = await startJob(direct, rows);
    await work(job);
    // So that jobs do not add up; whether it is heard is no matter of this test.
    await direct.attempt(cancelJob, { jobId: job.jobId });
  }

  async function opened(caller: RawCaller, job: OpenedJob): Promise<TestStream | undefined> {
    const stream = openTestStream(caller, job);
    const first = await stream.open().catch(() => undefined);
    if (first !== undefined) return stream;
    await ended(stream);
    await sleep(PAUSE_MS);
    return undefined;
  }

  /** A few chunks at a time, old ones among them, on one gateway and then on another. */
  function stream(direct: RawCaller, callers: readonly RawCaller[], random: Seeded): Promise<void> {
    return withJob(direct, SMALL_CHUNK, async (job) => {
      const chunks = chunksOf(job, SMALL_CHUNK);
      while (!over()) {
        const attached = await opened(random.pick(callers), job);
        for (let batch = random.whole(3, 12); attached !== undefined && batch > 0 && !over(); batch--) {
          const nums = new Set<number>();
          for (let i = random.whole(1, 3); i > 0; i--) {
            const old = chunks.count > 0 && random.part() < AGAIN;
            const num = old ? random.whole(0, chunks.count - 1) : chunks.count;
            chunks.payload(num);
            nums.add(num);
          }
          const sent = exchange(attached, job, [...nums]);
          for (const num of nums) attached.chunk(num, chunks.payload(num));
          if ((await sent) === undefined) break;
        }
        if (attached !== undefined) await ended(attached);
      }
    });
  }

  /** Large chunks, and nobody who reads all of their answers for a while; what was cut off is asked again. */
  function readSlowly(direct: RawCaller, { caller, random, at }: Asker, tap: Tap): Promise<void> {
    return withJob(direct, LARGE_CHUNK, async (job) => {
      const chunks = chunksOf(job, LARGE_CHUNK);
      for (let num = 0; !over(); ) {
        const attached = await opened(caller, job);
        if (attached === undefined) continue;
        tap.stall(random.whole(STALL_BYTES[0], STALL_BYTES[1]));
        const forMs = random.whole(100, 3500);
        const reading = exchange(attached, job, [num], async () => {
          await Promise.race([standing(tap), attached.ended]);
          if (tap.stalled) {
            found.stalls += 1;
            done.add(`${at} ${'waits for a reader' satisfies Done}`);
            await Promise.race([sleep(forMs), untilOver()]);
          }
          tap.flow();
        });
        attached.chunk(num, chunks.payload(num));
        if ((await reading) === undefined) found.cuts += 1;
        else if (random.part() < 0.5) num += 1;
        await ended(attached);
      }
      tap.flow();
    });
  }

  async function standing(tap: Tap): Promise<void> {
    while (!tap.stalled && !over()) await sleep(PAUSE_MS);
  }

  async function untilOver(): Promise<void> {
    while (!over()) await sleep(PAUSE_MS);
  }

  return {
    ...{ call, stream, readSlowly },
    /** What this gateway has not done yet. */
    lacking: (at: number): Done[] => DONE.filter((each) => !done.has(`${at} ${each}`)),
    findings: (): CallersFindings => ({ ...found }),
  };
}
