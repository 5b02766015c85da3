import { randomBytes } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import grpc from '@grpc/grpc-js';
import type { SentReason } from '../../gateway/errors/catalogue.ts';
import { refuse } from '../../gateway/errors/refuse.ts';
import type { RowResult } from '../../gateway/proof/result-bytes.ts';
import { checkBinding } from '../../gateway/signing/binding.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import type { SigningKey } from '../../gateway/signing/key-store.ts';
import type { keyLookup } from '../../gateway/signing/public-key.ts';
import { createSigner, type Signer } from '../../gateway/signing/sign.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import type { GetServerInfoResponseSchema } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import type { FileProfile, JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';

export type TinyRow = { readonly id: string; readonly name: string; readonly date: string };
export type TinyJob = {
  readonly id: string;
  readonly opening: string;
  readonly chunkRows: number;
  readonly digests: Map<number, string>;
  readonly answers: Map<number, Buffer>;
  readonly roots: Map<number, Buffer>;
  readonly rows: Map<number, number>;
  readonly totals: number[];
  state: JobState;
  receipt: { token: string; checkpoint: string } | undefined;
};

export type Fate =
  | 'go on'
  | 'break'
  | 'no end'
  /** A proxy that lets nobody through: a word of its own, none of the gateway's. */
  | 'forbidden'
  | TinyRefusal;
export type TinyRefusal = {
  readonly reason: SentReason;
  readonly signed: boolean;
  readonly jobState?: JobState;
  readonly retryAfterMs?: number;
  readonly serverTime?: number;
  readonly by?: Signer;
};
export type Faults = {
  /** Changes what leaves: signature or bytes. */
  answer?: (method: string, frame: { message: Buffer; jws: string }) => { message: Buffer; jws: string | undefined };
  /** Changes the results of a chunk before they are signed. */
  results?: (results: Buffer) => void;
  /** What the server says of itself otherwise than it is. */
  serverInfo?: MessageInitShape<typeof GetServerInfoResponseSchema>;
  /** Knows nobody by the certificate: says nothing of itself but that. */
  callerUnknown?: boolean;
  /** Versions that calls are answered under from now on. */
  versions?: { readonly profile?: string; readonly agreement?: string };
  /** Says nothing to whoever opens a stream. */
  hold?: boolean;
  /** Refuses a call: before anything is done. */
  refuse?: (method: string) => TinyRefusal | undefined;
  /** Ends the stream beside all that came over it, once a chunk is answered: bound to that chunk, in the form of a call. */
  afterAnswer?: (num: number) => TinyRefusal | undefined;
  /** Waited for before a signed call is looked at. */
  beforeCall?: () => Promise<void>;
  /** Whether the answer of a chunk is kept back until the next one's was sent. */
  late?: (num: number) => boolean;
  /** Called with each chunk's number before it is answered; may break the stream, or wait. */
  beforeAnswer?: (num: number) => Promise<Fate> | Fate;
};

export type TinyGateway = {
  readonly profileFolder: string;
  readonly jobs: Map<string, TinyJob>;
  /** Every chunk number in the order it came. */
  readonly received: number[];
  readonly seenTokens: Set<string>;
  readonly log: Buffer[];
  faults: Faults;
  /** Jobs started, by digest of their opening. */
  starts: number;
  /** What each opening said of its file. */
  readonly profiles: (FileProfile | undefined)[];
  /** Its digest, base64url, as each opening has it. */
  readonly fileDigests: string[];
  start(port?: number): Promise<number>;
  stop(): Promise<void>;
  /** A new key signs from here on; the set's version rises. */
  rotate(): Promise<void>;
  keySetVersion: number;
  checkpointOf(size: number): string;
};

export const DEPLOYMENT = 'test-deployment';
export const AGENCY = 'viettel';
export const ORIGIN = 'test-deployment/log/main';
export const as16 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** What the parts of the server share: its state, its keys, and signing and verifying with them. */
export type TinyCore = ReturnType<typeof createTinyCore>;

export function createTinyCore({
  self,
  judge,
  root,
  gatewayKeys,
  agencyKeys,
}: {
  readonly self: TinyGateway;
  readonly judge: (row: TinyRow, index: number) => RowResult;
  readonly root: SigningKey;
  /** The last one signs. */
  readonly gatewayKeys: readonly SigningKey[];
  readonly agencyKeys: ReturnType<typeof keyLookup>;
}) {
  const nowSeconds = (): number => Math.floor(Date.now() / 1000);
  const current = (): SigningKey => gatewayKeys.at(-1) as SigningKey;
  const signer = (): Signer => createSigner({ key: current().key, kid: current().kid, issuer: 'gateway' });
  const audience = `${AGENCY}@${DEPLOYMENT}`;

  function logEntry(): string {
    self.log.push(randomBytes(32));
    return as16(randomBytes(16));
  }

  /** Verifies what a client signed; throws for anything wrong. */
  function verified(
    jws: string,
    bytes: Uint8Array,
    typ: 'lt-call+jws' | 'lt-chunk+jws' | 'lt-end+jws',
    facts: object,
  ): void {
    const form = typ === 'lt-call+jws' ? 'call' : typ === 'lt-chunk+jws' ? 'chunk' : 'client';
    const result = verifyToken(jws, { typ, form, keys: agencyKeys } as Parameters<typeof verifyToken>[1]);
    if (!result.ok) throw new Error(`token: ${result.problem}`);
    const problem = checkBinding(result.claims, {
      audience: `gateway@${DEPLOYMENT}`,
      digest: digestOf(bytes),
      ...facts,
    });
    if (problem !== undefined) throw new Error(`binding: ${problem}`);
    const { jti } = result.claims as { jti: string };
    if (self.seenTokens.has(jti)) throw new Error('token used twice');
    self.seenTokens.add(jti);
  }

  function refusalStatus(mth: string, rqd: string, req: string, found: TinyRefusal) {
    const { jobState, retryAfterMs, serverTime } = found;
    const help = serverTime === undefined ? undefined : { receivedDigest: rqd, receivedBytes: 0, serverTime };
    const facts = { ...(jobState === undefined ? {} : { jobState }), ...(retryAfterMs && { retryAfterMs }), help };
    const { code, message, details } = refuse(found.reason, facts);
    const metadata = new grpc.Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from(details));
    if (found.signed) {
      const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(details), mth, rqd, req, code };
      metadata.set('lt-signature', (found.by ?? signer()).sign('lt-answer+jws', claims));
    }
    return { code, details: message, metadata };
  }

  return { self, judge, root, gatewayKeys, nowSeconds, current, signer, audience, logEntry, verified, refusalStatus };
}
