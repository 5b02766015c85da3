/** Every way to sign a call wrongly, each refused with its own reason and each refusal signed. */
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derToRaw, P256_ORDER, rawToDer } from '../../gateway/signing/es256.ts';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import {
  VerificationService,
  VerifyPersonRequestSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import {
  type Claims,
  callClaims,
  callToken,
  newRequestId,
  nowSeconds,
  pathOf,
  type RawCaller,
  type RawOutcome,
  requestBytes,
  token,
} from '../support/gateway-calls.ts';

const { verifyPerson, getJob } = VerificationService.method;
const METHOD = pathOf(verifyPerson);
const UNAUTHENTICATED = 16;

let gateway: TestGateway;
let viettel: RawCaller;
/** Calls so far: the refusals of badly signed ones are logged one by one up to a budget a minute. */
let sent = 0;
const LOGGED = 60;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  const caller = gateway.raw('viettel');
  viettel = {
    ...caller,
    send(...call) {
      sent += 1;
      return caller.send(...call);
    },
  };
});
afterAll(() => gateway?.stop());

const body = (): Uint8Array =>
  requestBytes(viettel.identity, VerifyPersonRequestSchema, {
    idNumber: '901085000017',
    fullName: 'Nguyễn Văn An',
    dateOfBirth: '1985-03-27',
  });

/** Refused for this reason, with nothing told, and the refusal signed over its details and bound to these bytes. */
function expectRefused(outcome: RawOutcome, reason: string): void {
  expect(outcome).toMatchObject({ code: UNAUTHENTICATED, reason, message: undefined });
  expect(outcome.claims, 'the refusal is signed').toMatchObject({ iss: 'gateway', code: UNAUTHENTICATED });
  if (sent <= LOGGED) expect(outcome.claims?.leaf, 'and logged').toHaveLength(22);
}

const sendWith = (changes: Parameters<typeof callToken>[3], bytes = body()) =>
  viettel.send(METHOD, bytes, callToken(viettel.identity, METHOD, bytes, changes));
/** Tokens tell whole seconds: away from the turn of one, the edges of the window are exact. */
const startOfSecond = async () => {
  const into = Date.now() % 1000;
  if (into > 400) await sleep(1010 - into);
};
const withClaims = (claims: Claims) => sendWith({ claims });

describe('signatures', () => {
  it('a good one is accepted: the answer is signed, bound to the request and logged', async () => {
    const bytes = body();
    const outcome = await viettel.send(METHOD, bytes, callToken(viettel.identity, METHOD, bytes));
    expect(outcome.code).toBe(0);
    expect(outcome.claims).toMatchObject({
      iss: 'gateway',
      code: 0,
      rev: { agreement: 'viettel-subscriber-verification:2' },
    });
    expect(outcome.claims?.leaf).toHaveLength(22);
  });

  it('none at all', async () => expectRefused(await viettel.send(METHOD, body()), 'SIGNATURE_MISSING'));
  it('an empty one', async () => expectRefused(await viettel.send(METHOD, body(), ''), 'SIGNATURE_MISSING'));

  it('two at once', async () => {
    const bytes = body();
    const one = callToken(viettel.identity, METHOD, bytes);
    expectRefused(await viettel.send(METHOD, bytes, `${one},${one}`), 'SIGNATURE_MALFORMED');
  });

  it('a message altered by one bit after signing; the help tells what was received', async () => {
    const bytes = body();
    const signature = callToken(viettel.identity, METHOD, bytes);
    const altered = Uint8Array.from(bytes);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    const outcome = await viettel.send(METHOD, altered, signature);
    expectRefused(outcome, 'DIGEST_MISMATCH');
    expect(outcome.refusal?.help).toMatchObject({ receivedBytes: altered.length });
  });

  it('a token altered by one character, in any of its parts', async () => {
    const bytes = body();
    const good = callToken(viettel.identity, METHOD, bytes);
    const parts = good.split('.').map((part) => part.length);
    for (const at of [3, (parts[0] ?? 0) + 9, good.length - 20]) {
      const flipped = good[at] === 'A' ? 'B' : 'A';
      const outcome = await viettel.send(METHOD, bytes, good.slice(0, at) + flipped + good.slice(at + 1));
      expect(outcome.code).toBe(UNAUTHENTICATED);
      expect(outcome.reason).toMatch(/^(SIGNATURE_MALFORMED|SIGNATURE_INVALID|KEY_UNKNOWN|DIGEST_MISMATCH)$/);
      expect(outcome.message).toBeUndefined();
    }
  });

  it('for another receiver or deployment', async () => {
    expectRefused(await withClaims({ aud: 'gateway@dev-another' }), 'AUDIENCE_WRONG');
    expectRefused(await withClaims({ aud: `viettel@${gateway.deployment.id}` }), 'AUDIENCE_WRONG');
    expectRefused(await withClaims({ aud: `*@${gateway.deployment.id}` }), 'AUDIENCE_WRONG');
  });

  it('for another method', async () => {
    expectRefused(await withClaims({ mth: pathOf(getJob) }), 'BINDING_WRONG');
  });

  it('of another kind: a chunk, an end, an answer, each with all of its claims', async () => {
    expectRefused(
      await sendWith({ typ: 'lt-chunk+jws', claims: { job: 'a'.repeat(32), num: 0, opn: 'A'.repeat(43) } }),
      'SIGNATURE_MALFORMED',
    );
    expectRefused(await sendWith({ typ: 'lt-answer+jws' }), 'SIGNATURE_MALFORMED');
    expectRefused(await withClaims({ job: 'a'.repeat(32) }), 'BINDING_WRONG');
  });

  it.each([61, 3600, 86_400 * 365])('signed %i s ago; the help tells the time here', async (age) => {
    const outcome = await withClaims({ iat: nowSeconds() - age });
    expectRefused(outcome, 'CLOCK');
    expect(Math.abs((outcome.refusal?.help?.serverTime ?? 0) - nowSeconds())).toBeLessThan(3);
  });
  it.each([11, 12, 3600])('signed %i s ahead', async (ahead) => {
    await startOfSecond();
    expectRefused(await withClaims({ iat: nowSeconds() + ahead }), 'CLOCK');
  });
  it.each([-59, -9, 0, 9])('signed %i s from now: accepted', async (offset) => {
    await startOfSecond();
    expect((await withClaims({ iat: nowSeconds() + offset })).code).toBe(0);
  });

  it('alg none, with and without a signature part', async () => {
    const bytes = body();
    const unsigned = (signature: string) => {
      const header = Buffer.from('{"alg":"none","typ":"lt-call+jws"}').toString('base64url');
      const claims = Buffer.from(JSON.stringify(callClaims(viettel.identity, METHOD, bytes))).toString('base64url');
      return `${header}.${claims}.${signature}`;
    };
    for (const signature of ['', randomBytes(64).toString('base64url')]) {
      expectRefused(await viettel.send(METHOD, bytes, unsigned(signature)), 'SIGNATURE_MALFORMED');
    }
    expectRefused(await sendWith({ header: { alg: 'none' } }), 'SIGNATURE_MALFORMED');
  });

  it("HS256 under the agency's public key", async () => {
    const bytes = body();
    const { signingKey } = viettel.identity;
    const secrets = [
      JSON.stringify(signingKey.publicJwk),
      Buffer.from(signingKey.publicJwk.x + signingKey.publicJwk.y),
    ];
    for (const secret of secrets) {
      const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: signingKey.kid, typ: 'lt-call+jws' }));
      const claims = Buffer.from(JSON.stringify(callClaims(viettel.identity, METHOD, bytes)));
      const input = `${header.toString('base64url')}.${claims.toString('base64url')}`;
      const mac = createHmac('sha256', secret).update(input).digest('base64url');
      expectRefused(await viettel.send(METHOD, bytes, `${input}.${mac}`), 'SIGNATURE_MALFORMED');
    }
  });

  it('a key brought along: jwk, jku, x5u, x5c, crit', async () => {
    const own = loadSigningKey(await generateSigningJwk());
    for (const header of [
      { jwk: own.publicJwk },
      { jku: 'https://example.invalid/keys' },
      { x5u: 'https://example.invalid/c' },
      { x5c: ['AA=='] },
      { crit: ['exp'], exp: 1 },
      { b64: false },
    ]) {
      expectRefused(await sendWith({ key: own, header }), 'SIGNATURE_MALFORMED');
      expectRefused(await sendWith({ header }), 'SIGNATURE_MALFORMED');
    }
  });

  it("another agency's key under its own kid, and under ours", async () => {
    const other = gateway.identity('mobifone').signingKey;
    expectRefused(await sendWith({ key: other }), 'KEY_UNKNOWN');
    expectRefused(
      await sendWith({ key: other, header: { kid: viettel.identity.signingKey.kid } }),
      'SIGNATURE_INVALID',
    );
    expectRefused(await sendWith({ key: other, claims: { iss: 'mobifone' } }), 'KEY_UNKNOWN');
  });

  it("our key, another agency's name", async () => {
    expectRefused(await withClaims({ iss: 'mobifone' }), 'KEY_UNKNOWN');
    expectRefused(await withClaims({ iss: 'gateway' }), 'KEY_UNKNOWN');
  });

  it('the key of the gateway itself', async () => {
    expectRefused(await sendWith({ key: gateway.deployment.secrets.signing }), 'KEY_UNKNOWN');
  });

  it('a key that nobody enrolled', async () => {
    expectRefused(await sendWith({ key: loadSigningKey(await generateSigningJwk()) }), 'KEY_UNKNOWN');
  });

  it('claims missing, further, or of the wrong kind', async () => {
    for (const claims of [
      { jti: undefined },
      { dig: undefined },
      { iat: undefined },
      { exp: nowSeconds() + 60 },
      { iat: String(nowSeconds()) },
      { iat: nowSeconds() + 0.5 },
      { jti: 'short' },
      { aud: [`gateway@${gateway.deployment.id}`] },
      { iat: null },
    ]) {
      expectRefused(await withClaims(claims), 'SIGNATURE_MALFORMED');
    }
  });

  it('and the refusal names the claim, by a name of ours alone', async () => {
    for (const [claims, claim] of [
      [{ iat: String(nowSeconds()) }, 'iat'],
      [{ mth: undefined }, 'mth'],
      [{ job: 'f'.repeat(32) }, 'job'],
      [{ aud: 'gateway@elsewhere' }, 'aud'],
      [{ '901085000017': 1 }, undefined],
    ] as const) {
      expect((await withClaims(claims)).refusal?.claim).toBe(claim);
    }
  });

  it('a member that stands twice in the payload', async () => {
    const bytes = body();
    const claims = JSON.stringify(callClaims(viettel.identity, METHOD, bytes));
    const { signingKey } = viettel.identity;
    const header = { alg: 'ES256', kid: signingKey.kid, typ: 'lt-call+jws' };
    const twice = `{"iss":"mobifone",${claims.slice(1)}`;
    expectRefused(await viettel.send(METHOD, bytes, token(signingKey, header, twice)), 'SIGNATURE_MALFORMED');
  });

  it('padded, wrapped or followed by anything', async () => {
    const bytes = body();
    const good = callToken(viettel.identity, METHOD, bytes);
    for (const text of [`${good}=`, `${good}.`, `.${good}`, `Bearer ${good}`, `${good}.x`]) {
      expectRefused(await viettel.send(METHOD, bytes, text), 'SIGNATURE_MALFORMED');
    }
  });

  it('the other signature of the same token, (r, n − s), is the same token', async () => {
    const bytes = body();
    const good = callToken(viettel.identity, METHOD, bytes);
    const raw = Buffer.from(good.split('.')[2] ?? '', 'base64url');
    const s = BigInt(`0x${raw.subarray(32).toString('hex')}`);
    const order = BigInt(`0x${P256_ORDER.toString('hex')}`);
    const mirrored = Buffer.concat([
      raw.subarray(0, 32),
      Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex'),
    ]);
    expect(derToRaw(rawToDer(mirrored))).toEqual(mirrored);
    const twin = `${good.split('.').slice(0, 2).join('.')}.${mirrored.toString('base64url')}`;
    expect((await viettel.send(METHOD, bytes, good)).code).toBe(0);
    expectRefused(await viettel.send(METHOD, bytes, twin), 'REPLAYED');
  });

  it('a request id stands on answers and on refusals alike', async () => {
    const requestId = newRequestId();
    const context = { requestId, purpose: 'subscriber-verification' };
    const bytes = toBinary(VerifyPersonRequestSchema, {
      $typeName: 'lienthong.verification.v1.VerifyPersonRequest',
      context: {
        $typeName: 'lienthong.type.v1.RequestContext',
        serviceCode: '',
        unitCode: '',
        officerCode: '',
        caseRef: '',
        ...context,
      },
      idNumber: '901085000017',
      fullName: 'Nguyễn Văn An',
      dateOfBirth: '1985-03-27',
      blind: new Uint8Array(3),
    });
    const refused = await viettel.sign(verifyPerson, bytes);
    expect(refused.reason).toBe('BAD_REQUEST');
    expect(refused.refusal?.requestId).toBe(requestId);
    expect(refused.claims?.req).toBe(requestId);
  });

  it('badly signed calls without end do not fill the log: beyond the budget they are refused and signed, without a leaf', async () => {
    const entries = async () =>
      (await gateway.database.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM log_entry')).rows[0]?.n ?? 0;
    const before = await entries();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => viettel.send(METHOD, body())));
    for (const outcome of outcomes) {
      expect(outcome.reason).toBe('SIGNATURE_MISSING');
      expect(outcome.claims).toBeDefined();
    }
    // A minute may turn in between.
    expect((await entries()) - before).toBeLessThanOrEqual(2 * LOGGED);
    const unlogged = outcomes.filter(({ claims }) => claims?.leaf === undefined);
    expect(unlogged.length).toBeGreaterThan(0);
    expect((await withClaims({})).code, 'a good call is served all the same').toBe(0);
  });
});
