/** Whoever may not know that people exist: the same bytes and the same statements for those who do, who do not, and who may not be asked about; also when asked again. */
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  VerificationService,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { countStatements, type StatementCounter } from '../support/count-statements.ts';
import { createTestDatabase } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf, replaceAgreement, withoutGrants } from '../support/gateway-agreements.ts';
import { type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';

const { verifyPerson } = VerificationService.method;
const NOT_CONFIRMED = 10;
const TRIES = 8;

let gateway: TestGateway;
let counter: StatementCounter;
beforeAll(async () => {
  const database = await createTestDatabase();
  counter = await countStatements(database.url);
  gateway = await startTestGateway({ database: { ...database, url: counter.url } });
});
afterAll(async () => {
  await gateway?.stop();
  counter?.close();
});

/** Each call about another number, so that no budget is spent. */
let asked = 0;
const CASES = {
  /** Somebody's number, with another's date. */
  exists: () => {
    const { id, name } = crowdPerson(asked++);
    return { idNumber: String(id), fullName: name, dateOfBirth: '2001-02-03' };
  },
  /** Nobody's number. */
  absent: () => {
    const { name } = crowdPerson(asked++);
    return { idNumber: String(999_200_000_000 + asked), fullName: name, dateOfBirth: '2001-02-03' };
  },
  /** Somebody as the register has him: under consent, and none was given. */
  right: () => {
    const { id, name, born } = crowdPerson(asked++);
    return { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
  },
};

/** Sizes of the answers, and the fewest statements of several calls: what else the gateway does now and then comes on top. */
async function observe(caller: RawCaller, make: () => object) {
  const sizes = new Set<number>();
  let fewest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < TRIES; n++) {
    counter.reset();
    const { message, code } = await caller.attempt(verifyPerson, make());
    fewest = Math.min(fewest, counter.count);
    expect(code).toBe(0);
    expect(fromBinary(VerifyPersonResponseSchema, message ?? new Uint8Array()).verdict).toBe(NOT_CONFIRMED);
    sizes.add(message?.length ?? 0);
  }
  return { sizes: [...sizes], fewest };
}

/** The same message twice, under two tokens: whether the second answer is the first, and its fewest statements. */
async function observeAgain(caller: RawCaller, make: () => object) {
  const same = new Set<boolean>();
  let fewest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < TRIES; n++) {
    const bytes = requestBytes(caller.identity, verifyPerson.input, make());
    const first = await caller.sign(verifyPerson, bytes);
    counter.reset();
    const again = await caller.sign(verifyPerson, bytes);
    fewest = Math.min(fewest, counter.count);
    expect([first.code, again.code]).toEqual([0, 0]);
    same.add(Buffer.compare(first.message ?? Buffer.alloc(0), again.message ?? Buffer.alloc(1)) === 0);
  }
  return { same: [...same], fewest };
}

describe('a caller without the grant', () => {
  test('under consent: exists, does not, and may not be looked at', async () => {
    const bank = gateway.raw('bank-demo');
    await observe(bank, CASES.exists);
    const exists = await observe(bank, CASES.exists);
    expect(exists.sizes).toHaveLength(1);
    expect(exists.fewest).toBeGreaterThan(3);
    expect(await observe(bank, CASES.absent)).toEqual(exists);
    expect(await observe(bank, CASES.right)).toEqual(exists);
  });

  test('under consent, the same request once more', async () => {
    const bank = gateway.raw('bank-demo');
    const exists = await observeAgain(bank, CASES.exists);
    expect(exists.same).toEqual([true]);
    expect(exists.fewest).toBeGreaterThan(3);
    expect(await observeAgain(bank, CASES.absent)).toEqual(exists);
    expect(await observeAgain(bank, CASES.right)).toEqual(exists);
  });

  test('under statute: exists and differs, or does not exist; also once the budgets are spent', async () => {
    const viettel = gateway.raw('viettel');
    const agreement = await agreementOf('viettel');
    await replaceAgreement(gateway, { ...agreement, grants: withoutGrants(agreement) });
    const known = () => ({ ...CASES.exists(), fullName: 'Trần Quốc Toản' });
    await expect
      .poll(
        async () =>
          fromBinary(
            VerifyPersonResponseSchema,
            (await viettel.attempt(verifyPerson, known())).message ?? new Uint8Array(),
          ).verdict,
        { timeout: 5000 },
      )
      .toBe(NOT_CONFIRMED);
    const exists = await observe(viettel, CASES.exists);
    expect(exists.sizes).toHaveLength(1);
    expect(await observe(viettel, CASES.absent)).toEqual(exists);

    const person = crowdPerson(290);
    const guess = (idNumber: string) => async (n: number) => {
      const { message } = await viettel.attempt(verifyPerson, {
        idNumber,
        fullName: person.name,
        dateOfBirth: `2001-03-${10 + n}`,
      });
      return fromBinary(VerifyPersonResponseSchema, message ?? new Uint8Array()).verdict;
    };
    for (const id of [String(person.id), '999200999999']) {
      for (let n = 0; n < 6; n++) expect(await guess(id)(n)).toBe(NOT_CONFIRMED);
    }
    const spent = (idNumber: string) => () => ({
      idNumber,
      fullName: person.name,
      dateOfBirth: printDate(person.born),
    });
    const right = await observe(viettel, spent(String(person.id)));
    expect(await observe(viettel, spent('999200999999'))).toEqual(right);
  });
});
