/** Whoever was unlinked from the log: nothing of before leads to them, what comes is theirs again, and a run that was killed goes on. */
import { randomBytes } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPostings } from '../../../gateway/accesses/find-postings.ts';
import { accessKeys } from '../../../gateway/accesses/keys.ts';
import { LIST_ACCESSES } from '../../../gateway/accesses/list-accesses.ts';
import { unlinkPerson } from '../../../gateway/accesses/unlink-person.ts';
import { forgetUnlinked, noteUnlinked, readUnlinked } from '../../../gateway/accesses/unlinked-day.ts';
import { verifyLog } from '../../../gateway/audit/verify-log.ts';
import { readGatewayConfig } from '../../../gateway/config/read-config.ts';
import { dayOf, startOf } from '../../../gateway/exchange/viet-nam-day.ts';
import { checkAccessProof, type LogTrust } from '../../../gateway/proof/browser/check-access.ts';
import { IMPORT_LOCK, importRuns } from '../../../gateway/register/import-lock.ts';
import type { Pool } from '../../../gateway/storage/pool.ts';
import { AuditService, ListAccessesActSchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { type Citizens, createCitizens } from '../../support/gateway-persons.ts';

const { listAccesses } = AuditService.method;
const { verifyPerson } = VerificationService.method;
/** With a number of before and the card that another person has too: several rows of `person_match`. */
const DUNG = { idNumber: '902090000046', fullName: 'Phạm Thị Dung', dateOfBirth: '1990-02-15' };

let gateway: TestGateway;
let citizens: Citizens;
let evidence: Parameters<typeof unlinkPerson>[0]['evidence'];
let trust: LogTrust;
let personNo: number;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 5, config: { accesses: { index: true } } });
  citizens = createCitizens(gateway);
  const config = await readGatewayConfig(gateway.deployment.configPath, process.env);
  evidence = config.keys.evidence;
  const der = config.log.keys.publicKey.export({ format: 'der', type: 'spki' });
  trust = { origin: config.log.origin, logKeys: [der] };
  const { rows } = await gateway.database.pool.query<{ no: number }>(
    'SELECT person_no::float8 AS no FROM person WHERE personal_id = $1',
    [DUNG.idNumber],
  );
  personNo = rows[0]?.no ?? 0;
});
afterAll(() => gateway?.stop());

async function used(): Promise<void> {
  const viettel = gateway.raw('viettel');
  await viettel.call(verifyPerson, DUNG).finally(() => viettel.close());
}

/** As the citizens' page asks, once everything that was appended is in the index; without the looks at it. */
async function listed() {
  const { rows } = await gateway.database.pool.query<{ size: number }>('SELECT size::float8 AS size FROM log_head');
  const who = await citizens.person(DUNG.idNumber);
  const ask = async () => {
    const act = toBinary(
      ListAccessesActSchema,
      create(ListAccessesActSchema, { withProofs: true, blind: randomBytes(16) }),
    );
    const persons = [{ assertion: who.assertion, proof: who.prove(listAccesses, act) }];
    const page = gateway.raw('citizen-page');
    return (await page.call(listAccesses, { act, persons }).finally(() => page.close())).message;
  };
  await expect
    .poll(async () => (await ask()).logPosition, { timeout: 10_000 })
    .toBeGreaterThanOrEqual(rows[0]?.size ?? 0);
  const message = await ask();
  return { ...message, uses: message.accesses.filter(({ method }) => method !== LIST_ACCESSES) };
}

async function keysStored(): Promise<string[]> {
  const { rows } = await gateway.database.pool.query<{ key: string | null }>(
    `SELECT encode(log_key, 'hex') AS key FROM person WHERE person_no = $1
     UNION ALL SELECT encode(log_key, 'hex') FROM person_match WHERE person_no = $1`,
    [personNo],
  );
  return rows.map(({ key }) => key ?? 'none');
}

/** A pool whose process is killed before its statement number `last + 1`. */
function dying(pool: Pool, last: number): Pool {
  let done = 0;
  const count = () => {
    done += 1;
    if (done > last) throw new Error('killed');
  };
  return {
    ...pool,
    query: async (...given: Parameters<Pool['query']>) => {
      count();
      return pool.query(...given);
    },
    connect: async () => {
      const connection = await pool.connect();
      return {
        ...connection,
        query: async (...given: Parameters<Pool['query']>) => {
          count();
          return connection.query(...given);
        },
        release: () => connection.release(true),
      };
    },
  } as Pool;
}

test('what is past is unlinked, what comes is shown and proven again, and the person is told the day', async () => {
  await used();
  const { uses, unlinkedOn } = await listed();
  const before = await keysStored();
  expect([uses.length, unlinkedOn, new Set(before).size]).toEqual([1, 0n, 1]);
  const proofs = uses.flatMap(({ entries }) => entries.map(({ proof }) => proof));

  const { pool } = gateway.database;
  const done = await unlinkPerson({ pool, evidence, settleMs: 0 }, personNo);
  expect([done.keyDestroyed, done.entries > 0]).toEqual([true, true]);
  const fresh = await keysStored();
  expect(fresh).toHaveLength(before.length);
  expect(new Set(fresh).size).toBe(1);
  expect(fresh[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(fresh[0]).not.toBe(before[0]);
  const none = await listed();
  expect(none.uses).toEqual([]);
  expect(none.unlinkedOn).toBe(BigInt(startOf(dayOf(Date.now() / 1000))));

  await used();
  const again = await listed();
  expect(again.uses.map(({ agency }) => agency)).toEqual(['viettel']);
  for (const proof of [...proofs, ...again.uses.flatMap(({ entries }) => entries.map((entry) => entry.proof))])
    expect(await checkAccessProof(proof, trust)).toMatchObject({ holds: true });
  expect((await verifyLog(pool)).findings).toEqual([]);
});

test('killed before any of its statements it goes on: at the end nothing leads to the past, and the key is one', async () => {
  const { pool } = gateway.database;
  await used();
  await listed();
  const before = await keysStored();
  await pool.query('DELETE FROM person_unlinked');
  let kills = 0;
  for (let done = false; !done; ) {
    try {
      await unlinkPerson({ pool: dying(pool, kills), evidence, settleMs: 0 }, personNo);
      done = true;
    } catch (error) {
      expect((error as Error).message).toBe('killed');
      kills += 1;
      const keys = new Set(await keysStored());
      // Either nothing has happened yet, or there is no key under which anything more could be recorded of the person.
      const gone = [...keys].every((key) => key === 'none');
      expect(gone || (keys.size === 1 && keys.has(before[0] ?? ''))).toBe(true);
      // Uses are shown to nobody from then on, so the person is told since when.
      expect((await readUnlinked(pool, [personNo])) > 0).toBe(gone);
    }
  }
  expect(kills).toBeGreaterThan(20);
  expect(new Set(await keysStored()).size).toBe(1);
  expect(await keysStored()).not.toContain(before[0]);
  const { postings } = await findPostings(pool, accessKeys(evidence), [personNo]);
  expect(postings).toEqual([]);
  expect((await listed()).uses).toEqual([]);
  await used();
  expect((await listed()).uses).toHaveLength(1);
});

test('what a call that had read the old key records late, under whichever gateway, is none of the new one’s', async () => {
  const { pool } = gateway.database;
  let late = 0;
  let cleaned = 0;
  // Recorded while the tables are cleaned, with the key of before put back for the call: it had read that.
  const slow = {
    ...pool,
    query: async (...given: Parameters<Pool['query']>) => {
      if (String(given[0]) === 'VACUUM log_entry') cleaned += 1;
      if (late === 0 && String(given[0]).startsWith('VACUUM access_block')) {
        late += 1;
        const old = randomBytes(16);
        const put = (key: Buffer | null) =>
          pool.query('UPDATE person_match SET log_key = $2 WHERE person_no = $1', [personNo, key]);
        await put(old);
        await used();
        await put(null);
      }
      return pool.query(...given);
    },
  } as Pool;
  await unlinkPerson({ pool: slow, evidence, settleMs: 0 }, personNo);
  // What came late was taken out, and what its rows held cleaned away as well.
  expect([late, cleaned]).toEqual([1, 2]);
  await used();
  const { uses } = await listed();
  expect(uses).toHaveLength(1);
  for (const { proof } of uses.flatMap(({ entries }) => entries))
    expect(await checkAccessProof(proof, trust)).toMatchObject({ holds: true });
});

test('an import has the key of before in hand: it is waited for, and two runs for one person do not meet', async () => {
  const { pool } = gateway.database;
  const importing = await pool.connect();
  await importing.query('SELECT pg_advisory_lock($1)', [IMPORT_LOCK]);
  expect(await importRuns(pool)).toBe(true);
  const before = await keysStored();
  const runs = [1, 2].map(() => unlinkPerson({ pool, evidence, settleMs: 0 }, personNo));
  await expect
    .poll(async () => {
      const { rows } = await pool.query(
        "SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 4919014 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      );
      return rows.length;
    })
    .toBe(1);
  expect(await keysStored()).toEqual(before);
  await importing.query('SELECT pg_advisory_unlock_all()');
  importing.release();
  expect((await Promise.all(runs)).map(({ keyDestroyed }) => keyDestroyed)).toEqual([true, true]);
  expect(new Set(await keysStored()).size).toBe(1);
  expect(await importRuns(pool)).toBe(false);
});

test('the day is forgotten once the list would not have gone back to it', async () => {
  const { pool } = gateway.database;
  await noteUnlinked(pool, 77);
  await pool.query('UPDATE person_unlinked SET day = day - 3651 WHERE person_no = 77');
  expect(await forgetUnlinked(pool, 10 * 365 * 86_400)).toBe(1);
  expect([await readUnlinked(pool, [77]), (await readUnlinked(pool, [personNo])) > 0]).toEqual([0, true]);
});
