/** Whether a verified token belongs to the message, the call and the receiver at hand. */

/** The facts at hand, as this side knows them itself; none of them is read from the token. */
export type Binding = {
  /** `<receiver>@<deployment id>` of this side: {@link audienceOf}. */
  readonly audience: string;
  /** Digest of the message bytes as received. */
  readonly digest: string;
  /** `/package.Service/Method` of the call. */
  readonly method?: string;
  readonly job?: string;
  /** Number of the chunk. */
  readonly num?: number;
  /** Digest of the StartJob message that opened the job. */
  readonly opening?: string;
  /** Digest of the request that this answers. */
  readonly requestDigest?: string;
  /** The caller's own request_id. */
  readonly requestId?: string;
};

export const BINDING_PROBLEMS = {
  WRONG_AUDIENCE: 'meant for another receiver or another deployment',
  WRONG_DIGEST: 'signs other bytes than these',
  WRONG_METHOD: 'made for another method',
  WRONG_JOB: 'belongs to another job, or to none',
  WRONG_NUMBER: 'belongs to another chunk',
  WRONG_OPENING: 'belongs to another opening of the job',
  WRONG_REQUEST: 'answers another request',
} as const;
export type BindingProblem = keyof typeof BINDING_PROBLEMS;

const BOUND = [
  ['aud', 'audience', 'WRONG_AUDIENCE'],
  ['mth', 'method', 'WRONG_METHOD'],
  ['job', 'job', 'WRONG_JOB'],
  ['num', 'num', 'WRONG_NUMBER'],
  ['opn', 'opening', 'WRONG_OPENING'],
  ['rqd', 'requestDigest', 'WRONG_REQUEST'],
  ['req', 'requestId', 'WRONG_REQUEST'],
  // Last: where more is wrong than the bytes, that says more.
  ['dig', 'digest', 'WRONG_DIGEST'],
] as const satisfies readonly (readonly [string, keyof Binding, BindingProblem])[];

/** The claim that a problem is about. */
export function claimOf(problem: BindingProblem): (typeof BOUND)[number][0] | undefined {
  return BOUND.find(([, , named]) => named === problem)?.[0];
}

/** `<receiver>@<deployment id>`; the receiver is an agency's code, `gateway`, or `*` for a token that all rely on. */
export function audienceOf(receiver: string, deployment: string): string {
  return `${receiver}@${deployment}`;
}

/**
 * The first claim that does not belong here, or undefined where all do.
 *
 * Exact in both ways: a binding claim that this side gave no fact for is a problem as well, and so is a fact that the
 * token has no claim for, so that neither a forgotten argument nor a missing claim lets a token pass. One exception:
 * a refusal (`code` other than 0) whose `req` is empty answers a request whose id could not be read; `rqd` binds it.
 */
export function checkBinding(claims: object, facts: Binding): BindingProblem | undefined {
  const given = claims as Readonly<Record<string, unknown>>;
  for (const [claim, fact, problem] of BOUND) {
    if (given[claim] === facts[fact]) continue;
    if (claim === 'req' && given.req === '' && given.code !== 0) continue;
    return problem;
  }
  return undefined;
}
