/**
 * The register that the benchmarks ask: a development deployment on an embedded PostgreSQL with durability on, its people
 * imported once and kept for the next run.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from '../../gateway/cli/stack/data-folder.ts';
import { prepareDeployment } from '../../gateway/cli/stack/deployment.ts';
import { freePort } from '../../gateway/cli/stack/free-port.ts';
import { importRegister } from '../../gateway/cli/stack/import-register.ts';
import { keepHeadCommand } from '../../gateway/cli/stack/log-heads.ts';
import { readGatewayConfig } from '../../gateway/config/read-config.ts';
import { descriptorSet } from '../../gateway/contract/descriptors.ts';
import type { DevelopmentDeployment } from '../../gateway/development/deployment.ts';
import { KINDS } from '../../gateway/limits/limits-sql.ts';
import { startEmbedded } from '../../gateway/storage/embedded.ts';
import { createPool, type Pool } from '../../gateway/storage/pool.ts';
import { withDatabase } from '../support/with-database.ts';
import type { Cleanup } from './cleanup.ts';
import { type BenchFiles, digestOfFolder, removeOutdated } from './files.ts';
import { cpuOfTree } from './usage.ts';

export interface Register {
  readonly persons: number;
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly deployment: DevelopmentDeployment;
  /** The gateway's config. */
  readonly configPath: string;
  /** Profile folder of the telco. */
  readonly profile: string;
  /** Of another telco, a legal entity of its own. */
  readonly otherProfile: string;
  /** Seconds of CPU that PostgreSQL's processes have used so far. */
  cpu(): number | undefined;
  /** Writes out what earlier runs left in memory, so that none pays for another. */
  settle(): Promise<void>;
}

const TELCO = 'viettel';
const OTHER_TELCO = 'mobifone';
const DATABASE = 'lienthong';
/** What decides whether a kept register still is what an import would make. */
const MADE_BY = ['gateway/storage/migrations', 'gateway/development', 'gateway/register/import'] as const;

/** Settings that decide what survives a crash; a register without them would measure something else. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } as const;

export async function openRegister(options: {
  data: string;
  persons: number;
  /** Limits of the gateway's config. */
  limits: object;
  files: BenchFiles;
  cleanup: Cleanup;
  say: (line: string) => void;
}): Promise<Register> {
  const { persons, files, cleanup, say } = options;
  const personsPath = await files.persons(persons);
  const madeBy = MADE_BY.map(digestOfFolder).join('-');
  const name = `register-${persons}-${madeBy}`;
  const folder = join(options.data, name);
  removeOutdated(options.data, `register-${persons}-`, name);
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const layout = dataFolder(folder);
  const server = await startEmbedded({ dataDir: layout.postgres, durable: true });
  cleanup.add(() => server.stop());
  const databaseUrl = withDatabase(server.url, DATABASE);
  await makeDatabase(server.url);
  const pool = createPool({ url: databaseUrl, max: 2, applicationName: 'lienthong-bench' });
  cleanup.add(() => pool.end());
  await assertDurable(pool);
  const database = { url: databaseUrl, pool, own: true, close: () => pool.end() };
  const deployment = await prepareDeployment(layout, database, {
    port: await freePort(0),
    descriptors: descriptorSet(),
  });
  if (!existsSync(complete)) {
    say(`importing ${persons.toLocaleString('en-US')} people …`);
    const config = await readGatewayConfig(layout.config, {});
    const result = await importRegister(
      { config, database },
      {
        file: personsPath,
        rejectsPath: join(folder, 'persons.rejects.csv'),
        keepHeadCommand: keepHeadCommand({ data: folder }),
        signal: new AbortController().signal,
        onProgress: () => undefined,
      },
    );
    if (result.rejected > 0) throw new Error(`${result.rejected} of the generated rows were rejected`);
    await pool.query('VACUUM (ANALYZE)');
    writeFileSync(complete, '');
  }
  // The rows of a day, which whoever measures all day long has used up in the afternoon.
  await pool.query('DELETE FROM limit_counter WHERE kind = $1', [KINDS.rows]);
  const profileOf = (agency: string): string => {
    const profile = deployment.profiles[agency];
    if (profile === undefined) throw new Error(`the development deployment has no agency ${agency}`);
    return profile;
  };
  return {
    persons,
    databaseUrl,
    pool,
    deployment,
    configPath: withLimits(deployment.configPath, options.limits),
    profile: profileOf(TELCO),
    otherProfile: profileOf(OTHER_TELCO),
    cpu: () => cpuOfTree(server.pid),
    settle: async () => {
      await pool.query('CHECKPOINT');
    },
  };
}

/** Beside the deployment's own, which stays as it is for the next run. */
function withLimits(configPath: string, limits: object): string {
  const path = join(dirname(configPath), 'config-bench.json');
  const config = JSON.parse(readFileSync(configPath, 'utf8')) as { readonly limits: object };
  writeFileSync(path, JSON.stringify({ ...config, limits: { ...config.limits, ...limits } }), { mode: 0o600 });
  return path;
}

async function makeDatabase(url: string): Promise<void> {
  const admin = createPool({ url, max: 1 });
  try {
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await admin.end();
  }
}

async function assertDurable(pool: Pool): Promise<void> {
  for (const [name, wanted] of Object.entries(DURABLE)) {
    const { rows } = await pool.query<{ setting: string }>('SELECT current_setting($1) AS setting', [name]);
    if (rows[0]?.setting !== wanted) throw new Error(`PostgreSQL runs with ${name} = ${rows[0]?.setting}`);
  }
}
