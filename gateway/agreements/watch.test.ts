import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { loadPolicyBundle } from '../../test/support/policy-bundle.ts';
import type { PolicyInput } from '../policy/input.ts';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { StorageError } from '../storage/errors.ts';
import type { Pool } from '../storage/pool.ts';
import { type AgreementsFixture, createFixture, emptyTables, type Officer, RULES, signatureOf } from './testing.ts';
import { type AgreementsWatch, inStep, MAX_STALE_MS, openAgreements } from './watch.ts';

const bundle = await loadPolicyBundle();
const sample = sampleAgreement();
const ask: PolicyInput = {
  now: 1_795_000_000,
  caller: { agency: 'sample', legal_entity: 'LE-1', certificate: 'ab'.repeat(32) },
  context: { purpose: 'sampling' },
  method: '/a.v1.S/M',
  release: [],
  match: [1],
  allow_partial: false,
};

let database: TestDatabase;
let fixture: AgreementsFixture;
let officers: Officer[];
let watch: AgreementsWatch;
let gone: boolean;
let late: number;
/** What decisions go by, unix seconds. */
let time: number;
let lines: { level: string; fields: Record<string, unknown>; event: string }[];
let faults: string[];

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  await emptyTables(database.pool);
  fixture = await createFixture(database.pool);
  officers = [await fixture.officer('officer-a'), await fixture.officer('officer-b')];
  await fixture.put(sample, officers);
  [gone, late, lines, faults, time] = [false, 0, [], [], ask.now];
  const note = (level: string) => (fields: object, event: string) => {
    lines.push({ level, fields: { ...fields }, event });
  };
  const guarded = <A extends unknown[], R>(act: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (gone) throw new StorageError('unavailable', 'ECONNREFUSED', {}, undefined);
      return act(...args);
    };
  };
  const { pool } = database;
  const cuttable = { query: guarded(pool.query), connect: guarded(pool.connect), end: async () => {} } as Pool;
  ({ watch } = await openAgreements({
    pool: cuttable,
    bundle,
    ...RULES,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    pollMs: 50,
    onFault: (fault) => faults.push(fault),
    clock: () => performance.now() + late,
    nowSeconds: () => {
      if (Number.isNaN(time)) throw new StorageError('unavailable', '', {}, undefined);
      return time;
    },
  }));
  watch.start();
});
afterEach(() => watch.stop());
afterAll(() => database.drop());

async function soon(check: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < 2000 && !check(); waited += 20) await sleep(20);
  return check();
}

const allowed = () => watch.decide(ask).allow;
const version = () => watch.decide(ask).agreement.version;

describe('the policy', () => {
  it('follows a new version, a barred officer and a barred agency within two seconds', async () => {
    expect([allowed(), version()]).toEqual([true, 1]);
    await fixture.put(sampleAgreement({ version: 2 }), officers);
    expect(await soon(() => version() === 2)).toBe(true);
    expect(lines.filter(({ event }) => event === 'agreements were loaded').map(({ fields }) => fields.count)).toEqual([
      1, 1,
    ]);
    await fixture.enrolment.barOfficer('officer-a');
    expect(await soon(() => watch.decide(ask).reason === 'NO_AGREEMENT')).toBe(true);
    await fixture.enrolment.barAgency('sample');
    expect(await soon(() => watch.decide(ask).reason === 'AGENCY_NOT_ACTIVE')).toBe(true);
    expect(allowed()).toBe(false);
  });

  it('keeps a version until the very second in which the term of the next begins, and comes back to none', async () => {
    const from = 1_900_000_000;
    await fixture.put(sampleAgreement({ version: 2, valid_from: from, strictness: 'standard' }), officers);
    const before = watch.revision;
    await fixture.officer('officer-c');
    expect(await soon(() => watch.revision > before)).toBe(true);
    const at = (now: number) => {
      time = now;
      const { reason, agreement } = watch.decide({ ...ask, now });
      return [reason, agreement.version];
    };
    expect([at(ask.now), at(from - 1)]).toEqual([
      ['OK', 1],
      ['OK', 1],
    ]);
    expect(watch.data.agreements.sample?.sampling?.version).toBe(1);
    expect(watch.coming.map((one) => one.version)).toEqual([2]);
    expect([at(from), watch.data.agreements.sample?.sampling?.version]).toEqual([['OK', 2], 2]);
    expect(watch.coming).toEqual([]);
    // A version whose term is over ends the agreement, the one before it notwithstanding.
    await fixture.put(sampleAgreement({ version: 3, valid_to: 1_780_000_000 }), officers);
    expect(await soon(() => watch.decide(ask).reason === 'AGREEMENT_NOT_IN_FORCE')).toBe(true);
  });

  it('goes by the clock as it is where that ran ahead into a term and was set back', async () => {
    const from = 1_900_000_000;
    await fixture.put(sampleAgreement({ version: 2, valid_from: from, strictness: 'standard' }), officers);
    await watch.refresh();
    const at = (now: number) => {
      time = now;
      const { reason, agreement } = watch.decide({ ...ask, now });
      return [reason, agreement.version, watch.coming.length];
    };
    expect([at(from + 60), at(ask.now), at(from - 1), at(from)]).toEqual([
      ['OK', 2, 0],
      ['OK', 1, 1],
      ['OK', 1, 1],
      ['OK', 2, 0],
    ]);
  });

  it('goes by the clock as it is where agreements were read while that ran ahead', async () => {
    const from = Math.floor(Date.now() / 1000) - 3_600;
    await fixture.put(sampleAgreement({ version: 2, valid_from: from, strictness: 'standard' }), officers);
    await watch.refresh();
    const at = (now: number) => {
      const { reason, agreement } = watch.decide({ ...ask, now });
      return [reason, agreement.version];
    };
    expect([at(from + 60), at(from - 60), at(from - 59), at(from)]).toEqual([
      ['OK', 2],
      ['OK', 1],
      ['OK', 1],
      ['OK', 2],
    ]);
  });

  it('does not go back to an older version where the newer was deleted', async () => {
    await fixture.put(sampleAgreement({ version: 2 }), officers);
    expect(await soon(() => version() === 2)).toBe(true);
    await database.pool.query('DELETE FROM agreement WHERE version = 2');
    const before = watch.revision;
    await fixture.officer('officer-c');
    expect(await soon(() => watch.revision > before)).toBe(true);
    expect(watch.decide(ask).reason).toBe('NO_AGREEMENT');
  });

  it('logs what was refused, once, by its problem alone', async () => {
    const greedy = sampleAgreement({ id: 'greedy', purpose: 'greed', agency: 'sample' });
    await fixture.insert(greedy, [signatureOf(officers[0]!, greedy)]);
    await fixture.put(sampleAgreement({ version: 2 }), officers);
    expect(await soon(() => version() === 2)).toBe(true);
    await sleep(200);
    const warnings = lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ fields }) => fields.problem)).toEqual(['NOT_SIGNED_BY_TWO']);
    expect(watch.decide({ ...ask, context: { purpose: 'greed' } }).allow).toBe(false);
    expect(JSON.stringify(lines)).not.toContain('greed');
  });

  it('is not read anew for a change that does not concern it, but takes it into account', async () => {
    const before = lines.length;
    const certificate = { agency: 'sample', fingerprint: 'cd'.repeat(32), notAfter: new Date() };
    const revision = await fixture.enrolment.addCertificate(certificate);
    expect(await soon(() => watch.revision === revision)).toBe(true);
    expect(lines.length).toBe(before);
  });
});

describe('a database that is away', () => {
  it('leaves the last good agreements in use, is logged once, and ends in denial after a minute', async () => {
    gone = true;
    expect(await soon(() => lines.some(({ level }) => level === 'error'))).toBe(true);
    await sleep(200);
    expect(lines.filter(({ level }) => level === 'error').map(({ fields }) => fields.code)).toEqual(['ECONNREFUSED']);
    expect(allowed()).toBe(true);
    time = Number.NaN;
    expect([watch.data.agreements.sample?.sampling?.version, watch.coming]).toEqual([1, []]);
    late = MAX_STALE_MS + 1000;
    expect(watch.decide(ask)).toMatchObject({ allow: false, reason: 'POLICY_UNAVAILABLE', fields: [] });
    expect(faults).toEqual(['STALE']);
    gone = false;
    expect(await soon(allowed)).toBe(true);
    expect(lines.at(-1)).toMatchObject({ level: 'info', event: 'agreements are in step again' });
  });

  it('put back to an earlier state is no contact', async () => {
    await database.pool.query('DELETE FROM change');
    await expect(watch.refresh()).rejects.toThrow('shrank');
    late = MAX_STALE_MS + 1000;
    await expect(watch.refresh()).rejects.toThrow('shrank');
    expect(allowed()).toBe(false);
  });
});

describe('agreements that the engine cannot load', () => {
  it('leave the last good ones in use, and end in denial after a minute of trying', async () => {
    const opened = await openAgreements({
      pool: database.pool,
      bundle,
      ...RULES,
      log: { info: () => {}, warn: () => {}, error: (fields) => faults.push(String(Object(fields).code)) },
      clock: () => performance.now() + late,
      nowSeconds: () => time,
    });
    const { host } = opened;
    const replace = host.replace.bind(host);
    host.replace = () => {
      throw new RangeError('beyond the cap');
    };
    await fixture.put(sampleAgreement({ version: 2 }), officers);
    await expect(opened.watch.refresh()).rejects.toThrow(RangeError);
    expect(opened.watch.decide(ask)).toMatchObject({ allow: true, agreement: { version: 1 } });
    expect(faults).toEqual(['RangeError']);
    late = MAX_STALE_MS + 1000;
    await expect(opened.watch.refresh()).rejects.toThrow(RangeError);
    expect(opened.watch.decide(ask).reason).toBe('POLICY_UNAVAILABLE');
    host.replace = replace;
    await opened.watch.refresh();
    expect(opened.watch.decide(ask)).toMatchObject({ allow: true, agreement: { version: 2 } });
  });
});

it('a directory in step counts no change that the policy has not seen', () => {
  const directory = { revision: 9n, find: () => 'unknown' as const };
  expect(inStep(directory, { revision: 7n }).revision).toBe(7n);
  expect(inStep(directory, { revision: 11n }).revision).toBe(9n);
  expect(inStep(directory, { revision: 11n }).find('x')).toBe('unknown');
});
