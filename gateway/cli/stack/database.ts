import { readGatewayConfig } from '../../config/read-config.ts';
import { type Words, wordsOf } from '../../errors/words.ts';
import { startEmbedded } from '../../storage/embedded.ts';
import { EmbeddedInUse } from '../../storage/embedded-words.ts';
import { StorageError } from '../../storage/errors.ts';
import { createPool, type Pool } from '../../storage/pool.ts';
import { CliProblem } from '../problem.ts';
import type { DataFolder } from './data-folder.ts';

export interface OpenDatabase {
  /** Holds a password: never to be printed. */
  readonly url: string;
  readonly pool: Pool;
  /** True where this program started the server, which `close` then stops. */
  readonly own: boolean;
  close(): Promise<void>;
}

const CONNECT_MS = 3_000;
const NO_REASON: Words = { en: 'it gave no reason', vi: 'không rõ nguyên nhân' };

/** Starts the folder's PostgreSQL. Throws CliProblem DATABASE_FAILED, DATA_BUSY. */
export async function startDatabase(data: DataFolder): Promise<OpenDatabase> {
  const server = await startEmbedded({ dataDir: data.postgres, durable: true }).catch((error: unknown) => {
    const cause = { cause: error };
    if (error instanceof EmbeddedInUse) throw new CliProblem('DATA_BUSY', { folder: data.root, pid: error.pid }, cause);
    const problem = error instanceof Error ? wordsOf(error) : NO_REASON;
    throw new CliProblem('DATABASE_FAILED', { problem }, cause);
  });
  const pool = createPool({ url: server.url, applicationName: 'lienthong-cli' });
  return {
    url: server.url,
    pool,
    own: true,
    async close() {
      await pool.end().catch(() => undefined);
      await server.stop();
    },
  };
}

/**
 * The database of a prepared data folder: that of the running `dev up`, else started for as long as it is open.
 * Throws CliProblem DATABASE_FAILED, ConfigError.
 */
export async function openDatabase(
  data: DataFolder,
  env: Readonly<Record<string, string | undefined>>,
): Promise<OpenDatabase> {
  const { databaseUrl } = await readGatewayConfig(data.config, env);
  const pool = createPool({ url: databaseUrl, applicationName: 'lienthong-cli', connectTimeoutMs: CONNECT_MS });
  if (await answers(pool)) return { url: databaseUrl, pool, own: false, close: () => pool.end() };
  await pool.end();
  return startDatabase(data);
}

/** The database of a deployment with nothing embedded. */
export function openConfigured(url: string): OpenDatabase {
  const pool = createPool({ url, applicationName: 'lienthong-cli', connectTimeoutMs: CONNECT_MS });
  return { url, pool, own: false, close: () => pool.end() };
}

/** Whether a server answers there and lets us in; a stranger's on the same port does not. */
async function answers(pool: Pool): Promise<boolean> {
  try {
    await pool.query('SELECT 1');
    return true;
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}
