import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliProblem } from '../problem.ts';

/** Where things stand in a data folder of `dev up` and `demo`. */
export interface DataFolder {
  readonly root: string;
  /** The embedded PostgreSQL's. */
  readonly postgres: string;
  readonly config: string;
  readonly gatewayLog: string;
  profile(agency: string): string;
}

export function dataFolder(folder: string): DataFolder {
  const root = resolve(folder);
  return {
    root,
    postgres: join(root, 'postgres'),
    config: join(root, 'gateway', 'config.json'),
    gatewayLog: join(root, 'gateway', 'gateway.log'),
    profile: (agency) => join(root, 'agencies', agency),
  };
}

/** A data folder that was prepared before. Throws CliProblem DATA_EMPTY. */
export function preparedFolder(folder: string): DataFolder {
  const data = dataFolder(folder);
  if (!existsSync(data.config)) throw new CliProblem('DATA_EMPTY', { folder });
  return data;
}
