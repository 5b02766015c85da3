/** A log that was changed in place, and a database that was set back: both are found. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeads, type LogState } from '../../gateway/audit/heads.ts';
import { verifyLog } from '../../gateway/audit/verify-log.ts';
import type { Transaction } from '../../gateway/exchange/log-port.ts';
import { verifyCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { openTestStream, startJob } from '../support/gateway-stream.ts';
import { remakeLog } from '../support/remake-log.ts';

const { verifyPerson, closeJob } = VerificationService.method;
const { getPerson } = PersonService.method;

let gateway: TestGateway;
let viettel: RawCaller;
let logKey: KeyObject;
beforeAll(async () => {
  gateway = await startTestGateway();
  viettel = gateway.raw('viettel');
  logKey = createPublicKey(gateway.deployment.secrets.logPublicKey);
  // Something to tamper with: answers, and a chunk of a job.
  for (let i = 0; i < 25; i++) await viettel.call(verifyPerson, AN);
});
afterAll(() => gateway?.stop());

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

const headsPath = () => join(gateway.folder, 'gateway', 'heads');

function headOf(checkpoint: string) {
  const { logOrigin } = gateway.deployment;
  return verifyCheckpoint(checkpoint, logOrigin, logOrigin, logKey);
}

/** What `audit verify` finds: of the log as it lies there, and of it beside the head kept outside. */
async function found(db: Transaction): Promise<{ findings: string[]; state: LogState }> {
  const { logOrigin: origin } = gateway.deployment;
  const read = (name: string) => readFileSync(join(gateway.folder, 'gateway', name), 'utf8');
  const keys = { key: createPrivateKey(read('log-key.pem')), publicKey: logKey, known: [] };
  const heads = createHeads({ db, origin, keys, path: headsPath() });
  const { evidence } = loadKeyRing(JSON.parse(read('storage-keys.json')));
  const { findings } = await verifyLog(db, undefined, undefined, evidence);
  return { findings: [...new Set(findings.map(({ finding }) => finding))], state: await heads.check() };
}

const third = '(SELECT entry_id FROM log_index WHERE idx = 3)';
const flipped = (column: string) => `${column} = set_byte(${column}, 40, get_byte(${column}, 40) # 1)`;
const ofPeople = `entry_id = (SELECT entry_id FROM log_entry WHERE person_leaves IS NOT NULL LIMIT 1)`;
const addThird = (values: string) =>
  `INSERT INTO log_entry (entry_id, salt, entry, agency) SELECT decode(repeat('ab', 16), 'hex'), salt, ${values}, agency FROM log_entry WHERE entry_id = ${third}`;

/** Changes of what is stored: what is changed, how, and what is said of it. */
const CHANGES: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'flip: a byte of an entry',
    `UPDATE log_entry SET ${flipped('entry')} WHERE entry_id = ${third}`,
    ['ENTRY_CHANGED', 'HEAD_DIFFERS'],
  ],
  [
    'flip: a salt',
    `UPDATE log_entry SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1) WHERE entry_id = ${third}`,
    ['ENTRY_CHANGED', 'HEAD_DIFFERS'],
  ],
  [
    'flip: an indexed leaf',
    'UPDATE log_index SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) WHERE idx = 3',
    ['ENTRY_CHANGED'],
  ],
  [
    'flip: a person leaf',
    `UPDATE log_entry SET person_leaves = set_byte(person_leaves, 0, get_byte(person_leaves, 0) # 1) WHERE ${ofPeople}`,
    ['PEOPLE_CHANGED'],
  ],
  [
    'flip: what was said of people',
    `UPDATE log_entry SET person_bodies = set_byte(person_bodies, 0, get_byte(person_bodies, 0) # 1) WHERE ${ofPeople}`,
    ['PEOPLE_UNREADABLE'],
  ],
  [
    'flip: who they were',
    `UPDATE log_entry SET persons = set_byte(persons, 0, get_byte(persons, 0) # 1) WHERE ${ofPeople}`,
    ['PEOPLE_UNREADABLE'],
  ],
  [
    'flip: the root of the head',
    'UPDATE log_head SET root = set_byte(root, 0, get_byte(root, 0) # 1)',
    ['HEAD_DIFFERS'],
  ],
  [
    'flip: the frontier',
    'UPDATE log_head SET frontier = set_byte(frontier, 9, get_byte(frontier, 9) # 1)',
    ['HEAD_DIFFERS'],
  ],
  [
    'flip: the agency within an entry',
    `UPDATE log_entry SET entry = overlay(entry PLACING 'mobifon'::bytea FROM position('viettel'::bytea IN entry) FOR 7) WHERE entry_id = (SELECT entry_id FROM log_entry WHERE position('viettel'::bytea IN entry) > 0 LIMIT 1)`,
    ['ENTRY_CHANGED', 'HEAD_DIFFERS'],
  ],
  [
    'flip: the agency beside an entry',
    `UPDATE log_entry SET agency = 'moh' WHERE entry_id = ${third}`,
    ['AGENCY_DIFFERS'],
  ],
  ['drop: an entry', `DELETE FROM log_entry WHERE entry_id = ${third}`, ['ENTRY_MISSING']],
  [
    'drop: an entry with its place',
    `WITH gone AS (DELETE FROM log_index WHERE idx = 3 RETURNING entry_id) DELETE FROM log_entry USING gone WHERE log_entry.entry_id = gone.entry_id`,
    ['GAP', 'HEAD_DIFFERS'],
  ],
  [
    'drop: the people of an entry',
    `UPDATE log_entry SET persons = NULL, person_bodies = NULL, person_leaves = NULL WHERE ${ofPeople}`,
    ['PEOPLE_CHANGED', 'PEOPLE_UNREADABLE'],
  ],
  [
    'drop: the last entry, the head left',
    'DELETE FROM log_index WHERE idx = (SELECT max(idx) FROM log_index)',
    ['GAP', 'HEAD_DIFFERS', 'ENTRY_UNINDEXED'],
  ],
  [
    'reorder: two entries',
    'UPDATE log_index SET idx = CASE idx WHEN 3 THEN -4 ELSE -3 END WHERE idx IN (3, 4); UPDATE log_index SET idx = -idx WHERE idx < 0',
    ['HEAD_DIFFERS'],
  ],
  [
    'reorder: two entries below their leaves',
    `UPDATE log_index SET entry_id = decode(repeat('cd', 16), 'hex') WHERE idx = 3; UPDATE log_index SET entry_id = (SELECT entry_id FROM log_entry EXCEPT SELECT entry_id FROM log_index) WHERE idx = 4; UPDATE log_index SET entry_id = (SELECT entry_id FROM log_entry EXCEPT SELECT entry_id FROM log_index) WHERE idx = 3`,
    ['ENTRY_CHANGED', 'HEAD_DIFFERS'],
  ],
  ['add: an entry', addThird('entry'), ['ENTRY_UNINDEXED']],
  [
    'add: an entry with a place at the end',
    `${addThird('entry')}; INSERT INTO log_index (idx, entry_id, leaf) SELECT size, decode(repeat('ab', 16), 'hex'), decode(repeat('00', 32), 'hex') FROM log_head`,
    ['ENTRY_UNINDEXED'],
  ],
  [
    'fork: a head that witnesses were given',
    `INSERT INTO offered_head (size, root) VALUES (4, decode(repeat('ab', 32), 'hex'))`,
    ['WITNESSED_DIFFERS'],
  ],
  [
    'roll back: behind a head that witnesses were given',
    'INSERT INTO offered_head (size, root) SELECT size + 1, root FROM log_head',
    ['WITNESSED_DIFFERS'],
  ],
  ['roll back: the head alone', 'UPDATE log_head SET size = size - 1', ['HEAD_DIFFERS', 'ENTRY_UNINDEXED']],
];

describe('a log that was tampered with', () => {
  /** In a transaction that is rolled back: what is found after a change. */
  async function foundAfter(change: (db: Transaction, size: number) => Promise<unknown>) {
    const connection = await gateway.database.pool.connect();
    try {
      await connection.query('BEGIN');
      const db: Transaction = { query: (text, values) => connection.query(text, values ? [...values] : undefined) };
      const { rows } = await db.query('SELECT size::int AS size FROM log_head');
      await change(db, rows[0]?.size as number);
      return await found(db);
    } finally {
      await connection.query('ROLLBACK');
      connection.release();
    }
  }

  it('is sound before', async () => {
    const { rows } = await gateway.database.pool.query<{ size: number }>('SELECT size::int AS size FROM log_head');
    expect(rows[0]?.size).toBeGreaterThan(20);
    // The head of all of it is kept outside, so that nothing can be taken back unseen.
    await expect.poll(() => headOf(readFileSync(headsPath(), 'utf8')).size, { timeout: 5000 }).toBe(rows[0]?.size);
    expect(await foundAfter(async () => {})).toEqual({ findings: [], state: 'sound' });
  });

  it.each(CHANGES)('%s: found and named', async (_name, change, names) => {
    const { findings } = await foundAfter((db) => db.query(change));
    expect(findings.toSorted()).toEqual(names.toSorted());
  });

  it.each<[string, (db: Transaction, size: number) => Promise<unknown>, LogState]>([
    [
      'fork: an entry rewritten and all above it made to fit',
      async (db, size) => {
        await db.query(`UPDATE log_entry SET salt = decode(repeat('07', 16), 'hex') WHERE entry_id = ${third}`);
        await remakeLog(db, size);
      },
      'forked',
    ],
    ['roll back: a sound log of fewer entries', (db, size) => remakeLog(db, size - 5), 'smaller'],
    [
      'restore: an older copy that was written on, past the size it had',
      async (db, size) => {
        await remakeLog(db, size - 5);
        for (let i = 0; i < 10; i++) {
          const entryId = Buffer.alloc(16, i + 1);
          const entry = toBinary(EntrySchema, create(EntrySchema, { entryId, agency: 'operator' }));
          await db.query('INSERT INTO log_entry (entry_id, salt, entry, agency) VALUES ($1, $1, $2, $3)', [
            ...[entryId, entry, 'operator'],
          ]);
          await db.query('INSERT INTO log_index (idx, entry_id, leaf) VALUES ($1, $2, $2)', [size - 5 + i, entryId]);
        }
        await remakeLog(db, size + 5);
      },
      'forked',
    ],
  ])('%s: sound in itself, and named beside the head kept outside', async (_name, change, state) => {
    const { findings, state: seen } = await foundAfter(change);
    expect(findings).toEqual([]);
    expect(seen).toBe(state);
  });
});

describe('a database that was rolled back', () => {
  it('disclosing stops until an officer has looked: the head kept outside is larger', async () => {
    const { pool } = gateway.database;
    const { rows: before } = await pool.query<{ size: string; root: Buffer; frontier: Buffer }>(
      'SELECT size, root, frontier FROM log_head',
    );
    const mark = before[0];
    for (let i = 0; i < 5; i++) await viettel.call(verifyPerson, AN);
    const job = await startJob(viettel);
    // The head is kept outside every second.
    await sleep(1500);
    await gateway.process.stop();
    const kept = readFileSync(join(gateway.folder, 'gateway', 'heads'), 'utf8');
    expect(headOf(kept).size).toBeGreaterThan(Number(mark?.size));

    // An older copy, as a restored backup is one: entries, index and head of then.
    await pool.query('DELETE FROM stored_answer WHERE entry_id IN (SELECT entry_id FROM log_index WHERE idx >= $1)', [
      mark?.size,
    ]);
    await pool.query('DELETE FROM log_entry WHERE entry_id IN (SELECT entry_id FROM log_index WHERE idx >= $1)', [
      mark?.size,
    ]);
    await pool.query('DELETE FROM log_index WHERE idx >= $1', [mark?.size]);
    await pool.query('UPDATE log_head SET size = $1, root = $2, frontier = $3', [
      mark?.size,
      mark?.root,
      mark?.frontier,
    ]);
    const { findings } = await verifyLog(pool);
    expect(findings, 'the older copy is sound in itself').toEqual([]);

    await gateway.restart();
    const [caller, ministry] = [gateway.raw('viettel'), gateway.raw('moh')];
    const refusals = [
      await caller.attempt(verifyPerson, AN),
      // Whether or not there is such a person.
      await ministry.attempt(getPerson, { personalId: '901085000017', readMask: { paths: ['full_name'] } }),
      await ministry.attempt(getPerson, { personalId: '901085999995', readMask: { paths: ['full_name'] } }),
      await caller.attempt(closeJob, { jobId: job.jobId, expectedChunks: 0, expectedRows: 0n }),
    ];
    for (const refused of refusals) {
      expect(refused).toMatchObject({ code: 14, reason: 'LOG_BROKEN', message: undefined });
      expect(refused.claims, 'signed').toBeDefined();
      expect(refused.claims?.leaf, 'and without a leaf').toBeUndefined();
    }
    const stream = openTestStream(caller, job);
    await expect(stream.open()).rejects.toThrow('LOG_BROKEN');
    const { rows: after } = await pool.query<{ size: string }>('SELECT size FROM log_head');
    expect(after[0]?.size, 'nothing is added to it').toEqual(mark?.size);
    expect(gateway.logged().some((line) => line.includes('"state":"smaller"'))).toBe(true);
    // Nor does the evidence go: the head kept outside is still the larger one.
    await sleep(1200);
    expect(readFileSync(join(gateway.folder, 'gateway', 'heads'), 'utf8')).toBe(kept);
  });
});
