import { randomBytes } from 'node:crypto';
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import grpc from '@grpc/grpc-js';
import { consistencyProof, NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { VERDICT_NAMES } from '../../gateway/signing/claim-kinds.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { signKeySet } from '../../gateway/signing/signed-key-set.ts';
import { AuditService, GetConsistencyProofRequestSchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import {
  CloseJobRequestSchema,
  JobState,
  ListJobsRequestSchema,
  StartJobRequestSchema,
  VerificationService,
  VerifyPersonRequestSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { AGENCY, as16, DEPLOYMENT, ORIGIN, type TinyCore, type TinyJob } from './tiny-state.test-support.ts';
import { createChunkStream } from './tiny-stream.test-support.ts';

/** The methods that the kit calls, added to a server. */
export function createServices(core: TinyCore) {
  const { self, root, gatewayKeys, audience, nowSeconds, signer, logEntry, verified, refusalStatus } = core;

  type Handler<I> = (request: I, digest: string) => { bytes: Uint8Array };
  function signedUnary<I extends DescMessage>(mth: string, schema: I, handle: Handler<MessageShape<I>>) {
    return async (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>): Promise<void> => {
      await self.faults.beforeCall?.();
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
        const rev = { policy: 'p', agreement: 'a', consent: '0', profile: 'p', ...self.faults.versions };
        const jwsOut = signer().sign('lt-answer+jws', { ...claims, log: 'main', leaf, rev });
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
      if (self.faults.callerUnknown) {
        callback(refusalStatus('', '', '', { reason: ErrorReason.CERTIFICATE_UNKNOWN, signed: false }));
        return;
      }
      const { schema, value } = answer(call.request);
      callback(null, Buffer.from(toBinary(schema, create(schema, value))));
    };
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
        ver: {
          ...{ format: 'lienthong-rows-1', vocabulary: '1', policy: 'p' },
          ...{ profile: 'p', agreement: 'a', ...self.faults.versions },
        },
        root: as16(rowRoot),
        head: checkpoint,
      });
      job.receipt = { token, checkpoint };
      job.state = JobState.DONE;
    }
    return { requestId, receipt: job.receipt.token, checkpoint: job.receipt.checkpoint, blind: randomBytes(16) };
  }

  const chunkStream = createChunkStream(core);
  return function addServices(to: grpc.Server): void {
    const asIs = (bytes: Buffer): Buffer => bytes;
    const definition = (path: string, stream: boolean) => ({
      ...{ path, requestStream: stream, responseStream: stream },
      ...{ requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs },
    });
    const S = '/lienthong.server.v1.ServerService/GetKeySet';
    const I = '/lienthong.server.v1.ServerService/GetServerInfo';
    const [A1, A2] = ['GetTreeHead', 'GetConsistencyProof'].map(
      (name) => `/lienthong.audit.v1.AuditService/${name}`,
    ) as [string, string];
    const V = (name: string): string => `/lienthong.verification.v1.VerificationService/${name}`;
    to.addService(
      {
        keySet: definition(S, false),
        serverInfo: definition(I, false),
        listJobs: definition(V('ListJobs'), false),
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
        serverInfo: open(() => {
          const told = { deployment: DEPLOYMENT, agency: AGENCY, logOrigin: ORIGIN, serverTime: BigInt(nowSeconds()) };
          const value = { ...told, version: '0.1.0', maxChunkRows: 8192, ...self.faults.serverInfo };
          return { schema: ServerService.method.getServerInfo.output, value };
        }),
        listJobs: signedUnary(V('ListJobs'), ListJobsRequestSchema, (request) => {
          const value = { requestId: request.context?.requestId ?? '', blind: randomBytes(16) };
          return { bytes: encode(VerificationService.method.listJobs.output, value) };
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
          self.fileDigests.push(as16(request.fileDigest));
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
  };
}

function encode<D extends DescMessage>(schema: D, value: MessageInitShape<D>): Uint8Array {
  return toBinary(schema, create(schema, value));
}
