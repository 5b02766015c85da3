import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCertificateAuthority } from '../../gateway/development/certificates.ts';
import { faultChannel } from '../../gateway/faults/point.ts';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createSignedClient, type SignedClient } from './client.ts';
import { failure } from './failure.test-support.ts';
import { loadProfile } from './profile.ts';
import { GatewayError } from './refusal.ts';
import { createTinyGateway, type TinyGateway } from './tiny-gateway.test-support.ts';

const { verifyPerson } = VerificationService.method;
const verified = { verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 } as const;

let folder: string;
let gateway: TinyGateway;
let port: number;
let client: SignedClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-client-'));
  gateway = await createTinyGateway(folder, () => ({ ...verified, nameScore: undefined, score: undefined }));
  port = await gateway.start();
  client = createSignedClient(await loadProfile(gateway.profileFolder));
});

afterEach(async () => {
  client.close();
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (retryForMs = 0) =>
  client.unary(verifyPerson, { idNumber: '901085000017' }, { retryForMs, deadlineMs: 5_000 });

it('a balancer that takes the connection and ends it, its gateway being away, is unavailable and no matter of certificates', async () => {
  await gateway.stop();
  const balancer = createServer((socket) => socket.once('data', () => socket.end()));
  await new Promise<void>((listening) => balancer.listen(port, listening));
  try {
    const error = await failure(ask());
    expect(error).toMatchObject({ reason: 'UNAVAILABLE', exitCode: 5, passing: true });
  } finally {
    balancer.close();
  }
});

it('a connection that goes silent is left: the very call that found it out is answered over another', async () => {
  const sockets = new Set<Socket>();
  const forgotten = new Set<Socket>();
  const firewall = createServer((socket) => {
    const there = connect(port, 'localhost');
    for (const [from, to] of [[socket, there] as const, [there, socket] as const]) {
      sockets.add(from);
      from.on('data', (bytes) => forgotten.has(socket) || to.write(bytes));
      from.on('error', () => undefined).on('close', () => to.destroy());
    }
  });
  await new Promise<void>((listening) => firewall.listen(0, listening));
  const { port: at } = firewall.address() as { port: number };
  const behind = createSignedClient({ ...client.profile, address: `localhost:${at}` });
  const askThere = () => behind.unary(verifyPerson, {}, { deadlineMs: 1_000, retryForMs: 5_000 });
  try {
    expect((await askThere()).message.verdict).toBe(1);
    for (const socket of sockets) forgotten.add(socket);
    expect((await askThere()).message.verdict).toBe(1);
  } finally {
    behind.close();
    firewall.close();
    for (const socket of sockets) socket.destroy();
  }
});

describe('a signed call', () => {
  it('is answered, the context filled from the profile, the answer bound to this very request', async () => {
    const answer = await ask();
    expect(answer.message.verdict).toBe(1);
    expect(answer.message.requestId).toBe(answer.requestId);
    expect(answer.claims).toMatchObject({
      iss: 'gateway',
      aud: 'viettel@test-deployment',
      rqd: answer.requestDigest,
      code: 0,
    });
  });

  it('is another request each time, and the same when its bytes are sent again', async () => {
    const [first, second] = [await ask(), await ask()];
    expect(first.requestDigest).not.toBe(second.requestDigest);
  });

  it('can be prepared, kept, and asked again by another client as the same request', async () => {
    const prepared = client.prepare(verifyPerson, { idNumber: '901085000017', context: { caseRef: 'HS-1' } });
    const kept = {
      requestId: prepared.requestId,
      bytes: Buffer.from(Buffer.from(prepared.bytes).toString('base64'), 'base64'),
    };
    const later = createSignedClient(client.profile);
    const [first, second] = [
      await client.unaryBytes(verifyPerson, prepared),
      await later.unaryBytes(verifyPerson, kept),
    ];
    later.close();
    expect(second.requestDigest).toBe(first.requestDigest);
    expect(second.message.requestId).toBe(prepared.requestId);
  });

  it('that fails names its request id, whether the gateway said it, anything or nothing', async () => {
    const prepared = client.prepare(verifyPerson, {});
    const again = async () => failure(client.unaryBytes(verifyPerson, prepared, { retryForMs: 0 }));
    await ask();
    gateway.faults.refuse = () => ({ reason: ErrorReason.NOT_AGREED, signed: true });
    expect(await again()).toMatchObject({ reason: 'REFUSED', requestId: prepared.requestId });
    await gateway.stop();
    expect(await again()).toMatchObject({ reason: 'UNAVAILABLE', requestId: prepared.requestId });
  });

  it('is sent again with the same bytes and a new token while the gateway cannot answer', async () => {
    let left = 2;
    gateway.faults.refuse = () => (left-- > 0 ? { reason: ErrorReason.STORAGE_UNAVAILABLE, signed: true } : undefined);
    const { message } = await ask(5_000);
    expect(message.verdict).toBe(1);
    // The server refuses a token that comes twice, so all three were new.
    expect(gateway.seenTokens.size).toBe(3);
  });

  it('ends with exit class 5 when nobody listens', async () => {
    await gateway.stop();
    const error = await failure(ask(300));
    expect([error.reason, error.exitCode]).toEqual(['UNAVAILABLE', 5]);
  });
});

describe('a state folder that cannot be written', () => {
  let elsewhere: SignedClient;
  const askThere = (options = {}) => elsewhere.unary(verifyPerson, {}, { retryForMs: 0, ...options });
  beforeEach(() => {
    // A link to nowhere: it stops root as well.
    const stateFolder = join(folder, 'state');
    symlinkSync(join(folder, 'mounted', 'state'), stateFolder);
    elsewhere = createSignedClient({ ...client.profile, stateFolder });
  });
  afterEach(() => elsewhere.close());

  it('stops a call before it is sent: what is answered is disclosed and counted', async () => {
    const error = await failure(askThere());
    expect([error.reason, error.exitCode]).toEqual(['STATE_UNWRITABLE', 2]);
    expect(error.facts.problem).toBe('ENOENT');
    expect(gateway.seenTokens.size).toBe(0);
    mkdirSync(join(folder, 'mounted', 'state'), { recursive: true });
    expect((await askThere()).message.verdict).toBe(1);
  });

  it('is found out within the limits of the call, which its caller may break off', async () => {
    expect((await failure(askThere({ signal: AbortSignal.abort() }))).reason).toBe('INTERRUPTED');
    await gateway.stop();
    const error = await failure(askThere());
    expect([error.reason, error.exitCode]).toEqual(['UNAVAILABLE', 5]);
  });
});

describe('an answer that is not believed', () => {
  const other = async () => {
    const key = loadSigningKey(await generateSigningJwk());
    return createSigner({ key: key.key, kid: key.kid, issuer: 'gateway' });
  };

  it('without a signature', async () => {
    gateway.faults.answer = (_method, { message }) => ({ message, jws: undefined });
    const error = await failure(ask());
    expect([error.reason, error.facts.problem, error.exitCode]).toEqual(['UNTRUSTED_ANSWER', 'SIGNATURE_MISSING', 3]);
  });

  it('with other bytes than those signed', async () => {
    gateway.faults.answer = (_method, { message, jws }) => {
      const changed = Buffer.from(message);
      const last = changed.length - 1;
      changed[last] = (changed[last] ?? 0) ^ 1;
      return { message: changed, jws };
    };
    expect((await failure(ask())).facts.problem).toBe('WRONG_DIGEST');
  });

  it('that answers another request', async () => {
    let kept: { message: Buffer; jws: string } | undefined;
    gateway.faults.answer = (_method, frame) => (kept ??= frame);
    await ask();
    expect((await failure(ask())).facts.problem).toBe('WRONG_REQUEST');
  });

  it('signed by a key that the key set does not hold', async () => {
    const signer = await other();
    gateway.faults.answer = (_method, { message }) => ({
      message,
      jws: signer.sign('lt-answer+jws', {
        ...{ aud: 'viettel@test-deployment', iat: 1, dig: 'A'.repeat(43), mth: '/a.b/C', rqd: 'A'.repeat(43) },
        ...{ req: '', code: 0 },
      }),
    });
    expect((await failure(ask())).facts.problem).toBe('UNKNOWN_KEY');
  });

  it('a refusal with a wrong signature', async () => {
    const signer = await other();
    gateway.faults.refuse = () => ({ reason: ErrorReason.NOT_AGREED, signed: true, by: signer });
    expect((await failure(ask())).reason).toBe('UNTRUSTED_ANSWER');
  });
});

describe('a refusal', () => {
  it.each([
    [ErrorReason.NOT_AGREED, true, 4],
    [ErrorReason.BAD_REQUEST, true, 2],
    [ErrorReason.LIMITED, true, 6],
    [ErrorReason.CLOCK, true, 3],
    [ErrorReason.REVOKED, false, 3],
    [ErrorReason.PERSON_NOT_FOUND, true, 4],
    [ErrorReason.LOG_BROKEN, true, 5],
  ] as const)('of reason %i (signed: %s) ends with exit code %i and its own sentence in both languages', async (reason, signed, exit) => {
    gateway.faults.refuse = () => ({ reason, signed });
    const error = await failure(ask());
    expect(error).toBeInstanceOf(GatewayError);
    expect((error as GatewayError).refusal?.reason).toBe(reason);
    expect(error.exitCode).toBe(exit);
    expect(error.text('vi')).not.toBe(error.text('en'));
    expect((error as GatewayError).signed).toBe(signed);
  });
});

it('a request that is too large is said to be that, and no limit that is used up', async () => {
  const error = await failure(client.unary(verifyPerson, { fullName: 'x'.repeat(17 << 20) }, { retryForMs: 0 }));
  expect(error).toMatchObject({ reason: 'MESSAGE_TOO_LARGE', exitCode: 2, code: 8 });
});

describe('keys', () => {
  it('a key added while the client runs is fetched when it is met', async () => {
    await ask();
    await gateway.rotate();
    expect((await ask()).message.verdict).toBe(1);
    // Not at every unknown key: who sends many of them makes nobody fetch many sets.
    await gateway.rotate();
    expect((await failure(ask())).facts.problem).toBe('UNKNOWN_KEY');
  });

  it('a key set older than the last accepted is refused, also by a later run', async () => {
    await gateway.rotate();
    await ask();
    gateway.keySetVersion = 1;
    // Older than the time that a new set takes to every gateway.
    const path = join(client.profile.stateFolder, 'key-set.json');
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { accepted_at: number };
    writeFileSync(path, JSON.stringify({ ...kept, accepted_at: kept.accepted_at - 601 }));
    const later = createSignedClient(client.profile);
    const error = await failure(later.unary(verifyPerson, {}));
    expect([error.reason, error.facts.problem]).toEqual(['UNTRUSTED_KEY_SET', 'ROLLED_BACK']);
    later.close();
  });

  it('a key set of another root is refused', async () => {
    const { publicJwk } = loadSigningKey(await generateSigningJwk());
    const stranger = createSignedClient({ ...client.profile, keySetRoot: publicJwk });
    expect((await failure(stranger.unary(verifyPerson, {}))).reason).toBe('UNTRUSTED_KEY_SET');
    stranger.close();
  });

  it('a gateway whose certificate is of another authority is not spoken to', async () => {
    const elsewhere = mkdtempSync(join(folder, 'other-'));
    const judge = () => ({ ...verified, nameScore: undefined, score: undefined });
    const impostor = await createTinyGateway(elsewhere, judge, { impostor: true });
    await gateway.stop();
    await impostor.start(port);
    const error = await failure(ask(300));
    expect([error.reason, error.exitCode]).toEqual(['TLS_REFUSED', 3]);
    await impostor.stop();
  });
});

it('a client at whose fault points somebody listens calls nobody but a development deployment', async () => {
  const listener = () => undefined;
  const profile = await loadProfile(gateway.profileFolder);
  faultChannel('client-send').subscribe(listener);
  try {
    expect(() => createSignedClient(profile)).toThrow(expect.objectContaining({ reason: 'PROFILE_FILE', exitCode: 3 }));
    const { certificate } = await createCertificateAuthority('dev-tests');
    createSignedClient({ ...profile, ca: Buffer.from(certificate) }).close();
  } finally {
    faultChannel('client-send').unsubscribe(listener);
  }
  createSignedClient(profile).close();
});
