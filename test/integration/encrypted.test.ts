/** Sensitive fields on their way: against a whole gateway, behind a relay that sees what TLS carries. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createServer, type Server } from 'node:tls';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSignedClient } from '../../connectors/kit/client.ts';
import { openAnswer } from '../../connectors/kit/encrypted-answer.ts';
import { loadProfile, type Profile } from '../../connectors/kit/profile.ts';
import { createEnrolment } from '../../gateway/development/enrol.ts';
import { encodeSensitive } from '../../gateway/register/encode-sensitive.ts';
import { sensitiveContext } from '../../gateway/register/sensitive.ts';
import { loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { seal } from '../../gateway/sealing/seal.ts';
import { decrypt } from '../../gateway/signing/decrypt.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { encrypt } from '../../gateway/signing/encrypt.ts';
import {
  type DecryptionKey,
  generateEncryptionJwk,
  loadDecryptionKey,
  recipientKeyOf,
} from '../../gateway/signing/encryption-key.ts';
import { keyLookup, verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { GetPersonResponseSchema, PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { SignedMessageSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf, replaceAgreement } from '../support/gateway-agreements.ts';
import { pathOf, type RawCaller, type RawOutcome, requestBytes } from '../support/gateway-calls.ts';
import { actOf, officerOf, revoke } from '../support/gateway-officers.ts';

const { getPerson } = PersonService.method;
const KNOWN = { id: 904812637495, name: 'Kanarienvogel Thị Huyền Bí', born: 19870714 };
const SENSITIVE = { ethnicity: 'Kanarisch', religion: 'Vogelglaube', bloodType: 'AB-Kanarie' };
const PATHS = ['full_name', 'ethnicity', 'religion', 'blood_type'];
const asked = (paths: readonly string[] = PATHS) => ({
  personalId: String(KNOWN.id),
  readMask: { paths: [...paths] },
});
const soon = { timeout: 5000, interval: 50 };

let gateway: TestGateway;
let moh: RawCaller;
let profile: Profile;

beforeAll(async () => {
  gateway = await startTestGateway({ people: [KNOWN], crowd: 0 });
  const ring = loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')));
  await gateway.database.pool.query(
    "UPDATE person SET sealed = $1, sealed_key = 'sensitive-1' WHERE personal_id = $2",
    [seal(ring.sensitive, sensitiveContext(1, 'sensitive-1'), encodeSensitive(SENSITIVE)), KNOWN.id],
  );
  const now = await agreementOf('moh');
  const statute = { use: ['release'], basis: 'statute', article: 'Luật 91/2025, art. 19.1' } as const;
  await replaceAgreement(gateway, { ...now, fields: { ...now.fields, 9: statute, 10: statute, 12: statute } });
  profile = await loadProfile(gateway.deployment.profiles.moh ?? '');
  moh = gateway.raw('moh');
  await vi.waitFor(async () => expect((await moh.attempt(getPerson, asked())).code).toBe(0), soon);
});
afterAll(() => gateway?.stop());

const newKey = async () => loadDecryptionKey(await generateEncryptionJwk());
const tokenOf = ({ message }: RawOutcome) => fromBinary(GetPersonResponseSchema, message ?? Buffer.alloc(0)).encrypted;

/** As the recipe of the design page has it: opened, then the signature inside verified. */
function openByHand(outcome: RawOutcome, keys: readonly DecryptionKey[] = profile.decryptionKeys) {
  const opened = decrypt(tokenOf(outcome), (kid) => keys.find((key) => key.kid === kid));
  if (!opened.ok) throw new Error(opened.problem);
  const { payload, jws } = fromBinary(SignedMessageSchema, opened.content);
  const gatewayKeys = keyLookup([verificationKeyOf(gateway.deployment.secrets.signing.publicJwk, 'gateway')]);
  const verified = verifyToken(jws, { typ: 'lt-answer+jws', form: 'call', keys: gatewayKeys });
  if (!verified.ok) throw new Error(verified.problem);
  return { payload, jws, claims: verified.claims, kid: opened.kid };
}

/** A man in the middle who has the gateway's certificate and the agency's: keeps all that TLS carried, both ways. */
async function startRelay(): Promise<{ port: number; seen: () => Buffer; server: Server }> {
  const file = (name: string) => readFileSync(join(gateway.folder, 'gateway', name));
  const { ca, certificate: cert, key } = profile;
  const seen: Buffer[] = [];
  const server = createServer(
    { cert: file('server-cert.pem'), key: file('server-key.pem'), ca, requestCert: true, ALPNProtocols: ['h2'] },
    (near) => {
      const far = connectTls({ host: 'localhost', port: gateway.port, ca, cert, key, ALPNProtocols: ['h2'] });
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (bytes: Buffer) => seen.push(bytes));
        from.on('error', () => to.destroy());
        from.pipe(to);
      }
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, seen: () => Buffer.concat(seen), server };
}

describe('an answer with sensitive fields', () => {
  it('reaches the agency whole, and nobody on the way, who sees neither value nor signature', async () => {
    const relay = await startRelay();
    const client = createSignedClient({ ...profile, address: `localhost:${relay.port}` });
    try {
      const { message, bytes, claims, jws } = await client.unary(getPerson, asked());
      expect(message.person).toMatchObject({ fullName: KNOWN.name, ...SENSITIVE });
      expect(message.encrypted).toBe('');
      expect(claims.dig).toBe(digestOf(bytes));
      // The recipient alone has the signature: without it nothing could be shown to others.
      const gatewayKeys = keyLookup([verificationKeyOf(gateway.deployment.secrets.signing.publicJwk, 'gateway')]);
      expect(verifyToken(jws, { typ: 'lt-answer+jws', form: 'call', keys: gatewayKeys })).toMatchObject({
        ok: true,
        claims,
      });
      const before = relay.seen();
      expect(before.length).toBeGreaterThan(1000);
      for (const value of [...Object.values(SENSITIVE), 'Kanarienvogel']) {
        // Wherever base64 of it may begin.
        const shifts = [0, 1, 2].map((shift) =>
          Buffer.from('x'.repeat(shift) + value)
            .toString('base64url')
            .slice(2, -3),
        );
        for (const text of [value, ...shifts]) expect(before.includes(text), text).toBe(false);
      }
      // The relay does see: what is not sensitive is protected by TLS alone.
      await client.unary(getPerson, asked(['full_name']));
      expect(relay.seen().includes('Kanarienvogel')).toBe(true);
    } finally {
      client.close();
      relay.server.close();
    }
  });

  it('is one JWE and nothing beside it; without a sensitive field all is as it always was', async () => {
    const outcome = await moh.attempt(getPerson, asked());
    expect(outcome).toMatchObject({ code: 0, signature: undefined });
    const message = fromBinary(GetPersonResponseSchema, outcome.message ?? Buffer.alloc(0));
    expect({ ...message, $unknown: undefined }).toMatchObject({ requestId: '', notices: [], refused: [] });
    expect([message.person, message.revisions, message.blind.length]).toEqual([undefined, undefined, 0]);
    const { claims, payload, kid } = openByHand(outcome);
    expect(kid).toBe(profile.decryptionKeys[0]?.kid);
    expect(claims).toMatchObject({ code: 0, aud: `moh@${gateway.deployment.id}`, dig: digestOf(payload) });

    const plain = await moh.call(getPerson, asked(['full_name', 'date_of_birth']));
    expect(plain.message.encrypted).toBe('');
    expect(plain.outcome.claims?.code).toBe(0);
  });

  it('is recorded, stored and signed as its plain bytes: a retry has them again, in a JWE of its own', async () => {
    const bytes = requestBytes(moh.identity, getPerson.input, asked());
    const [first, second] = [await moh.sign(getPerson, bytes), await moh.sign(getPerson, bytes)];
    const [one, two] = [openByHand(first), openByHand(second)];
    expect(Buffer.from(two.payload)).toEqual(Buffer.from(one.payload));
    expect(tokenOf(second)).not.toBe(tokenOf(first));
    expect(two.jws).not.toBe(one.jws);
    const { rows } = await gateway.database.pool.query<{ entry: Buffer }>(
      'SELECT entry FROM log_entry WHERE entry_id = ANY ($1)',
      [[one, two].map(({ claims }) => Buffer.from(claims.leaf ?? '', 'base64url'))],
    );
    const entries = rows.map(({ entry }) => fromBinary(EntrySchema, entry));
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set([EntryKind.UNARY, EntryKind.REDELIVERY]));
    for (const { answerDigest } of entries) {
      expect(Buffer.from(answerDigest).toString('base64url')).toBe(digestOf(one.payload));
    }
  });

  it('is believed for the signature inside, and that for one request: an answer put into another JWE is found out', async () => {
    const { payload, jws } = openByHand(await moh.attempt(getPerson, asked()));
    const recipient = recipientKeyOf((profile.decryptionKeys[0] ?? (await newKey())).publicJwk);
    const content = toBinary(SignedMessageSchema, create(SignedMessageSchema, { payload, jws }));
    const init = { encrypted: encrypt(content, recipient) };
    const message = toBinary(GetPersonResponseSchema, create(GetPersonResponseSchema, init));
    const opened = openAnswer(getPerson.output, { signature: undefined }, message, profile.decryptionKeys);
    expect(opened.jws).toBe(jws);
    const client = createSignedClient(profile);
    const another = {
      method: pathOf(getPerson),
      requestDigest: digestOf(Buffer.from('another')),
      requestId: 'another',
    };
    await expect(client.check.answer(opened.jws, opened.payload, another)).rejects.toMatchObject({
      reason: 'UNTRUSTED_ANSWER',
      facts: { problem: 'WRONG_REQUEST' },
    });
    client.close();
  });
});

describe('the key that answers are encrypted to', () => {
  it('is the newest; a profile without it is told which one is missing, and takes both meanwhile', async () => {
    const next = await newKey();
    await createEnrolment({ pool: gateway.database.pool }).addEncryptionKey({ agency: 'moh', jwk: next.publicJwk });
    await vi.waitFor(async () => {
      const outcome = await moh.attempt(getPerson, asked());
      expect(openByHand(outcome, [...profile.decryptionKeys, next]).kid).toBe(next.kid);
    }, soon);
    const [old, both] = [profile.decryptionKeys, [...profile.decryptionKeys, next]].map((decryptionKeys) =>
      createSignedClient({ ...profile, decryptionKeys }),
    );
    try {
      await expect(old?.unary(getPerson, asked())).rejects.toMatchObject({
        reason: 'DECRYPTION_KEY_MISSING',
        facts: { kid: next.kid },
      });
      expect((await both?.unary(getPerson, asked()))?.message.person?.bloodType).toBe(SENSITIVE.bloodType);
    } finally {
      old?.close();
      both?.close();
    }
    const barred = actOf(gateway, { kind: 'bar', what: 'key', subject: next.kid });
    expect((await revoke(officerOf(gateway, 'dev-officer-1'), barred)).code).toBe(0);
    // Back to the one before it.
    await vi.waitFor(async () => {
      expect(openByHand(await moh.attempt(getPerson, asked())).kid).toBe(profile.decryptionKeys[0]?.kid);
    }, soon);
  });

  it('where there is none: refused by name before anything is read, allow_partial or not; the rest is answered', async () => {
    const [own] = profile.decryptionKeys;
    const barred = actOf(gateway, { kind: 'bar', what: 'key', subject: own?.kid ?? '' });
    expect((await revoke(officerOf(gateway, 'dev-officer-1'), barred)).code).toBe(0);
    await vi.waitFor(async () => {
      expect((await moh.attempt(getPerson, asked())).reason).toBe('ENCRYPTION_KEY_MISSING');
    }, soon);
    for (const allowPartial of [false, true]) {
      const outcome = await moh.attempt(getPerson, { ...asked(), allowPartial });
      expect(outcome).toMatchObject({ code: 9, message: undefined, claims: { code: 9 } });
      expect(outcome.refusal?.violations.map(({ field, rule }) => `${field} ${rule}`)).toEqual(
        ['ethnicity', 'religion', 'blood_type'].map((field) => `${field} ONLY_ENCRYPTED`),
      );
      const entryId = Buffer.from(outcome.claims?.leaf ?? '', 'base64url');
      const { rows } = await gateway.database.pool.query<{ entry: Buffer }>(
        'SELECT entry FROM log_entry WHERE entry_id = $1',
        [entryId],
      );
      // Nobody was looked up, so nobody has a leaf.
      expect(rows.map(({ entry }) => fromBinary(EntrySchema, entry).people)).toEqual([0]);
    }
    expect((await moh.call(getPerson, asked(['full_name']))).message.person?.fullName).toBe(KNOWN.name);
  });
});
