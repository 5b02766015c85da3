import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { SentReason } from '../errors/catalogue.ts';
import { type Binding, type BindingProblem, checkBinding, claimOf } from '../signing/binding.ts';
import { wrongClaim } from '../signing/claims.ts';
import { digestOf } from '../signing/digest.ts';
import { checkFreshness, type FreshnessProblem } from '../signing/freshness.ts';
import { parseToken } from '../signing/parse.ts';
import type { ClaimName, ClaimsOf, FormOf, TokenType } from '../signing/token-types.ts';
import { type VerifyProblem, verifyToken } from '../signing/verify.ts';
import type { Authenticated } from './authenticate.ts';
import { CallRefused } from './refused.ts';

/** A token's identity and age, for the table that lets it count once. */
export interface TokenUse {
  readonly issuer: string;
  /** 16 bytes. */
  readonly jti: Buffer;
  readonly iat: number;
}

/** Stage 2: the message is the caller's, meant for this gateway, this method, this moment. */
class VerifiedCall {
  readonly #stage = 'verified';
  readonly authenticated: Authenticated;
  readonly method: string;
  readonly message: Uint8Array;
  /** SHA-256 of the message as received, base64url. */
  readonly digest: string;
  readonly token: TokenUse;
  readonly kid: string;

  constructor(
    authenticated: Authenticated,
    method: string,
    message: Uint8Array,
    digest: string,
    token: TokenUse,
    kid: string,
  ) {
    this.authenticated = authenticated;
    this.method = method;
    this.message = message;
    this.digest = digest;
    this.token = token;
    this.kid = kid;
  }

  get stage(): string {
    return this.#stage;
  }

  /** The same signed message, its sender authenticated anew: for the opening of a long stream. */
  underCaller(authenticated: Authenticated): VerifiedCall {
    const { agency, certificate } = this.authenticated.caller;
    if (authenticated.caller.agency !== agency || authenticated.caller.certificate !== certificate) {
      throw new CallRefused(ErrorReason.BINDING_WRONG);
    }
    return new VerifiedCall(authenticated, this.method, this.message, this.digest, this.token, this.kid);
  }
}
export type Verified = VerifiedCall;

export interface VerifyDeps {
  /** `gateway@<deployment>`. */
  readonly audience: string;
  readonly nowSeconds: () => number;
  /** Tokens signed at or before this second are refused: the table of used ones was purged up to here. */
  readonly iatFloor: () => number;
}

const MALFORMED: ReadonlySet<VerifyProblem> = new Set(['UNKNOWN_KEY', 'WRONG_ISSUER', 'BAD_SIGNATURE']);

function reasonOfToken(problem: VerifyProblem): SentReason {
  if (!MALFORMED.has(problem)) return ErrorReason.SIGNATURE_MALFORMED;
  return problem === 'BAD_SIGNATURE' ? ErrorReason.SIGNATURE_INVALID : ErrorReason.KEY_UNKNOWN;
}

/** The claim that is wrong in a token, read once more for that alone. */
function claimOfToken(problem: VerifyProblem, token: string, typ: TokenType, form: string): ClaimName | undefined {
  if (problem === 'WRONG_ISSUER') return 'iss';
  if (problem !== 'BAD_CLAIMS') return undefined;
  const parsed = parseToken(token);
  return parsed.ok ? wrongClaim(typ, form, parsed.token.claims) : undefined;
}

function reasonOfBinding(problem: BindingProblem): SentReason {
  if (problem === 'WRONG_AUDIENCE') return ErrorReason.AUDIENCE_WRONG;
  return problem === 'WRONG_DIGEST' ? ErrorReason.DIGEST_MISMATCH : ErrorReason.BINDING_WRONG;
}

/**
 * The claims of a token that the caller signed over these very bytes. Shared by calls, openings, chunks and ends.
 * Throws CallRefused: whichever check fails, nothing of the token's text is repeated.
 */
export function verifyMessage<T extends TokenType, F extends FormOf<T>>(
  authenticated: Authenticated,
  token: string | undefined,
  message: Uint8Array,
  expected: {
    readonly typ: T;
    readonly form: F;
    /** What the token must be bound to; from its claims only what the message itself is then held against. */
    readonly binding: (claims: ClaimsOf<T, F>) => Omit<Binding, 'digest'>;
  },
  nowSeconds: () => number,
): { claims: ClaimsOf<T, F>; digest: string; kid: string } {
  if (token === undefined || token === '') throw new CallRefused(ErrorReason.SIGNATURE_MISSING);
  const result = verifyToken(token, { typ: expected.typ, form: expected.form, keys: authenticated.caller.keys });
  if (!result.ok) {
    const claim = claimOfToken(result.problem, token, expected.typ, expected.form);
    throw new CallRefused(reasonOfToken(result.problem), { claim });
  }
  const digest = digestOf(message);
  const problem = checkBinding(result.claims, { ...expected.binding(result.claims), digest });
  if (problem !== undefined) {
    const reason = reasonOfBinding(problem);
    const help = { receivedDigest: digest, receivedBytes: message.length, serverTime: nowSeconds() };
    throw new CallRefused(reason, {
      claim: claimOf(problem),
      ...(reason === ErrorReason.DIGEST_MISMATCH ? { help } : {}),
    });
  }
  return { claims: result.claims, digest, kid: result.kid };
}

/** Refuses a token that is too old, ahead of the clock, or below the floor; returns what makes it count once. */
export function freshToken(claims: ClaimsOf<'lt-call+jws'>, { nowSeconds, iatFloor }: VerifyDeps): TokenUse {
  const now = nowSeconds();
  const problem: FreshnessProblem | undefined = checkFreshness(claims.iat, { nowSeconds: now, floor: iatFloor() });
  if (problem !== undefined) {
    throw new CallRefused(ErrorReason.CLOCK, {
      claim: 'iat',
      help: { receivedDigest: claims.dig, receivedBytes: 0, serverTime: now },
    });
  }
  return { issuer: claims.iss, jti: Buffer.from(claims.jti, 'base64url'), iat: claims.iat };
}

export function createVerifyCall(deps: VerifyDeps) {
  return (
    authenticated: Authenticated,
    call: {
      readonly method: string;
      readonly message: Uint8Array;
      readonly signature: string | undefined;
      readonly job?: string;
    },
  ): Verified => {
    const binding = {
      audience: deps.audience,
      method: call.method,
      ...(call.job === undefined ? {} : { job: call.job }),
    };
    const { claims, digest, kid } = verifyMessage(
      authenticated,
      call.signature,
      call.message,
      { typ: 'lt-call+jws', form: 'call', binding: () => binding },
      deps.nowSeconds,
    );
    return new VerifiedCall(authenticated, call.method, call.message, digest, freshToken(claims, deps), kid);
  };
}
