/** A person's own proof of what was told of them, from a real log. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessProofs, createAccessProofs } from '../../gateway/audit/access-proof.ts';
import { createHeads } from '../../gateway/audit/heads.ts';
import { openPeople } from '../../gateway/exchange/open-people.ts';
import { checkAccessProof, type LogTrust } from '../../gateway/proof/browser/check-access.ts';
import { personSalt } from '../../gateway/proof/leaf.ts';
import { type KeyRing, loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { unwrapLogKeys } from '../../gateway/sealing/log-keys.ts';
import { AccessProofSchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { crowdPerson, PEOPLE } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
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
    key: createPrivateKey(read('log-key.pem')),
    path: join(gateway.folder, 'none'),
  });
  proofs = createAccessProofs({ db: pool, heads, keys, nowMs: Date.now });
  const spki = createPublicKey(secrets.logPublicKey).export({ type: 'spki', format: 'der' });
  trust = { origin, logKeys: [Uint8Array.from(spki)] };

  const viettel = gateway.raw('viettel');
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
    const { outcome } = await gateway.raw('viettel').call(verifyPerson, AN);
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
