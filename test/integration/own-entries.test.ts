/** In which entries of the log a person's consents and requests stand: nothing says so once they were unlinked, or after ten years. */
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { unlinkPerson } from '../../gateway/accesses/unlink-person.ts';
import { verifyLog } from '../../gateway/audit/verify-log.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { readGatewayConfig } from '../../gateway/config/read-config.ts';
import { forgetOldEntries, forgetOwnEntries } from '../../gateway/retention/own-entries.ts';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ConsentState, MatterKind, MatterState } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { type ActingCitizen, type Citizens, createCitizens } from '../support/gateway-persons.ts';

const USE = { recipient: 'bank-demo', purpose: 'customer-record' };
const TEN_YEARS = 10 * 365 * 86_400;

let gateway: TestGateway;
let citizens: Citizens;
let next = 0;
let id: string;
let who: ActingCitizen;
let personNo: number;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 20, config: { accesses: { index: true } } });
  citizens = createCitizens(gateway);
});
afterAll(() => gateway?.stop());

const query = (text: string, values: readonly unknown[] = []) => gateway.database.pool.query(text, values);

/** Somebody of the crowd who consented, withdrew, asked for a copy and objected to an access that the log has. */
beforeEach(async () => {
  id = String(crowdPerson(next).id);
  next += 1;
  who = await citizens.person(id);
  const { rows } = await query('SELECT person_no::float8 AS no FROM person WHERE personal_id = $1', [id]);
  personNo = rows[0]?.no as number;
  await citizens.call('listConsents', {}, who);
  const { rows: looks } = await query('SELECT entry_id FROM log_index ORDER BY idx DESC LIMIT 1');
  await citizens.grant({ recipients: [USE.recipient], purposes: [USE.purpose], fieldIds: [1, 2] }, who);
  await citizens.call('withdrawConsent', USE, who);
  await citizens.call('claimRight', { kind: MatterKind.PROVISION }, who);
  await citizens.call('object', { ...USE, entryId: looks[0]?.entry_id as Buffer }, who);
});

/** As somebody with a dump asks: entries of the log that a column in clear beside the person's number names, or has the digest of. */
async function linked(): Promise<number> {
  const { rows } = await query(
    `WITH s AS (SELECT scope_no FROM consent_scope WHERE person_no = $1),
     named AS (
       SELECT entry_id AS value FROM consent JOIN s USING (scope_no)
       UNION ALL SELECT unnest(ARRAY[m.entry_id, m.about_entry, m.request_digest, a.entry_id])
       FROM consent_matter m JOIN s USING (scope_no) LEFT JOIN consent_acknowledgement a USING (receipt_id))
     SELECT count(*)::integer AS n FROM log_entry e
     WHERE EXISTS (SELECT FROM named WHERE octet_length(value) > 0 AND position(value IN e.entry) > 0)`,
    [personNo],
  );
  return rows[0]?.n as number;
}

async function shown() {
  const { consents, receipts } = await citizens.call('listConsents', {}, who);
  return {
    consents: consents.map(({ state, recipient, grantedAt }) => ({ state, recipient, grantedAt })),
    receipts: receipts.map(({ entryId: _, acknowledgementEntryId: __, $unknown: ___, ...rest }) => rest),
    entryIds: [
      ...consents.map(({ entryId }) => entryId.length),
      ...receipts.flatMap(({ entryId, acknowledgementEntryId }) => [entryId.length, acknowledgementEntryId.length]),
    ],
  };
}

test('erasure leaves none, receipts go on without, and what comes names its own again', async () => {
  const { pool } = gateway.database;
  const before = await shown();
  expect(before.consents.map(({ state }) => state)).toEqual([ConsentState.WITHDRAWN]);
  expect(before.receipts.map(({ state }) => state)).toEqual(new Array(3).fill(MatterState.ACKNOWLEDGED));
  expect(new Set(before.entryIds)).toEqual(new Set([16]));
  // The access objected to; of the grant and the claim one; of the withdrawal and the objection the act, its acknowledgement, the call.
  expect(await linked()).toBe(9);

  const { evidence } = (await readGatewayConfig(gateway.deployment.configPath, process.env)).keys;
  expect(await unlinkPerson({ pool, evidence, settleMs: 0 }, personNo)).toMatchObject({ waiting: 0 });
  expect(await linked()).toBe(0);
  const after = await shown();
  expect({ ...after, entryIds: before.entryIds }).toEqual(before);
  expect(new Set(after.entryIds)).toEqual(new Set([0]));
  expect((await verifyLog(pool)).findings).toEqual([]);

  const { receipt } = await citizens.call('claimRight', { kind: MatterKind.DELETION }, who);
  const { receipt: again } = await citizens.call('getReceipt', { receiptId: receipt?.receiptId }, who);
  expect(again?.entryId).toEqual(receipt?.entryId);
});

test('a matter that waits for its acknowledgement keeps its entry for it, and nothing else', async () => {
  const { pool } = gateway.database;
  const { rows } = await query(
    `SELECT m.receipt_id, m.entry_id, m.revision::text AS revision FROM consent_matter m JOIN consent_scope s USING (scope_no)
     WHERE s.person_no = $1 AND m.kind = $2`,
    [personNo, MatterKind.OBJECTION],
  );
  const [{ receipt_id: receiptId, entry_id: entryId } = {}] = rows;
  // As if it were not acknowledged yet, and could not be: no gateway settles so far.
  await query('INSERT INTO consent_pending (receipt_id, revision) VALUES ($1, 9000000000000)', [receiptId]);
  await query('DELETE FROM consent_acknowledgement WHERE receipt_id = $1', [receiptId]);
  expect((await forgetOwnEntries(pool, [personNo])).waiting).toBe(1);
  // The act, its call, and what had been acknowledged; neither the access nor any other act.
  expect(await linked()).toBe(3);
  // The acknowledgement names it.
  await query('UPDATE consent_pending SET revision = 0 WHERE receipt_id = $1', [receiptId]);
  await expect
    .poll(async () => (await query('SELECT FROM consent_pending WHERE receipt_id = $1', [receiptId])).rowCount)
    .toBe(0);
  const { rows: newest } = await query(
    'SELECT e.entry FROM consent_acknowledgement a JOIN log_entry e USING (entry_id) WHERE a.receipt_id = $1',
    [receiptId],
  );
  expect(Buffer.from(fromBinary(EntrySchema, newest[0]?.entry as Buffer).earlierEntryId)).toEqual(entryId);
  expect(await forgetOwnEntries(pool, [personNo])).toEqual({ cleared: 2, waiting: 0 });
  expect(await forgetOwnEntries(pool, [personNo])).toEqual({ cleared: 0, waiting: 0 });
  expect(await linked()).toBe(0);
});

test('"retention run" leaves none that is older than ten years, and all that is younger', async () => {
  const { pool } = gateway.database;
  expect(await forgetOldEntries(pool, TEN_YEARS)).toBe(0);
  const mine = 'scope_no IN (SELECT scope_no FROM consent_scope WHERE person_no = $1)';
  const ago = "interval '3651 days'";
  await query(`UPDATE consent SET granted_at = granted_at - ${ago} WHERE ${mine}`, [personNo]);
  await query(`UPDATE consent_matter SET recorded_at = recorded_at - ${ago} WHERE ${mine}`, [personNo]);
  await query(
    `UPDATE consent_acknowledgement SET acknowledged_at = acknowledged_at - ${ago}
     WHERE receipt_id IN (SELECT receipt_id FROM consent_matter WHERE ${mine})`,
    [personNo],
  );
  const others = 'SELECT count(*)::integer AS n FROM consent_matter WHERE octet_length(entry_id) > 0';
  const { rows: all } = await query(others);
  expect(await linked()).toBe(9);
  const { code, stdout } = await runCaptured(['retention', 'run', '--json', '--config', gateway.deployment.configPath]);
  // A consent, three matters, and the acknowledgement of each.
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { log_people: 0, own_entries: 7 }]);
  expect(await linked()).toBe(0);
  expect((await shown()).receipts).toHaveLength(3);
  const { rows: left } = await query(others);
  expect(left[0]?.n).toBe((all[0]?.n as number) - 3);
});

test('nor the access that a younger objection is about, where that is too old', async () => {
  const { pool } = gateway.database;
  const aboutOf = async () =>
    (
      await query(
        `SELECT about_entry, octet_length(entry_id) AS own FROM consent_matter JOIN consent_scope USING (scope_no)
         WHERE person_no = $1 AND kind = $2`,
        [personNo, MatterKind.OBJECTION],
      )
    ).rows[0];
  expect((await aboutOf())?.about_entry).toHaveLength(16);
  // The objection counts as just made, all that the log has as old.
  const { rows: own } = await query(
    `UPDATE consent_matter m SET recorded_at = now() + interval '1 hour' FROM consent_scope s
     WHERE s.scope_no = m.scope_no AND s.person_no = $1 RETURNING 1`,
    [personNo],
  );
  expect(own).toHaveLength(3);
  expect(await forgetOldEntries(pool, -60)).toBeGreaterThan(0);
  expect(await aboutOf()).toEqual({ about_entry: null, own: 16 });
});
