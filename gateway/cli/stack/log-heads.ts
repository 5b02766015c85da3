import { createHeads, type Heads } from '../../audit/heads.ts';
import type { GatewayConfig } from '../../config/read-config.ts';
import type { Pool } from '../../storage/pool.ts';
import { CliProblem } from '../problem.ts';

/**
 * Holds a log against the head kept of it, as the gateway does at its start; of a new log it keeps the first.
 * `command` accepts it where no head of it is kept. Throws CliProblem HEAD_NOT_KEPT, LOG_UNSOUND.
 */
export async function holdHead(log: GatewayConfig['log'], db: Pool, command: string): Promise<Heads> {
  const heads = createHeads({ db, origin: log.origin, keys: log.keys, path: log.heads });
  const state = await heads.check();
  if (state === 'unkept') throw new CliProblem('HEAD_NOT_KEPT', { file: log.heads, command });
  if (state !== 'sound') throw new CliProblem('LOG_UNSOUND', { count: 1 });
  await heads.keep();
  return heads;
}

/** The command by which an operator accepts a log of which no head is kept. */
export function keepHeadCommand({ data, config }: { readonly data?: string; readonly config?: string }): string {
  return `lienthong audit keep-head ${data === undefined ? `--config ${config}` : `--data ${data}`}`;
}

/** The same of a log that was set back: whoever runs it says that they know what is undone by it. */
export function acceptSetBackCommand(options: Parameters<typeof keepHeadCommand>[0]): string {
  return `${keepHeadCommand(options)} --set-back`;
}
