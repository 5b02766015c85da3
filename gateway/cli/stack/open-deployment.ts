import { type GatewayConfig, readGatewayConfig } from '../../config/read-config.ts';
import { refuseOtherKeys } from '../../config/storage-check.ts';
import { CliProblem } from '../problem.ts';
import { preparedFolder } from './data-folder.ts';
import { type OpenDatabase, openConfigured, openDatabase } from './database.ts';

/** `--data DIR` or `--config FILE`: which deployment an operator's command is about. */
export interface DeploymentOptions {
  readonly data?: string;
  readonly config?: string;
}

export const DEPLOYMENT_OPTIONS = [
  ['--data <dir>', 'data folder of a development deployment'],
  ['--config <file>', "the gateway's config file"],
] as const;

/** Opens the deployment's config and database, and closes the database when `work` is done. Throws CliProblem, ConfigError. */
export async function withDeployment<T>(
  options: DeploymentOptions,
  env: Readonly<Record<string, string | undefined>>,
  work: (open: { readonly config: GatewayConfig; readonly database: OpenDatabase }) => Promise<T>,
): Promise<T> {
  const data = options.data === undefined ? undefined : preparedFolder(options.data);
  const path = data?.config ?? options.config;
  if (path === undefined) throw new CliProblem('DEPLOYMENT_UNNAMED');
  const config = await readGatewayConfig(path, env);
  const database = data === undefined ? openConfigured(config.databaseUrl) : await openDatabase(data, env);
  try {
    await refuseOtherKeys(database.pool, config.keys);
    return await work({ config, database });
  } finally {
    await database.close();
  }
}
