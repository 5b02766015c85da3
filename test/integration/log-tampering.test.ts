/** A log that was changed in place, and a database that was set back: both are found. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '../../gateway/audit/verify-log.ts';
import { verifyCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { openTestStream, startJob } from '../support/gateway-stream.ts';

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

function headOf(checkpoint: string) {
  const { logOrigin } = gateway.deployment;
  return verifyCheckpoint(checkpoint, logOrigin, logOrigin, logKey);
}

describe('a log that was tampered with', () => {
  /** In a transaction that is rolled back: what the check of the whole log says of the change. */
  async function findings(change: string): Promise<string[]> {
    const connection = await gateway.database.pool.connect();
    try {
      await connection.query('BEGIN');
      await connection.query(change);
      const { findings: found } = await verifyLog({ query: (text, values) => connection.query(text, values ?? []) });
      return found.map(({ finding }) => finding);
    } finally {
      await connection.query('ROLLBACK');
      connection.release();
    }
  }
  const third = '(SELECT entry_id FROM log_index WHERE idx = 3)';

  it('is sound before', async () => {
    const { rows } = await gateway.database.pool.query<{ size: number }>('SELECT size::int AS size FROM log_head');
    expect(rows[0]?.size).toBeGreaterThan(20);
    expect(await findings('SELECT 1')).toEqual([]);
  });

  it.each([
    [
      'a byte flipped',
      `UPDATE log_entry SET entry = set_byte(entry, 40, get_byte(entry, 40) # 1) WHERE entry_id = ${third}`,
    ],
    ['a row dropped', `DELETE FROM log_entry WHERE entry_id = ${third}`],
    [
      'a row dropped with its place',
      `WITH gone AS (DELETE FROM log_index WHERE idx = 3 RETURNING entry_id) DELETE FROM log_entry USING gone WHERE log_entry.entry_id = gone.entry_id`,
    ],
    [
      'two swapped',
      `UPDATE log_index SET idx = CASE idx WHEN 3 THEN -4 ELSE -3 END WHERE idx IN (3, 4); UPDATE log_index SET idx = -idx WHERE idx < 0`,
    ],
    [
      'one added',
      `INSERT INTO log_entry (entry_id, salt, entry, agency) SELECT decode(repeat('ab', 16), 'hex'), salt, entry, agency FROM log_entry WHERE entry_id = ${third}`,
    ],
    [
      'one added at the end, with its place',
      `WITH added AS (INSERT INTO log_entry (entry_id, salt, entry, agency) SELECT decode(repeat('ab', 16), 'hex'), salt, entry, agency FROM log_entry WHERE entry_id = ${third} RETURNING entry_id) INSERT INTO log_index (idx, entry_id, leaf) SELECT size, decode(repeat('ab', 16), 'hex'), decode(repeat('00', 32), 'hex') FROM log_head`,
    ],
    [
      'a person leaf changed',
      `UPDATE log_entry SET person_leaves = set_byte(person_leaves, 0, get_byte(person_leaves, 0) # 1) WHERE person_leaves IS NOT NULL AND entry_id = (SELECT entry_id FROM log_entry WHERE person_leaves IS NOT NULL LIMIT 1)`,
    ],
    ['the head moved back', 'UPDATE log_head SET size = size - 1'],
    [
      'an agency rewritten',
      `UPDATE log_entry SET entry = overlay(entry PLACING 'mobifon'::bytea FROM position('viettel'::bytea IN entry) FOR 7) WHERE entry_id = (SELECT entry_id FROM log_entry WHERE position('viettel'::bytea IN entry) > 0 LIMIT 1)`,
    ],
  ])('%s: found', async (_name, change) => {
    expect(await findings(change)).not.toEqual([]);
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
      await ministry.attempt(getPerson, { personalId: '901085000017', readMask: { paths: ['full_name'] } }),
      await caller.attempt(closeJob, { jobId: job.jobId, expectedChunks: 0, expectedRows: 0n }),
    ];
    for (const refused of refusals.slice(0, 2)) {
      expect(refused).toMatchObject({ code: 14, reason: 'LOG_BROKEN', message: undefined });
      expect(refused.claims, 'signed').toBeDefined();
      expect(refused.claims?.leaf, 'and without a leaf').toBeUndefined();
    }
    expect(refusals[2]?.code).not.toBe(0);
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
