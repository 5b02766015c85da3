import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { CHANGES_LOCK } from '../audit/append-sql.ts';
import { createEnrolment, type Enrolment } from '../development/enrol.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { StorageError } from '../storage/errors.ts';
import type { Pool } from '../storage/pool.ts';
import { createDirectory, type Directory, MAX_SILENCE_MS } from './directory.ts';
import { readDirectory } from './read-directory.ts';

let database: TestDatabase;
let enrolment: Enrolment;
let directory: Directory;
const notAfter = new Date(Date.now() + 3_600_000);
const print = (n: number): string => n.toString(16).padStart(64, '0');
const newKey = async (): Promise<SigningKey> => loadSigningKey(await generateSigningJwk());

beforeAll(async () => {
  database = await createTestDatabase();
  enrolment = createEnrolment({ pool: database.pool });
  for (const code of ['viettel', 'moh', 'bhxh']) {
    await enrolment.addAgency({ code, legalEntity: `LE-${code}`, nameVi: code, nameEn: code });
  }
  await enrolment.addCertificate({ agency: 'viettel', fingerprint: print(1), notAfter });
  await enrolment.addCertificate({ agency: 'moh', fingerprint: print(2), notAfter });
  directory = createDirectory({ pool: database.pool, pollMs: 50 });
  await directory.start();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await directory.stop();
  await database.drop();
});

/** Polls for at most a second, without asking for a refresh. */
async function soon(check: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < 1000; waited += 20) {
    if (check()) return true;
    await sleep(20);
  }
  return check();
}

function keysOf(fingerprint: string, of: Directory = directory) {
  const caller = of.find(fingerprint);
  if (typeof caller === 'string') throw new Error(`the certificate is ${caller}`);
  return caller.keys;
}

describe('the directory', () => {
  it('names the agency of a certificate', () => {
    expect(directory.find(print(1))).toMatchObject({
      agency: 'viettel',
      legalEntity: 'LE-viettel',
      certificate: print(1),
    });
    expect(directory.find(print(99))).toBe('unknown');
    expect(directory.version).toBe(directory.revision.toString());
  });

  it('takes up a new certificate and key within a second, and says so by its revision', async () => {
    const before = directory.revision;
    const key = await newKey();
    const enrolled = await enrolment.addCertificate({ agency: 'bhxh', fingerprint: print(3), notAfter });
    const keyed = await enrolment.addKey({ agency: 'bhxh', jwk: key.publicJwk });
    expect(keyed > enrolled && enrolled > before).toBe(true);
    expect(await soon(() => directory.revision >= keyed)).toBe(true);
    expect(keysOf(print(3))(key.kid)).toMatchObject({ kid: key.kid, issuer: 'bhxh' });
  });

  it("knows a kid among its agency's keys only, and makes each key once", async () => {
    const key = await newKey();
    await enrolment.addKey({ agency: 'viettel', jwk: key.publicJwk });
    await directory.refresh();
    const made = keysOf(print(1))(key.kid);
    expect(made).toBeDefined();
    expect(keysOf(print(2))(key.kid)).toBeUndefined();
    await enrolment.addAgency({ code: 'other', legalEntity: 'LE', nameVi: 'x', nameEn: 'x' });
    await directory.refresh();
    expect(keysOf(print(1))(key.kid)?.key).toBe(made?.key);
  });

  it.each([
    ['certificate', (n: number) => enrolment.barCertificate(print(n))],
    ['agency', (n: number) => enrolment.barAgency(`agency-${n}`)],
  ])('bars a barred %s within a second, and its neighbours never', async (_, bar) => {
    const n = Math.floor(Math.random() * 1e6) + 1000;
    await enrolment.addAgency({ code: `agency-${n}`, legalEntity: 'LE', nameVi: 'x', nameEn: 'x' });
    await enrolment.addCertificate({ agency: `agency-${n}`, fingerprint: print(n), notAfter });
    await directory.refresh();
    expect(directory.find(print(n))).toMatchObject({ agency: `agency-${n}` });
    await bar(n);
    expect(await soon(() => directory.find(print(n)) === 'barred')).toBe(true);
    expect(directory.find(print(1))).toMatchObject({ agency: 'viettel' });
  });

  it.each(['barred', 'retired'])('verifies with active keys only: %s is not', async (state) => {
    const [gone, kept] = [await newKey(), await newKey()];
    for (const key of [gone, kept]) await enrolment.addKey({ agency: 'moh', jwk: key.publicJwk });
    if (state === 'barred') await enrolment.barKey(gone.kid);
    else await database.pool.query(`UPDATE agency_key SET state = $2 WHERE kid = $1`, [gone.kid, state]);
    await directory.refresh();
    expect([keysOf(print(2))(gone.kid), keysOf(print(2))(kept.kid)?.kid]).toEqual([undefined, kept.kid]);
  });

  it('tells of each rise once', async () => {
    const seen: bigint[] = [];
    const other = createDirectory({ pool: database.pool, pollMs: 20, onChange: (revision) => seen.push(revision) });
    await other.start();
    const after = await enrolment.addAgency({ code: 'told', legalEntity: 'LE', nameVi: 'x', nameEn: 'x' });
    expect(await soon(() => seen.length === 2)).toBe(true);
    await sleep(100);
    await other.stop();
    expect(seen.slice(1)).toEqual([after]);
  });

  it('leaves out a row whose key is not the one that its kid names, and says so', async () => {
    const [kid, jwk] = [(await newKey()).kid, JSON.stringify((await newKey()).publicJwk)];
    const sql = `INSERT INTO agency_key (kid, agency, jwk, state) VALUES ($1, 'viettel', $2, 'active')`;
    await database.pool.query(sql, [kid, jwk]);
    await database.pool.query(sql, ['not-json', '{']);
    const warnings: object[] = [];
    const other = createDirectory({ pool: database.pool, log: { warn: (fields) => warnings.push(fields) } });
    await other.refresh();
    expect(keysOf(print(1), other)(kid)).toBeUndefined();
    expect(warnings).toEqual([{ problem: 'KEY_UNUSABLE', count: 2 }]);
    await database.pool.query('DELETE FROM agency_key WHERE kid = ANY($1)', [[kid, 'not-json']]);
  });
});

describe('where only acts of officers are believed', () => {
  it('lets in nobody who merely stands in the tables, and says how many do', async () => {
    const warnings: object[] = [];
    const officers = { deployment: 'dev-tests', pinned: undefined, actsOnly: true };
    const log = { warn: (fields: object) => warnings.push(fields) };
    const strict = createDirectory({ pool: database.pool, officers, log });
    await strict.refresh();
    expect(strict.find(print(1))).toBe('unknown');
    expect(warnings).toMatchObject([{ problem: 'NOT_SIGNED', count: expect.any(Number) }]);
    const open = createDirectory({ pool: database.pool, officers: { ...officers, actsOnly: false } });
    await open.refresh();
    expect(open.find(print(1))).toMatchObject({ agency: 'viettel' });
  });
});

describe('a snapshot', () => {
  it('holds exactly the changes up to its revision, however many write at once', async () => {
    const jwks = await Promise.all(Array.from({ length: 24 }, newKey));
    const countBefore = (await readDirectory(database.pool)).keys.size;
    let writing = true;
    const writes = Promise.all(jwks.map((key) => enrolment.addKey({ agency: 'viettel', jwk: key.publicJwk }))).finally(
      () => {
        writing = false;
      },
    );
    const snapshots: { revision: bigint; keys: number }[] = [];
    while (writing) {
      const { revision, keys } = await readDirectory(database.pool);
      snapshots.push({ revision, keys: keys.size - countBefore });
    }
    const revisions = await writes;
    expect(new Set(revisions).size).toBe(24);
    for (const { revision, keys } of snapshots) {
      expect(keys).toBe(revisions.filter((written) => written <= revision).length);
    }
  });
});

describe('a database that is away', () => {
  const away = new StorageError('unavailable', 'ECONNREFUSED', {}, undefined);

  /** The real pool until it is cut. */
  function cuttable(): { pool: Pool; cut: () => void; mend: () => void } {
    let gone = false;
    const { pool } = database;
    const guard = (): void => {
      if (gone) throw away;
    };
    return {
      pool: {
        usage: () => pool.usage(),
        query: async (statement, values) => {
          guard();
          return pool.query(statement, values);
        },
        connect: async () => {
          guard();
          return pool.connect();
        },
        end: async () => {},
      },
      cut: () => {
        gone = true;
      },
      mend: () => {
        gone = false;
      },
    };
  }

  it('lets known callers in for five seconds, then nobody, with the failure as it was; and again once it is back', async () => {
    const { pool, cut, mend } = cuttable();
    const other = createDirectory({ pool });
    await other.refresh();
    cut();
    await expect(other.refresh()).rejects.toBe(away);
    expect(other.find(print(1))).toMatchObject({ agency: 'viettel' });
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now + MAX_SILENCE_MS + 10);
    expect(() => other.find(print(1))).toThrow(away);
    expect(() => other.find(print(99))).toThrow(away);
    clock.mockRestore();
    mend();
    await other.refresh();
    expect(other.find(print(1))).toMatchObject({ agency: 'viettel' });
  });

  it('lets nobody in before the first reading, nor after the process was frozen', async () => {
    const other = createDirectory({ pool: database.pool });
    expect(() => other.find(print(1))).toThrow(StorageError);
    await other.refresh();
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + MAX_SILENCE_MS + 10);
    expect(() => other.find(print(1))).toThrow(StorageError);
  });

  it('does not start', async () => {
    const { pool, cut } = cuttable();
    cut();
    await expect(createDirectory({ pool }).start()).rejects.toBe(away);
  });

  it('put back to an earlier state lets nobody in at once', async () => {
    const earlier = await createTestDatabase();
    let current = database.pool;
    const pool: Pool = {
      query: (statement, values) => current.query(statement, values),
      connect: () => current.connect(),
      end: async () => {},
      usage: () => current.usage(),
    };
    const other = createDirectory({ pool });
    await other.refresh();
    current = earlier.pool;
    await expect(other.refresh()).rejects.toMatchObject({ code: 'REVISION_FELL' });
    expect(() => other.find(print(1))).toThrow('REVISION_FELL');
    await earlier.drop();
  });
});

describe('a change', () => {
  it('waits for the appends in flight, and they for it', async () => {
    const append = await database.pool.connect();
    await append.query(`BEGIN; SELECT pg_advisory_xact_lock_shared(${CHANGES_LOCK})`);
    let written = false;
    const change = enrolment
      .addAgency({ code: 'patient', legalEntity: 'LE', nameVi: 'x', nameEn: 'x' })
      .then((revision) => {
        written = true;
        return revision;
      });
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = ${CHANGES_LOCK}
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    for (let tries = 0; tries < 100 && (await append.query(waiting)).rowCount === 0; tries++) await sleep(10);
    expect([(await append.query(waiting)).rowCount, written]).toEqual([1, false]);
    await append.query('COMMIT');
    append.release();
    expect(await change).toBeGreaterThan(0n);
  });
});

describe('enrolment', () => {
  it.each([
    ['an agency named gateway', () => enrolment.addAgency(entry('gateway')), { reason: 'CODE_WRONG' }],
    ['a code with capitals', () => enrolment.addAgency(entry('Viettel')), { reason: 'CODE_WRONG' }],
    ['an agency twice', () => enrolment.addAgency(entry('viettel')), { kind: 'conflict' }],
    [
      'a fingerprint in capitals',
      () => enrolment.addCertificate({ agency: 'viettel', fingerprint: 'AB'.repeat(32), notAfter }),
      { reason: 'FINGERPRINT_WRONG' },
    ],
    [
      'a certificate of nobody',
      () => enrolment.addCertificate({ agency: 'nobody', fingerprint: print(7), notAfter }),
      { kind: 'constraint' },
    ],
    [
      'a private key',
      async () => enrolment.addKey({ agency: 'viettel', jwk: await generateSigningJwk() }),
      { reason: 'KEY_WRONG' },
    ],
    ['barring an unknown agency', () => enrolment.barAgency('nobody'), { reason: 'NOT_FOUND' }],
    ['barring an unknown key', () => enrolment.barKey('nothing'), { reason: 'NOT_FOUND' }],
  ])('refuses %s and writes no change', async (_, act, error) => {
    const count = async () => (await database.pool.query('SELECT FROM change')).rowCount;
    const before = await count();
    await expect(act()).rejects.toMatchObject(error);
    expect(await count()).toBe(before);
  });

  it("does not let one agency enrol another's key", async () => {
    const key = await newKey();
    await enrolment.addKey({ agency: 'viettel', jwk: key.publicJwk });
    await expect(enrolment.addKey({ agency: 'moh', jwk: key.publicJwk })).rejects.toMatchObject({ kind: 'conflict' });
  });

  function entry(code: string) {
    return { code, legalEntity: 'LE-1', nameVi: 'x', nameEn: 'x' };
  }
});
