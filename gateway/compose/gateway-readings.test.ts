import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { loadPolicyBundle } from '../../test/support/policy-bundle.ts';
import { createTestCa } from '../../test/support/test-ca.ts';
import { loadAgreements } from '../agreements/store.ts';
import { createFixture, RULES } from '../agreements/testing.ts';
import { openAgreements } from '../agreements/watch.ts';
import { readStatus } from '../operation/read-status.ts';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { gatewayReadings, type ReadingParts } from './gateway-readings.ts';

const DAY = 86_400;

test('a scrape and the status see the same end of an agreement: that of the version which takes over', async () => {
  const database = await createTestDatabase();
  const { pool } = database;
  const fixture = await createFixture(pool);
  const officers = [await fixture.officer('officer-a'), await fixture.officer('officer-b')];
  const nowSeconds = () => Date.now() / 1000;
  const end = Math.floor(nowSeconds()) + 10 * DAY;
  await fixture.put(sampleAgreement({ valid_to: end }), officers);
  await fixture.put(sampleAgreement({ version: 2, valid_from: end, valid_to: end + 365 * DAY }), officers);
  const { ca, issue } = await createTestCa();
  const tls = { ca: Buffer.from(ca), certificate: Buffer.from((await issue('gateway')).cert), key: Buffer.alloc(0) };
  const log = { info() {}, warn() {}, error() {} };
  const bundle = await loadPolicyBundle();
  const { watch } = await openAgreements({ ...RULES, pool, bundle, log, nowSeconds });

  const { stored } = gatewayReadings({
    ...{ pools: { proofs: pool }, tls, nowSeconds, actsOnly: false },
    agreements: () => watch,
    book: () => watch.book,
    rules: () => ({ revision: 1, end: end + 365 * DAY, refused: false }),
    log: {},
    appender: {},
  } as unknown as ReadingParts);
  const status = await readStatus({
    ...{ db: pool, own: tls, rulesCount: true, actsOnly: false, witnessesNeeded: 0 },
    readAgreements: () => loadAgreements({ ...RULES, pool }),
    checkLog: async () => 'sound',
    readHeadKept: async () => undefined,
    ignoredMatterActs: async () => ({ ignored: 0, fallen: 0 }),
    countMissed: async () => 0,
  });

  const endsOf = (expiries: readonly { readonly what: string; readonly until: number }[] | undefined) =>
    expiries?.filter(({ what }) => what === 'agreement').map(({ until }) => until);
  expect(endsOf((await stored())?.expiries)).toEqual([end + 365 * DAY]);
  expect(endsOf(status.stored?.expiries)).toEqual([end + 365 * DAY]);
  await database.drop();
});
