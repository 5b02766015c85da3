import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { periodText, retentionTable } from './page.ts';
import { RETENTION, type RetentionRow } from './table.ts';

test('the page says what the jobs do', () => {
  const page = readFileSync(new URL('../docs/retention.md', import.meta.url), 'utf8');
  expect(page).toContain(`\n${retentionTable()}\n`);
});

test('what ends has somebody who ends it, and what does not end says why', () => {
  for (const row of Object.values<RetentionRow>(RETENTION)) {
    expect(row.by === undefined).toBe(row.seconds === undefined);
    expect(row.source).not.toBe('');
    expect(row.sourceVi).toMatch(/[ạảãáàăâđêôơưếộệủ]/);
  }
});

/** Tables that hold nothing about a person, by what they hold: of all others somebody has to know how long they are kept. */
const HOLDS_NO_PERSON: Readonly<Record<string, string>> = {
  deployment: 'which deployment this is',
  schema_migration: 'which migrations ran',
  register_head: 'where the register stands',
  import: 'files that were imported, and how many rows',
  catalogue_version: 'catalogues of administrative units',
  administrative_unit: 'provinces and communes',
  commune_mapping: 'provinces and communes',
  agency: 'organisations',
  agency_certificate: 'organisations',
  agency_key: 'organisations',
  agency_encryption_key: 'organisations',
  policy_bundle: 'rules',
  change: 'codes of what changed; of a consent the number of its scope, which names nobody outside of consent_scope',
  token_floor: 'a moment',
  limit_counter: 'counts of agencies and legal entities',
  log_head: 'the head of the log',
  worker: 'gateways that run',
  consent_use: 'recipients and purposes',
  access_index: 'how far the index has come',
  access_run: 'sizes of its runs',
  access_body: 'what leaves say, each once: fields and outcomes, of nobody',
  access_again: 'entries of answers that were given again',
  access_delayed: 'counts by the moment of their end',
  matter_act_judged: 'which decisions count, by their place, sealed',
};

test('of every table it is said how long it is kept, or that it holds nobody', async () => {
  const { pool, drop } = await createTestDatabase();
  const { rows } = await pool.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
  );
  await drop();
  const kept = new Set(
    Object.values<RetentionRow>(RETENTION).flatMap(({ tables }) => tables.map((table) => table.split('.')[0] ?? '')),
  );
  expect([...kept, ...Object.keys(HOLDS_NO_PERSON)].sort()).toEqual(rows.map(({ name }) => name).sort());
});

test('a period is told in the unit that people would use', () => {
  const periods = [45, 300, 72 * 3600, 30 * 86_400, 10 * 365 * 86_400, undefined];
  expect(periods.map((period) => periodText(period, 'en'))).toEqual([
    '45 s',
    '5 minutes',
    '72 hours',
    '30 days',
    '10 years',
    'kept',
  ]);
  expect(periods.map((period) => periodText(period, 'vi'))).toEqual([
    '45 giây',
    '5 phút',
    '72 giờ',
    '30 ngày',
    '10 năm',
    'giữ lại',
  ]);
});
