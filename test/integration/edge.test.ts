/** The outermost layer of the whole process: bytes that are no messages, health, reflection, what a client must know first, draining. */
import { randomBytes, X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyKeySet } from '../../gateway/signing/signed-key-set.ts';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import {
  VerificationService,
  VerifyPersonRequestSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callOpen, callToken, pathOf, type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob, VERIFY_CHUNKS } from '../support/gateway-stream.ts';

const { verifyPerson, getJob } = VerificationService.method;
const METHOD = pathOf(verifyPerson);

let gateway: TestGateway;
let viettel: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway();
  viettel = gateway.raw('viettel');
});
afterAll(() => gateway?.stop());

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const stillServes = async () => expect((await viettel.attempt(verifyPerson, AN)).code).toBe(0);

describe('bytes that are no messages', () => {
  it('well signed noise is BAD_REQUEST, signed and logged, and quotes nothing', async () => {
    for (const bytes of [
      randomBytes(200),
      Buffer.from([0xff]),
      Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      Buffer.alloc(50, 0x0b),
    ]) {
      const outcome = await viettel.sign(verifyPerson, bytes);
      expect(outcome.code).toBe(3);
      expect(outcome.reason).toBe('BAD_REQUEST');
      expect(outcome.claims?.leaf).toHaveLength(22);
    }
    await stillServes();
  });

  it('text that is not UTF-8 in a string field', async () => {
    const good = Buffer.from(
      requestBytes(viettel.identity, VerifyPersonRequestSchema, { ...AN, fullName: 'ABCDEFGHIJ' }),
    );
    good.set([0xc3, 0x28], good.indexOf('ABCDEFGHIJ'));
    expect((await viettel.sign(verifyPerson, good)).code).toBe(3);
  });

  it('a message beyond the limit never reaches the exchange; the connection goes on', async () => {
    const huge = randomBytes(9 * 1024 * 1024);
    const outcome = await viettel.send(METHOD, huge, callToken(viettel.identity, METHOD, huge));
    expect(outcome).toMatchObject({ code: 8, message: undefined, signature: undefined });
    await stillServes();
  });

  it('a single call of 5 MB is too long to be read, and nothing else happens', async () => {
    const outcome = await viettel.attempt(verifyPerson, { ...AN, fullName: 'Á'.repeat(2_500_000) });
    expect(outcome).toMatchObject({ code: 3, reason: 'BAD_REQUEST' });
    expect(outcome.refusal?.violations.map(({ field }) => field)).toEqual(['message']);
    await stillServes();
  });

  it('a token of a megabyte', async () => {
    const bytes = requestBytes(viettel.identity, VerifyPersonRequestSchema, AN);
    const outcome = await viettel.send(METHOD, bytes, 'A'.repeat(1024 * 1024));
    expect(outcome.code).not.toBe(0);
    expect(outcome.message).toBeUndefined();
    expect((await gateway.raw('viettel').attempt(verifyPerson, AN)).code).toBe(0);
  });

  it('a method and a service that do not exist', async () => {
    for (const path of ['/lienthong.verification.v1.VerificationService/Nothing', '/nothing.v1.Service/Do']) {
      expect((await viettel.send(path, new Uint8Array())).code).toBe(12);
    }
  });
});

describe('what a client must know first', () => {
  it('health says SERVING for the server and each service', async () => {
    for (const service of ['', 'lienthong.verification.v1.VerificationService', 'lienthong.person.v1.PersonService']) {
      const request = Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]);
      const outcome = await viettel.send('/grpc.health.v1.Health/Check', service === '' ? new Uint8Array() : request);
      expect(outcome.message).toEqual(Buffer.from([0x08, 0x01]));
    }
  });

  it('reflection lists the services', async () => {
    const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
    const raw = (bytes: Buffer) => bytes;
    const stream = viettel.client.makeBidiStreamRequest<Buffer, Buffer>(path, raw, raw);
    const answer = new Promise<Buffer>((resolve, reject) => {
      stream.once('data', resolve);
      stream.once('error', reject);
    });
    // list_services, field 7.
    stream.write(Buffer.from([0x3a, 0x01, 0x2a]));
    const text = (await answer).toString('latin1');
    stream.end();
    for (const name of ['VerificationService', 'PersonService', 'AuditService', 'ServerService']) {
      expect(text).toContain(`lienthong.`);
      expect(text).toContain(name);
    }
  });

  it('GetServerInfo states deployment, log, versions, limits and who is asking', async () => {
    const { message } = await callOpen(viettel, ServerService.method.getServerInfo, {});
    expect(message).toMatchObject({
      deployment: gateway.deployment.id,
      agency: 'viettel',
      development: true,
      vocabularyVersion: 1,
      logOrigin: gateway.deployment.logOrigin,
      maxChunkRows: 8192,
    });
    expect(Math.abs(Number(message?.serverTime) - Date.now() / 1000)).toBeLessThan(3);
  });

  it('GetServerInfo tells the caller what of its own ends when, and nothing of others', async () => {
    const { message } = await callOpen(viettel, ServerService.method.getServerInfo, {});
    const { validToDate } = new X509Certificate(viettel.identity.certificate ?? '');
    expect(Number(message?.certificateNotAfter) * 1000).toBe(validToDate.getTime());
    expect(message?.agreements).toMatchObject([
      { id: 'viettel-subscriber-verification', version: 2, purpose: 'subscriber-verification' },
    ]);
    expect(Number(message?.agreements[0]?.validTo)).toBeGreaterThan(Number(message?.serverTime));
    expect(message?.agreements[0]?.methods).toContain(VERIFY_CHUNKS);
    expect(message?.limits).toMatchObject({
      maxUnaryBytes: 65_536n,
      signatureAgeSeconds: 60,
      maxConcurrentStreams: 256,
      maxConnections: 256,
      maxStreams: 64,
      chunksPerSecond: 200,
      maxHeldBytes: 67_108_864n,
      maxMaskPaths: 256,
    });
    expect(message?.logSize).toBeGreaterThan(0n);
    expect(Number(message?.startedAt)).toBeLessThanOrEqual(Number(message?.serverTime));
    expect(message?.minClientVersion).toMatch(/^\d+\.\d+\.\d+$/);
    const moh = await callOpen(gateway.raw('moh'), ServerService.method.getServerInfo, {});
    expect(JSON.stringify(moh.message?.agreements.map(({ id }) => id))).not.toContain('viettel');
  });

  it('GetKeySet verifies under the pinned root, and no other', async () => {
    const { message } = await callOpen(viettel, ServerService.method.getKeySet, {});
    const set = { payload: message?.payload ?? new Uint8Array(), jws: message?.jws ?? '' };
    const { root, signing } = gateway.deployment.secrets;
    const facts = { issuer: 'gateway', audience: `*@${gateway.deployment.id}` };
    expect(verifyKeySet(set, { root: root.publicJwk, ...facts }).ok).toBe(true);
    expect(verifyKeySet(set, { root: signing.publicJwk, ...facts }).ok).toBe(false);
  });

  it('GetTreeHead takes no signature, and a message that is none is BAD_REQUEST', async () => {
    const path = pathOf(AuditService.method.getInclusionProof);
    expect((await viettel.send(path, randomBytes(40))).reason).toMatch(/^(BAD_REQUEST|LOG_POSITION_UNKNOWN)$/);
    const { message } = await callOpen(viettel, AuditService.method.getTreeHead, {});
    expect(message?.checkpoint.split('\n')[0]).toBe(gateway.deployment.logOrigin);
  });
});

describe('stopping', () => {
  it('SIGTERM while a job streams: what was taken is answered or cleanly refused, the exit is 0, the job goes on', async () => {
    const caller = gateway.raw('viettel');
    const job = await startJob(caller);
    const stream = openTestStream(caller, job);
    await stream.open();
    const rows = Array.from({ length: 256 }, (_, i) => rowOf(crowdPerson(i)));
    const payloads = Array.from({ length: 12 }, (_, num) => chunkPayload(num, rows));
    for (const [num, payload] of payloads.entries()) stream.chunk(num, payload);
    await stream.answer();
    const stopped = gateway.process.stop('SIGTERM');
    let answered = 1;
    for (let message = await stream.next(); message !== undefined; message = await stream.next()) {
      expect(message.kind.case).toBe('answer');
      answered += 1;
    }
    const end = await stream.ended;
    expect(end.code).toBe(14);
    if (end.reason !== undefined) expect(end.reason).toBe('DRAINING');
    expect(await stopped).toBe(0);
    expect(gateway.logged().some((line) => line.includes('"event":"stopped"'))).toBe(true);

    await gateway.restart();
    const again = gateway.raw('viettel');
    const next = openTestStream(again, job);
    const opened = await next.open();
    if (opened.kind.case !== 'opened') throw new Error('not opened');
    const done = opened.kind.value.answered.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    expect(done).toBeGreaterThanOrEqual(answered);
    for (const [num, payload] of payloads.entries()) {
      next.chunk(num, payload);
      expect((await next.answer()).num).toBe(num);
    }
    const { message } = await again.call(getJob, { jobId: job.jobId });
    expect(message.job).toMatchObject({ chunks: 12n, rows: 3072n });
    next.cancel();
  });

  it('a call that comes while it stops is refused or not connected, never half answered', async () => {
    const caller = gateway.raw('viettel');
    await caller.attempt(verifyPerson, AN);
    const stopped = gateway.process.stop('SIGTERM');
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        await sleep(i * 5);
        return caller.attempt(verifyPerson, AN);
      }),
    );
    for (const { code, claims, message } of outcomes) {
      if (code === 0) expect(claims).toBeDefined();
      else expect([code, message]).toEqual([14, undefined]);
    }
    expect(await stopped).toBe(0);
    await gateway.restart();
    expect((await gateway.raw('viettel').attempt(verifyPerson, AN)).code).toBe(0);
  });
});
