/** The same answer asked for again by several at once, after a consent was withdrawn: what was taken out of it is taken out once. */
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowLeaves, treeRoot } from '../../gateway/proof/batch.ts';
import { RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
import { NODE_TAGS } from '../../gateway/proof/tree.ts';
import {
  Verdict,
  VerificationService,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { attach, totalsOf } from '../support/gateway-jobs.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { type Citizens, createCitizens } from '../support/gateway-persons.ts';
import { chunkPayload, openTestStream, rowOf } from '../support/gateway-stream.ts';
import { seeded } from '../support/seeded.ts';

const { verifyPerson } = VerificationService.method;
const ROUNDS = 8;
const ROWS = 4;
const SEED = 20_261_130;
const REFS = Buffer.alloc(16 * ROWS, 9);

let gateway: TestGateway;
/** The same caller at two gateways. */
let bank: RawCaller;
let elsewhere: RawCaller;
let citizens: Citizens;
beforeAll(async () => {
  gateway = await startTestGateway({ people: [], crowd: ROUNDS * (ROWS + 1) });
  const identity = { ...gateway.identity('bank-demo'), purpose: 'customer-record' };
  const { port } = await gateway.another();
  [bank, elsewhere] = [gateway.raw(identity), gateway.raw(identity, { port })];
  citizens = createCitizens(gateway);
});
afterAll(() => gateway?.stop());

const personOf = (n: number) => citizens.person(String(crowdPerson(n).id));
async function grant(n: number): Promise<void> {
  const use = { recipients: ['bank-demo'], purposes: ['customer-record'], fieldIds: [1, 2, 3, 4] };
  expect((await citizens.grant(use, await personOf(n))).code).toBe(0);
}
const withdraw = async (n: number) =>
  citizens.call('withdrawConsent', { recipient: 'bank-demo', purpose: 'customer-record' }, await personOf(n));

test('a chunk: one root, and totals that are those of its rows', { timeout: 120_000 }, async () => {
  const random = seeded(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const people = Array.from({ length: ROWS }, (_, row) => round * ROWS + row);
    for (const n of people) await grant(n);
    const { stream, job } = await attach(bank);
    const rows = people.map((n) => rowOf(crowdPerson(n)));
    const payload = chunkPayload(0, rows, { rowRefs: REFS });
    stream.chunk(0, payload);
    const { rowSeed } = await stream.answer();
    const places = Array.from({ length: random.whole(2, 4) }, () => random.pick([bank, elsewhere]));
    const others = places.map((at) => openTestStream(at, job));
    for (const other of others) await other.open();
    const gone = people.filter((_, row) => row === 0 || random.part() < 0.5);
    for (const n of gone) await withdraw(n);
    for (const other of others) other.chunk(0, payload);
    const expected = people.map((n) => (gone.includes(n) ? Verdict.CONSENT_MISSING : Verdict.VERIFIED));
    for (const other of others) {
      const { results, rowRoot, redelivery } = await other.answer();
      expect(redelivery).toBe(true);
      expect(people.map((_, row) => results[row * RESULT_BYTES])).toEqual(expected);
      expect(Buffer.compare(rowRoot, treeRoot(rowLeaves(rowSeed, REFS, results), NODE_TAGS.row))).toBe(0);
    }
    const told = await totalsOf(bank, job.jobId);
    expect([round, told[Verdict.CONSENT_MISSING] ?? 0, told[Verdict.VERIFIED] ?? 0]).toEqual([
      ...[round, gone.length, ROWS - gone.length],
    ]);
    for (const each of [stream, ...others]) each.cancel();
  }
});

test('a call: each is answered, and none tells of the person', { timeout: 120_000 }, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const n = ROUNDS * ROWS + round;
    await grant(n);
    const { id, name, born } = crowdPerson(n);
    const asked = { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
    const bytes = requestBytes(bank.identity, verifyPerson.input, asked);
    const verdictAt = async (at: RawCaller) => {
      const { code, message } = await at.sign(verifyPerson, bytes);
      return code === 0 ? fromBinary(VerifyPersonResponseSchema, message ?? Buffer.alloc(0)).verdict : { code };
    };
    expect(await verdictAt(bank)).toBe(Verdict.VERIFIED);
    await withdraw(n);
    const again = await Promise.all([bank, elsewhere, bank, elsewhere].map(verdictAt));
    expect(again).toEqual(Array(4).fill(Verdict.CONSENT_MISSING));
  }
});
