/** Why a port of the config is not listened at, by the member that is to be changed. */
import { ConfigError } from '../config/config-error.ts';
import { filled } from '../errors/words.ts';
import { START_WORDS } from './start-words.ts';

/** @returns a ConfigError for what the config is to blame for, and for a port that is taken; any other error as it is */
export function portProblem(
  section: 'listen' | 'metrics',
  { host, port }: { readonly host: string; readonly port: number },
  error: unknown,
): unknown {
  const cause = { cause: error };
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new ConfigError(`${section}.port`, filled(START_WORDS.portTaken, { port }), cause);
    case 'EACCES':
      return new ConfigError(`${section}.port`, filled(START_WORDS.portForbidden, { port }), cause);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError(`${section}.host`, filled(START_WORDS.hostElsewhere, { host }), cause);
    case 'ENOTSUP':
      return new ConfigError('limits.ioThreads', START_WORDS.portUnshared, cause);
    default:
      return error;
  }
}

/** Whether only another process stands in the way, which may go. */
export const isPortTaken = (error: unknown): boolean =>
  error instanceof ConfigError && codeOf(error.cause) === 'EADDRINUSE';

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);
