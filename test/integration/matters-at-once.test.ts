/** Matters of persons that two gateways are asked about at the same instant: what comes of it is one, and nothing is lost. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MatterKind, MatterOutcome } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { entry, idText, mattersOf } from '../support/gateway-matters.ts';
import { type Officer, officerOf } from '../support/gateway-officers.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { type Citizens, createCitizens } from '../support/gateway-persons.ts';

let gateway: TestGateway;
let other: Awaited<ReturnType<TestGateway['another']>>;
let citizens: Citizens;
let elsewhere: Citizens;
let officer: Officer;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 3 });
  other = await gateway.another();
  citizens = createCitizens(gateway);
  elsewhere = createCitizens(gateway, gateway.raw('citizen-page', { port: other.port }));
  officer = officerOf(gateway, 'dev-officer-1');
});
afterAll(async () => {
  await other?.stop();
  await gateway?.stop();
});

const { about, actOn, objected, receiptOf, settle, waitingOf } = mattersOf(() => ({ gateway, citizens, officer }));
const idOf = (n: number) => String(crowdPerson(n).id);

/** Both have come as far as the head of the log, which is held here: neither is committed before the other has looked. */
async function atOnce<T>(begin: () => readonly [Promise<T>, Promise<T>]): Promise<T[]> {
  const { pool } = gateway.database;
  const holding = await pool.connect();
  await holding.query('BEGIN');
  await holding.query('SELECT FROM log_head FOR UPDATE');
  const both = begin();
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await expect.poll(async () => (await pool.query(waiting)).rowCount, { timeout: 4_000 }).toBe(2);
  await holding.query('COMMIT');
  holding.release();
  return Promise.all(both);
}

test('what is asked of both is one matter, and whoever was refused is given its receipt', async () => {
  const person = await citizens.person(idOf(0));
  const copy = { kind: MatterKind.PROVISION };
  const outcomes = await atOnce(() => [
    citizens.attempt('claimRight', copy, person),
    elsewhere.attempt('claimRight', copy, person),
  ]);
  expect(outcomes.map(({ reason }) => reason ?? 'recorded').sort()).toEqual(['STORAGE_UNAVAILABLE', 'recorded']);

  const again = await Promise.all([citizens, elsewhere].map((at) => at.call('claimRight', copy, person)));
  const { receipts } = await citizens.call('listConsents', {}, person);
  expect(again.map(({ receipt }) => receipt)).toEqual([receipts[0], receipts[0]]);
  expect(receipts).toHaveLength(1);
});

test('who objects to a use at both has one matter, and nothing that either was told is lost', async () => {
  const person = await citizens.person(idOf(1));
  const [one, two] = await atOnce(() => [about(person, entry(1)), about(person, entry(2), elsewhere)]);
  expect(one?.receiptId).toEqual(two?.receiptId);
  const [[id, entries] = ['', []], ...more] = await waitingOf(idOf(1));
  const both = [1, 2].map((n) => entry(n).toString('hex'));
  expect([id, entries.toSorted(), more]).toEqual([one && idText(one), both, []]);
});

test('two officers who decide a matter otherwise have one decision, which is the person’s', async () => {
  const second = officerOf(gateway, 'dev-officer-2');
  const there = { ...second, caller: gateway.raw(second.identity, { port: other.port }) };
  const person = await citizens.person(idOf(2));
  const receipt = await objected(person);
  const outcomes = await atOnce(() => [
    settle(actOn(receipt)),
    settle(actOn(receipt, { outcome: 'upheld', reason: 'grounds_hold' }), there),
  ]);
  expect(outcomes.map(({ reason }) => reason ?? 'done').sort()).toEqual(['MATTER_STATE', 'done']);
  const stands = outcomes[0]?.code === 0 ? MatterOutcome.REJECTED : MatterOutcome.UPHELD;
  expect((await receiptOf(receipt, person)).decision?.outcome).toBe(stands);
});
