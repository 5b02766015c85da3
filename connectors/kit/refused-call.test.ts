import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { openChunkStream } from './chunk-stream.ts';
import { createSignedClient, type GatewayError, type SignedClient } from './client.ts';
import { failure } from './failure.test-support.ts';
import { loadProfile } from './profile.ts';
import { newRequestId } from './request.ts';
import { createTinyGateway, type TinyGateway } from './tiny-gateway.test-support.ts';

const agrees = { verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 } as const;

let folder: string;
let gateway: TinyGateway;
let client: SignedClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-refused-'));
  gateway = await createTinyGateway(folder, () => ({ ...agrees, nameScore: undefined, score: undefined }));
  await gateway.start();
  client = createSignedClient(await loadProfile(gateway.profileFolder));
});

afterEach(async () => {
  client.close();
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = () => client.unary(VerificationService.method.verifyPerson, {}, { retryForMs: 5_000 });

it('a call that is refused without the signature that such a refusal always has is not believed, and not tried again', async () => {
  const { NOT_AGREED, LOG_BROKEN, CONSENT_MISSING } = ErrorReason;
  for (const reason of [NOT_AGREED, LOG_BROKEN, CONSENT_MISSING] as const) {
    let asked = 0;
    gateway.faults.refuse = () => {
      asked++;
      return { reason, signed: false };
    };
    const error = await failure(ask());
    expect(error).toMatchObject({ reason: 'REFUSED_UNSIGNED', exitCode: 4, signed: false, refusal: undefined });
    expect(error.facts).toMatchObject({ said: ErrorReason[reason] });
    expect(asked).toBe(1);
  }
});

it.each([
  [25_200, 'nhanh hơn đồng hồ của cổng 25200 giây', '25200 s ahead'],
  [-90, 'chậm hơn đồng hồ của cổng 90 giây', '90 s behind'],
])('a call that is refused for a clock that is off says by how much (%s s), a stream too', async (ahead, vi, en) => {
  const now = 1_796_000_000;
  const wrong = createSignedClient(client.profile, { now: () => now });
  const { message, requestDigest: openingDigest } = await client.unary(VerificationService.method.startJob, {
    chunkRows: 256,
  });
  gateway.faults.refuse = () => ({ reason: ErrorReason.CLOCK, signed: true, serverTime: now - ahead });
  const connection = wrong.connect();
  const context = create(RequestContextSchema, { requestId: newRequestId() });
  const job = { jobId: message.job?.jobId ?? '', openingDigest, context, openMs: 10_000 };
  for (const call of [
    () => wrong.unary(VerificationService.method.verifyPerson, {}),
    () => openChunkStream({ client: wrong, connection, ...job }),
  ]) {
    const error = (await failure(call())) as GatewayError;
    expect(error).toMatchObject({ reason: 'REFUSED_PROFILE', exitCode: 3, clock: { ahead } });
    expect([error.text('vi'), error.text('en'), error.message]).toEqual([
      ...[expect.stringContaining(vi), expect.stringContaining(en), expect.stringContaining(en)],
    ]);
  }
  connection.close();
  wrong.close();
});

it('a refusal for a clock by a gateway that does not tell its own says no more than that', async () => {
  gateway.faults.refuse = () => ({ reason: ErrorReason.CLOCK, signed: true });
  expect(await failure(ask())).toMatchObject({ reason: 'REFUSED_PROFILE', clock: undefined });
});

it('a call that is refused for a limit that begins anew soon is asked again then, under a new token', async () => {
  let asked = 0;
  gateway.faults.refuse = () =>
    asked++ === 0 ? { reason: ErrorReason.LIMITED, signed: true, retryAfterMs: 300 } : undefined;
  expect((await ask()).message.verdict).toBe(1);
  expect([asked, gateway.seenTokens.size]).toEqual([2, 2]);
});

it.each([
  ['that begins anew after all patience', { retryAfterMs: 60_000 }],
  ['of which nobody says when it begins anew', {}],
])('a call that is refused for a limit %s ends at once', async (_name, facts) => {
  let asked = 0;
  gateway.faults.refuse = () => {
    asked++;
    return { reason: ErrorReason.LIMITED, signed: true, ...facts };
  };
  expect(await failure(ask())).toMatchObject({ reason: 'LIMITED', exitCode: 6, signed: true });
  expect(asked).toBe(1);
});

it('many calls at once reach the gateway no more than a few at a time: those that are refused for a limit slow the others down', async () => {
  await ask();
  let asked = 0;
  gateway.faults.refuse = () => {
    asked++;
    return { reason: ErrorReason.LIMITED, signed: true, retryAfterMs: 60_000 };
  };
  const stop = new AbortController();
  const call = () => client.unary(VerificationService.method.verifyPerson, {}, { signal: stop.signal });
  const calls = Array.from({ length: 1_000 }, () => failure(call()));
  const [first] = await Promise.all(calls.slice(0, 128));
  expect(first?.reason).toBe('LIMITED');
  stop.abort();
  await Promise.all(calls);
  // What a gateway bears to refuse at once (`refusalsPerSecond`, twice).
  expect(asked).toBeLessThan(200);
});

it('a client that is closed lets go at once who waits for one of its calls to end, and what is under way is still answered', async () => {
  await ask();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  let arrived = 0;
  gateway.faults.beforeCall = () => {
    arrived++;
    return held;
  };
  const underWay = Array.from({ length: 128 }, ask);
  await expect.poll(() => arrived, { timeout: 10_000 }).toBe(128);
  const waiting = [failure(ask()), failure(ask())];
  client.close();
  for (const error of await Promise.all(waiting)) expect(error.reason).toBe('CLIENT_CLOSED');
  release();
  for (const { message } of await Promise.all(underWay)) expect(message.verdict).toBe(1);
  expect(arrived).toBe(128);
});
