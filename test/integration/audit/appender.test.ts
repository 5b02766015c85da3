import { randomBytes } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANGES_LOCK } from '../../../gateway/audit/append-sql.ts';
import { createAppender } from '../../../gateway/audit/appender.ts';
import { openAppendConnection } from '../../../gateway/audit/connection.ts';
import { purge, readTokenFloor } from '../../../gateway/audit/housekeeping.ts';
import {
  proveConsistency,
  proveInclusion,
  readHead,
  registerWriter,
  rootAt,
} from '../../../gateway/audit/log-store.ts';
import { verifyLog } from '../../../gateway/audit/verify-log.ts';
import type { AppendItem } from '../../../gateway/exchange/log-port.ts';
import { entryLeaf } from '../../../gateway/proof/leaf.ts';
import { NODE_TAGS, treeRoot, verifyConsistency, verifyInclusion } from '../../../gateway/proof/tree.ts';
import { EntryKind, EntrySchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let appender: ReturnType<typeof createAppender>;
const sizes: number[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ max: 8 });
  await database.pool.query("INSERT INTO agency VALUES ('viettel', 'LE', 'a', 'a', 'active')");
  appender = await newAppender();
});

afterAll(async () => {
  await appender?.close();
  await database?.drop();
});

async function newAppender() {
  const writer = await registerWriter(database.pool);
  return createAppender({
    connect: () => openAppendConnection(database.log),
    workerId: writer.workerId,
    logRef: `${writer.logId}:${writer.epoch}`,
    onHead: (head) => sizes.push(head.size),
    limits: { items: 16, bytes: 1 << 20 },
  });
}

const standsOn = ['agency:viettel'];
const now = () => Math.floor(Date.now() / 1000);

function item(further: Partial<AppendItem> = {}): AppendItem {
  const entryId = randomBytes(16);
  const leaves = randomBytes(32 * 3);
  const entry = create(EntrySchema, {
    entryId,
    kind: EntryKind.UNARY,
    timeMs: BigInt(Date.now()),
    agency: 'viettel',
    people: 3,
    subtreeRoot: treeRoot(leaves, NODE_TAGS.person),
  });
  return {
    agency: 'viettel',
    entryId,
    salt: randomBytes(16),
    entry: toBinary(EntrySchema, entry),
    personLeaves: leaves,
    changeRevision: 0n,
    standsOn: [],
    answer: randomBytes(20),
    ...further,
  };
}

const token = () => ({ issuer: 'viettel', jti: randomBytes(16), iat: now() });
const request = () => ({ requestId: `req-${randomBytes(6).toString('hex')}`, digest: randomBytes(32) });

describe('what is appended', () => {
  test('a hundred at once are recorded each once, in groups, in one tree', async () => {
    const before = (await readHead(database.pool)).size;
    const items = Array.from({ length: 100 }, () => item({ token: token(), request: request() }));
    const outcomes = await Promise.all(items.map((one) => appender.append(one)));
    expect(outcomes.every(({ kind }) => kind === 'recorded')).toBe(true);
    const head = await readHead(database.pool);
    expect(head.size).toBe(before + 100);
    expect(sizes.length).toBeLessThan(100);
    const { rows } = await database.pool.query<{ idx: number; leaf: Buffer }>(
      'SELECT idx, leaf FROM log_index ORDER BY idx',
    );
    expect(rows.map((row) => Number(row.idx))).toEqual(rows.map((_, i) => i));
    expect(Buffer.from(treeRoot(Buffer.concat(rows.map((row) => row.leaf)), NODE_TAGS.log))).toEqual(head.root);
  });

  test('a token counts once, however many race and whoever writes', async () => {
    const second = await newAppender();
    const used = token();
    const race = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? appender : second).append(item({ token: used })));
    const kinds = (await Promise.all(race)).map(({ kind }) => kind);
    await second.close();
    expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'replayed')).toHaveLength(39);
  });

  test('a request comes back with its stored answer; with other content it does not', async () => {
    const key = request();
    const first = item({ token: token(), request: key });
    expect(await appender.append(first)).toEqual({ kind: 'recorded' });
    expect(await appender.append(item({ token: token(), request: key }))).toEqual({
      kind: 'repeated',
      entryId: first.entryId,
      answer: first.answer,
    });
    const other = { ...key, digest: randomBytes(32) };
    expect(await appender.append(item({ token: token(), request: other }))).toEqual({ kind: 'content-changed' });
  });

  test('a change since the revision that was seen bars what stands on it, and nothing else', async () => {
    const { rows } = await database.pool.query<{ revision: number }>(
      "INSERT INTO change (kind, subject) VALUES ('agency', 'viettel') RETURNING revision",
    );
    const revision = BigInt(rows[0]?.revision ?? 0);
    const key = request();
    const [hit, other, later] = await Promise.all([
      appender.append(item({ request: key, standsOn, changeRevision: revision - 1n })),
      appender.append(item({ standsOn: ['agency:vinaphone'], changeRevision: revision - 1n })),
      appender.append(item({ standsOn, changeRevision: revision })),
    ]);

    expect([hit?.kind, other?.kind, later?.kind]).toEqual(['barred', 'recorded', 'recorded']);
    const kept = await database.pool.query('SELECT 1 FROM request_key WHERE request_id = $1', [key.requestId]);
    expect(kept.rows).toEqual([]);
  });

  test('a new version of the agreement sends back what was decided under the one before, which may come again with its token', async () => {
    const { rows } = await database.pool.query<{ revision: number }>(
      "INSERT INTO change (kind, subject) VALUES ('agreement', 'viettel-1') RETURNING revision",
    );
    const revision = BigInt(rows[0]?.revision ?? 0);
    const own = { standsOn: ['agreement:viettel-1'], token: token(), request: request() };
    const before = await appender.append(item({ ...own, changeRevision: revision - 1n }));
    const anew = await appender.append(item({ ...own, changeRevision: revision }));
    const twice = await appender.append(item({ ...own, changeRevision: revision, request: request() }));
    expect([before.kind, anew.kind, twice.kind]).toEqual(['outdated', 'recorded', 'replayed']);
  });

  test('an append waits for a change that is being made, and then sees it', async () => {
    const { rows } = await database.pool.query<{ revision: number }>(
      'SELECT coalesce(max(revision), 0) AS revision FROM change',
    );
    const seen = BigInt(rows[0]?.revision ?? 0);
    const officer = await database.pool.connect();
    await officer.query('BEGIN');
    await officer.query('SELECT pg_advisory_xact_lock($1)', [CHANGES_LOCK]);
    await officer.query("INSERT INTO change (kind, subject) VALUES ('agency', 'viettel')");
    let settled = false;
    const waiting = appender.append(item({ standsOn, changeRevision: seen })).finally(() => {
      settled = true;
    });
    await database.pool.query('SELECT pg_sleep(0.2)');
    expect(settled).toBe(false);
    await officer.query('COMMIT');
    officer.release();
    expect((await waiting).kind).toBe('barred');
  });

  test('an effect that refuses leaves nothing behind, and its neighbours go in', async () => {
    const size = (await readHead(database.pool)).size;
    const key = request();
    const outcomes = await Promise.all([
      appender.append(
        item({
          request: key,
          effects: [{ text: 'SELECT 1 WHERE false', values: [], orRefuse: { reason: ErrorReason.JOB_STATE } }],
        }),
      ),
      appender.append(item()),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'recorded']);
    expect((await readHead(database.pool)).size).toBe(size + 1);
    const kept = await database.pool.query('SELECT 1 FROM request_key WHERE request_id = $1', [key.requestId]);
    expect(kept.rows).toEqual([]);
  });

  test('a statement that fails hurts its own item only', async () => {
    const bad = item({ effects: [{ text: 'SELECT 1/0', values: [] }] });
    const results = await Promise.allSettled([appender.append(item()), appender.append(bad), appender.append(item())]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('a purged token stays refused though its row is gone, and so does an older one; what was not purged is told by its row', async () => {
    const aged = (seconds: number) => ({ ...token(), iat: now() - seconds });
    const [older, old, kept] = [aged(3700), aged(3600), aged(100)];
    const kindOf = async (one: NonNullable<AppendItem['token']>) => (await appender.append(item({ token: one }))).kind;
    expect([await kindOf(old), await kindOf(kept)]).toEqual(['recorded', 'recorded']);
    await purge(database.pool);
    const { rows } = await database.pool.query('SELECT 1 FROM used_token WHERE jti = $1', [old.jti]);
    expect(rows).toEqual([]);
    expect(await readTokenFloor(database.pool)).toBe(old.iat);
    expect([await kindOf(old), await kindOf(older), await kindOf(kept)]).toEqual(Array(3).fill('replayed'));
    expect(await kindOf(token())).toBe('recorded');
  });

  test('a clock that ran ahead for one purge refuses nothing afterwards but what was used', async () => {
    await database.pool.query('DELETE FROM used_token');
    const used = { ...token(), iat: now() - 5 };
    expect((await appender.append(item({ token: used }))).kind).toBe('recorded');
    const ahead = (text: string) => text.replaceAll(/(now|clock_timestamp)\(\)/g, "(now() + interval '1 day')");
    await purge({ query: (text, values) => database.pool.query(ahead(text), values) });
    const { rows } = await database.pool.query('SELECT 1 FROM used_token');
    expect(rows).toEqual([]);
    expect((await appender.append(item({ token: used }))).kind).toBe('replayed');
    expect((await appender.append(item({ token: { ...token(), iat: now() + 1 } }))).kind).toBe('recorded');
  });

  test('a writer that was struck off records nothing', async () => {
    const writer = await registerWriter(database.pool);
    const fenced = createAppender({
      connect: () => openAppendConnection(database.log),
      workerId: writer.workerId,
      logRef: 'x',
      onHead: () => undefined,
    });
    await database.pool.query('DELETE FROM worker WHERE worker_id = $1', [writer.workerId]);
    const size = (await readHead(database.pool)).size;
    await expect(fenced.append(item())).rejects.toMatchObject({ reason: ErrorReason.DRAINING });
    await expect(fenced.append(item())).rejects.toMatchObject({ reason: ErrorReason.DRAINING });
    await fenced.close();
    expect((await readHead(database.pool)).size).toBe(size);
  });
});

describe('the log', () => {
  test('proves every entry and every earlier size, across tiles', async () => {
    await Promise.all(Array.from({ length: 300 }, () => appender.append(item())));
    const head = await readHead(database.pool);
    expect(head.size).toBeGreaterThan(256);
    const { rows } = await database.pool.query<{ salt: Buffer; entry: Buffer }>(
      'SELECT e.salt, e.entry FROM log_index i JOIN log_entry e USING (entry_id) ORDER BY i.idx',
    );
    for (const index of [0, 1, 255, 256, 300, head.size - 1]) {
      const path = Buffer.concat(await proveInclusion(database.pool, index, head.size));
      const row = rows[index];
      const leaf = entryLeaf(row?.salt ?? Buffer.alloc(0), row?.entry ?? Buffer.alloc(0));
      expect(verifyInclusion(leaf, index, head.size, path, head.root, NODE_TAGS.log)).toBe(true);
      expect(verifyInclusion(leaf, (index + 1) % head.size, head.size, path, head.root, NODE_TAGS.log)).toBe(false);
    }
    for (const first of [1, 255, 256, 257, head.size]) {
      const path = Buffer.concat(await proveConsistency(database.pool, first, head.size));
      const root = await rootAt(database.pool, first);
      expect(verifyConsistency(first, root, head.size, head.root, path, NODE_TAGS.log)).toBe(true);
    }
  });

  const tampering: readonly [string, string, string][] = [
    [
      'a flipped byte of an entry',
      'UPDATE log_entry SET entry = set_byte(entry, 3, get_byte(entry, 3) # 1) WHERE entry_id = $1',
      'ENTRY_CHANGED',
    ],
    [
      'a changed salt',
      "UPDATE log_entry SET salt = decode(repeat('00', 16), 'hex') WHERE entry_id = $1",
      'ENTRY_CHANGED',
    ],
    ['a dropped entry', 'DELETE FROM log_entry WHERE entry_id = $1', 'ENTRY_MISSING'],
    [
      'a flipped person leaf',
      'UPDATE log_entry SET person_leaves = set_byte(person_leaves, 5, get_byte(person_leaves, 5) # 1) WHERE entry_id = $1',
      'PEOPLE_CHANGED',
    ],
    ['a dropped position', 'DELETE FROM log_index WHERE entry_id = $1', 'GAP'],
    [
      'a swapped pair',
      'UPDATE log_index SET entry_id = CASE idx WHEN 7 THEN (SELECT entry_id FROM log_index WHERE idx = 8) ELSE (SELECT entry_id FROM log_index WHERE idx = 7) END WHERE idx IN (7, 8) AND $1::bytea IS NOT NULL',
      'ENTRY_CHANGED',
    ],
    [
      'an entry slipped in beside the tree',
      "INSERT INTO log_entry (entry_id, salt, entry, agency) SELECT decode(repeat('ab', 16), 'hex'), salt, entry, agency FROM log_entry WHERE entry_id = $1",
      'ENTRY_UNINDEXED',
    ],
    [
      'another head',
      "UPDATE log_head SET root = decode(repeat('11', 32), 'hex') WHERE $1::bytea IS NOT NULL",
      'HEAD_DIFFERS',
    ],
    [
      'another tile',
      "UPDATE log_tile SET hash = decode(repeat('22', 32), 'hex') WHERE $1::bytea IS NOT NULL",
      'TILE_CHANGED',
    ],
  ];

  test('is sound when nobody touched it', async () => {
    const report = await verifyLog(database.pool);
    expect(report.findings).toEqual([]);
    expect(report.size).toBe((await readHead(database.pool)).size);
  });

  test.each(tampering)('%s is found and named', async (_name, statement, finding) => {
    const connection = await database.pool.connect();
    try {
      await connection.query('BEGIN');
      // The unique index would stop the swap half way: it is not what protects the log.
      await connection.query('ALTER TABLE log_index DROP CONSTRAINT log_index_entry_id_key');
      const { rows } = await connection.query<{ entry_id: Buffer }>(
        'SELECT i.entry_id FROM log_index i JOIN log_entry e USING (entry_id) WHERE e.person_leaves IS NOT NULL AND i.idx > 20 ORDER BY i.idx LIMIT 1',
      );
      await connection.query(statement, [rows[0]?.entry_id]);
      const { findings } = await verifyLog({ query: (text, values) => connection.query(text, values ?? []) });
      expect(findings.map((one) => one.finding)).toContain(finding);
    } finally {
      await connection.query('ROLLBACK');
      connection.release();
    }
  });
});
