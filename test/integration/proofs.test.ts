/** A person's own proof of what was told of them, from a real log, and the witnesses who have seen that log. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWitnesses } from '../../connectors/kit/witnessed-head.ts';
import { type AccessProofs, createAccessProofs } from '../../gateway/audit/access-proof.ts';
import { createHeads } from '../../gateway/audit/heads.ts';
import { createWitnesses } from '../../gateway/audit/witnesses.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { openPeople } from '../../gateway/exchange/open-people.ts';
import { checkAccessProof, type LogTrust } from '../../gateway/proof/browser/check-access.ts';
import { parseCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { cosign, cosignersOf, type Witness, witnessName } from '../../gateway/proof/cosignature.ts';
import { personSalt } from '../../gateway/proof/leaf.ts';
import { type KeyRing, loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { unwrapLogKeys } from '../../gateway/sealing/log-keys.ts';
import { AccessProofSchema, AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callOpen, type RawCaller } from '../support/gateway-calls.ts';
import { officerOf } from '../support/gateway-officers.ts';
import { crowdPerson, PEOPLE, printDate } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';
import { remakeLog } from '../support/remake-log.ts';

const { verifyPerson } = VerificationService.method;
const { getTreeHead, addCosignature } = AuditService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
let viettel: RawCaller;
let keys: KeyRing;
let proofs: AccessProofs;
let trust: LogTrust;
/** A chunk in which An stands twice, with neighbours before, between and behind. */
let chunk: Buffer;
let numbers: { an: number; neighbour: number; absent: number };

beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 20 });
  const { pool } = gateway.database;
  const read = (name: string) => readFileSync(join(gateway.folder, 'gateway', name), 'utf8');
  keys = loadKeyRing(JSON.parse(read('storage-keys.json')));
  const { logOrigin: origin, secrets } = gateway.deployment;
  const heads = createHeads({
    db: pool,
    origin,
    keys: {
      key: createPrivateKey(read('log-key.pem')),
      publicKey: createPublicKey(secrets.logPublicKey),
      known: [],
    },
    path: join(gateway.folder, 'none'),
  });
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const witnesses = createWitnesses({ db: pool, heads, origin, needed: 2, nowSeconds });
  proofs = createAccessProofs({ db: pool, heads, witnesses, keys, nowMs: Date.now });
  const spki = createPublicKey(secrets.logPublicKey).export({ type: 'spki', format: 'der' });
  trust = { origin, logKeys: [Uint8Array.from(spki)] };

  viettel = gateway.raw('viettel');
  const job = await startJob(viettel);
  const stream = openTestStream(viettel, job);
  await stream.open();
  const wrong = { ...rowOf(PEOPLE.an), name: 'Trần Quốc Toản', born: '1999-01-02' };
  const rows = [0, 1, 2].map((n) => rowOf(crowdPerson(n)));
  const stranger = { ...wrong, id: '999999999999' };
  stream.chunk(0, chunkPayload(0, [...rows, rowOf(PEOPLE.an), ...rows, wrong, stranger, ...rows]));
  await stream.answer();
  stream.cancel();
  const { rows: found } = await pool.query<{ entry_id: Buffer }>('SELECT entry_id FROM job_chunk');
  chunk = found[0]?.entry_id ?? Buffer.alloc(0);
  const { rows: people } = await pool.query<{ id: string; no: number }>(
    'SELECT personal_id::text AS id, person_no::float8 AS no FROM person',
  );
  const numberOf = (id: number) => people.find((person) => person.id === String(id))?.no ?? 0;
  numbers = {
    an: numberOf(PEOPLE.an.id),
    neighbour: numberOf(crowdPerson(1).id),
    absent: numberOf(PEOPLE.deceased.id),
  };
});
afterAll(() => gateway?.stop());

describe("a person's own proof", () => {
  it('of a call: proves what the answer said, to whom and what for', async () => {
    const { outcome } = await viettel.call(verifyPerson, AN);
    const entryId = Buffer.from(outcome.claims?.leaf ?? '', 'base64url');
    const proof = await proofs.prove(entryId, numbers.an);
    expect(await checkAccessProof(proof ?? Buffer.alloc(0), trust)).toMatchObject({
      holds: true,
      access: {
        entryId: Uint8Array.from(entryId),
        agency: 'viettel',
        purpose: 'subscriber-verification',
        people: 1,
        uses: [{ leaf: 0, outcome: 1, basis: 1, matched: [1, 2, 3] }],
      },
    });
  });

  it('of a chunk: both of their rows, and not one byte of what was said of others', async () => {
    const proof = Buffer.from((await proofs.prove(chunk, numbers.an)) ?? []);
    const checked = await checkAccessProof(proof, trust);
    expect(checked).toMatchObject({ holds: true, access: { people: 12, uses: [{ leaf: 3 }, { leaf: 7 }] } });

    const { rows } = await gateway.database.pool.query<Record<string, Buffer>>(
      'SELECT persons, person_bodies AS "personBodies" FROM log_entry WHERE entry_id = $1',
      [chunk],
    );
    const people = openPeople(keys.evidence, chunk, rows[0] as { persons: Buffer; personBodies: Buffer });
    const own = new Set(
      fromBinary(AccessProofSchema, proof).leaves.map(({ body }) => Buffer.from(body).toString('hex')),
    );
    expect(people?.personNos).toHaveLength(12);
    for (const [i, personNo] of (people?.personNos ?? []).entries()) {
      if (personNo === numbers.an || personNo === 0) continue;
      const found = await gateway.database.pool.query<{ log_key: Buffer }>(
        'SELECT log_key FROM person WHERE person_no = $1',
        [personNo],
      );
      const salt = Buffer.from(
        personSalt(unwrapLogKeys(keys['log-key'], found.rows[0]?.log_key ?? Buffer.alloc(16)), chunk, i),
      );
      expect(proof.includes(salt), `salt ${i}`).toBe(false);
      // A neighbour of whom the very same was said has the same body; there is none of another.
      const body = Buffer.from(people?.bodies[i] ?? []);
      if (!own.has(body.toString('hex'))) expect(proof.includes(body), `body ${i}`).toBe(false);
    }
    for (const n of [0, 1, 2]) expect(proof.includes(String(crowdPerson(n).id))).toBe(false);
  });

  it('there is none of an entry that has no leaf of theirs, nor of one that is not there', async () => {
    expect(await proofs.prove(chunk, numbers.absent)).toBeUndefined();
    expect(await proofs.prove(chunk, 0), 'the place of a row without a person').toBeUndefined();
    expect(await proofs.prove(Buffer.alloc(16), numbers.an)).toBeUndefined();
  });

  it('an earlier proof still holds when the log key is destroyed, and no other can be made', async () => {
    const proof = await proofs.prove(chunk, numbers.neighbour);
    await gateway.database.pool.query('UPDATE person SET log_key = NULL WHERE person_no = $1', [numbers.neighbour]);
    expect(await proofs.prove(chunk, numbers.neighbour)).toBeUndefined();
    expect(await checkAccessProof(proof ?? Buffer.alloc(0), trust)).toMatchObject({
      holds: true,
      access: { uses: [{ leaf: 1 }, { leaf: 5 }, { leaf: 10 }] },
    });
  });
});

describe('witnesses', () => {
  const profileOf = (agency: string) => gateway.deployment.profiles[agency] ?? '';
  const witness = (agency: string, ...more: string[]) =>
    runCaptured(['witness', '--once', '--json', '--profile', profileOf(agency), ...more]);
  const told = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as Record<string, unknown>;
  const head = async () => {
    const { message } = await callOpen(viettel, getTreeHead, {});
    if (message === undefined) throw new Error('no head');
    return message;
  };
  /** The keys of all agencies, as a profile of the deployment lists them. */
  const known = (): Witness[] =>
    parseWitnesses(readFileSync(join(profileOf('viettel'), 'witnesses.json'), 'utf8'), 'witnesses.json');
  /** As if what is offered had been so for a minute: the next look is given a new head. */
  const newOffer = async () => {
    await viettel.call(verifyPerson, AN);
    await gateway.database.pool.query(`UPDATE offered_head SET offered_at = offered_at - interval '1 hour'`);
  };
  let results: string;

  it('two telcos cosign the log while they verify their files', async () => {
    const people = [PEOPLE.an, crowdPerson(1), crowdPerson(2)];
    const runs = ['viettel', 'mobifone'].map((agency) => {
      const file = join(gateway.folder, `${agency}.csv`);
      const rows = people.map(({ id, name, born }, i) => [`r${i}`, `090${i}`, id, name, printDate(born)].join(','));
      writeFileSync(file, ['row_id,msisdn,id_number,full_name,date_of_birth', ...rows, ''].join('\n'));
      results = `${file}.out`;
      return runCaptured(['telco', 'verify', file, '--out', results, '--profile', profileOf(agency)]);
    });
    for (const { code, stderr } of await Promise.all(runs)) expect(code, stderr).toBe(0);
    const { witnessed, witnessesNeeded } = await head();
    expect(witnessesNeeded).toBe(2);
    const names = cosignersOf(parseCheckpoint(witnessed), known())?.map(({ name }) => name);
    expect(names?.sort()).toEqual(['mobifone', 'viettel'].map((code) => witnessName(trust.origin, code)));
    const status = await runCaptured(['status', '--json', '--config', gateway.deployment.configPath]);
    expect(JSON.parse(status.stdout).log.witnessed).toMatchObject({
      entries: parseCheckpoint(witnessed).head.size,
      needed: 2,
    });
  });

  it('an independent witness cosigns by a command, again where nothing new is offered, and no smaller head', async () => {
    await newOffer();
    const first = told(await witness('bhxh'));
    expect(first).toMatchObject({ cosigned: true, witnesses: 1, needed: 2, fresh: true });
    expect(told(await witness('bhxh'))).toEqual({ ...first, at: expect.any(Number), fresh: false });
    expect(told(await witness('moh'))).toMatchObject({ size: first.size, witnesses: 2 });
    await gateway.database.pool.query('DELETE FROM offered_head WHERE size = $1', [first.size]);
    await gateway.database.pool.query('UPDATE offered_head SET offered_at = clock_timestamp()');
    expect(told(await witness('bhxh')), 'an older one is offered once more').toMatchObject({ cosigned: false });
  });

  it("a person's proof goes to a witnessed head, and can demand as many as there are", async () => {
    await newOffer();
    for (const agency of ['moh', 'bhxh', 'bank-demo']) expect((await witness(agency)).code).toBe(0);
    const proof = (await proofs.prove(chunk, numbers.an)) ?? Buffer.alloc(0);
    const witnesses = known().map(({ name, key }) => ({
      ...{ name, key: Uint8Array.from(key.export({ type: 'spki', format: 'der' })) },
    }));
    const checked = await checkAccessProof(proof, { ...trust, witnesses, needed: 3 });
    expect(checked).toMatchObject({ holds: true, access: { uses: [{ leaf: 3 }, { leaf: 7 }] } });
    expect(checked.holds && checked.access.head.witnesses).toHaveLength(3);
    expect(await checkAccessProof(proof, { ...trust, witnesses, needed: 4 })).toMatchObject({ fault: 'WITNESSES' });
    expect(await checkAccessProof(proof, { ...trust, needed: 1 }), 'unknown ones do not count').toMatchObject({
      fault: 'WITNESSES',
    });
  });

  it('a receipt can demand witnesses: asked for once, then shown offline', async () => {
    const verify = (...more: string[]) => runCaptured(['receipt', 'verify', results, '--json', ...more]);
    const online = await verify('--profile', profileOf('mobifone'), '--witnesses', '3');
    expect(online.code, online.stderr).toBe(0);
    expect(JSON.parse(online.stdout).witnessed.names).toHaveLength(3);
    const root = join(profileOf('mobifone'), 'key-set-root.jwk.json');
    const offline = ['--root', root, '--witness-keys', join(profileOf('mobifone'), 'witnesses.json')];
    expect((await verify(...offline, '--witnesses', '3')).code).toBe(0);
    const tooMany = await verify(...offline, '--witnesses', '4');
    expect([tooMany.code, JSON.parse(tooMany.stdout).error.reason]).toEqual([5, 'WITNESSES_MISSING']);
    rmSync(`${results}.witnessed`);
    expect((await verify(...offline, '--witnesses', '1')).code).toBe(5);
  });

  it('takes no cosignature that is not of the caller, of this head, of now', async () => {
    await newOffer();
    const { offered } = await head();
    const shown = parseCheckpoint(offered).head;
    const moh = gateway.raw('moh');
    const { key: privateKey, kid } = moh.identity.signingKey ?? expect.fail('no key');
    const pair = { privateKey, publicKey: createPublicKey(privateKey) };
    const [mine, now] = [witnessName(trust.origin, 'moh'), Math.floor(Date.now() / 1000)];
    const lineOf = (of = shown, name = mine, time = now) => cosign(of, name, pair, time);
    const reasonOf = async (change: Partial<{ treeSize: bigint; line: string; kid: string }>) => {
      const request = { treeSize: BigInt(shown.size), line: lineOf(), kid, ...change };
      return (await callOpen(moh, addCosignature, request)).outcome.reason;
    };
    const other = { ...shown, root: Buffer.alloc(32, 1) };
    expect({
      anotherRoot: await reasonOf({ line: lineOf(other) }),
      anotherName: await reasonOf({ line: lineOf(shown, witnessName(trust.origin, 'bhxh')) }),
      old: await reasonOf({ line: lineOf(shown, mine, now - 100) }),
      ahead: await reasonOf({ line: lineOf(shown, mine, now + 100) }),
      notOffered: await reasonOf({ treeSize: 1n }),
      noNumberOfTheStore: await reasonOf({ treeSize: 2n ** 64n - 1n }),
      noKey: await reasonOf({ kid: gateway.identity('bhxh').signingKey?.kid ?? '' }),
      noLine: await reasonOf({ line: 'x' }),
      twoLines: await reasonOf({ line: `${lineOf()}\n${lineOf()}` }),
    }).toEqual({
      anotherRoot: 'SIGNATURE_INVALID',
      anotherName: 'SIGNATURE_INVALID',
      old: 'CLOCK',
      ahead: 'CLOCK',
      notOffered: 'LOG_POSITION_UNKNOWN',
      noNumberOfTheStore: 'LOG_POSITION_UNKNOWN',
      noKey: 'KEY_UNKNOWN',
      noLine: 'BAD_REQUEST',
      twoLines: 'BAD_REQUEST',
    });
    const officer = await callOpen(officerOf(gateway, 'dev-officer-1').caller, addCosignature, {
      ...{ treeSize: BigInt(shown.size), line: lineOf(), kid },
    });
    expect(officer.outcome.reason, 'who runs the log is no witness of it').toBe('ROLE_MISSING');
    expect(await reasonOf({})).toBeUndefined();
    expect(parseCheckpoint((await head()).offered).signatures).toHaveLength(2);
  });

  it('a log rolled back by whoever has the database and its heads is found by a witness, and named', async () => {
    const { pool } = gateway.database;
    await newOffer();
    expect((await witness('moh')).code).toBe(0);
    await gateway.process.stop('SIGKILL');
    const { rows } = await pool.query<{ size: number }>('SELECT size::int AS size FROM log_head');
    await remakeLog(pool, (rows[0]?.size ?? 0) - 3);
    rmSync(join(gateway.folder, 'gateway', 'heads'));
    const audit = ['audit', 'keep-head', '--config', gateway.deployment.configPath];
    expect((await runCaptured(audit)).code, 'nothing is left here that could tell').toBe(0);
    await gateway.restart();

    const smaller = await runCaptured(['witness', '--once', '--profile', profileOf('moh')]);
    expect(smaller.code).toBe(3);
    expect(smaller.stderr).toContain('not the continuation of the one seen before (LOG_IS_SMALLER)');
    const evidence = join(profileOf('moh'), 'state', 'log-contradiction.json');
    expect(JSON.parse(readFileSync(evidence, 'utf8'))).toMatchObject({ problem: 'LOG_IS_SMALLER' });
    // Written on past the size that it had, it is another log.
    const again = gateway.raw('viettel');
    for (let i = 0; i < 5; i++) await again.call(verifyPerson, AN);
    const forked = await runCaptured(['witness', '--profile', profileOf('moh')]);
    expect([forked.code, forked.stderr]).toEqual([3, expect.stringContaining('(NOT_A_CONTINUATION)')]);
    expect((await pool.query('SELECT 1 FROM cosignature')).rowCount, 'and nothing is signed').toBe(0);
    expect(existsSync(evidence)).toBe(true);
  });
});
