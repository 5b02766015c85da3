/** The gateway's own keys change under it: calls and a stream go on, what was signed stands, and nothing goes back. */
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openChunkStream } from '../../connectors/kit/chunk-stream.ts';
import { createSignedClient } from '../../connectors/kit/client.ts';
import { loadProfile } from '../../connectors/kit/profile.ts';
import { type VerifySummary, verifySubscribers } from '../../connectors/telco/verify.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { signersOf, verifyCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { readKeySet } from '../../gateway/signing/key-set.ts';
import { parseToken } from '../../gateway/signing/parse.ts';
import { type PublicJwk, readPublicJwk, verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { readSignedKeySet } from '../../gateway/signing/signed-key-set.ts';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { chunkPayload, rowOf } from '../support/gateway-stream.ts';

const { verifyPerson, startJob, closeJob } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const PURPOSE = 'subscriber-verification';
const CALLERS = 4;
/** Seconds that a rotation leaves the gateway, which looks every second, and its clients to follow. */
const WAIT = '5';

let gateway: TestGateway;
let profile: string;
let files: { config: string; root: string; set: string; signing: string };
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 300, config: { limits: { ioThreads: 2, matchingThreads: 1 } } });
  profile = gateway.deployment.profiles.viettel ?? '';
  const own = (name: string) => join(gateway.folder, 'gateway', name);
  files = {
    config: gateway.deployment.configPath,
    root: own('key-set-root.jwk.json'),
    set: own('key-set.json'),
    signing: own('signing.jwk.json'),
  };
});
afterAll(() => gateway?.stop());

const kidOf = (token: string) => {
  const parsed = parseToken(token);
  return parsed.ok ? parsed.token.kid : '';
};
const setOn = (path: string) => {
  const set = readKeySet(readSignedKeySet(readFileSync(path, 'utf8'))?.payload ?? new Uint8Array());
  if (set === undefined) throw new Error('no key set');
  return set;
};
/** A client as a new process has it: it knows nothing but the root that its profile pins, and what the profile keeps. */
const newClient = async () => createSignedClient(await loadProfile(profile));
const keys = (...args: string[]) => runCaptured(['gateway-keys', ...args]);

/** Calls one after the other until told to stop, and tells of each; every answer's signature is verified. */
function callUntil(signal: AbortSignal, renewEvery: number, onAnswer: () => void): Promise<void> {
  return (async () => {
    let client = await newClient();
    let calls = 0;
    try {
      for (; !signal.aborted; calls++) {
        await client.unary(verifyPerson, { ...AN, context: { purpose: PURPOSE } });
        onAnswer();
        if (calls % renewEvery === renewEvery - 1) {
          client.close();
          client = await newClient();
        }
      }
    } finally {
      client.close();
    }
  })();
}

/** A job's stream that sends a chunk now and then; tells of each answer, and resolves to the keys that they were signed with. */
async function streamUntil(signal: AbortSignal, onAnswer: () => void): Promise<string[]> {
  const client = await newClient();
  const connection = client.connect();
  const context = create(RequestContextSchema, { requestId: 'rotation', purpose: PURPOSE });
  const columns = ['id_number', 'full_name', 'date_of_birth'];
  const asked = { context: { purpose: PURPOSE }, chunkRows: 256, columns, fileDigest: randomBytes(32) };
  const job = await client.unary(startJob, asked);
  const jobId = job.message.job?.jobId ?? '';
  const opened = { client, connection, jobId, openingDigest: job.requestDigest, openMs: 10_000, context };
  const stream = await openChunkStream(opened);
  const kids: string[] = [];
  const read = stream.read(async ({ jws }) => {
    kids.push(kidOf(jws));
    onAnswer();
  });
  let num = 0;
  for (; !signal.aborted; num++) {
    const rows = Array.from({ length: 256 }, (_, n) => rowOf(crowdPerson(n)));
    await stream.send({ num, rows: rows.length, payload: chunkPayload(num, rows) });
    await Promise.race([sleep(100), read]);
  }
  await stream.end();
  await read;
  const expected = { jobId, expectedChunks: num, expectedRows: BigInt(num * 256) };
  expect((await client.unary(closeJob, { context: { purpose: PURPOSE }, ...expected })).message.missing).toEqual([]);
  connection.close();
  client.close();
  return kids;
}

/** A file verified before any key was followed by another. */
let before: { readonly kid: string; readonly summary: VerifySummary; readonly out: string };

const claimOf = (token: string, name: string): string => {
  const parsed = parseToken(token);
  return parsed.ok ? String(parsed.token.claims[name]) : '';
};

/** The job of that file closed once more: its receipt, whose signature is verified, and its head. */
async function closedAgain(client: Awaited<ReturnType<typeof newClient>>) {
  const { jobId } = before.summary;
  const expected = { jobId, expectedChunks: 2, expectedRows: 300n };
  const { message } = await client.unary(closeJob, { context: { purpose: PURPOSE }, ...expected });
  const { receipt, checkpoint } = message;
  const facts = { job: jobId, opening: claimOf(receipt, 'opn') };
  await client.check.token(receipt, Buffer.from(checkpoint), { typ: 'lt-receipt+jws', form: 'receipt', facts });
  expect(claimOf(receipt, 'head')).toBe(checkpoint);
  return { kid: kidOf(receipt), checkpoint };
}

describe('the key that answers are signed with', () => {
  it('is followed by another while calls and a stream run on all threads: not one of them is refused', async () => {
    const out = join(gateway.folder, 'results.csv');
    const rows = Array.from({ length: 300 }, (_, n) => crowdPerson(n)).map(
      ({ id, name, born }, n) => `${n},09,${id},${name},${printDate(born)}`,
    );
    const file = join(gateway.folder, 'subscribers.csv');
    writeFileSync(file, `row_id,msisdn,id_number,full_name,date_of_birth\n${rows.join('\n')}\n`);
    const summary = await verifySubscribers({ file, out, profile, chunkRows: 256 });
    const [kid, oldSet] = [gateway.deployment.secrets.signing.kid, `${files.set}.before`];
    before = { kid, summary, out };
    copyFileSync(files.set, oldSet);

    const stop = new AbortController();
    const answers = Array.from({ length: CALLERS + 1 }, () => 0);
    const counted = (n: number) => () => {
      answers[n] = (answers[n] ?? 0) + 1;
    };
    const running = [
      streamUntil(stop.signal, counted(CALLERS)),
      ...Array.from({ length: CALLERS }, (_, n) => callUntil(stop.signal, n === 0 ? 3 : 1_000, counted(n))),
    ] as const;
    // None of them ends before it is told to, unless it was refused.
    const ended = Promise.all(running).then(() => Promise.reject(new Error('it ended by itself')));
    const each = (more: number) => Promise.race([expect.poll(() => Math.min(...answers)).toBeGreaterThan(more), ended]);
    await each(0);
    const rotated = await Promise.race([
      keys('rotate', '--config', files.config, '--root', files.root, '--wait', WAIT, '--json'),
      ended,
    ]);
    await each(3);
    stop.abort();
    const [kids] = await Promise.all(running);
    const told = JSON.parse(rotated.stdout) as { readonly kid: string };
    expect([rotated.code, told]).toMatchObject([0, { old: kid, version: 3, ended: true }]);
    expect([kids[0], kids.at(-1)]).toEqual([kid, told.kid]);
    expect(setOn(files.set).keys.map(({ state }) => state)).toEqual(['retired', 'active', 'active']);

    const versionTold = async () => {
      const fresh = await newClient();
      return (await fresh.keySet.get().finally(() => fresh.close())).set.version;
    };
    await vi.waitFor(async () => expect(await versionTold()).toBe(3), { timeout: 5_000, interval: 200 });
    // The set of before again, as from a backup: the gateway goes on with the newer one.
    const now = readFileSync(files.set);
    copyFileSync(oldSet, files.set);
    await expect.poll(() => gateway.logged().join('\n')).toContain('keys of our own were refused');
    expect(await versionTold()).toBe(3);
    writeFileSync(files.set, now);
  });

  it('leaves its receipts good, of the file and given again, until others may have had it', async () => {
    const { out, kid } = before;
    const verify = () => runCaptured(['receipt', 'verify', out, '--profile', profile]);
    const client = await newClient();
    const again = async () => (await closedAgain(client)).kid;
    expect([(await verify()).code, await again()]).toEqual([0, kid]);

    const since = ['--compromised-from', '2026-01-01T00:00:00Z'];
    const change = await keys('compromised', kid, '--root', files.root, '--key-set', files.set, ...since);
    expect([change.stderr, change.stdout]).toEqual(['', expect.stringContaining('in other hands since')]);
    await client.keySet.refresh();
    const refused = await verify();
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('receipt')]);
    // The gateway has the job in its own books, and says so once more with a key that is its alone.
    expect(await again()).toBe(setOnSigner());
    client.close();
  });

  const setOnSigner = () => (JSON.parse(readFileSync(files.signing, 'utf8')) as { kid: string }).kid;
});

describe('the key that heads of the log are signed with', () => {
  const keyNow = () => createPublicKey(createPrivateKey(readFileSync(join(gateway.folder, 'gateway', 'log-key.pem'))));
  const signedBy = (note: string, key: KeyObject) => {
    const { logOrigin } = gateway.deployment;
    return signersOf(note, logOrigin, [key]).length === 1 && verifyCheckpoint(note, logOrigin, logOrigin, key).size > 0;
  };
  let first: { readonly key: KeyObject; readonly checkpoint: string };

  it('is followed by another under a client and a witness: heads of before stand, the one kept outside is signed anew', async () => {
    const client = await newClient();
    const head = async () => (await client.open(AuditService.method.getTreeHead, {})).checkpoint;
    first = { key: keyNow(), checkpoint: await head() };
    expect(signedBy(first.checkpoint, first.key)).toBe(true);
    const stop = new AbortController();
    let looks = 0;
    const looking = (async () => {
      for (; !stop.signal.aborted; looks++) {
        await client.logHeads.advance();
        await sleep(50);
      }
    })();
    const ended = looking.then(() => Promise.reject(new Error('it ended by itself')));
    const looked = (more: number) => Promise.race([expect.poll(() => looks).toBeGreaterThan(more), ended]);
    await looked(0);
    const rotated = await Promise.race([
      keys('rotate', '--log', '--config', files.config, '--root', files.root, '--wait', WAIT, '--json'),
      ended,
    ]);
    await looked(10);
    stop.abort();
    await looking;
    expect([rotated.stderr, JSON.parse(rotated.stdout)]).toMatchObject(['', { ended: true }]);

    const next = keyNow();
    expect(next.equals(first.key)).toBe(false);
    expect(signedBy(await head(), next)).toBe(true);
    const kept = () => readFileSync(join(gateway.folder, 'gateway', 'heads'), 'utf8');
    await vi.waitFor(() => expect(signedBy(kept(), next)).toBe(true), { timeout: 5_000, interval: 200 });
    expect((await client.logHeads.verify(first.checkpoint)).size).toBeGreaterThan(0);
    const fresh = await newClient();
    expect((await fresh.logHeads.verify(first.checkpoint)).size).toBeGreaterThan(0);
    for (const one of [client, fresh]) one.close();
    expect((await runCaptured(['witness', '--once', '--profile', profile])).code).toBe(0);
    expect((await runCaptured(['audit', 'verify', '--config', files.config])).code).toBe(0);
    await gateway.restart();
    expect(gateway.logged().join('\n')).toContain('heads of the log are signed with another key');
  });

  it('in other hands proves nothing: a receipt of before is given again with its head signed anew', async () => {
    const client = await newClient();
    expect(signedBy((await closedAgain(client)).checkpoint, first.key)).toBe(true);
    const { kid } = verificationKeyOf(readPublicJwk(first.key.export({ format: 'jwk' })) as PublicJwk, 'gateway');
    const since = ['--compromised-from', '2026-01-01T00:00:00Z'];
    const change = await keys('compromised', kid, '--root', files.root, '--key-set', files.set, ...since);
    expect(change.stderr).toBe('');
    await vi.waitFor(async () => expect(signedBy((await closedAgain(client)).checkpoint, keyNow())).toBe(true), {
      ...{ timeout: 5_000, interval: 300 },
    });
    const { checkpoint } = await closedAgain(client);
    client.close();
    const later = await newClient();
    expect((await later.logHeads.verify(checkpoint)).size).toBeGreaterThan(0);
    await expect(later.logHeads.verify(first.checkpoint)).rejects.toMatchObject({ reason: 'LOG_INCONSISTENT' });
    later.close();
  });

  it('can be brought back as a set from what any client keeps', async () => {
    const { stateFolder } = await loadProfile(profile);
    const kept = join(stateFolder, 'key-set.json');
    expect(setOn(kept)).toEqual(setOn(files.set));
    copyFileSync(kept, files.set);
    await gateway.restart();
    const client = await newClient();
    await client.unary(verifyPerson, { ...AN, context: { purpose: PURPOSE } });
    client.close();
  });
});
