/** Who has been told that nothing of theirs is on its way any more, and what an answer tells of whom. */
import { fromBinary } from '@bufbuild/protobuf';
import { RESULT_BYTES } from '../../../gateway/proof/result-bytes.ts';
import {
  type ChunkAnswer,
  ChunkStreamResponseSchema,
  Verdict,
  VerifyChunksResponseSchema,
  VerifyPersonResponseSchema,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';

/** People by their places in the crowd. */
export interface Tellings {
  tell(person: number): void;
  /** They gave back what they had taken. */
  untell(person: number): void;
  /** Those who are told now, each with which time it is. */
  now(): ReadonlyMap<number, number>;
  /** Of these people, those who were told before something was asked and have not given back since. */
  stillTold(before: ReadonlyMap<number, number>, people: readonly number[]): number[];
}

export function createTellings(): Tellings {
  const told = new Map<number, number>();
  let times = 0;
  return {
    tell: (person) => void told.set(person, ++times),
    untell: (person) => void told.delete(person),
    now: () => new Map(told),
    stillTold: (before, people) =>
      people.filter((person) => before.has(person) && told.get(person) === before.get(person)),
  };
}

/** How many answers have told of whom. */
export interface Heard {
  add(people: readonly number[]): void;
  of(person: number): number;
}

export function createHeard(): Heard {
  const times = new Map<number, number>();
  const of = (person: number) => times.get(person) ?? 0;
  return {
    add(people) {
      for (const person of people) times.set(person, of(person) + 1);
    },
    of,
  };
}

/** What was asked, by what its answers name. */
export interface Asked {
  call(requestId: string, kind: 'verify' | 'read', person: number): void;
  chunk(jobId: string, num: number, people: readonly number[]): void;
  /** Whom the answer of a call tells something of. */
  toldByCall(message: Uint8Array): number[];
  toldByAnswer(jobId: string, answer: ChunkAnswer): number[];
  /** Of a frame as it stands on the wire. */
  toldByFrame(message: Uint8Array): number[];
}

/** Both answers begin with it, in its field 1. */
function requestIdOf(message: Uint8Array): string {
  return Buffer.from(message.subarray(2, 2 + (message[1] ?? 0))).toString('latin1');
}

function jobOf(jws: string): string {
  const claims = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(claims) as { job?: string }).job ?? '';
}

export function createAsked(): Asked {
  const calls = new Map<string, { kind: 'verify' | 'read'; person: number }>();
  const chunks = new Map<string, readonly number[]>();

  function toldByAnswer(jobId: string, { num, rows, results }: ChunkAnswer): number[] {
    const people = chunks.get(`${jobId} ${num}`);
    if (people?.length !== rows) throw new Error('an answer to what nobody asked');
    return [...new Set(people.filter((_, row) => results[row * RESULT_BYTES] !== Verdict.CONSENT_MISSING))];
  }

  return {
    call: (requestId, kind, person) => void calls.set(requestId, { kind, person }),
    chunk: (jobId, num, people) => void chunks.set(`${jobId} ${num}`, people),
    toldByCall(message) {
      const asked = calls.get(requestIdOf(message));
      if (asked === undefined) throw new Error('an answer to what nobody asked');
      // A read that is not covered is refused: whatever is answered tells.
      const silent =
        asked.kind === 'verify' && fromBinary(VerifyPersonResponseSchema, message).verdict === Verdict.CONSENT_MISSING;
      return silent ? [] : [asked.person];
    },
    toldByAnswer,
    toldByFrame(message) {
      const { payload, jws } = fromBinary(VerifyChunksResponseSchema, message);
      const { kind } = fromBinary(ChunkStreamResponseSchema, payload);
      return kind.case === 'answer' ? toldByAnswer(jobOf(jws), kind.value) : [];
    },
  };
}
