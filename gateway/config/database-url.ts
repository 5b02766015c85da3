import { ConfigError } from './config-error.ts';
import type { DeploymentKind } from './config-file.ts';
import { CONFIG_WORDS, MUST_BE } from './config-words.ts';

const MEMBER = 'database.url';
/** Nothing that is sent there leaves the machine. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/**
 * `postgresql://user:password@host:port/database`, of one host. What crosses a network in production is encrypted, and the server is the
 * one whose certificate names this host: the driver speaks in the clear where nobody asks it for more. No message quotes the URL, which
 * holds a password.
 */
export function readDatabaseUrl(content: Buffer, kind: DeploymentKind): string {
  const text = content.toString('utf8').trim();
  const authority = /^postgres(?:ql)?:\/\/(?=.)([^/?#]*)/.exec(text)?.[1];
  if (authority === undefined) throw new ConfigError(MEMBER, MUST_BE.databaseUrl);
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) {
    throw new ConfigError(MEMBER, CONFIG_WORDS.severalHosts);
  }
  if (!URL.canParse(text)) {
    throw new ConfigError(MEMBER, CONFIG_WORDS.notUrl);
  }
  const { hostname, searchParams } = new URL(text);
  // A parameter of that name prevails over the place where a host belongs.
  const hosts = searchParams.has('host') ? searchParams.getAll('host') : [hostname];
  if (kind === 'production' && !hosts.every(staysHere) && !isVerified(searchParams)) {
    throw new ConfigError(MEMBER, CONFIG_WORDS.unencrypted);
  }
  return text;
}

/** Of the same name given twice, drivers differ in which one counts. */
function isVerified(parameters: URLSearchParams): boolean {
  const modes = parameters.getAll('sslmode');
  return modes.length === 1 && modes[0] === 'verify-full' && !parameters.has('ssl');
}

/** A loopback address, or the folder of a socket. */
function staysHere(host: string): boolean {
  const name = decodeURIComponent(host);
  return name === '' || name.startsWith('/') || LOOPBACK.test(name);
}
