/** The checker must be able to fail: each kind of difference is planted, and must be named. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProfile } from '../../../connectors/kit/profile.ts';
import { type VerifySummary, verifySubscribers } from '../../../connectors/telco/verify.ts';
import type { Transaction } from '../../../gateway/exchange/log-port.ts';
import { entryLeaf } from '../../../gateway/proof/leaf.ts';
import { type KeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import { seal, unseal } from '../../../gateway/sealing/seal.ts';
import { type Entry, EntryKind, EntrySchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { subscribersFile } from '../runs/file.ts';
import { type SameRunOptions, sameRun } from './check.ts';
import { DIFFERENCES, type DifferenceKind } from './difference.ts';
import { TABLES } from './tables.ts';

const CHUNK = 256;
let gateway: TestGateway;
let keys: KeyRing;
let file: string;
let undisturbed: VerifySummary;
let disturbed: VerifySummary;
let facts: Pick<SameRunOptions, 'root' | 'agency' | 'deployment' | 'logOrigin'>;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 500 });
  keys = loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')));
  file = join(gateway.folder, 'subscribers.csv');
  writeFileSync(file, subscribersFile(700, 500));
  const profile = await loadProfile(gateway.deployment.profiles.viettel ?? '');
  facts = {
    root: profile.keySetRoot,
    agency: 'viettel',
    deployment: profile.deployment,
    logOrigin: profile.logOrigin,
  };
  const run = (name: string) =>
    verifySubscribers({ file, out: join(gateway.folder, name), profile, chunkRows: CHUNK, channels: 1 });
  undisturbed = await run('undisturbed.csv');
  disturbed = await run('disturbed.csv');
});
afterAll(() => gateway?.stop());

/** Runs the checker on a database with something planted in it, which is then taken back. */
async function found(plant: Plant = async () => undefined, changes: Partial<SameRunOptions> = {}): Promise<string[]> {
  const connection = await gateway.database.pool.connect();
  const out = disturbed.files.results;
  const kept = [out, `${out}.receipt`].map((path) => [path, readFileSync(path)] as const);
  try {
    await connection.query('BEGIN');
    const more = Object(await plant(connection as Transaction)) as Partial<SameRunOptions>;
    const db = connection as Transaction;
    const runs = { undisturbed: { summary: undisturbed }, disturbed: { summary: disturbed } };
    const differences = await sameRun({ db, keys, file, ...facts, ...runs, ...changes, ...more });
    return [...new Set(differences.map(({ kind }) => kind))];
  } finally {
    await connection.query('ROLLBACK');
    connection.release();
    for (const [path, bytes] of kept) writeFileSync(path, bytes);
    rmSync(`${out}.part`, { force: true });
  }
}

/** Plants a difference; may answer with options that do so. */
type Plant = (db: Transaction) => Promise<unknown>;

const jobId = () => Buffer.from(disturbed.jobId, 'hex');
const ofJob = (sql: string): Plant => {
  return async (db) => void (await db.query(sql, [jobId()]));
};

async function entryOf(db: Transaction, num: number): Promise<{ id: Buffer; salt: Buffer; entry: Entry }> {
  const { rows } = await db.query(
    'SELECT e.entry_id, e.salt, e.entry FROM log_entry e JOIN job_chunk c USING (entry_id) WHERE job_id = $1 AND num = $2',
    [jobId(), num],
  );
  const { entry_id, salt, entry } = rows[0] as { entry_id: Buffer; salt: Buffer; entry: Buffer };
  return { id: entry_id, salt, entry: fromBinary(EntrySchema, entry) };
}

/** Changes the entry of chunk 1 as if it had been written so. */
const changedEntry = (change: (entry: Entry) => void): Plant => {
  return async (db) => {
    const { id, entry } = await entryOf(db, 1);
    change(entry);
    await db.query('UPDATE log_entry SET entry = $2 WHERE entry_id = $1', [id, toBinary(EntrySchema, entry)]);
  };
};

/** Adds an entry behind all others. */
const addedEntry = (make: (like: Entry) => Entry): Plant => {
  return async (db) => {
    const { salt, entry } = await entryOf(db, 1);
    const added = create(EntrySchema, { ...make(entry), entryId: Buffer.alloc(16, 7) });
    const bytes = toBinary(EntrySchema, added);
    await db.query('INSERT INTO log_entry (entry_id, salt, entry, agency) VALUES ($1, $2, $3, $4)', [
      Buffer.alloc(16, 7),
      salt,
      bytes,
      'viettel',
    ]);
    await db.query('INSERT INTO log_index SELECT size, $1, $2 FROM log_head', [
      Buffer.alloc(16, 7),
      Buffer.from(entryLeaf(salt, bytes)),
    ]);
  };
};

/** Seals one of the sealed columns of chunk 1's entry anew. */
const resealed = (column: 'persons' | 'person_bodies' | 'decision', change: (plain: Buffer) => Buffer): Plant => {
  return async (db) => {
    const { id } = await entryOf(db, 1);
    const [key, context] = {
      persons: [keys.evidence, id] as const,
      person_bodies: [keys.evidence, Buffer.concat([id, Buffer.from('bodies')])] as const,
      decision: [keys.decision, Buffer.from('decision')] as const,
    }[column];
    const { rows } = await db.query(`SELECT ${column} AS sealed FROM log_entry WHERE entry_id = $1`, [id]);
    const plain = unseal(key, context, rows[0]?.sealed as Buffer);
    if (plain === undefined) throw new Error('does not open');
    await db.query(`UPDATE log_entry SET ${column} = $2 WHERE entry_id = $1`, [id, seal(key, context, change(plain))]);
  };
};

/** Changes the lines of the results. */
const lines = (change: (all: string[]) => string[]): Plant => {
  return async () => {
    const path = disturbed.files.results;
    writeFileSync(path, change(readFileSync(path, 'utf8').split('\n')).join('\n'));
  };
};

const PLANTS: Record<DifferenceKind, readonly Plant[]> = {
  RESULT_ROWS: [
    lines((all) => all.toSpliced(9, 1)),
    lines((all) => all.toSpliced(9, 0, all[9] ?? '')),
    lines((all) => all.with(9, all[10] ?? '').with(10, all[9] ?? '')),
    lines((all) => all.with(300, (all[300] ?? '').replace(/,r(\d+),/, ',r1$1,'))),
  ],
  RESULT_CELL: [lines((all) => all.with(10, (all[10] ?? '').replace('TRUE', 'FALSE')))],
  SUMMARY: [
    async () => ({ disturbed: { summary: { ...disturbed, actions: { ...disturbed.actions, KEEP: 1 } } } }),
    async () => ({ disturbed: { summary: { ...disturbed, totals: { VERIFIED: 700 } } } }),
  ],
  TOTALS: [ofJob('UPDATE job SET totals[1] = totals[1] + 1, totals[2] = totals[2] - 1 WHERE job_id = $1')],
  JOB: [
    ofJob('UPDATE job SET misses = misses + 1 WHERE job_id = $1'),
    ofJob('UPDATE job SET judged = judged + 256 WHERE job_id = $1'),
    ofJob('UPDATE job SET acked_through = 2 WHERE job_id = $1'),
    ofJob('UPDATE job SET state = 3 WHERE job_id = $1'),
  ],
  JOB_ADDED: [
    ofJob(
      `INSERT INTO job SELECT (jsonb_populate_record(j, '{"job_id":"\\\\x00112233445566778899aabbccddeeff"}')).* FROM job j WHERE job_id = $1`,
    ),
  ],
  CHUNK: [
    ofJob('DELETE FROM job_chunk WHERE job_id = $1 AND num = 1'),
    ofJob('UPDATE job_chunk SET rows = rows - 1 WHERE job_id = $1 AND num = 2'),
    ofJob(`UPDATE job_chunk SET row_root = '\\x00' WHERE job_id = $1 AND num = 2`),
  ],
  STORED_ANSWERS: [
    ofJob(
      'DELETE FROM stored_answer USING job_chunk c WHERE stored_answer.entry_id = c.entry_id AND c.job_id = $1 AND num = 0',
    ),
  ],
  ENTRY_COUNT: [
    ofJob('DELETE FROM log_entry e USING job_chunk c WHERE c.entry_id = e.entry_id AND job_id = $1 AND num = 1'),
    addedEntry((entry) => entry),
  ],
  ENTRY: [
    changedEntry((entry) => {
      entry.matchedFields = [1, 2];
    }),
    changedEntry((entry) => {
      if (entry.revisions !== undefined) entry.revisions.policy = 'another';
    }),
    changedEntry((entry) => {
      if (entry.context !== undefined) entry.context.purpose = 'another';
    }),
  ],
  ENTRY_ADDED: [
    addedEntry(({ jobId: job, method, agency }) =>
      create(EntrySchema, { kind: EntryKind.REFUSAL, jobId: job, method, agency, refusalReason: ErrorReason.DRAINING }),
    ),
    addedEntry(({ jobId: job, agency }) =>
      create(EntrySchema, { kind: EntryKind.UNARY, jobId: job, method: '/a.B/StartJob', agency }),
    ),
    addedEntry(({ jobId: job, agency }) =>
      create(EntrySchema, { kind: EntryKind.UNARY, jobId: job, method: '/a.B/GetPerson', agency }),
    ),
  ],
  REDELIVERY: [
    addedEntry((entry) => create(EntrySchema, { ...entry, kind: EntryKind.REDELIVERY, people: 0 })),
    addedEntry((entry) =>
      create(EntrySchema, {
        ...entry,
        kind: EntryKind.REDELIVERY,
        people: 0,
        chunkNum: 2,
        earlierEntryId: entry.entryId,
      }),
    ),
  ],
  DECISION: [
    resealed('decision', (plain) => Buffer.concat([plain.subarray(0, 16), Buffer.from('{}')])),
    ofJob('UPDATE log_entry e SET decision = NULL FROM job_chunk c WHERE c.entry_id = e.entry_id AND job_id = $1'),
  ],
  LEAF_PERSON: [
    resealed('persons', (plain) => plain.copyWithin(0, 8, 16)),
    resealed('persons', (plain) => plain.subarray(8)),
  ],
  LEAF_OUTCOME: [resealed('person_bodies', (plain) => plain.fill(5, 2, 3))],
  LEAF_HASH: [
    async (db) => {
      const { id } = await entryOf(db, 1);
      await db.query('UPDATE log_entry SET person_leaves = set_byte(person_leaves, 40, 0) WHERE entry_id = $1', [id]);
    },
  ],
  RECEIPT: [
    async () => copyFileSync(`${undisturbed.files.results}.receipt`, `${disturbed.files.results}.receipt`),
    async () => rmSync(`${disturbed.files.results}.receipt`),
    ofJob(`UPDATE job SET receipt = 'another' WHERE job_id = $1`),
  ],
  RECEIPT_LEAF: [
    changedEntry((entry) => {
      entry.answerDigest = Buffer.alloc(32);
    }),
    changedEntry((entry) => {
      entry.rowRoot = Buffer.alloc(32);
    }),
  ],
  HEAD: [
    async (db) =>
      void (await db.query('UPDATE log_index SET leaf = (SELECT leaf FROM log_index WHERE idx = 1) WHERE idx = 2')),
  ],
  LOG: [
    async (db) => {
      await db.query(`INSERT INTO log_entry (entry_id, salt, entry, agency) VALUES ('\\x00', '\\x00', '\\x00', 'moh')`);
    },
    async (db) => void (await db.query('UPDATE log_head SET root = set_byte(root, 0, 1 # get_byte(root, 0))')),
  ],
  LEFT_BEHIND: [async () => writeFileSync(`${disturbed.files.results}.part`, '')],
};

describe('two runs of one file', () => {
  it('that nothing disturbed do not differ', async () => {
    expect(await found()).toEqual([]);
  });

  it.each(
    (Object.keys(PLANTS) as DifferenceKind[]).flatMap((kind) => PLANTS[kind].map((plant, i) => ({ kind, i, plant }))),
  )('$kind, planted in way $i, is found and named', async ({ kind, plant }) => {
    expect(await found(plant)).toContain(kind);
  });

  it('a refusal that the caller names may be added, and only while nobody’s data was used for it', async () => {
    const refusal = (people: number) =>
      addedEntry(({ jobId: job, method, agency }) =>
        create(EntrySchema, {
          ...{ kind: EntryKind.REFUSAL, jobId: job, method, agency, people },
          refusalReason: ErrorReason.STORAGE_UNAVAILABLE,
        }),
      );
    const refusals = ['STORAGE_UNAVAILABLE'];
    expect(await found(refusal(0))).toContain('ENTRY_ADDED');
    expect(await found(refusal(0), { refusals })).not.toContain('ENTRY_ADDED');
    expect(await found(refusal(1), { refusals })).toContain('ENTRY_ADDED');
  });

  it('a redelivery of the same request may be added', async () => {
    const plant = addedEntry((entry) =>
      create(EntrySchema, { ...entry, kind: EntryKind.REDELIVERY, people: 0, earlierEntryId: entry.entryId }),
    );
    expect(await found(plant)).not.toContain('REDELIVERY');
  });
});

it('every table of the schema has its place in the checker', async () => {
  const { rows } = await gateway.database.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  expect(Object.keys(TABLES).toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
});

it('every kind has its sentence', () => {
  for (const sentence of Object.values(DIFFERENCES)) expect(sentence).toMatch(/^(a|an|the|what|another|other) /);
});
