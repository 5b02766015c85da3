/** Whether the storage keys of a config are those that a database was sealed with: others open nothing of it, and seal beside it. */
import { hkdfSync } from 'node:crypto';
import { filled, type Words } from '../errors/words.ts';
import { sensitiveContext } from '../register/sensitive.ts';
import { KEY_PURPOSES, type KeyPurpose, type KeyRing } from '../sealing/key-ring.ts';
import { unseal } from '../sealing/seal.ts';
import type { Database } from '../storage/pool.ts';
import { ConfigError } from './config-error.ts';
import { CONFIG_WORDS } from './config-words.ts';

type Checks = Readonly<Partial<Record<KeyPurpose, string>>>;

/** What a key comes to: derived of 256 random bits, so that it tells nothing of them, and another one in each deployment. */
function checkOf(keys: KeyRing, purpose: KeyPurpose, deployment: string): string {
  const label = `lienthong storage check ${deployment} ${purpose}`;
  return Buffer.from(hkdfSync('sha256', keys[purpose], '', label, 32)).toString('base64url');
}

/** Something sealed, and the context that it was sealed in. */
interface Sample {
  readonly purpose: KeyPurpose;
  readonly table: string;
  /** Rows of `context` and `sealed`; looks at a bounded part of the table. */
  readonly sql: string;
}

/** One row that does not open was changed in the table; that none of several does means other keys. */
const MOST = 5;
const SAMPLES: readonly Sample[] = [
  {
    purpose: 'evidence',
    table: 'log_entry',
    sql: `SELECT entry_id AS context, persons AS sealed FROM (SELECT entry_id, persons FROM log_entry LIMIT 10000) e
          WHERE persons IS NOT NULL LIMIT ${MOST}`,
  },
  { purpose: 'answer', table: 'job', sql: `SELECT job_id AS context, opening AS sealed FROM job LIMIT ${MOST}` },
  {
    purpose: 'answer',
    table: 'stored_answer',
    sql: `SELECT entry_id AS context, sealed FROM stored_answer LIMIT ${MOST}`,
  },
  {
    purpose: 'sensitive',
    table: 'person',
    sql: `SELECT person_no::float8 AS no, sealed_key AS key, sealed
          FROM (SELECT person_no, sealed_key, sealed FROM person LIMIT 10000) p WHERE sealed IS NOT NULL LIMIT ${MOST}`,
  },
];

interface SampleRow {
  readonly sealed: Buffer;
  readonly context?: Buffer;
  readonly no?: number;
  readonly key?: string;
}

/**
 * Compares, and writes nothing: each key with the value kept of it; one without, which an earlier version did not keep, with what
 * was sealed under it, where there is anything. A database without a stamp or without a schema was sealed with none.
 * @throws {ConfigError} naming the purposes of the keys that are others
 */
export async function refuseOtherKeys(db: Database, keys: KeyRing): Promise<void> {
  await wanting(db, keys);
}

/** As `refuseOtherKeys`, of a database that has this deployment's stamp; and keeps the values of keys that none is kept of. */
export async function keepStorageCheck(db: Database, keys: KeyRing): Promise<void> {
  const missing = await wanting(db, keys);
  if (Object.keys(missing).length === 0) return;
  // What somebody else kept meanwhile prevails, and is compared.
  await db.query(`UPDATE deployment SET storage_check = $1::jsonb || coalesce(storage_check, '{}')`, [
    JSON.stringify(missing),
  ]);
  await wanting(db, keys);
}

/** The values that are not kept yet. */
async function wanting(db: Database, keys: KeyRing): Promise<Checks> {
  if (!(await hasTable(db, 'deployment'))) return {};
  // A schema of before has no such column, and a backup of it comes back as it was.
  const { rows } = await db.query<{ id: string; checks: Checks | null }>(
    `SELECT deployment_id AS id, to_jsonb(d) -> 'storage_check' AS checks FROM deployment d`,
  );
  const [stamp] = rows;
  if (stamp === undefined) return {};
  const missing: Partial<Record<KeyPurpose, string>> = {};
  const others: KeyPurpose[] = [];
  for (const purpose of KEY_PURPOSES) {
    const [mine, kept] = [checkOf(keys, purpose, stamp.id), stamp.checks?.[purpose]];
    if (kept === undefined) missing[purpose] = mine;
    if (kept === undefined ? !(await opens(db, purpose, keys)) : kept !== mine) others.push(purpose);
  }
  if (others.length > 0) throw new ConfigError('storage_keys', problemOf(others));
  return missing;
}

function problemOf(others: readonly KeyPurpose[]): Words {
  const which = others.length === KEY_PURPOSES.length ? '' : ` (${others.join(', ')})`;
  return filled(CONFIG_WORDS.otherStorageKeys, { which });
}

async function opens(db: Database, purpose: KeyPurpose, keys: KeyRing): Promise<boolean> {
  for (const { table, sql } of SAMPLES.filter((sample) => sample.purpose === purpose)) {
    if (!(await hasTable(db, table))) continue;
    const { rows } = await db.query<SampleRow>(sql);
    const opened = rows.some((row) => unseal(keys[purpose], contextOf(row), row.sealed) !== undefined);
    if (rows.length > 0 && !opened) return false;
  }
  return true;
}

const contextOf = ({ context, no = 0, key = '' }: SampleRow) => context ?? sensitiveContext(no, key);

async function hasTable(db: Database, name: string): Promise<boolean> {
  const { rows } = await db.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
  return rows[0]?.there === true;
}
