import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import type { ActBook, BookAgencyKey } from '../acts/book.ts';
import { countAgencyKeys } from './agency-keys.ts';

const NOW = 1_795_000_000;
const admitted = (agency: string, changes: Partial<BookAgencyKey> = {}) =>
  ({ agency, state: 'active', until: undefined, ...changes }) as BookAgencyKey;
const book: Pick<ActBook, 'keys' | 'barred'> = {
  keys: new Map([
    ['in-use', admitted('bank')],
    ['in-use-until-later', admitted('bank', { until: NOW + 1 })],
    ['ended', admitted('bank', { until: NOW })],
    ['retired', admitted('bank', { state: 'retired' })],
    ['barred', admitted('bank')],
    ['of-a-barred-agency', admitted('gone')],
    ['in-both', admitted('telco')],
  ]),
  barred: new Set(['key:barred', 'agency:gone', 'key:barred-row']),
};
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `INSERT INTO agency (code, legal_entity, name_vi, name_en, status) VALUES ('telco', 'LE', 'a', 'a', 'active')`,
  );
  await database.pool.query(
    `INSERT INTO agency_key (kid, agency, jwk, state) VALUES ('row', 'telco', '{}', 'active'), ('old-row', 'telco', '{}', 'retired'),
       ('in-both', 'telco', '{}', 'retired'), ('barred-row', 'telco', '{}', 'active')`,
  );
});
afterAll(() => database.drop());

it('counts what officers admitted, whatever stands in the tables, where acts alone count', async () => {
  const counts = await countAgencyKeys(database.pool, book, { actsOnly: true, now: NOW });
  expect(counts).toEqual({ active: 3, retired: 2, barred: 2 });
});

it('counts rows of the tables as well where they count, each key once', async () => {
  const counts = await countAgencyKeys(database.pool, book, { actsOnly: false, now: NOW });
  expect(counts).toEqual({ active: 4, retired: 3, barred: 3 });
});
