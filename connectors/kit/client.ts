import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import type grpc from '@grpc/grpc-js';
import { audienceOf } from '../../gateway/signing/binding.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { createSigner, type Signer } from '../../gateway/signing/sign.ts';
import type { ClaimsOf } from '../../gateway/signing/token-types.ts';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { type AnswerCheck, createAnswerCheck } from './answer-check.ts';
import { type Connection, createConnection } from './connection.ts';
import { decode, openAnswer } from './encrypted-answer.ts';
import { createKeySetSource, GATEWAY, type KeySetSource } from './key-set-source.ts';
import { KitError } from './kit-error.ts';
import { createLogHeads, type LogHeads, type Open } from './log-heads.ts';
import { createPlaces, type Places } from './places.ts';
import type { Profile } from './profile.ts';
import { type QuotaLeft, quotasOf } from './quota.ts';
import { connect, type RawAnswer } from './raw-call.ts';
import { DEADLINE_EXCEEDED, GatewayError, gatewayError } from './refusal.ts';
import { refuseFaults } from './refuse-faults.ts';
import { type PreparedRequest, prepareRequest } from './request.ts';
import { unlessAborted, withRetries } from './retry.ts';
import { createLogWitness, type LogWitness } from './witness.ts';

export type CallOptions = {
  /** Of one attempt, once it is sent: of thousands of calls at once most wait for the others first. 30 s unless given. */
  readonly deadlineMs?: number;
  /** How long an unavailable gateway, or a limit that begins anew, is tried again, from the first failure; 10 s unless given. */
  readonly retryForMs?: number;
  readonly signal?: AbortSignal | undefined;
};

/** An answer whose signature was verified. */
export type Answer<O extends DescMessage> = {
  readonly message: MessageShape<O>;
  readonly bytes: Uint8Array;
  /** Who answered, when, under which revisions, and the log entry (`log`, `leaf`). */
  readonly claims: ClaimsOf<'lt-answer+jws', 'call'>;
  /**
   * The gateway's signature over `bytes` and over the request: with both and the key set, what shows others later what was
   * answered. Of an encrypted answer it is nowhere else.
   */
  readonly jws: string;
  readonly requestId: string;
  /** Digest of the request's bytes, base64url: for StartJob what chunks bind to. */
  readonly requestDigest: string;
  /**
   * What the call is called in the gateway's log: `requestId`, or `gw-…` where that could be a person's number (15 digits at most).
   * Not signed, as `quota`: for talking to the operator, and no proof.
   */
  readonly loggedAs: string | undefined;
  /** What is left of the agreement's limits, by name (`RATE`, `DAY_ROWS`, …). */
  readonly quota: Readonly<Record<string, QuotaLeft>>;
};

export type SignedClient = {
  readonly profile: Profile;
  readonly signer: Signer;
  /** `gateway@<deployment>`, for what is signed outside of unary calls. */
  readonly audience: string;
  readonly check: AnswerCheck;
  readonly keySet: KeySetSource;
  readonly logHeads: LogHeads;
  /** Cosigns heads of the log that are proven to continue what this profile has seen. */
  readonly witness: LogWitness;
  /** Whole seconds of this machine's clock. */
  now(): number;
  /**
   * One signed call. Fills `blind`, `context.request_id` and what the profile knows of the context where they are
   * empty, serialises once, signs those bytes, and believes nothing of the answer before its signature is verified.
   *
   * Of an answer that does not come nobody can say whether it was disclosed, counted and logged, and calling this again is
   * another request, also under a given request id (`blind` is drawn anew: CONTENT_CHANGED). What must count once, a use of
   * a consent for one, goes by `prepare` and `unaryBytes`.
   *
   * Throws GatewayError (refused, unavailable) or KitError UNTRUSTED_ANSWER, UNTRUSTED_KEY_SET, GATEWAY_DIFFERS, and, before anything is asked,
   * STATE_UNREADABLE, STATE_UNWRITABLE, DISK_FULL where the profile's state folder cannot keep the gateway's key set.
   */
  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<Answer<O>>;
  /** What `unary` would send: to be kept, on disk where a restart must not lose it, until its answer is here. Sends nothing. */
  prepare<I extends DescMessage>(method: { readonly input: I }, request: MessageInitShape<I>): PreparedRequest;
  /**
   * As `unary`, of bytes made before. The same bytes again, within ten minutes, are the same request: it is counted and logged
   * as disclosed once, and the stored answer comes. A GatewayError names the `requestId`.
   */
  unaryBytes<O extends DescMessage>(
    method: DescMethodUnary<DescMessage, O>,
    request: PreparedRequest,
    options?: CallOptions,
  ): Promise<Answer<O>>;
  /** One call that is not signed (server.v1, audit.v1): what it returns carries proofs of its own. */
  open<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>;
  /** A connection of its own, for streams; the caller closes it. */
  connect(): grpc.Client;
  /** Calls under way are answered; those that are not sent yet, or are to be sent again, end with CLIENT_CLOSED. */
  close(): void;
};

const DEADLINE_MS = 30_000;
const RETRY_FOR_MS = 10_000;
const NOTHING = { text: '', message: undefined, details: undefined, signature: undefined };
const SILENCE: RawAnswer = { code: DEADLINE_EXCEEDED, ...NOTHING };
/** Work that is done waits for its witness, which tries again anyhow. */
const WITNESS_LIMITS = { deadlineMs: 3_000, retryForMs: 0 };

/** `/package.Service/Method`. */
export function pathOf(method: { readonly name: string; readonly parent: { readonly typeName: string } }): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/**
 * A client for one profile: mutual TLS, every call signed, every answer verified against the gateway's key set, which is
 * itself verified against the root that the profile pins. Opens its connection at the first call.
 */
export function createSignedClient(
  profile: Profile,
  { now = () => Math.floor(Date.now() / 1000) }: { now?: () => number } = {},
): SignedClient {
  const connection = createConnection(profile);
  const places = createPlaces();
  const { certificate } = profile;
  refuseFaults(profile);
  const signer = createSigner({ key: profile.signingKey.key, kid: profile.signingKey.kid, issuer: profile.agency });
  const audience = audienceOf(GATEWAY, profile.deployment);
  const keySet = createKeySetSource({
    profile,
    fetch: async (limits) => {
      const { payload, jws } = await open(ServerService.method.getKeySet, {}, limits);
      return { payload, jws };
    },
  });
  const check = createAnswerCheck({ keySet, profile });

  /** One call; what this side broke off is not the gateway's failure. */
  async function send(...call: Parameters<Connection['call']>): Promise<RawAnswer> {
    const answer = await connection.call(...call);
    if (answer.code !== 0 && call[2].signal?.aborted === true) throw new KitError('INTERRUPTED');
    return answer;
  }

  async function attempt(...call: Parameters<Connection['call']>): Promise<RawAnswer & { message: Buffer }> {
    const answer = await send(...call);
    if (answer.code !== 0) throw gatewayError(answer, profile.address, { certificate });
    if (answer.message === undefined) throw new KitError('UNTRUSTED_ANSWER', { problem: 'NO_MESSAGE' });
    return { ...answer, message: answer.message };
  }

  async function open<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    { deadlineMs = DEADLINE_MS, retryForMs = RETRY_FOR_MS, signal }: CallOptions = {},
  ): Promise<MessageShape<O>> {
    const bytes = toBinary(method.input, create(method.input, request));
    const answer = await withRetries(() => attempt(pathOf(method), bytes, { deadlineMs, signal }), {
      forMs: retryForMs,
      signal,
    });
    return decode(method.output, answer.message);
  }

  async function unaryBytes<O extends DescMessage>(
    method: DescMethodUnary<DescMessage, O>,
    { bytes, requestId }: PreparedRequest,
    { deadlineMs = DEADLINE_MS, retryForMs = RETRY_FOR_MS, signal }: CallOptions = {},
  ): Promise<Answer<O>> {
    const [mth, dig] = [pathOf(method), digestOf(bytes)];
    const facts = { method: mth, requestDigest: dig, requestId };
    async function once(): Promise<Answer<O>> {
      const place = await places.take(signal);
      if (place === undefined) throw gatewayError(SILENCE, profile.address, { requestId });
      let how: Parameters<Places['leave']>[1] = 'answered';
      try {
        return await asked();
      } catch (error) {
        const [code, refusal] = error instanceof GatewayError ? [error.code, error.refusal] : [];
        if (error instanceof KitError && error.reason === 'LIMITED') how = 'limited';
        else if (code === SILENCE.code && refusal === undefined) how = 'silence';
        throw error;
      } finally {
        places.leave(place, how);
      }
    }
    async function asked(): Promise<Answer<O>> {
      // Before the call, not behind it: an answer that cannot be checked was disclosed and counted for nothing.
      await unlessAborted(keySet.get({ deadlineMs, retryForMs: 0 }), signal);
      // The same bytes at every attempt, a new token each: a retry that the gateway can tell from a replay.
      const signedAt = now();
      const signature = signer.sign('lt-call+jws', { aud: audience, iat: signedAt, dig, mth });
      const answer = await send(mth, bytes, { signature, deadlineMs, signal });
      if (answer.code !== 0) {
        const times = { signedAt, heardAt: now() };
        const signed = await check.refusal(answer, facts);
        throw gatewayError(answer, profile.address, { requestId, signed, certificate, times });
      }
      if (answer.message === undefined) throw new KitError('UNTRUSTED_ANSWER', { problem: 'NO_MESSAGE' });
      const { payload: signed, jws = '' } = openAnswer(method.output, answer, answer.message, profile.decryptionKeys);
      const claims = await check.answer(jws, signed, facts);
      const message = decode(method.output, signed);
      const { loggedAs, quotaRemaining, quotaReset } = answer;
      const quota = quotasOf(quotaRemaining, quotaReset);
      return { message, bytes: signed, claims, jws, requestId, requestDigest: dig, loggedAs, quota };
    }
    return withRetries(once, { forMs: retryForMs, signal });
  }

  const once: Open = (method, request) => open(method, request, WITNESS_LIMITS);
  const self: SignedClient = {
    profile,
    signer,
    audience,
    check,
    keySet,
    now,
    logHeads: createLogHeads({ profile, keySet, open }),
    witness: createLogWitness({ profile, logHeads: createLogHeads({ profile, keySet, open: once }), open: once, now }),
    open,
    unaryBytes,
    prepare: ({ input }, request) => prepareRequest(profile, input, request),
    unary: (method, request, options) => unaryBytes(method, self.prepare(method, request), options),
    connect: () => connect(profile),
    close() {
      connection.close();
      places.close();
    },
  };
  return self;
}

// What calls throw, for `instanceof`: whoever has a client from the package has no other way to the classes.
export type { PreparedRequest, QuotaLeft };
export { GatewayError, KitError };
