import { createHeads, type Heads } from '../../audit/heads.ts';
import { readGatewayConfig } from '../../config/read-config.ts';
import type { Pool } from '../../storage/pool.ts';
import { CliProblem } from '../problem.ts';
import type { DataFolder } from './data-folder.ts';

/**
 * Holds a data folder's log against the head kept of it, as the gateway does at its start; of a new log it keeps the first.
 * Throws CliProblem HEAD_NOT_KEPT, LOG_UNSOUND.
 */
export async function holdLog(
  data: DataFolder,
  db: Pool,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Heads> {
  const { log } = await readGatewayConfig(data.config, env);
  const heads = createHeads({ db, origin: log.origin, key: log.key, path: log.heads });
  const state = await heads.check();
  if (state === 'unkept') {
    throw new CliProblem('HEAD_NOT_KEPT', {
      file: log.heads,
      command: `lienthong audit keep-head --data ${data.root}`,
    });
  }
  if (state !== 'sound') throw new CliProblem('LOG_UNSOUND', { count: 1 });
  await heads.keep();
  return heads;
}
