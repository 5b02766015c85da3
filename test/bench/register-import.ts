/**
 * Importing persons.csv against a raw COPY of the same file into one wide text table: same server, same settings,
 * durable, alternating, medians. The import parses, checks, seals, links and indexes; the COPY stores text.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PERSON_COLUMNS, writePersonsCsv } from '../../gateway/development/synthetic/population.ts';
import { loadCatalogues } from '../../gateway/register/administrative-units.ts';
import { importPersons } from '../../gateway/register/import/import-persons.ts';
import { startEmbedded } from '../../gateway/storage/embedded.ts';
import { migrate } from '../../gateway/storage/migrate.ts';
import { createPool } from '../../gateway/storage/pool.ts';
import { withDatabase } from '../support/with-database.ts';

export interface RegisterImportBench {
  /** Rate of the import over that of the raw COPY. */
  readonly ratio: number;
  /** Persons a second, and those of the baseline. */
  readonly value: number;
  readonly unit: string;
  readonly baseline: number;
  readonly seconds: { readonly import: readonly number[]; readonly copy: readonly number[] };
}

export interface RegisterImportOptions {
  readonly persons: number;
  /** Folder for the file and, without `url`, the database; emptied of them afterwards. */
  readonly workDir: string;
  /** Superuser's URL of a durable server. Default: an embedded one. */
  readonly url?: string;
  /** Alternating runs of each; default 3. */
  readonly runs?: number;
  readonly onNote?: (note: string) => void;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** A database of its own for one run, so that every run begins alike. */
async function inFreshDatabase<T>(url: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const admin = createPool({ url, max: 1 });
  try {
    await admin.query(`CREATE DATABASE ${name}`);
    try {
      return await work(withDatabase(url, name));
    } finally {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      // What one run left to be written is not the next one's burden.
      await admin.query('CHECKPOINT');
    }
  } finally {
    await admin.end();
  }
}

function rawCopy(url: string, file: string): Promise<number> {
  return inFreshDatabase(url, async (database) => {
    const pool = createPool({ url: database, max: 1 });
    const connection = await pool.connect();
    await connection.query(`CREATE TABLE wide (${PERSON_COLUMNS.map((name) => `${name} text`).join(', ')})`);
    const seconds = await timed(async () => {
      const copy = connection.copyIn('COPY wide FROM STDIN (FORMAT csv, HEADER)');
      for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }))
        await copy.write(piece as Buffer);
      await copy.finish();
    });
    connection.release();
    await pool.end();
    return seconds;
  });
}

function registerImport(url: string, file: string, persons: number): Promise<number> {
  const key = createSecretKey(randomBytes(32));
  return inFreshDatabase(url, async (database) => {
    const pool = createPool({ url: database, max: 1 });
    await migrate(pool);
    // Part of setting a register up, like the schema; the import would do it on first use.
    await loadCatalogues(pool);
    await pool.end();
    return timed(async () => {
      const result = await importPersons({
        file,
        url: database,
        keys: { keyId: 'bench', key: async () => key },
        deploymentKind: 'development',
      });
      if (result.created < persons || result.rejected > 0)
        throw new Error(`The import took ${result.created} persons.`);
    });
  });
}

export async function run(options: RegisterImportOptions): Promise<RegisterImportBench> {
  const { persons, workDir, runs = 3, onNote = () => {} } = options;
  await mkdir(workDir, { recursive: true });
  const file = join(workDir, 'bench-persons.csv');
  const dataDir = join(workDir, 'bench-postgres');
  onNote(`writing ${persons} synthetic people`);
  await writePersonsCsv(file, { seed: 1, persons, further: false });
  const server = options.url === undefined ? await startEmbedded({ dataDir, durable: true }) : undefined;
  const url = options.url ?? server?.url ?? '';
  const seconds = { import: [] as number[], copy: [] as number[] };
  try {
    for (let round = 0; round < runs; round++) {
      seconds.copy.push(await rawCopy(url, file));
      seconds.import.push(await registerImport(url, file, persons));
      onNote(`raw COPY ${seconds.copy.at(-1)?.toFixed(1)} s, import ${seconds.import.at(-1)?.toFixed(1)} s`);
    }
  } finally {
    await server?.stop();
    await rm(file, { force: true });
    if (server !== undefined) await rm(dataDir, { recursive: true, force: true });
  }
  const value = persons / median(seconds.import);
  const baseline = persons / median(seconds.copy);
  return { ratio: value / baseline, value, unit: 'persons/s', baseline, seconds };
}
