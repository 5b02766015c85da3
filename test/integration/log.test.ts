/** What was answered stands in the log, and the log can be proven from outside. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { entryLeaf, personLeaf, personSalt } from '../../gateway/proof/leaf.ts';
import { NODE_TAGS, treeRoot, verifyConsistency, verifyInclusion } from '../../gateway/proof/tree.ts';
import { loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { unwrapLogKeys } from '../../gateway/sealing/log-keys.ts';
import { unseal } from '../../gateway/sealing/seal.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { AuditService, type Entry, EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { beginsWithItsTime } from '../support/entry-ids.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callOpen, contextOf, type RawCaller, type RawOutcome } from '../support/gateway-calls.ts';
import { crowdPerson, PEOPLE } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

const { verifyPerson } = VerificationService.method;
const { getPerson } = PersonService.method;
const { getTreeHead, getInclusionProof, getConsistencyProof } = AuditService.method;

let gateway: TestGateway;
let viettel: RawCaller;
let moh: RawCaller;
let logKey: KeyObject;
beforeAll(async () => {
  gateway = await startTestGateway();
  [viettel, moh] = [gateway.raw('viettel'), gateway.raw('moh')];
  logKey = createPublicKey(gateway.deployment.secrets.logPublicKey);
});
afterAll(() => gateway?.stop());

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const sha256 = (bytes: Uint8Array | undefined) => digestOf(bytes ?? new Uint8Array());
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

function headOf(checkpoint: string) {
  const { logOrigin } = gateway.deployment;
  return verifyCheckpoint(checkpoint, logOrigin, logOrigin, logKey);
}

/** The entry that an answer names, proven against the signed head by nothing but public bytes. */
async function provenEntry(caller: RawCaller, outcome: RawOutcome): Promise<Entry> {
  const leaf = outcome.claims?.leaf ?? '';
  const { message } = await callOpen(caller, getInclusionProof, { entryId: Buffer.from(leaf, 'base64url') });
  if (message === undefined) throw new Error('no proof');
  const head = headOf(message.checkpoint);
  expect(head.size).toBe(Number(message.treeSize));
  const hash = entryLeaf(message.salt, message.entry);
  const path = Buffer.concat(message.path);
  expect(verifyInclusion(hash, Number(message.index), head.size, path, head.root, NODE_TAGS.log)).toBe(true);
  // The proof is of these bytes and no others.
  const other = entryLeaf(message.salt, Buffer.concat([message.entry, Buffer.from([0])]));
  expect(verifyInclusion(other, Number(message.index), head.size, path, head.root, NODE_TAGS.log)).toBe(false);
  const entry = fromBinary(EntrySchema, message.entry);
  expect(base64url(entry.entryId)).toBe(leaf);
  // The clocks of this test are one: whatever made the id, it begins with its time.
  expect(beginsWithItsTime(entry)).toBe(true);
  return entry;
}

describe('entries', () => {
  it('an answer: its request, answer and context digests stand in a proven entry', async () => {
    const context = { ...contextOf(viettel.identity), caseRef: 'HS-1' };
    const { outcome, bytes } = await viettel.call(verifyPerson, { ...AN, context });
    const entry = await provenEntry(viettel, outcome);
    expect(entry).toMatchObject({
      kind: EntryKind.UNARY,
      agency: 'viettel',
      method: '/lienthong.verification.v1.VerificationService/VerifyPerson',
      context: { requestId: context.requestId, purpose: 'subscriber-verification', caseRef: 'HS-1', officerCode: '' },
      vocabularyVersion: 1,
      matchedFields: [1, 2, 3],
      releasedFields: [],
      rows: 1,
      people: 1,
      refusalReason: 0,
    });
    expect(base64url(entry.requestDigest)).toBe(sha256(bytes));
    expect(base64url(entry.answerDigest)).toBe(sha256(outcome.message));
    expect(Math.abs(Number(entry.timeMs) - Date.now())).toBeLessThan(5000);
  });

  it('the officer stands there under a keyed pseudonym: the same for the same officer, of one agency only', async () => {
    const pseudonymOf = async (caller: RawCaller, officerCode: string) => {
      const context = { ...contextOf(caller.identity), officerCode };
      const { outcome } = await caller.call(verifyPerson, { ...AN, context });
      return base64url((await provenEntry(caller, outcome)).officerPseudonym);
    };
    const [a, again, b, elsewhere, none] = [
      await pseudonymOf(viettel, 'NV-0007'),
      await pseudonymOf(viettel, 'NV-0007'),
      await pseudonymOf(viettel, 'NV-0008'),
      await pseudonymOf(gateway.raw('mobifone'), 'NV-0007'),
      await pseudonymOf(viettel, ''),
    ];
    expect(a).toHaveLength(22);
    expect(again).toBe(a);
    expect(new Set([a, b, elsewhere]).size).toBe(3);
    expect(none).toBe('');
    const { rows } = await gateway.database.pool.query(
      `SELECT 1 FROM log_entry WHERE position('NV-0007'::bytea IN entry) > 0 OR position('NV-0007'::bytea IN salt) > 0`,
    );
    expect(rows).toEqual([]);
  });

  it('a refusal: signed, with an entry that names its reason and the request that was refused', async () => {
    const refused = await moh.attempt(getPerson, { personalId: '901085000017', readMask: { paths: ['religion'] } });
    const entry = await provenEntry(moh, refused);
    expect(entry).toMatchObject({
      kind: EntryKind.REFUSAL,
      agency: 'moh',
      refusalReason: ErrorReason.FIELD_NOT_GRANTED,
      people: 0,
    });
    expect(base64url(entry.answerDigest)).toBe(sha256(refused.details));
    expect(entry.decisionDigest).toHaveLength(32);
  });

  it('a chunk and its redelivery: one CHUNK entry, and one that names it', async () => {
    const job = await startJob(viettel);
    const stream = openTestStream(viettel, job);
    await stream.open();
    const payload = chunkPayload(
      0,
      [0, 1, 2].map((n) => rowOf(crowdPerson(n))),
    );
    stream.chunk(0, payload);
    stream.chunk(0, payload);
    await stream.answer();
    await stream.answer();
    const { rows } = await gateway.database.pool.query<{ entry: Buffer }>('SELECT entry FROM log_entry');
    const ofJob = rows
      .map(({ entry }) => fromBinary(EntrySchema, entry))
      .filter(({ jobId }) => Buffer.from(jobId).toString('hex') === job.jobId);
    const [chunks, redeliveries] = [EntryKind.CHUNK, EntryKind.REDELIVERY].map((kind) =>
      ofJob.filter((entry) => entry.kind === kind),
    );
    expect(chunks).toHaveLength(1);
    expect(chunks?.[0]).toMatchObject({ chunkNum: 0, rows: 3, people: 3 });
    expect(redeliveries).toHaveLength(1);
    expect(redeliveries?.[0]?.earlierEntryId).toEqual(chunks?.[0]?.entryId);
    stream.cancel();
  });

  it('every person of a chunk has a leaf under the subtree root, from their own log key; a stranger has one too', async () => {
    const job = await startJob(viettel);
    const stream = openTestStream(viettel, job);
    await stream.open();
    const wrong = { ...rowOf(PEOPLE.an), name: 'Trần Quốc Toản', born: '1999-01-02' };
    const shared = { id: '023456789', name: 'Vũ Thị Hoa', born: '1988-08-08' };
    stream.chunk(
      0,
      chunkPayload(0, [rowOf(PEOPLE.an), wrong, shared, { ...wrong, id: '999999999999' }, { ...wrong, id: 'x' }]),
    );
    await stream.answer();
    stream.cancel();
    const { pool } = gateway.database;
    const { rows } = await pool.query<{
      entry_id: Buffer;
      entry: Buffer;
      persons: Buffer;
      bodies: Buffer;
      leaves: Buffer;
    }>(
      `SELECT e.entry_id, e.entry, e.persons, e.person_bodies AS bodies, e.person_leaves AS leaves
       FROM log_entry e JOIN job_chunk c USING (entry_id) WHERE c.job_id = $1`,
      [Buffer.from(job.jobId, 'hex')],
    );
    const row = rows[0];
    if (row === undefined) throw new Error('no entry');
    const entry = fromBinary(EntrySchema, row.entry);
    expect(entry.people).toBe(6);
    expect(Buffer.from(treeRoot(row.leaves, NODE_TAGS.person))).toEqual(Buffer.from(entry.subtreeRoot));
    const ring = loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')));
    const numbers = unseal(ring.evidence, row.entry_id, row.persons);
    if (numbers === undefined) throw new Error('the persons do not open');
    const people = Array.from({ length: 6 }, (_, i) => numbers.readDoubleLE(i * 8));
    expect(people[0]).toBe(people[1]);
    expect(new Set(people.slice(0, 4)).size).toBe(3);
    expect(people.slice(4)).toEqual([0, 0]);
    const bodies = unseal(ring.evidence, Buffer.concat([row.entry_id, Buffer.from('bodies')]), row.bodies);
    if (bodies === undefined) throw new Error('the bodies do not open');
    let at = 0;
    for (let i = 0; i < 4; i++) {
      const length = bodies.readUInt16BE(at);
      const body = bodies.subarray(at + 2, at + 2 + length);
      at += 2 + length;
      const found = await pool.query<{ log_key: Buffer }>('SELECT log_key FROM person WHERE person_no = $1', [
        people[i],
      ]);
      const key = unwrapLogKeys(ring['log-key'], found.rows[0]?.log_key ?? Buffer.alloc(16));
      const leaf = personLeaf(personSalt(key, row.entry_id, i), body);
      expect(Buffer.from(leaf)).toEqual(row.leaves.subarray(i * 32, (i + 1) * 32));
    }
  });

  it("shows an agency its own entries and nobody else's", async () => {
    const { outcome } = await viettel.call(verifyPerson, AN);
    const entryId = Buffer.from(outcome.claims?.leaf ?? '', 'base64url');
    expect((await callOpen(moh, getInclusionProof, { entryId })).outcome.reason).toBe('LOG_POSITION_UNKNOWN');
    expect((await callOpen(viettel, getInclusionProof, { entryId: Buffer.alloc(16) })).outcome.reason).toBe(
      'LOG_POSITION_UNKNOWN',
    );
  });
});

describe('heads', () => {
  it('each is the continuation of every earlier one', async () => {
    const sizes: { size: number; root: Uint8Array }[] = [];
    for (let i = 0; i < 6; i++) {
      const { message } = await callOpen(viettel, getTreeHead, {});
      sizes.push(headOf(message?.checkpoint ?? ''));
      await Promise.all(Array.from({ length: i * 3 + 1 }, () => viettel.attempt(verifyPerson, AN)));
    }
    const { message: last } = await callOpen(viettel, getTreeHead, {});
    const newest = headOf(last?.checkpoint ?? '');
    for (const { size, root } of sizes) {
      const { message } = await callOpen(viettel, getConsistencyProof, {
        firstSize: BigInt(size),
        secondSize: BigInt(newest.size),
      });
      const path = Buffer.concat(message?.path ?? []);
      expect(verifyConsistency(size, root, newest.size, newest.root, path, NODE_TAGS.log)).toBe(true);
      const forged = Uint8Array.from(root);
      forged[0] = (forged[0] ?? 0) ^ 1;
      expect(verifyConsistency(size, forged, newest.size, newest.root, path, NODE_TAGS.log)).toBe(false);
    }
  });

  it('sizes that are not there', async () => {
    for (const [firstSize, secondSize] of [
      [0n, 0n],
      [1n, 10_000_000n],
      [5n, 3n],
      [2n ** 63n, 0n],
    ] as const) {
      const { outcome } = await callOpen(viettel, getConsistencyProof, { firstSize, secondSize });
      expect(outcome.reason).toBe('LOG_POSITION_UNKNOWN');
    }
  });
});
