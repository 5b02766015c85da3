import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { clockOf, PERIOD_OF } from './clocks.ts';
import { DUE_AT, idsFrom, PAGE, type PageToken, pageOfMatters, readToken, writeToken } from './matter-pages.ts';

const { OBJECTION, PROVISION, CORRECTION, DELETION, WITHDRAWAL } = MatterKind;
const KINDS = [OBJECTION, PROVISION, CORRECTION, DELETION] as const;
const DAY = 86_400;
const NOW = Date.parse('2026-11-09T09:00:00+07:00') / 1000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query("INSERT INTO consent_use (recipient, purpose) VALUES ('', '')");
  await database.pool.query(
    'INSERT INTO consent_scope (person_no, use_no) SELECT n, use_no FROM generate_series(1, 2) n, consent_use',
  );
});
afterAll(() => database?.drop());

interface Recorded {
  readonly kind: MatterKind;
  readonly at: number;
  readonly state: 'open' | 'extended' | 'over';
  readonly person?: 1 | 2;
}

async function record(matters: readonly Recorded[]): Promise<Buffer[]> {
  const ids = matters.map(() => randomBytes(16));
  await database.pool.query(
    `WITH m AS (
       INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
       SELECT id, id, kind, s.scope_no, '{}', 0, id, to_timestamp(at)
       FROM unnest($1::bytea[], $2::integer[], $3::float8[], $4::integer[]) AS t (id, kind, at, person)
       JOIN consent_scope s ON s.person_no = t.person RETURNING *
     )
     INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at, extended)
     SELECT m.receipt_id, m.scope_no, m.kind, m.recorded_at, t.state = 'extended'
     FROM unnest($1::bytea[], $5::text[]) AS t (id, state) JOIN m ON m.receipt_id = t.id WHERE t.state <> 'over'`,
    [
      ids,
      matters.map(({ kind }) => kind),
      matters.map(({ at }) => at),
      matters.map(({ person = 1 }) => person),
      matters.map(({ state }) => state),
    ],
  );
  return ids;
}

const ALL = { openOnly: true, personNos: undefined, ids: undefined, page: undefined };

/** Ids of every page; each but the last is full. Tokens go the way that callers send them. */
async function everyPage(asked: Partial<typeof ALL>): Promise<string[]> {
  const found: string[] = [];
  let page: PageToken | undefined;
  do {
    const { receiptIds, next } = await pageOfMatters(database.pool, { ...ALL, ...asked, page });
    if (next !== undefined) expect(receiptIds).toHaveLength(PAGE);
    found.push(...receiptIds.map((id) => id.toString('hex')));
    page = next && readToken(writeToken(next));
  } while (page !== undefined);
  return found;
}

test('the database has the end of each clock where the law has it', async () => {
  const { pool } = database;
  const moments = [NOW, ...['00:00:00', '06:59:59', '07:00:00', '23:59:59.999999'].map((time) => momentOf(time))];
  for (const kind of KINDS) {
    for (const at of moments) {
      const { rows } = await pool.query<{ first: number; second: number }>(
        `SELECT ${DUE_AT.replaceAll('o.extended', 'false')}::float8 AS first, ${DUE_AT.replaceAll('o.extended', 'true')}::float8 AS second
         FROM (SELECT $1::integer AS kind, to_timestamp($2::float8) AS recorded_at) o`,
        [kind, at],
      );
      const { dueAt, extendedDueAt } = clockOf(PERIOD_OF[kind], at);
      expect(rows[0]).toEqual({ first: dueAt, second: extendedDueAt });
    }
  }
});
const momentOf = (time: string) => Date.parse(`2026-11-09T${time.slice(0, 8)}+07:00`) / 1000;

test('what ends first comes first, on however many pages; what is over follows, the newest first', async () => {
  // Many of one, of which the last is recorded before the first of the others and ends after them.
  const many: Recorded[] = Array.from({ length: 2 * PAGE + 1 }, (_, at) => ({
    ...{ kind: DELETION, at: NOW - 5 * DAY + at, state: 'open' },
  }));
  const others: Recorded[] = [
    { kind: CORRECTION, at: NOW, state: 'open', person: 2 },
    { kind: PROVISION, at: NOW - DAY, state: 'extended', person: 2 },
    { kind: OBJECTION, at: NOW - 40 * DAY, state: 'open' },
    { kind: DELETION, at: NOW - 30 * DAY, state: 'over' },
    { kind: OBJECTION, at: NOW - 20 * DAY + 1e-6, state: 'over' },
    { kind: OBJECTION, at: NOW - 20 * DAY, state: 'over', person: 2 },
    { kind: WITHDRAWAL, at: NOW, state: 'over' },
  ];
  const [deletions, rest] = [await record(many), (await record(others)).map((id) => id.toString('hex'))];
  const waiting = await everyPage({});
  expect(waiting.slice(0, 2)).toEqual([rest[2], rest[0]]);
  // Which of those that end together is first nothing says; none is left out, none named twice.
  expect(waiting.slice(2, -1).sort()).toEqual(deletions.map((id) => id.toString('hex')).sort());
  expect(waiting.at(-1)).toBe(rest[1]);
  const all = await everyPage({ openOnly: false });
  expect(all.slice(0, waiting.length)).toEqual(waiting);
  expect(all.slice(waiting.length)).toEqual([rest[4], rest[5], rest[3]]);

  // Wherever it stands, by how its id begins.
  for (const id of [deletions.at(-1), deletions[0]]) {
    const ids = idsFrom(id?.toString('base64url').slice(0, 8) ?? '');
    expect((await pageOfMatters(database.pool, { ...ALL, ids })).receiptIds).toEqual([id]);
  }
});

test('a page goes on with matters of the same moment, and with none where just so many are left', async () => {
  await database.pool.query('DELETE FROM matter_open');
  await record(Array.from({ length: PAGE }, () => ({ kind: OBJECTION, at: NOW - 90 * DAY, state: 'open' }) as const));
  expect((await pageOfMatters(database.pool, ALL)).next).toBeUndefined();
  await record(Array.from({ length: PAGE }, () => ({ kind: OBJECTION, at: NOW - 90 * DAY, state: 'open' }) as const));
  expect(new Set(await everyPage({})).size).toBe(2 * PAGE);
});

test('what is no token is none', () => {
  const token = writeToken({ part: 'over', place: NOW * 1e6, receiptId: randomBytes(16) });
  expect(readToken(token)?.place).toBe(NOW * 1e6);
  const other = Buffer.from(token);
  other[0] = 2;
  const far = Buffer.from(token);
  far.fill(0x7f, 1, 9);
  for (const wrong of [Buffer.alloc(0), token.subarray(1), Buffer.concat([token, token]), other, far]) {
    expect(readToken(wrong)).toBeUndefined();
  }
});
