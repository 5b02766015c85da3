/** Calls made by hand: any bytes, any token, any certificate. What comes back is verified where it is signed. */
import { randomBytes } from 'node:crypto';
import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { type ReadRefusal, readRefusal } from '../../gateway/errors/read.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { signRaw } from '../../gateway/signing/es256.ts';
import type { SigningKey } from '../../gateway/signing/key-store.ts';
import { keyLookup, verificationKeyOf } from '../../gateway/signing/public-key.ts';
import type { ClaimsOf } from '../../gateway/signing/token-types.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import { callUnary } from './rpc-harness.ts';

export interface Identity {
  readonly agency: string;
  readonly deployment: string;
  /** PEM; certificate and key absent: a connection without a client certificate. */
  readonly ca: string;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly signingKey: SigningKey;
  readonly context: { readonly service_code: string; readonly unit_code: string; readonly officer_code: string };
  readonly purpose: string;
}

/** What came back of a unary call. */
export interface RawOutcome {
  readonly code: number;
  readonly message: Buffer | undefined;
  readonly details: Buffer | undefined;
  readonly refusal: ReadRefusal | undefined;
  /** Name of the closed reason; undefined for an answer and for what failed on the way. */
  readonly reason: string | undefined;
  readonly signature: string | undefined;
  /** Trailer `lt-request-id`. */
  readonly traceableId: string | undefined;
  /** Trailer `lt-quota-remaining`: what is left, by limit. */
  readonly quotas: Readonly<Record<string, number>>;
  /** Trailer `lt-quota-reset`: when each begins anew, unix seconds. */
  readonly resets: Readonly<Record<string, number>>;
  /** Claims of the gateway's signature over the answer or the status details; undefined where there is no valid one. */
  readonly claims: ClaimsOf<'lt-answer+jws', 'call'> | undefined;
  /** Text of the transport. */
  readonly text: string;
}

export type Claims = Record<string, unknown>;

export const pathOf = (method: DescMethod): string => `/${method.parent.typeName}/${method.name}`;
const encode = (value: string | object) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A compact token with exactly this header and these claims, truly signed. */
export function token(key: SigningKey, header: string | object, claims: string | object): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signRaw(Buffer.from(input), key.key).toString('base64url')}`;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);
export const newJti = (): string => randomBytes(16).toString('base64url');

/** The claims that a good call over these bytes has. */
export function callClaims({ agency, deployment }: Identity, method: string, bytes: Uint8Array): Claims {
  return {
    iss: agency,
    aud: `gateway@${deployment}`,
    iat: nowSeconds(),
    jti: newJti(),
    dig: digestOf(bytes),
    mth: method,
  };
}

/** A good call's token, with claims and header members replaced; undefined leaves one out. */
export function callToken(
  identity: Identity,
  method: string,
  bytes: Uint8Array,
  changes: {
    readonly header?: Claims;
    readonly claims?: Claims;
    readonly typ?: string;
    readonly key?: SigningKey;
  } = {},
): string {
  const key = changes.key ?? identity.signingKey;
  const header = { alg: 'ES256', kid: key.kid, typ: changes.typ ?? 'lt-call+jws', ...changes.header };
  return token(key, header, { ...callClaims(identity, method, bytes), ...changes.claims });
}

export function newRequestId(): string {
  return randomBytes(16).toString('hex');
}

/** The context that the agency's own client would send. */
export function contextOf(identity: Identity, requestId = newRequestId()) {
  const { service_code: serviceCode, unit_code: unitCode, officer_code: officerCode } = identity.context;
  return { requestId, purpose: identity.purpose, serviceCode, unitCode, officerCode };
}

/** A request's bytes, `blind` and `context` filled in unless the caller gives them. */
export function requestBytes<I extends DescMessage>(
  identity: Identity,
  schema: I,
  init: MessageInitShape<I>,
): Uint8Array {
  const full = { context: contextOf(identity), blind: randomBytes(16), ...(init as object) };
  return toBinary(schema, create(schema, full as unknown as MessageInitShape<I>));
}

export interface RawCaller {
  readonly identity: Identity;
  readonly client: Client;
  /** Sends these bytes with this signature (none where undefined). */
  send(method: string, bytes: Uint8Array, signature?: string): Promise<RawOutcome>;
  /** A good call: signed as it should be. Decodes the answer; throws where it was refused. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethod & { readonly input: I; readonly output: O },
    init: MessageInitShape<I>,
  ): Promise<{ readonly message: MessageShape<O>; readonly outcome: RawOutcome; readonly bytes: Uint8Array }>;
  /** As `call`, for what is to be refused. */
  attempt<I extends DescMessage>(
    method: DescMethod & { readonly input: I },
    init: MessageInitShape<I>,
  ): Promise<RawOutcome>;
  /** Signs and sends these bytes as they are. */
  sign(method: DescMethod, bytes: Uint8Array): Promise<RawOutcome>;
  close(): void;
}

/** Where a caller connects to. */
export interface CallerPlace {
  readonly port: number;
  /** In clear: what stands there opens the connection to the gateway itself. */
  readonly clear?: boolean;
  /** Of an answer, what may be on its way before somebody reads; HTTP/2's 64 KB unless given. */
  readonly windowBytes?: number;
}

function credentialsOf({ ca, certificate, key }: Identity, clear: boolean) {
  if (clear) return credentials.createInsecure();
  if (certificate === undefined || key === undefined) return credentials.createSsl(Buffer.from(ca));
  return credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(certificate));
}

export function createRawCaller(
  identity: Identity,
  { port, clear = false, windowBytes, gatewayKey }: CallerPlace & { readonly gatewayKey: SigningKey },
): RawCaller {
  const { agency, deployment } = identity;
  const client = new Client(`localhost:${port}`, credentialsOf(identity, clear), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.max_send_message_length': -1,
    ...(windowBytes === undefined ? {} : { 'grpc-node.flow_control_window': windowBytes }),
  });
  const keys = keyLookup([verificationKeyOf(gatewayKey.publicJwk, 'gateway')]);

  async function send(method: string, bytes: Uint8Array, signature?: string): Promise<RawOutcome> {
    const { message, error, trailers } = await callUnary(
      client,
      method,
      bytes,
      signature === undefined ? {} : { signature },
    );
    const code = error?.code ?? 0;
    const [details] = trailers.get('grpc-status-details-bin');
    const [signed] = trailers.get('lt-signature');
    const bytesOfDetails = Buffer.isBuffer(details) ? details : undefined;
    const refusal = code === 0 ? undefined : readRefusal(code, bytesOfDetails);
    const answerSignature = typeof signed === 'string' ? signed : undefined;
    const covered = message ?? bytesOfDetails;
    return {
      code,
      message,
      details: bytesOfDetails,
      refusal,
      reason: refusal?.reasonName,
      signature: answerSignature,
      traceableId: trailers.get('lt-request-id')[0]?.toString(),
      quotas: quotasOf(trailers.get('lt-quota-remaining')[0]?.toString()),
      resets: quotasOf(trailers.get('lt-quota-reset')[0]?.toString()),
      claims: covered === undefined ? undefined : claimsOf(answerSignature, covered, method, bytes, code),
      text: error?.details ?? '',
    };
  }

  function claimsOf(jws: string | undefined, covered: Uint8Array, method: string, request: Uint8Array, code: number) {
    if (jws === undefined) return undefined;
    const verified = verifyToken(jws, { typ: 'lt-answer+jws', form: 'call', keys });
    if (!verified.ok) return undefined;
    const { claims } = verified;
    const bound =
      claims.aud === `${agency}@${deployment}` &&
      claims.dig === digestOf(covered) &&
      claims.rqd === digestOf(request) &&
      claims.mth === method &&
      claims.code === code;
    return bound ? claims : undefined;
  }

  const sign = (method: DescMethod, bytes: Uint8Array) =>
    send(pathOf(method), bytes, callToken(identity, pathOf(method), bytes));

  return {
    identity,
    client,
    send,
    sign,
    async call(method, init) {
      const bytes = requestBytes(identity, method.input, init);
      const outcome = await sign(method, bytes);
      if (outcome.message === undefined)
        throw new Error(`${method.name} was refused: ${outcome.reason ?? outcome.text}`);
      if (outcome.claims === undefined) throw new Error(`the answer of ${method.name} is not signed`);
      return { message: fromBinary(method.output, outcome.message), outcome, bytes };
    },
    attempt: (method, init) => sign(method, requestBytes(identity, method.input, init)),
    close: () => client.close(),
  };
}

function quotasOf(text: string | undefined): Record<string, number> {
  const parts = text === undefined ? [] : text.split(',');
  return Object.fromEntries(parts.map((part) => [part.split('=')[0] ?? '', Number(part.split('=')[1])]));
}

/** Calls without a signature: server.v1, audit.v1. */
export async function callOpen<I extends DescMessage, O extends DescMessage>(
  caller: RawCaller,
  method: DescMethod & { readonly input: I; readonly output: O },
  init: MessageInitShape<I>,
): Promise<{ readonly message: MessageShape<O> | undefined; readonly outcome: RawOutcome }> {
  const outcome = await caller.send(pathOf(method), toBinary(method.input, create(method.input, init)));
  return { message: outcome.message && fromBinary(method.output, outcome.message), outcome };
}
