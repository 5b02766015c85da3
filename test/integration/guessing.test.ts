/** Guessing what the register holds: field by field, number by number, one after the other and all at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withChanges } from '../../gateway/agencies/changes.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { attach } from '../support/gateway-jobs.ts';
import { crowdPerson, printDate, type TestPerson } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, resultsOf, rowOf } from '../support/gateway-stream.ts';
import { createIdentities } from '../support/identities.ts';

const { verifyPerson } = VerificationService.method;
const [TRUE, FALSE, NOT_AVAILABLE] = [1, 2, 3];
/** Different wrong values that are answered. */
const BOUND = 5;
const NAME_BOUND = 20;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.stop());

const asked = (person: TestPerson, changes: object = {}) => ({
  idNumber: String(person.id),
  fullName: person.name,
  dateOfBirth: printDate(person.born),
  ...changes,
});
/** Birth dates that are nobody's of the crowd. */
const wrongDate = (n: number) =>
  `2001-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`;
const ask = async (caller: RawCaller, person: TestPerson, changes: object = {}) =>
  (await caller.call(verifyPerson, asked(person, changes))).message;

/** What an answer tells: all but when it was given, and its random bytes. */
const told = ({
  verdict,
  idResult,
  nameResult,
  birthDateResult,
  reasons,
  score,
  nameScore,
  notices,
}: Awaited<ReturnType<typeof ask>>) => ({
  ...{ verdict, idResult, nameResult, birthDateResult, reasons, score, nameScore, notices },
});

test('several legal entities that guess the same of one person raise an alarm, once, and none of them is refused for the others', async () => {
  const person = crowdPerson(63);
  const alarms = () => gateway.logged().filter((line) => line.includes('several legal entities guess'));
  for (const agency of ['viettel', 'mobifone', 'vinaphone']) {
    expect(alarms()).toEqual([]);
    const caller = gateway.raw(agency);
    for (let n = 0; n < 4; n++) {
      expect((await ask(caller, person, { dateOfBirth: wrongDate(n) })).birthDateResult).toBe(FALSE);
    }
  }
  expect(alarms()).toHaveLength(1);
  const status = await runCaptured(['status', '--json', '--config', gateway.deployment.configPath]);
  const { findings } = JSON.parse(status.stdout) as { findings: { finding: string; count: number }[] };
  expect(findings.find(({ finding }) => finding === 'GUESSES_CROSS')?.count).toBe(1);
});

describe('a date of birth', () => {
  test('is not found out: once the budget is spent right and wrong look alike, by a call, in a job, under another certificate or agency, after a restart, elsewhere', async () => {
    const person = crowdPerson(7);
    const viettel = gateway.raw('viettel');
    for (let n = 0; n < BOUND - 2; n++) {
      expect((await ask(viettel, person, { dateOfBirth: wrongDate(n) })).birthDateResult).toBe(FALSE);
    }
    // The same value again is free, also written in another way.
    expect((await ask(viettel, person, { dateOfBirth: wrongDate(0) })).birthDateResult).toBe(FALSE);
    expect((await ask(viettel, person, { dateOfBirth: '01/01/2001' })).birthDateResult).toBe(FALSE);
    // A chunk counts as a call does, and again only where it says something else.
    const { job, stream } = await attach(viettel);
    const payload = chunkPayload(1, [{ ...rowOf(person), born: wrongDate(BOUND - 2) }]);
    stream.chunk(1, payload);
    expect(resultsOf(await stream.answer())[0]?.birthDate).toBe(FALSE);
    stream.chunk(1, payload);
    expect(resultsOf(await stream.answer())[0]?.birthDate).toBe(FALSE);
    expect((await ask(viettel, person)).birthDateResult).toBe(TRUE);
    stream.close();
    // So does a request that is sent again: the last of the budget.
    const bytes = requestBytes(
      viettel.identity,
      verifyPerson.input,
      asked(person, { dateOfBirth: wrongDate(BOUND - 1) }),
    );
    const [first, again] = [await viettel.sign(verifyPerson, bytes), await viettel.sign(verifyPerson, bytes)];
    expect(again.message).toEqual(first.message);

    const wrong = told(await ask(viettel, person, { dateOfBirth: wrongDate(BOUND) }));
    expect(wrong).toMatchObject({ idResult: TRUE, nameResult: TRUE, birthDateResult: NOT_AVAILABLE });
    const right = async (caller: RawCaller) => told(await ask(caller, person));
    expect(await right(viettel)).toEqual(wrong);
    expect(told(await ask(viettel, person, { dateOfBirth: wrongDate(0) }))).toEqual(wrong);
    // The other field has a budget of its own.
    expect((await ask(viettel, person, { fullName: 'Trần Quốc Toản' })).nameResult).toBe(FALSE);

    const resumed = openTestStream(viettel, job);
    await resumed.open();
    const both = [rowOf(person), { ...rowOf(person), born: wrongDate(9) }];
    resumed.chunk(0, chunkPayload(0, Array(128).fill(both).flat()));
    const dates = new Set(resultsOf(await resumed.answer()).map(({ birthDate }) => birthDate));
    expect([...dates]).toEqual([NOT_AVAILABLE]);
    resumed.cancel();

    const identities = createIdentities({ pool: gateway.database.pool, deployment: gateway.deployment });
    const { certificate, key } = await identities.certificate('viettel');
    await gateway.restart('SIGKILL');
    expect(await right(gateway.raw({ ...gateway.identity('viettel'), certificate, key }))).toEqual(wrong);
    const other = await gateway.another();
    expect(await right(gateway.raw('viettel', { port: other.port }))).toEqual(wrong);
    // Another legal entity has its own budget; an agency of the same has not.
    const mobifone = gateway.raw('mobifone');
    expect((await ask(mobifone, person)).birthDateResult).toBe(TRUE);
    await withChanges(gateway.database.pool, async (tx) => {
      await tx.query("UPDATE agency SET legal_entity = 'LE-VIETTEL' WHERE code = 'mobifone'");
      return [{ kind: 'agency', subject: 'mobifone' }];
    });
    await expect.poll(async () => told(await ask(mobifone, person)), { timeout: 5000 }).toEqual(wrong);
    await other.stop();
  }, 90_000);

  test('is not found out by asking all dates at once, through two gateways: never more answers than the budget, and the right one only while there was some', async () => {
    const person = crowdPerson(21);
    const other = await gateway.another();
    const callers = [gateway.raw('vinaphone'), gateway.raw('vinaphone', { port: other.port })];
    const dates = [
      ...Array.from({ length: 40 }, (_, n) => wrongDate(n % 28)),
      ...Array.from({ length: 4 }, () => printDate(person.born)),
    ];
    const shuffled = dates.map((date, n) => ({ date, at: (n * 29) % dates.length })).sort((a, b) => a.at - b.at);
    const outcomes = await Promise.all(
      shuffled.map(async ({ date }, n) => {
        const { message, outcome } = await callers[n % 2]!.call(verifyPerson, asked(person, { dateOfBirth: date }));
        return { date, result: message.birthDateResult, leaf: outcome.claims?.leaf ?? '' };
      }),
    );
    const { rows } = await gateway.database.pool.query<{ id: Buffer; idx: string }>(
      'SELECT entry_id AS id, idx FROM log_index',
    );
    const position = new Map(rows.map(({ id, idx }) => [id.toString('base64url'), Number(idx)]));
    const at = ({ leaf }: { leaf: string }) => position.get(leaf) ?? -1;
    const wrong = outcomes.filter(({ result }) => result === FALSE);
    expect(new Set(wrong.map(({ date }) => date)).size).toBe(BOUND);
    const last = Math.max(
      ...[...Map.groupBy(wrong, ({ date }) => date).values()].map((same) => Math.min(...same.map(at))),
    );
    for (const one of outcomes.filter(({ result }) => result === TRUE)) expect(at(one)).toBeLessThan(last);
    expect(outcomes.every(({ result }) => [TRUE, FALSE, NOT_AVAILABLE].includes(result))).toBe(true);
    await other.stop();
  });

  test('is not found out by asking all of them in one chunk', async () => {
    const person = crowdPerson(35);
    const { stream } = await attach(gateway.raw('vinaphone'));
    const rows = Array.from({ length: 12 }, (_, n) => ({ ...rowOf(person), born: wrongDate(n) }));
    stream.chunk(0, chunkPayload(0, [...rows.slice(0, 3), rowOf(person), ...rows.slice(3), rowOf(person)]));
    const results = resultsOf(await stream.answer()).map(({ birthDate }) => birthDate);
    expect(results.slice(0, 6)).toEqual([FALSE, FALSE, FALSE, TRUE, FALSE, FALSE]);
    expect(new Set(results.slice(6))).toEqual(new Set([NOT_AVAILABLE]));
    stream.cancel();
  });
});

test('the number of somebody known by name and date is not found by trying numbers, in whatever order and spelling the name is written', async () => {
  const person = crowdPerson(49);
  const viettel = gateway.raw('viettel');
  const plain = person.name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D');
  const names = [person.name, plain, person.name.toUpperCase(), person.name.split(' ').reverse().join(' ')];
  const { stream } = await attach(viettel);
  const tries = Array.from({ length: NAME_BOUND }, (_, n) => ({
    ...rowOf(person),
    id: String(n % 2 === 0 ? crowdPerson(100 + n).id : 999_000_000_000 + n),
    name: names[n % names.length] ?? '',
  }));
  stream.chunk(0, chunkPayload(0, tries));
  expect(resultsOf(await stream.answer()).every(({ verdict }) => verdict === 3 || verdict === 4)).toBe(true);
  stream.cancel();
  const found = await ask(viettel, person);
  expect(found).toMatchObject({ nameResult: NOT_AVAILABLE, birthDateResult: NOT_AVAILABLE });
  expect(
    told(await ask(viettel, crowdPerson(50), { fullName: person.name, dateOfBirth: printDate(person.born) })),
  ).toEqual(told(found));
  // Others of that name, and he himself asked about by others, are not concerned.
  expect((await ask(viettel, crowdPerson(51))).verdict).toBe(1);
  expect((await ask(gateway.raw('vinaphone'), person)).verdict).toBe(1);
});

test.each([
  [
    'signs that the matcher does not read',
    53,
    (name: string, n: number) => `${name.slice(0, 2)}${'\u200b'.repeat(n)}'${name.slice(2)}${' .'.repeat(n)}`,
  ],
  [
    'notes and titles',
    54,
    (name: string, n: number) => `${'Ông '.repeat(n % 3)}${name} (${n}) con bà ${'b'.repeat(n)}`,
  ],
  ['words that nobody bears', 55, (name: string, n: number) => name.replace(' ', ` ${'bcd'.repeat(n + 1)}a `)],
])('nor with %s in the name', async (_, at, vary) => {
  const person = crowdPerson(at);
  const viettel = gateway.raw('viettel');
  const { stream } = await attach(viettel);
  const rows = Array.from({ length: NAME_BOUND }, (_one, n) => ({
    ...{ ...rowOf(person), id: String(999_100_000_000 + at * 100 + n), name: vary(person.name, n) },
  }));
  stream.chunk(0, chunkPayload(0, rows));
  expect(resultsOf(await stream.answer()).every(({ verdict }) => verdict === 4)).toBe(true);
  stream.cancel();
  expect(await ask(viettel, person, { fullName: vary(person.name, NAME_BOUND) })).toMatchObject({
    ...{ nameResult: NOT_AVAILABLE, birthDateResult: NOT_AVAILABLE },
  });
  expect((await ask(gateway.raw('vinaphone'), person, { fullName: vary(person.name, NAME_BOUND) })).nameResult).toBe(
    TRUE,
  );
});

test('the tables of the guard hold no number, name or date, and none of their hashes without a key', async () => {
  const { rows } = await gateway.database.pool.query<{ text: string }>('SELECT g::text AS text FROM guess g');
  const text = rows.map((row) => row.text).join('\n');
  expect(rows.length).toBeGreaterThan(BOUND);
  for (const person of [7, 21, 35, 49].map(crowdPerson)) {
    expect(text).not.toContain(String(person.id));
    expect(text).not.toContain(String(person.born));
  }
});
