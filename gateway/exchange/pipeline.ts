import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { createAuthenticate } from './authenticate.ts';
import type { createConsent } from './consent.ts';
import type { createDecide, Decided } from './decide.ts';
import type { createFetch } from './fetch.ts';
import type { createFilter, Filtered } from './filter.ts';
import type { Grounds } from './grounds.ts';
import type { UnaryCall, UnaryPort } from './ports.ts';
import type { Anew, Recorded, Recorder } from './record.ts';
import type { Reached, RefuseCall } from './refuse-call.ts';
import { CallRefused } from './refused.ts';
import type { AnswerSigner, Signed } from './sign.ts';
import type { createVerifyCall } from './verify-call.ts';
import type { UnaryMethod } from './work.ts';

/** The stages, each made with what it needs. */
export interface Stages {
  readonly authenticate: ReturnType<typeof createAuthenticate>;
  readonly verify: ReturnType<typeof createVerifyCall>;
  readonly decide: ReturnType<typeof createDecide>;
  readonly consent: ReturnType<typeof createConsent>;
  readonly fetch: ReturnType<typeof createFetch>;
  readonly filter: ReturnType<typeof createFilter>;
  readonly recorder: Recorder;
  readonly signer: AnswerSigner;
  /** Takes up what callers and agreements have become. A look that begins after it was asked for. */
  readonly takeUp: () => Promise<void>;
}

/** One answer, unrecorded; asked for again it is judged by what is known then, and decided anew where it was outdated. */
type PrepareOnce = (anew?: Anew) => Promise<Filtered>;

/**
 * What a call and a chunk share, first half: nothing has been written yet. Each stage takes only what the one before made. Nobody
 * is looked up for what could not be recorded: neither what is refused nor how long it took tells then what the register holds.
 */
export async function prepare(stages: Stages, grounds: Grounds): Promise<Filtered> {
  stages.recorder.mustBeWriter();
  const consented = await stages.consent(grounds);
  try {
    const fetched = await stages.fetch(consented);
    return await stages.filter(fetched);
  } catch (error) {
    consented.flight?.end();
    throw error;
  }
}

/**
 * Second half: into the log, and only then signed. The sender is looked at once more in the turn in which the answer leaves: who
 * was barred while the log was written gets nothing.
 */
export async function conclude(
  stages: Stages,
  prepareOnce: PrepareOnce,
  { peer, transport }: Pick<UnaryCall, 'peer' | 'transport'>,
): Promise<Signed> {
  const { recorded, filtered } = await recordAnew(stages, prepareOnce);
  try {
    await filtered.composed.beforeTold?.();
  } catch (error) {
    recorded.flight?.end();
    throw error;
  }
  return seal(stages, recorded, { peer, transport });
}

interface RecordedWork {
  readonly filtered: Filtered;
  readonly recorded: Recorded;
}

/** More often than that nobody is overtaken who does not race with himself. */
const MOST_TRIES = 8;
const OVERTAKEN_RETRY_MS = 500;

/**
 * Prepares and records; what was overtaken, before it was recorded or since, is prepared anew, by what is known now. So is what was
 * decided under an agreement that has changed meanwhile: nobody's call fails since officers decided something at that moment.
 */
export async function recordAnew(stages: Stages, prepareOnce: PrepareOnce): Promise<RecordedWork> {
  let anew: Anew | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const filtered = await prepareOnce(anew);
    const { flight } = filtered.fetched.consented;
    const recorded = await stages.recorder.record(filtered).catch((error: unknown) => {
      flight?.end();
      throw error;
    });
    if (typeof recorded !== 'string' && flight?.overtaken !== true) return { filtered, recorded };
    flight?.end();
    anew = typeof recorded === 'string' ? recorded : 'overtaken';
    if (anew === 'outdated') await stages.takeUp();
  }
  const reason = anew === 'outdated' ? ErrorReason.POLICY_UNAVAILABLE : ErrorReason.STORAGE_UNAVAILABLE;
  throw new CallRefused(reason, { retryAfterMs: OVERTAKEN_RETRY_MS });
}

/** For what waited to leave after it was recorded: the same, where it was overtaken meanwhile. `now`: unix seconds. */
export async function recordIfOvertaken(
  stages: Stages,
  prepareOnce: PrepareOnce,
  earlier: RecordedWork,
  now: number,
): Promise<RecordedWork> {
  if (!earlier.recorded.overtakenAt(now)) return earlier;
  earlier.recorded.flight?.end();
  return recordAnew(stages, prepareOnce);
}

/** The last step, in the turn of the write. */
export function seal(
  stages: Stages,
  recorded: Recorded,
  { peer, transport }: Pick<UnaryCall, 'peer' | 'transport'>,
): Signed {
  try {
    const receiver = stages.authenticate(peer);
    stages.recorder.mustBeWriter();
    const signed = stages.signer.sign(recorded, receiver);
    recorded.flight?.leaving(transport);
    return signed;
  } catch (error) {
    recorded.flight?.end();
    throw error;
  }
}

/** Prepares what a token is part of. */
export function preparing(stages: Stages, opened: Decided, peer: UnaryCall['peer']): PrepareOnce {
  let decided = opened;
  return async (anew) => {
    if (anew === 'outdated') {
      const { verified, work } = decided;
      decided = stages.decide(verified.underCaller(stages.authenticate(peer)), work);
    }
    return prepare(stages, decided);
  };
}

/** No unary request is near this; a larger one is not decoded. */
export const LARGEST_REQUEST = 64 * 1024;

/** A signed unary call, top to bottom. */
export function createUnaryExchange(
  stages: Stages,
  methods: ReadonlyMap<string, UnaryMethod>,
  refuseCall: RefuseCall,
): UnaryPort {
  return async (call) => {
    const reached: Reached = { method: call.method, message: call.message };
    try {
      const authenticated = stages.authenticate(call.peer);
      reached.authenticated = authenticated;
      const verified = stages.verify(authenticated, call);
      // Nothing to wait for: whoever came in the same turn does each step beside this one (gateway/turns).
      await undefined;
      reached.token = verified.token;
      reached.kid = verified.kid;
      const method = methods.get(call.method);
      if (method === undefined) throw new CallRefused(ErrorReason.BAD_REQUEST);
      if (call.message.length > LARGEST_REQUEST) {
        throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'message', rule: 'LENGTH' }] });
      }
      const work = method.read(verified.message);
      reached.context = work.asked.context;
      if (work.wanted.kind === 'person') reached.person = work.wanted.identifier;
      const decided = stages.decide(verified, work);
      await undefined;
      return (await conclude(stages, preparing(stages, decided, call.peer), call)).toUnary();
    } catch (error) {
      return { refusal: await refuseCall(error, reached) };
    }
  };
}
