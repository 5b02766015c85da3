/** The deployment that an operator's command works on: a development one's folder, or a config of one's own. */
import type { Command } from 'commander';
import { type GatewayConfig, readGatewayConfig } from '../../config/read-config.ts';
import { refuseOtherKeys } from '../../config/storage-check.ts';
import { schemaVersion } from '../../storage/migrate.ts';
import { CliProblem } from '../problem.ts';
import type { Terminal } from '../terminal.ts';
import { preparedFolder } from './data-folder.ts';
import { type OpenDatabase, openConfigured, openDatabase } from './database.ts';

export interface OperatedOptions {
  readonly data?: string;
  readonly config?: string;
}

export interface Operated {
  readonly config: GatewayConfig;
  readonly database: OpenDatabase;
}

export function addOperatedOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'data folder of a development deployment')
    .option('--config <file>', "the gateway's config file");
}

/** Reads the config and opens its database; the caller closes it. Throws CliProblem LOG_UNNAMED, DATA_EMPTY, ConfigError. */
export async function openOperated(options: OperatedOptions, { env }: Terminal): Promise<Operated> {
  const data = options.data === undefined ? undefined : preparedFolder(options.data);
  const path = data?.config ?? options.config;
  if (path === undefined) throw new CliProblem('LOG_UNNAMED');
  const config = await readGatewayConfig(path, env);
  const database = data === undefined ? openConfigured(config.databaseUrl) : await openDatabase(data, env);
  // Whatever would be sealed or opened next: other keys are told here, and not as a fault of what they meet.
  await refuseOtherKeys(database.pool, config.keys).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  return { config, database };
}

/** Throws CliProblem DATABASE_BARE where nothing was ever migrated. */
export async function refuseBare({ database }: Operated): Promise<void> {
  if ((await schemaVersion(database.pool)) === 0) throw new CliProblem('DATABASE_BARE');
}
