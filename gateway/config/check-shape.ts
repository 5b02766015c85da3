/** Strict reading of the config's own members: what is unknown, missing or of the wrong type is named. */
import { ConfigError } from './config-error.ts';
import { CONFIG_VERSION, type GatewayConfigFile, isLoopback, LIMIT_NAMES } from './config-file.ts';

type Members = Readonly<Record<string, unknown>>;

const DEPLOYMENT_ID = /^[a-z0-9][a-z0-9-]{2,62}$/;
const URI_FORM = /^(?:file|env):.+$/;
const HOST = /^[A-Za-z0-9.:-]{1,255}$/;
const ORIGIN = /^[^\s+]{1,200}$/;
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;
const HIGHEST_PORT = 65_535;
/** Each is a heap and connections of its own: a slip of the hand would take the machine's memory. */
const THREADS: ReadonlySet<string> = new Set(['ioThreads', 'matchingThreads']);
const MOST_THREADS = 64;
const REQUIRED = [
  'version',
  'deployment',
  'listen',
  'database',
  'tls',
  'signing_key',
  'key_set',
  'log',
  'storage_keys',
  'policy',
];

/** @throws {ConfigError} */
export function checkConfig(value: unknown): GatewayConfigFile {
  const config = members(value, 'config', REQUIRED, [
    ...['limits', 'key_set_root', 'officers', 'accesses', 'metrics', 'traces'],
  ]);
  if (config.version !== CONFIG_VERSION) throw new ConfigError('version', `must be ${CONFIG_VERSION}`);
  const deployment = members(config.deployment, 'deployment', ['id', 'kind']);
  text(deployment.id, 'deployment.id', DEPLOYMENT_ID, 'lower-case letters, digits and hyphens');
  if (deployment.kind !== 'development' && deployment.kind !== 'production') {
    throw new ConfigError('deployment.kind', 'must be "development" or "production"');
  }
  checkListen(members(config.listen, 'listen', [], ['host', 'port']), deployment.kind);
  if (deployment.kind === 'production' && String(deployment.id).startsWith('dev-')) {
    throw new ConfigError('deployment.id', 'a production deployment has another id than a development one');
  }
  uris(members(config.database, 'database', ['url']), 'database.', ['url']);
  const tls = ['ca', 'certificate', 'key'];
  uris(members(config.tls, 'tls', tls), 'tls.', tls);
  const log = members(config.log, 'log', ['origin', 'key', 'heads'], ['witnesses']);
  text(log.origin, 'log.origin', ORIGIN, 'text without spaces and plus signs');
  uris(log, 'log.', ['key', 'heads']);
  if (log.witnesses !== undefined && !(Number.isSafeInteger(log.witnesses) && (log.witnesses as number) >= 1)) {
    throw new ConfigError('log.witnesses', 'must be a positive whole number');
  }
  if (!String(log.heads).startsWith('file:')) throw new ConfigError('log.heads', 'must be file:PATH');
  const policy = ['wasm', 'manifest', 'signature', 'key'];
  uris(members(config.policy, 'policy', policy), 'policy.', policy);
  const keys = ['signing_key', 'key_set', 'storage_keys'];
  uris(config, '', config.key_set_root === undefined ? keys : [...keys, 'key_set_root']);
  checkOfficers(config.officers, deployment.kind);
  const limits = members(config.limits === undefined ? {} : config.limits, 'limits', [], LIMIT_NAMES);
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isSafeInteger(limit) || (limit as number) < 1) {
      throw new ConfigError(`limits.${name}`, 'must be a positive whole number');
    }
    if (THREADS.has(name) && (limit as number) > MOST_THREADS) {
      throw new ConfigError(`limits.${name}`, `must be a whole number up to ${MOST_THREADS}`);
    }
  }
  if (config.accesses !== undefined) {
    const { index } = members(config.accesses, 'accesses', ['index']);
    if (typeof index !== 'boolean') throw new ConfigError('accesses.index', 'must be true or false');
  }
  if (config.metrics !== undefined)
    checkMetrics(members(config.metrics, 'metrics', ['port'], ['host']), deployment.kind);
  if (config.traces !== undefined) checkTraces(members(config.traces, 'traces', ['endpoint', 'ratio']));
  return value as GatewayConfigFile;
}

function checkOfficers(officers: unknown, kind: 'development' | 'production'): void {
  if (officers === undefined) {
    if (kind === 'development') return;
    throw new ConfigError('officers', 'a production deployment must name the keys of its officers');
  }
  const wanted = 'at least two different RFC 7638 thumbprints';
  if (!Array.isArray(officers) || new Set(officers).size < 2) throw new ConfigError('officers', `must be ${wanted}`);
  for (const officer of officers) text(officer, 'officers', THUMBPRINT, wanted);
}

function checkListen({ host, port }: Members, kind: 'development' | 'production'): void {
  if (host !== undefined) text(host, 'listen.host', HOST, 'a host name or address');
  if (port !== undefined) checkPort(port, 'listen.port');
  if (kind === 'production' && host === undefined) {
    throw new ConfigError('listen.host', 'a production deployment must say where it listens');
  }
  if (kind === 'development' && host !== undefined && !isLoopback(host as string)) {
    throw new ConfigError('listen.host', 'a development deployment listens on loopback only');
  }
}

function checkPort(port: unknown, member: string): void {
  if (!(Number.isInteger(port) && (port as number) >= 0 && (port as number) <= HIGHEST_PORT)) {
    throw new ConfigError(member, `must be a whole number up to ${HIGHEST_PORT}`);
  }
}

function checkMetrics({ host, port }: Members, kind: 'development' | 'production'): void {
  checkPort(port, 'metrics.port');
  if (host === undefined) return;
  text(host, 'metrics.host', HOST, 'a host name or address');
  if (kind === 'development' && !isLoopback(host as string)) {
    throw new ConfigError('metrics.host', 'a development deployment listens on loopback only');
  }
}

function checkTraces({ endpoint, ratio }: Members): void {
  const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ConfigError('traces.endpoint', 'must be an http: or https: URL without user and password');
  }
  if (!(typeof ratio === 'number' && ratio > 0 && ratio <= 1)) {
    throw new ConfigError('traces.ratio', 'must be a number above 0 and up to 1');
  }
}

/** An object with all of `required`, any of `optional`, and nothing else. */
function members(value: unknown, at: string, required: readonly string[], optional: readonly string[] = []): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(at, 'must be an object');
  }
  const prefix = at === 'config' ? '' : `${at}.`;
  for (const name of required) {
    if (!Object.hasOwn(value, name)) throw new ConfigError(`${prefix}${name}`, 'is missing');
  }
  for (const name of Object.keys(value)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw new ConfigError(`${prefix}${name}`, 'is not a member of this version');
    }
  }
  return value as Members;
}

function uris(holder: Members, prefix: string, names: readonly string[]): void {
  for (const name of names) text(holder[name], `${prefix}${name}`, URI_FORM, 'file:PATH or env:NAME');
}

function text(value: unknown, member: string, pattern: RegExp, wanted: string): void {
  if (typeof value !== 'string' || !pattern.test(value)) throw new ConfigError(member, `must be ${wanted}`);
}
