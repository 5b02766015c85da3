import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { readOpenMatters } from './open-matters.ts';

/** A Monday, at work. */
const NOW = Date.parse('2026-11-09T09:00:00+07:00') / 1000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`INSERT INTO consent_use (recipient, purpose) VALUES ('bank-demo', 'account-opening')`);
  await database.pool.query('INSERT INTO consent_scope (person_no, use_no) SELECT 1, use_no FROM consent_use');
});
afterAll(() => database?.drop());

/** A matter as it stands while it is only recorded, and what officers decide after it was acknowledged as well. */
async function recorded(kind: MatterKind, day: string, state: 'pending' | 'acknowledged' | 'extended' = 'pending') {
  const id = randomBytes(16);
  await database.pool.query(
    `WITH m AS (
       INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
       SELECT $1, $1, $2, scope_no, '{}', 1, $1, $3 FROM consent_scope RETURNING *
     ), waits AS (
       INSERT INTO consent_pending (receipt_id, revision) SELECT receipt_id, revision FROM m WHERE $4 = 'pending'
     )
     INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at, extended)
     SELECT receipt_id, scope_no, kind, recorded_at, $4 = 'extended' FROM m WHERE kind IN (3, 5, 6, 7)`,
    [id, kind, `${day}T15:00:00+07:00`, state],
  );
}

test('matters that wait are counted once each, by kind and by the end of the clock that runs', async () => {
  const nothing = { overdue: 0, soon: 0, later: 0 };
  expect(await readOpenMatters(database.pool, NOW)).toEqual({
    counts: {
      ...{ withdrawal: nothing, restriction: nothing, objection: nothing },
      ...{ provision: nothing, correction: nothing, deletion: nothing },
    },
    nextDue: undefined,
  });
  const { WITHDRAWAL, RESTRICTION, OBJECTION, PROVISION, CORRECTION, DELETION } = MatterKind;
  // Two working days after Thursday end with Monday; after Wednesday they ended with Friday.
  await recorded(WITHDRAWAL, '2026-11-05');
  await recorded(WITHDRAWAL, '2026-11-04');
  await recorded(WITHDRAWAL, '2026-11-09', 'acknowledged');
  await recorded(RESTRICTION, '2026-11-09');
  // An objection nobody has acknowledged is late by its first clock, an acknowledged one runs for fifteen days.
  await recorded(OBJECTION, '2026-11-04');
  await recorded(OBJECTION, '2026-11-04', 'acknowledged');
  await recorded(OBJECTION, '2026-10-26', 'acknowledged');
  await recorded(OBJECTION, '2026-10-24', 'acknowledged');
  // Fifteen days more for one that an officer extended.
  await recorded(OBJECTION, '2026-10-24', 'extended');
  // A copy and a correction within ten days, a deletion within twenty; as often again where that was extended.
  await recorded(PROVISION, '2026-10-29', 'acknowledged');
  await recorded(PROVISION, '2026-10-31', 'acknowledged');
  await recorded(CORRECTION, '2026-10-29', 'extended');
  await recorded(CORRECTION, '2026-11-04', 'acknowledged');
  await recorded(DELETION, '2026-10-29', 'acknowledged');
  await recorded(DELETION, '2026-10-19', 'acknowledged');
  expect(await readOpenMatters(database.pool, NOW)).toEqual({
    counts: {
      withdrawal: { overdue: 1, soon: 1, later: 0 },
      restriction: { overdue: 0, soon: 1, later: 0 },
      objection: { overdue: 2, soon: 1, later: 2 },
      provision: { overdue: 1, soon: 1, later: 0 },
      correction: { overdue: 0, soon: 0, later: 2 },
      deletion: { overdue: 1, soon: 0, later: 1 },
    },
    nextDue: Date.parse('2026-11-07T00:00:00+07:00') / 1000,
  });
});
