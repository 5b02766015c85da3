import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { NOW, OPTIONS, token } from '../acts/acts.test-support.ts';
import { foldActs } from '../acts/fold-acts.ts';
import { type MatterAct, matterActBytes } from '../acts/matter-act.ts';
import { digestOf } from '../signing/digest.ts';
import type { Database } from '../storage/pool.ts';
import { matterActEffects } from './matter-standing.ts';
import { findMatter } from './officers-matters.ts';
import type { ReceiptDeps } from './receipts.ts';

const KEY = createSecretKey(Buffer.alloc(32, 3));
const BOOK = foldActs([], OPTIONS);
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query("INSERT INTO consent_use (recipient, purpose) VALUES ('moh', 'patient-record')");
  await database.pool.query('INSERT INTO consent_scope (person_no, use_no) SELECT 1, use_no FROM consent_use');
});
afterAll(() => database.drop());

const depsOn = (db: Database) =>
  ({
    ...{ db, artefactKey: KEY, nowSeconds: () => NOW, book: () => BOOK },
    policyData: () => ({ agencies: {}, agreements: {} }),
  }) as unknown as ReceiptDeps;

async function objected(id: number): Promise<Buffer> {
  const receiptId = Buffer.alloc(16, id);
  await database.pool.query(
    `INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
     SELECT $1, $1, $2, scope_no, '{}', 0, $1, to_timestamp($3) FROM consent_scope`,
    [receiptId, MatterKind.OBJECTION, NOW],
  );
  return receiptId;
}

/** Judged when nothing stood yet; false where it is refused. */
async function decide(receiptId: Buffer, act = 'A'): Promise<boolean> {
  const body = matterActBytes({
    ...{ act: act.repeat(22), deployment: OPTIONS.deployment, kind: 'matter.decide', of: 'objection' },
    ...{ matter: receiptId.toString('base64url'), outcome: 'upheld', reason: 'grounds_hold' },
    ...{ text_vi: 'Có căn cứ.', text_en: 'It holds.' },
  } as MatterAct);
  const digest = digestOf(body);
  const own = {
    receiptId,
    digest,
    body,
    request: body,
    officer: 'officer-a',
    signature: token(0, body),
    entryId: receiptId,
  };
  for (const { text, values, orRefuse } of matterActEffects(
    KEY,
    { ...own, decides: true, known: 0 },
    { reason: ErrorReason.MATTER_STATE },
  )) {
    const { rowCount } = await database.pool.query(text, values);
    if (orRefuse !== undefined && rowCount === 0) return false;
  }
  return true;
}

/** Statements that look for one matter. */
const LOOKS = [0, 1, 2, 3];

test.each(
  LOOKS,
)('a decision after %i of the statements that look for its matter is seen, or found by the number when one more is written', async (after) => {
  const receiptId = await objected(after + 1);
  let asked = 0;
  const db: Database = {
    async query(...statement) {
      if (asked++ === after) await decide(receiptId);
      return database.pool.query(...statement);
    },
  };
  const found = await findMatter(depsOn(db), receiptId);
  expect(asked).toBe(LOOKS.length);
  const counted = found?.digests.length === 1;
  const seen = found?.receipt.decision !== undefined;
  // What is counted was seen: nobody decides by a number that hides a decision.
  expect([counted, seen]).toEqual([after === 0, after <= 2]);
});

test('of two that were judged when nothing stood, one is written', async () => {
  const receiptId = await objected(9);
  expect([await decide(receiptId), await decide(receiptId, 'B')]).toEqual([true, false]);
});
