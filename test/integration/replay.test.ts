/** A signed call counts once: at once, after a restart, and at whichever process it arrives. */
import { randomBytes } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  VerificationService,
  VerifyPersonRequestSchema,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { type GatewayProcess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callToken, contextOf, newJti, nowSeconds, pathOf, requestBytes } from '../support/gateway-calls.ts';
import { openTestStream, startJob } from '../support/gateway-stream.ts';

const { verifyPerson } = VerificationService.method;
const METHOD = pathOf(verifyPerson);

let gateway: TestGateway;
let other: GatewayProcess;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  other = await gateway.another();
});
afterAll(() => gateway?.stop());

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const bodyOf = (init: object = {}) =>
  requestBytes(gateway.identity('viettel'), VerifyPersonRequestSchema, { ...AN, ...init });
const count = <T>(items: readonly T[], which: (item: T) => boolean) => items.filter(which).length;

async function entries(kind: number): Promise<number> {
  const { rows } = await gateway.database.pool.query<{ n: number }>(
    // Field 2 of an entry is its kind; entry ids are 16 bytes, so it stands at a fixed place.
    'SELECT count(*)::int AS n FROM log_entry WHERE get_byte(entry, 18) = 16 AND get_byte(entry, 19) = $1',
    [kind],
  );
  return rows[0]?.n ?? -1;
}
const UNARY = 1;
const REDELIVERY = 3;

describe('replay', () => {
  it('the same call a hundred times at once: one is accepted, 99 are refused, one disclosure is logged', async () => {
    const caller = gateway.raw('viettel');
    const bytes = bodyOf();
    const signature = callToken(caller.identity, METHOD, bytes);
    const before = await entries(UNARY);
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => caller.send(METHOD, bytes, signature)));
    expect(count(outcomes, ({ code }) => code === 0)).toBe(1);
    expect(count(outcomes, ({ reason }) => reason === 'REPLAYED')).toBe(99);
    expect(count(outcomes, ({ claims }) => claims !== undefined)).toBe(100);
    expect(await entries(UNARY)).toBe(before + 1);
    expect(await entries(REDELIVERY)).toBe(0);
  });

  it('over many connections and two processes on one database: still one', async () => {
    const callers = Array.from({ length: 10 }, (_, i) =>
      gateway.raw('viettel', i % 2 === 0 ? {} : { port: other.port }),
    );
    const bytes = bodyOf();
    const signature = callToken(gateway.identity('viettel'), METHOD, bytes);
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, i) => callers[i % 10]?.send(METHOD, bytes, signature)),
    );
    expect(count(outcomes, (outcome) => outcome?.code === 0)).toBe(1);
    expect(count(outcomes, (outcome) => outcome?.reason === 'REPLAYED')).toBe(59);
  });

  it('after a restart of the gateway by kill -9, where a retry of the same bytes still gets the stored answer', async () => {
    const bytes = bodyOf();
    const signature = callToken(gateway.identity('viettel'), METHOD, bytes);
    const first = await gateway.raw('viettel').send(METHOD, bytes, signature);
    expect(first.code).toBe(0);
    await gateway.restart('SIGKILL');
    expect((await gateway.raw('viettel').send(METHOD, bytes, signature)).reason).toBe('REPLAYED');
    expect((await gateway.raw('viettel').sign(verifyPerson, bytes)).message).toEqual(first.message);
  });

  it('a token of a refused call is used up as well', async () => {
    const caller = gateway.raw('viettel');
    const bytes = bodyOf({ blind: randomBytes(3) });
    const signature = callToken(caller.identity, METHOD, bytes);
    expect((await caller.send(METHOD, bytes, signature)).reason).toBe('BAD_REQUEST');
    expect((await caller.send(METHOD, bytes, signature)).reason).toBe('REPLAYED');
  });

  it('one jti under two tokens, one jti of two agencies', async () => {
    const jti = newJti();
    const viettel = gateway.raw('viettel');
    const [one, two] = [bodyOf(), bodyOf()];
    const signed = (bytes: Uint8Array) => callToken(viettel.identity, METHOD, bytes, { claims: { jti } });
    expect((await viettel.send(METHOD, one, signed(one))).code).toBe(0);
    expect((await viettel.send(METHOD, two, signed(two))).reason).toBe('REPLAYED');
    const mobifone = gateway.raw('mobifone');
    const theirs = requestBytes(mobifone.identity, VerifyPersonRequestSchema, AN);
    expect(
      (await mobifone.send(METHOD, theirs, callToken(mobifone.identity, METHOD, theirs, { claims: { jti } }))).code,
    ).toBe(0);
  });

  it('the opening of a stream', async () => {
    const caller = gateway.raw('viettel');
    const job = await startJob(caller);
    const first = openTestStream(caller, job);
    const jti = newJti();
    await first.open({ claims: { jti } });
    const second = openTestStream(caller, job);
    await expect(second.open({ claims: { jti } })).rejects.toThrow('REPLAYED');
    first.cancel();
  });

  it('after the used tokens were purged, by the floor, though the clock be set back', async () => {
    const caller = gateway.raw('viettel');
    const bytes = bodyOf();
    const signature = callToken(caller.identity, METHOD, bytes, { claims: { iat: nowSeconds() - 20 } });
    expect((await caller.send(METHOD, bytes, signature)).code).toBe(0);
    const { pool } = gateway.database;
    await pool.query('UPDATE token_floor SET iat_floor = $1', [nowSeconds() - 10]);
    await pool.query('DELETE FROM used_token');
    const again = await caller.send(METHOD, bytes, signature);
    expect(again.code).toBe(16);
    expect(again.reason).toMatch(/^(CLOCK|REPLAYED)$/);
  });
});

describe('a retry, which is no replay', () => {
  it('the same request id and bytes under a new token: the stored answer, byte for byte, and a redelivery entry', async () => {
    const caller = gateway.raw('viettel');
    const bytes = bodyOf();
    const first = await caller.sign(verifyPerson, bytes);
    const before = { unary: await entries(UNARY), redelivery: await entries(REDELIVERY) };
    const second = await caller.sign(verifyPerson, bytes);
    expect(second.code).toBe(0);
    expect(second.message).toEqual(first.message);
    expect(second.claims?.leaf).not.toBe(first.claims?.leaf);
    expect(await entries(UNARY)).toBe(before.unary);
    expect(await entries(REDELIVERY)).toBe(before.redelivery + 1);
  });

  it('a hundred at once: all get the one answer, and one disclosure stands in the log', async () => {
    const caller = gateway.raw('viettel');
    const bytes = bodyOf();
    const before = await entries(UNARY);
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => caller.sign(verifyPerson, bytes)));
    expect(new Set(outcomes.map(({ message }) => message?.toString('hex'))).size).toBe(1);
    expect(await entries(UNARY)).toBe(before + 1);
  });

  it('also at the other process', async () => {
    const bytes = bodyOf();
    const first = await gateway.raw('viettel').sign(verifyPerson, bytes);
    const second = await gateway.raw('viettel', { port: other.port }).sign(verifyPerson, bytes);
    expect(second.message).toEqual(first.message);
  });

  it('by an agency that kept what it asked: the lost answer comes, and the rows of the day are counted once', async () => {
    const [first, later] = [await gateway.client('viettel'), await gateway.client('viettel')];
    const left = async () => (await gateway.raw('viettel').sign(verifyPerson, bodyOf())).quotas.DAY_ROWS ?? 0;
    const before = await left();
    const kept = first.prepare(verifyPerson, AN);
    const lost = await first.unaryBytes(verifyPerson, kept);
    expect((await later.unaryBytes(verifyPerson, kept)).bytes).toEqual(lost.bytes);
    // The prepared one, and the one that asks what is left.
    expect(await left()).toBe(before - 2);
    expect([lost.loggedAs, lost.quota.DAY_ROWS?.remaining]).toEqual([kept.requestId, before - 1]);
    // A request id alone does not make a retry.
    const context = { requestId: kept.requestId };
    await expect(later.unary(verifyPerson, { ...AN, context })).rejects.toMatchObject({
      refusal: { reasonName: 'CONTENT_CHANGED' },
      requestId: kept.requestId,
    });
  });

  it('under an id of the agency that could be a number of somebody: the log has it under another, which the agency is told', async () => {
    const client = await gateway.client('viettel');
    const { requestId, loggedAs, quota } = await client.unary(verifyPerson, {
      ...AN,
      context: { requestId: '20261130000123' },
    });
    expect([requestId, loggedAs]).toEqual(['20261130000123', expect.stringMatching(/^gw-/)]);
    expect(quota.RATE).toEqual({ remaining: expect.any(Number), resetAt: expect.any(Number) });
  });

  it('the same request id with other bytes: ABORTED, and nothing of the first answer', async () => {
    const caller = gateway.raw('viettel');
    const context = contextOf(caller.identity);
    expect((await caller.sign(verifyPerson, bodyOf({ context }))).code).toBe(0);
    const changed = await caller.sign(verifyPerson, bodyOf({ context, fullName: 'Nguyễn Văn Ân' }));
    expect(changed).toMatchObject({ code: 10, reason: 'CONTENT_CHANGED', message: undefined });
    expect(changed.claims?.code).toBe(10);
  });

  it('the same request id of another agency is another request', async () => {
    const [viettel, mobifone] = [gateway.raw('viettel'), gateway.raw('mobifone')];
    const { requestId } = contextOf(viettel.identity);
    const a = await viettel.attempt(verifyPerson, { ...AN, context: contextOf(viettel.identity, requestId) });
    const b = await mobifone.attempt(verifyPerson, { ...AN, context: contextOf(mobifone.identity, requestId) });
    expect([a.code, b.code]).toEqual([0, 0]);
    expect(fromBinary(VerifyPersonResponseSchema, b.message ?? new Uint8Array()).requestId).toBe(requestId);
  });
});
