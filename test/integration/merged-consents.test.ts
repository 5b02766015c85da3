/** Two records that turn out to be one person: consents, receipts and matters of both are the person's, and the stricter of them holds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { carryConsents } from '../../gateway/consent/merged-records.ts';
import { lookedUp } from '../../gateway/consent/officers-look.ts';
import { findMatter, listMatters } from '../../gateway/consent/officers-matters.ts';
import type { ReceiptDeps } from '../../gateway/consent/receipts.ts';
import type { OnMerged } from '../../gateway/register/import/context.ts';
import { importPersons } from '../../gateway/register/import/import-persons.ts';
import { createRowLookup } from '../../gateway/register/lookup.ts';
import { readMigrations } from '../../gateway/storage/migrate.ts';
import { ConsentState, MatterKind, MatterState } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { Verdict, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { type Citizens, createCitizens } from '../support/gateway-persons.ts';
import { testKeys } from './register/keys.ts';

const BANK = { recipient: 'bank-demo', purpose: 'customer-record' };
const USE = { recipients: [BANK.recipient], purposes: [BANK.purpose] };

let gateway: TestGateway;
let bank: RawCaller;
let citizens: Citizens;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-merged-'));
  gateway = await startTestGateway({ crowd: 60 });
  bank = gateway.raw({ ...gateway.identity('bank-demo'), purpose: BANK.purpose });
  citizens = createCitizens(gateway);
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (n: number) => String(crowdPerson(n).id);
const as = (n: number) => citizens.person(idOf(n));
const give = async (n: number) => {
  const outcome = await citizens.grant({ ...USE, fieldIds: [1, 2, 3, 4] }, await as(n));
  expect(outcome.reason).toBeUndefined();
};
const states = async (n: number) =>
  (await citizens.call('listConsents', {}, await as(n))).consents.map(({ state }) => state);
const receipts = async (n: number) => (await citizens.call('listConsents', {}, await as(n))).receipts;
/** What the bank is told of the living record, under whichever number. */
const verdict = async (asked: number, living: number) => {
  const { name, born } = crowdPerson(living);
  const row = { idNumber: idOf(asked), fullName: name, dateOfBirth: printDate(born) };
  return (await bank.call(VerificationService.method.verifyPerson, row)).message.verdict;
};
/** The register learns that these numbers are of one person. */
async function merge(old: number, living: number, onMerged: OnMerged = carryConsents): Promise<void> {
  const file = join(folder, `${old}.csv`);
  const header = 'personal_id,full_name,date_of_birth,status,superseded_by';
  writeFileSync(file, `${header}\n${idOf(old)},,,id_superseded,${idOf(living)}\n`);
  const { url } = gateway.database;
  const done = await importPersons({
    ...{ file, url, keys: testKeys(), deploymentKind: 'development' as const, onMerged },
  });
  expect(done).toMatchObject({ changed: 2, rejected: 0 });
}

test('what was objected to under the old number holds under the new one, until it is lifted there', async () => {
  const [old, living] = [0, 1];
  await give(old);
  await give(living);
  const correction = { kind: MatterKind.CORRECTION, fields: { paths: ['full_name'] } };
  const { receipt: asked } = await citizens.call('claimRight', correction, await as(old));
  const { receipt } = await citizens.call('object', BANK, await as(old));
  expect(await verdict(living, living)).toBe(Verdict.VERIFIED);
  await merge(old, living);

  expect(await verdict(living, living)).not.toBe(Verdict.VERIFIED);
  expect(await states(living)).toEqual([ConsentState.RESTRICTED, ConsentState.RESTRICTED]);
  // One that is given now rests as well.
  await give(living);
  expect(await states(old)).toEqual(Array(3).fill(ConsentState.RESTRICTED));
  expect(await verdict(living, living)).not.toBe(Verdict.VERIFIED);
  expect((await receipts(living)).map(({ kind }) => kind)).toEqual([MatterKind.OBJECTION, MatterKind.CORRECTION]);
  // Asked again under the new number, it is the request that waits already.
  const again = await citizens.call('claimRight', correction, await as(living));
  expect(again.receipt?.receiptId).toEqual(asked?.receiptId);
  const found = await citizens.call('getReceipt', { receiptId: receipt?.receiptId }, await as(living));
  expect(found.receipt?.kind).toBe(MatterKind.OBJECTION);

  // Officers find both by either number, and none of them decides of themselves: all numbers count.
  const deps = {
    ...{ db: gateway.database.pool, nowSeconds: () => Date.now() / 1000, book: () => ({ officers: new Map() }) },
    policyData: () => ({ agencies: {}, agreements: {} }),
  } as unknown as ReceiptDeps;
  for (const personalId of [idOf(old), idOf(living)]) {
    const { personNos } = await lookedUp(createRowLookup(gateway.database.pool), personalId);
    const { matters } = await listMatters(deps, { openOnly: true, personNos, ids: undefined, page: undefined });
    // The first due first.
    expect(matters.map((matter) => matter.receipt.kind)).toEqual([MatterKind.CORRECTION, MatterKind.OBJECTION]);
  }
  const matter = await findMatter(deps, Buffer.from(receipt?.receiptId ?? []));
  expect([...(matter?.numbers ?? [])].sort()).toEqual([idOf(old), idOf(living)]);

  await citizens.call('restrict', { ...BANK, lift: true }, await as(living));
  expect(await states(living)).toEqual(Array(3).fill(ConsentState.IN_FORCE));
  expect(await verdict(old, living)).toBe(Verdict.VERIFIED);
  const lifted = await citizens.call('getReceipt', { receiptId: receipt?.receiptId }, await as(living));
  expect(lifted.receipt?.clocks.every(({ metAt }) => metAt > 0n)).toBe(true);
});

test('of two restrictions both are lifted before anything covers again', async () => {
  const [old, living] = [2, 3];
  for (const n of [old, living]) {
    await give(n);
    await citizens.call('restrict', BANK, await as(n));
  }
  await merge(old, living);
  await citizens.call('restrict', { ...BANK, lift: true }, await as(living));
  expect(await states(living)).toEqual([ConsentState.RESTRICTED, ConsentState.RESTRICTED]);
  expect(await verdict(living, living)).not.toBe(Verdict.VERIFIED);
  await citizens.call('restrict', { ...BANK, lift: true }, await as(living));
  expect(await states(living)).toEqual([ConsentState.IN_FORCE, ConsentState.IN_FORCE]);
  expect(await verdict(living, living)).toBe(Verdict.VERIFIED);
});

test('what was given under the old number covers under the new one, and is withdrawn there with the rest', async () => {
  const [old, living] = [4, 5];
  await give(old);
  const kept = citizens.issuer.issue({ ...USE, personalId: idOf(living), fieldIds: [1, 2, 3, 4] });
  await merge(old, living);
  expect(await states(living)).toEqual([ConsentState.IN_FORCE]);
  expect(await verdict(living, living)).toBe(Verdict.VERIFIED);
  const { receipt } = await citizens.call('withdrawConsent', BANK, await as(living));
  expect(receipt?.state).toBe(MatterState.ACKNOWLEDGED);
  expect(receipt?.consentIds).toHaveLength(1);
  expect(await states(living)).toEqual([ConsentState.WITHDRAWN]);
  expect(await verdict(living, living)).not.toBe(Verdict.VERIFIED);
  expect((await citizens.attempt('grantConsent', { artefact: kept }, await as(living))).reason).toBe(
    'CONSENT_WITHDRAWN',
  );
});

/** As an earlier version did it: nothing followed for consents. */
const asBefore: OnMerged = async () => {};
const derive = () => gateway.database.pool.query(readMigrations().find(({ version }) => version === 22)?.sql ?? '');
/** What covers, by the records that it is found under and was given in. */
const covering = async (living: number) =>
  (
    await gateway.database.pool.query(
      `SELECT f.consent_no FROM consent_in_force f JOIN person p USING (person_no) WHERE p.personal_id = $1 ORDER BY 1`,
      [idOf(living)],
    )
  ).rows.length;

test.each([
  ['now', carryConsents, async () => {}],
  ['by an earlier version', asBefore, derive],
])('of records merged %s, what was given and taken back under either counts for both', async (when, onMerged, then) => {
  const first = when === 'now' ? 6 : 30;
  const pair = (at: number): [number, number] => [first + at * 2, first + at * 2 + 1];
  // Given under the old number alone.
  const [given, givenNow] = pair(0);
  await give(given);
  // Given under both, restricted under the old one.
  const [rested, restedNow] = pair(1);
  await give(rested);
  await give(restedNow);
  await citizens.call('restrict', BANK, await as(rested));
  // Restricted and lifted under the old number.
  const [lifted, liftedNow] = pair(2);
  await give(lifted);
  await citizens.call('restrict', BANK, await as(lifted));
  await citizens.call('restrict', { ...BANK, lift: true }, await as(lifted));
  // Given under both, and withdrawn under the living one.
  const [ended, endedNow] = pair(3);
  await give(ended);
  await give(endedNow);
  await citizens.call('withdrawConsent', BANK, await as(endedNow));
  // Restricted under the living number, and lifted there when both were one, before anything was derived.
  const [later, laterNow] = pair(4);
  await give(later);
  await give(laterNow);
  await citizens.call('restrict', BANK, await as(laterNow));
  // Given under a record that was merged into one that was merged itself.
  const [far, near] = pair(5);
  const [nearest] = pair(6);
  await give(far);
  for (const [old, living] of [0, 1, 2, 3, 4, 5].map(pair)) await merge(old, living, onMerged);
  await merge(near, nearest, onMerged);
  await citizens.call('restrict', { ...BANK, lift: true }, await as(laterNow));
  await then();
  // Once more changes nothing.
  await then();

  const found = async (living: number) => ({
    states: await states(living),
    covering: await covering(living),
    told: (await verdict(living, living)) === Verdict.VERIFIED,
  });
  const { IN_FORCE, RESTRICTED, WITHDRAWN } = ConsentState;
  expect(await found(givenNow)).toEqual({ states: [IN_FORCE], covering: 1, told: true });
  expect(await found(restedNow)).toEqual({ states: [RESTRICTED, RESTRICTED], covering: 0, told: false });
  expect(await found(liftedNow)).toEqual({ states: [IN_FORCE], covering: 1, told: true });
  expect(await found(endedNow)).toEqual({ states: [WITHDRAWN, WITHDRAWN], covering: 0, told: false });
  expect(await found(laterNow)).toEqual({ states: [IN_FORCE, IN_FORCE], covering: 2, told: true });
  expect(await found(nearest)).toEqual({ states: [IN_FORCE], covering: 1, told: true });
  // Nothing is left under a record that no number leads to.
  const { rows } = await gateway.database.pool.query(
    'SELECT FROM consent_in_force JOIN person USING (person_no) WHERE merged_into IS NOT NULL',
  );
  expect(rows).toEqual([]);
});

test('an import goes on where somebody lifted what stood under a record that an earlier version merged', async () => {
  const [old, living, another] = [50, 51, 52];
  await give(old);
  await give(living);
  await citizens.call('restrict', BANK, await as(living));
  await merge(old, living, asBefore);
  await citizens.call('restrict', { ...BANK, lift: true }, await as(living));
  await merge(another, living);
  expect([await states(living), await covering(living)]).toEqual([Array(2).fill(ConsentState.IN_FORCE), 2]);
});
