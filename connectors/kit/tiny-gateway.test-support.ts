import { randomBytes, webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import grpc from '@grpc/grpc-js';
import 'reflect-metadata';
import { createPublicKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { SentReason } from '../../gateway/errors/catalogue.ts';
import { refuse } from '../../gateway/errors/refuse.ts';
import { rowLeaves } from '../../gateway/proof/batch.ts';
import { signCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { encodeResult, RESULT_BYTES, type RowResult } from '../../gateway/proof/result-bytes.ts';
import { consistencyProof, NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { checkBinding } from '../../gateway/signing/binding.ts';
import { VERDICT_NAMES } from '../../gateway/signing/claim-kinds.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import {
  generateSigningJwk,
  loadSigningKey,
  type SigningKey,
  verificationKeyOfSigner,
} from '../../gateway/signing/key-store.ts';
import { keyLookup } from '../../gateway/signing/public-key.ts';
import { createSigner, type Signer } from '../../gateway/signing/sign.ts';
import { signKeySet } from '../../gateway/signing/signed-key-set.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import { AuditService, GetConsistencyProofRequestSchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import {
  type Chunk,
  ChunkStreamRequestSchema,
  ChunkStreamResponseSchema,
  CloseJobRequestSchema,
  type FileProfile,
  JobState,
  StartJobRequestSchema,
  VerificationService,
  VerifyChunksRequestSchema,
  VerifyChunksResponseSchema,
  VerifyPersonRequestSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';

/**
 * A small server that speaks the protocol for the kit's own tests: real mutual TLS, real signatures both ways, real
 * trees. It has no register and no policy: what a row gets is decided by a function. Strict where a client could cheat
 * itself: a chunk sent again with other bytes ends everything, acknowledged answers are really gone.
 */
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

export type Fate = 'go on' | 'break' | 'no end';
export type Faults = {
  /** Changes what leaves: signature or bytes. */
  answer?: (method: string, frame: { message: Buffer; jws: string }) => { message: Buffer; jws: string | undefined };
  /** Changes the results of a chunk before they are signed. */
  results?: (results: Buffer) => void;
  /** Says nothing to whoever opens a stream. */
  hold?: boolean;
  /** Refuses a call: before anything is done. */
  refuse?: (method: string) => { reason: SentReason; signed: boolean; jobState?: JobState; by?: Signer } | undefined;
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
  start(port?: number): Promise<number>;
  stop(): Promise<void>;
  /** A new key signs from here on; the set's version rises. */
  rotate(): Promise<void>;
  keySetVersion: number;
  checkpointOf(size: number): string;
};

const DEPLOYMENT = 'test-deployment';
const AGENCY = 'viettel';
const ORIGIN = 'test-deployment/log/main';
const as16 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

export async function createTinyGateway(
  folder: string,
  judge: (row: TinyRow, index: number) => RowResult,
): Promise<TinyGateway> {
  const tls = await makeCertificates();
  const root = loadSigningKey(await generateSigningJwk());
  const agencyJwk = await generateSigningJwk();
  const agencyKeys = keyLookup([verificationKeyOfSigner(loadSigningKey(agencyJwk), AGENCY)]);
  const gatewayKeys: SigningKey[] = [loadSigningKey(await generateSigningJwk())];
  const profileFolder = join(folder, 'profile');
  mkdirSync(profileFolder, { recursive: true });
  let server: grpc.Server | undefined;
  const nowSeconds = (): number => Math.floor(Date.now() / 1000);
  const current = (): SigningKey => gatewayKeys.at(-1) as SigningKey;
  const signer = (): Signer => createSigner({ key: current().key, kid: current().kid, issuer: 'gateway' });
  const audience = `${AGENCY}@${DEPLOYMENT}`;

  const self: TinyGateway = {
    profileFolder,
    jobs: new Map(),
    received: [],
    seenTokens: new Set(),
    log: [],
    faults: {},
    starts: 0,
    profiles: [],
    keySetVersion: 1,
    async rotate() {
      gatewayKeys.push(loadSigningKey(await generateSigningJwk()));
      self.keySetVersion++;
    },
    checkpointOf(size) {
      const head = { origin: ORIGIN, size, root: treeRoot(Buffer.concat(self.log.slice(0, size)), NODE_TAGS.log) };
      return signCheckpoint(head, ORIGIN, current().key, createPublicKey(current().key));
    },
    async start(port = 0) {
      server = new grpc.Server({ 'grpc.max_receive_message_length': 16 << 20 });
      addServices(server);
      const credentials = grpc.ServerCredentials.createSsl(
        Buffer.from(tls.ca),
        [{ private_key: Buffer.from(tls.serverKey), cert_chain: Buffer.from(tls.server) }],
        true,
      );
      const bound = await new Promise<number>((resolve, reject) => {
        server?.bindAsync(`localhost:${port}`, credentials, (error, got) => (error ? reject(error) : resolve(got)));
      });
      writeProfile(bound);
      return bound;
    },
    async stop() {
      server?.forceShutdown();
      server = undefined;
    },
  };

  function writeProfile(port: number): void {
    const put = (name: string, text: string): void => writeFileSync(join(profileFolder, name), text, { mode: 0o600 });
    put('ca.pem', tls.ca);
    put('cert.pem', tls.client);
    put('key.pem', tls.clientKey);
    put('signing.jwk.json', JSON.stringify(agencyJwk));
    put('key-set-root.jwk.json', JSON.stringify(root.publicJwk));
    put(
      'config.json',
      JSON.stringify({
        version: 1,
        address: `localhost:${port}`,
        deployment: DEPLOYMENT,
        agency: AGENCY,
        purposes: ['subscriber-verification'],
        context: { service_code: 'SIM-REG-01', unit_code: 'HN', officer_code: 'CB1' },
        ca: 'file:ca.pem',
        certificate: 'file:cert.pem',
        key: 'file:key.pem',
        signing_key: 'file:signing.jwk.json',
        key_set_root: 'file:key-set-root.jwk.json',
        log_origin: ORIGIN,
      }),
    );
  }

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

  function refusalStatus(
    mth: string,
    rqd: string,
    req: string,
    found: NonNullable<ReturnType<NonNullable<Faults['refuse']>>>,
  ) {
    const facts = found.jobState === undefined ? {} : { jobState: found.jobState };
    const { code, message, details } = refuse(found.reason, facts);
    const metadata = new grpc.Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from(details));
    if (found.signed) {
      const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(details), mth, rqd, req, code };
      metadata.set('lt-signature', (found.by ?? signer()).sign('lt-answer+jws', claims));
    }
    return { code, details: message, metadata };
  }

  type Handler<I> = (request: I, digest: string) => { bytes: Uint8Array };
  function signedUnary<I extends DescMessage>(mth: string, schema: I, handle: Handler<MessageShape<I>>) {
    return (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>): void => {
      try {
        const [jws = ''] = call.metadata.get('lt-signature').map(String);
        verified(jws, call.request, 'lt-call+jws', { method: mth });
        const request = fromBinary(schema, call.request);
        const digest = digestOf(call.request);
        const req = (request as { context?: { requestId: string } }).context?.requestId ?? '';
        const refused = self.faults.refuse?.(mth);
        if (refused !== undefined) {
          callback(refusalStatus(mth, digest, req, refused));
          return;
        }
        const message = Buffer.from(handle(request, digest).bytes);
        const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(message), mth, rqd: digest, req, code: 0 };
        const leaf = logEntry();
        const jwsOut = signer().sign('lt-answer+jws', { ...claims, log: 'main', leaf });
        const out = self.faults.answer?.(mth, { message, jws: jwsOut }) ?? { message, jws: jwsOut };
        const trailer = new grpc.Metadata();
        if (out.jws !== undefined) trailer.set('lt-signature', out.jws);
        callback(null, out.message, trailer);
      } catch (error) {
        callback({ code: 3, details: String(error), metadata: new grpc.Metadata() });
      }
    };
  }

  function open<I extends DescMessage>(answer: (request: Buffer) => { schema: I; value: MessageInitShape<I> }) {
    return (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>): void => {
      const { schema, value } = answer(call.request);
      callback(null, Buffer.from(toBinary(schema, create(schema, value))));
    };
  }

  function answerChunk(job: TinyJob, chunk: Chunk): Buffer {
    const rows = tinyRows(chunk);
    const results = Buffer.alloc(rows.length * RESULT_BYTES);
    rows.forEach((row, i) => {
      const result = judge(row, i);
      results.set(encodeResult(result), i * RESULT_BYTES);
      job.totals[result.verdict - 1] = (job.totals[result.verdict - 1] ?? 0) + 1;
    });
    const rowSeed = randomBytes(32);
    const rowRoot = Buffer.from(treeRoot(rowLeaves(rowSeed, chunk.rowRefs, results), NODE_TAGS.row));
    self.faults.results?.(results);
    job.roots.set(chunk.num, rowRoot);
    job.rows.set(chunk.num, rows.length);
    const value = {
      num: chunk.num,
      rows: rows.length,
      results,
      rowSeed,
      rowRoot,
      asOf: 1_790_000_000n,
      blind: randomBytes(16),
    };
    return Buffer.from(
      toBinary(ChunkStreamResponseSchema, create(ChunkStreamResponseSchema, { kind: { case: 'answer', value } })),
    );
  }

  function chunkStream(call: grpc.ServerDuplexStream<Buffer, Buffer>): void {
    const mth = '/lienthong.verification.v1.VerificationService/VerifyChunks';
    let job: TinyJob | undefined;
    const roots: Buffer[] = [];
    let rows = 0;
    let over = false;
    const fail = (status: object): void => {
      over = true;
      call.emit('error', status);
    };
    const send = (payload: Buffer, jws: string): void => {
      const out = self.faults.answer?.(mth, { message: payload, jws }) ?? { message: payload, jws };
      call.write(
        Buffer.from(
          toBinary(
            VerifyChunksResponseSchema,
            create(VerifyChunksResponseSchema, { payload: out.message, jws: out.jws ?? '' }),
          ),
        ),
      );
    };
    async function take(bytes: Buffer): Promise<void> {
      const { payload, jws } = fromBinary(VerifyChunksRequestSchema, bytes);
      const { kind } = fromBinary(ChunkStreamRequestSchema, payload);
      const rqd = digestOf(payload);
      if (kind.case === 'opening') {
        const found = self.jobs.get(kind.value.jobId);
        verified(jws, payload, 'lt-call+jws', { method: mth, job: kind.value.jobId });
        const req = kind.value.context?.requestId ?? '';
        const refused = self.faults.refuse?.(mth);
        if (refused !== undefined) return fail(refusalStatus(mth, rqd, req, refused));
        if (self.faults.hold === true) return;
        if (found === undefined)
          return fail(refusalStatus(mth, rqd, req, { reason: ErrorReason.JOB_UNKNOWN, signed: true }));
        if (found.state === JobState.DONE) {
          return fail(
            refusalStatus(mth, rqd, req, { reason: ErrorReason.JOB_STATE, signed: true, jobState: found.state }),
          );
        }
        job = found;
        const value = { job: { jobId: found.id, state: found.state }, maxInFlight: 16, blind: randomBytes(16) };
        const answer = Buffer.from(
          toBinary(ChunkStreamResponseSchema, create(ChunkStreamResponseSchema, { kind: { case: 'opened', value } })),
        );
        const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(answer), mth, rqd, req, code: 0 };
        return send(answer, signer().sign('lt-answer+jws', { ...claims, log: 'main', leaf: logEntry() }));
      }
      if (job === undefined) throw new Error('no opening');
      if (kind.case === 'chunk') {
        const { num, ackedThrough } = kind.value;
        verified(jws, payload, 'lt-chunk+jws', { method: mth, job: job.id, num, opening: job.opening });
        self.received.push(num);
        const before = job.digests.get(num);
        if (before !== undefined && before !== rqd) {
          return fail(refusalStatus(mth, rqd, '', { reason: ErrorReason.CONTENT_CHANGED, signed: false }));
        }
        for (const known of job.answers.keys()) if (known < ackedThrough) job.answers.delete(known);
        const fate = (await self.faults.beforeAnswer?.(num)) ?? 'go on';
        if (over) return;
        if (fate === 'break') return fail({ code: 14, details: 'broken', metadata: new grpc.Metadata() });
        if (fate === 'no end') {
          over = true;
          return void call.end();
        }
        if (before !== undefined && !job.answers.has(num)) throw new Error('an acknowledged chunk came again');
        const answer = job.answers.get(num) ?? answerChunk(job, kind.value);
        job.digests.set(num, rqd);
        job.answers.set(num, answer);
        roots.push(job.roots.get(num) as Buffer);
        rows += job.rows.get(num) ?? 0;
        const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(answer), mth, rqd, job: job.id, num, code: 0 };
        return send(answer, signer().sign('lt-answer+jws', { ...claims, log: 'main', leaf: logEntry() }));
      }
      if (kind.case !== 'end') throw new Error('unknown message');
      verified(jws, payload, 'lt-end+jws', { job: job.id });
      const rootOfRoots = treeRoot(Buffer.concat(roots), NODE_TAGS.row);
      const value = { chunks: roots.length, rows: BigInt(rows), root: rootOfRoots, blind: randomBytes(16) };
      const end = Buffer.from(
        toBinary(ChunkStreamResponseSchema, create(ChunkStreamResponseSchema, { kind: { case: 'end', value } })),
      );
      const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(end), job: job.id, cnt: roots.length, rows };
      send(end, signer().sign('lt-end+jws', { ...claims, root: as16(rootOfRoots) }));
      call.end();
    }
    let turn = Promise.resolve();
    call.on('data', (bytes: Buffer) => {
      turn = turn
        .then(() => (over ? undefined : take(bytes)))
        .catch((error: unknown) => {
          if (!over) fail({ code: 9, details: String(error), metadata: new grpc.Metadata() });
        });
    });
    call.on('cancelled', () => {
      over = true;
    });
  }

  function closeJob(
    request: MessageShape<typeof CloseJobRequestSchema>,
  ): MessageInitShape<typeof VerificationService.method.closeJob.output> {
    const job = self.jobs.get(request.jobId) as TinyJob;
    const requestId = request.context?.requestId ?? '';
    const missing = Array.from({ length: request.expectedChunks }, (_, num) => num).filter(
      (num) => !job.roots.has(num),
    );
    if (missing.length > 0)
      return { requestId, missing: missing.map((num) => ({ first: num, last: num })), blind: randomBytes(16) };
    if (job.receipt === undefined) {
      const nums = [...job.roots.keys()].sort((a, b) => a - b);
      const rowRoot = treeRoot(Buffer.concat(nums.map((num) => job.roots.get(num) as Buffer)), NODE_TAGS.row);
      const checkpoint = self.checkpointOf(self.log.length);
      const totals = Object.fromEntries(job.totals.flatMap((rows, i) => (rows > 0 ? [[VERDICT_NAMES[i], rows]] : [])));
      const token = signer().sign('lt-receipt+jws', {
        ...{ aud: audience, iat: nowSeconds(), dig: digestOf(Buffer.from(checkpoint)), job: job.id, opn: job.opening },
        cnt: nums.length,
        rows: [...job.rows.values()].reduce((a, b) => a + b, 0),
        totals,
        ver: { format: 'lienthong-rows-1', vocabulary: '1', profile: 'p', policy: 'p', agreement: 'a' },
        root: as16(rowRoot),
        head: checkpoint,
      });
      job.receipt = { token, checkpoint };
      job.state = JobState.DONE;
    }
    return { requestId, receipt: job.receipt.token, checkpoint: job.receipt.checkpoint, blind: randomBytes(16) };
  }

  function addServices(to: grpc.Server): void {
    const asIs = (bytes: Buffer): Buffer => bytes;
    const definition = (path: string, stream: boolean) => ({
      ...{ path, requestStream: stream, responseStream: stream },
      ...{ requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs },
    });
    const S = '/lienthong.server.v1.ServerService/GetKeySet';
    const [A1, A2] = ['GetTreeHead', 'GetConsistencyProof'].map(
      (name) => `/lienthong.audit.v1.AuditService/${name}`,
    ) as [string, string];
    const V = (name: string): string => `/lienthong.verification.v1.VerificationService/${name}`;
    to.addService(
      {
        keySet: definition(S, false),
        treeHead: definition(A1, false),
        consistency: definition(A2, false),
        verifyPerson: definition(V('VerifyPerson'), false),
        startJob: definition(V('StartJob'), false),
        closeJob: definition(V('CloseJob'), false),
        verifyChunks: definition(V('VerifyChunks'), true),
      },
      {
        keySet: open(() => {
          const keys = gatewayKeys.map((key) => ({ jwk: key.publicJwk, state: 'active' as const }));
          const set = { version: self.keySetVersion, keys };
          const rootSigner = createSigner({ key: root.key, kid: root.kid, issuer: 'gateway' });
          const signed = signKeySet(set, { root: rootSigner, audience: `*@${DEPLOYMENT}`, iat: nowSeconds() });
          return { schema: ServerService.method.getKeySet.output, value: signed };
        }),
        treeHead: open(() => ({
          schema: AuditService.method.getTreeHead.output,
          value: { checkpoint: self.checkpointOf(self.log.length) },
        })),
        consistency: open((bytes) => {
          const { firstSize, secondSize } = fromBinary(GetConsistencyProofRequestSchema, bytes);
          const proof = consistencyProof(
            Buffer.concat(self.log.slice(0, Number(secondSize))),
            Number(firstSize),
            NODE_TAGS.log,
          );
          const path = Array.from({ length: proof.length / 32 }, (_, i) => proof.subarray(i * 32, i * 32 + 32));
          const value = { secondSize, path, checkpoint: self.checkpointOf(Number(secondSize)) };
          return { schema: AuditService.method.getConsistencyProof.output, value };
        }),
        verifyPerson: signedUnary(V('VerifyPerson'), VerifyPersonRequestSchema, (request) => {
          const value = { requestId: request.context?.requestId ?? '', verdict: 1, blind: randomBytes(16) };
          return { bytes: encode(VerificationService.method.verifyPerson.output, value) };
        }),
        startJob: signedUnary(V('StartJob'), StartJobRequestSchema, (request, opening) => {
          const known = [...self.jobs.values()].find((job) => job.opening === opening);
          const job: TinyJob = known ?? {
            id: randomBytes(16).toString('hex'),
            ...{ opening, chunkRows: request.chunkRows, state: JobState.OPEN, receipt: undefined },
            ...{
              digests: new Map(),
              answers: new Map(),
              roots: new Map(),
              rows: new Map(),
              totals: new Array<number>(10).fill(0),
            },
          };
          self.jobs.set(job.id, job);
          self.starts++;
          self.profiles.push(request.fileProfile);
          const value = {
            requestId: request.context?.requestId ?? '',
            job: { jobId: job.id, state: job.state },
            blind: randomBytes(16),
          };
          return { bytes: encode(VerificationService.method.startJob.output, value) };
        }),
        closeJob: signedUnary(V('CloseJob'), CloseJobRequestSchema, (request) => ({
          bytes: encode(VerificationService.method.closeJob.output, closeJob(request)),
        })),
        verifyChunks: chunkStream,
      },
    );
  }

  return self;
}

function encode<D extends DescMessage>(schema: D, value: MessageInitShape<D>): Uint8Array {
  return toBinary(schema, create(schema, value));
}

function tinyRows(chunk: Chunk): TinyRow[] {
  const count = chunk.ids.length + chunk.textRows.length;
  if (chunk.rowRefs.length !== count * 16) throw new Error('row refs');
  const rows: TinyRow[] = [];
  let [slim, text] = [0, 0];
  for (let i = 0; i < count; i++) {
    const row = chunk.textRows[text];
    if (row?.index === i) {
      rows.push({ id: row.idNumber, name: row.fullName, date: row.dateOfBirth });
      text++;
    } else {
      rows.push({ id: String(chunk.ids[slim]), name: chunk.names[slim] ?? '', date: String(chunk.dates[slim]) });
      slim++;
    }
  }
  return rows;
}

async function makeCertificates() {
  x509.cryptoProvider.set(webcrypto as never);
  const alg = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const make = () => webcrypto.subtle.generateKey(alg, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const [caKeys, serverKeys, clientKeys] = [await make(), await make(), await make()];
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: '01', name: 'CN=Test CA', ...validity, signingAlgorithm: alg },
    keys: caKeys as never,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  const leaf = (subject: string, keys: webcrypto.CryptoKeyPair, serialNumber: string) =>
    x509.X509CertificateGenerator.create({
      ...{ serialNumber, subject, issuer: ca.subject, ...validity, signingAlgorithm: alg },
      publicKey: keys.publicKey as never,
      signingKey: caKeys.privateKey as never,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
    });
  const pem = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
    x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  const [server, client] = [await leaf('CN=localhost', serverKeys, '02'), await leaf(`CN=${AGENCY}`, clientKeys, '03')];
  return {
    ca: ca.toString('pem'),
    server: server.toString('pem'),
    serverKey: await pem(serverKeys),
    client: client.toString('pem'),
    clientKey: await pem(clientKeys),
  };
}
