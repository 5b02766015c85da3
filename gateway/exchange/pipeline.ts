import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { digestOf } from '../signing/digest.ts';
import type { createAuthenticate } from './authenticate.ts';
import type { createConsent } from './consent.ts';
import type { createDecide } from './decide.ts';
import type { createFetch } from './fetch.ts';
import type { createFilter, Filtered } from './filter.ts';
import type { Grounds } from './grounds.ts';
import type { UnaryPort } from './ports.ts';
import type { Recorder } from './record.ts';
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
}

/** What a call and a chunk share, first half: nothing has been written yet. Each stage takes only what the one before made. */
export async function prepare(stages: Stages, grounds: Grounds): Promise<Filtered> {
  const consented = await stages.consent(grounds);
  const fetched = await stages.fetch(consented);
  return stages.filter(fetched);
}

/** Second half: into the log, and only then signed. */
export async function conclude(stages: Stages, filtered: Filtered): Promise<Signed> {
  const recorded = await stages.recorder.record(filtered);
  return stages.signer.sign(recorded);
}

/** A signed unary call, top to bottom. */
export function createUnaryExchange(
  stages: Stages,
  methods: ReadonlyMap<string, UnaryMethod>,
  refuseCall: RefuseCall,
): UnaryPort {
  return async (call) => {
    const reached: Reached = { method: call.method, requestDigest: digestOf(call.message) };
    try {
      const authenticated = stages.authenticate(call.peer);
      reached.authenticated = authenticated;
      const verified = stages.verify(authenticated, call);
      reached.token = verified.token;
      const method = methods.get(call.method);
      if (method === undefined) throw new CallRefused(ErrorReason.BAD_REQUEST);
      const work = method.read(verified.message);
      reached.context = work.asked.context;
      const decided = stages.decide(verified, work);
      const filtered = await prepare(stages, decided);
      // From here on the log has the token, whatever it makes of it.
      delete reached.token;
      return (await conclude(stages, filtered)).toUnary();
    } catch (error) {
      return { refusal: await refuseCall(error, reached) };
    }
  };
}
