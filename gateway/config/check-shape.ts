/** Strict reading of the config's own members: what is unknown, missing or of the wrong type is named. */
import { filled, type Words } from '../errors/words.ts';
import { MOST_COSIGNATURES } from '../proof/checkpoint.ts';
import { ConfigError } from './config-error.ts';
import { CONFIG_VERSION, type GatewayConfigFile, isLoopback, LIMIT_NAMES } from './config-file.ts';
import { CONFIG_WORDS, MUST_BE } from './config-words.ts';

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
  if (config.version !== CONFIG_VERSION) throw new ConfigError('version', MUST_BE.version);
  const deployment = members(config.deployment, 'deployment', ['id', 'kind']);
  text(deployment.id, 'deployment.id', DEPLOYMENT_ID, MUST_BE.deploymentId);
  if (deployment.kind !== 'development' && deployment.kind !== 'production') {
    throw new ConfigError('deployment.kind', MUST_BE.deploymentKind);
  }
  checkListen(members(config.listen, 'listen', [], ['host', 'port']), deployment.kind);
  if (deployment.kind === 'production' && String(deployment.id).startsWith('dev-')) {
    throw new ConfigError('deployment.id', CONFIG_WORDS.developmentId);
  }
  uris(members(config.database, 'database', ['url']), 'database.', ['url']);
  const tls = ['ca', 'certificate', 'key'];
  uris(members(config.tls, 'tls', tls), 'tls.', tls);
  const log = members(config.log, 'log', ['origin', 'key', 'heads'], ['witnesses']);
  text(log.origin, 'log.origin', ORIGIN, MUST_BE.origin);
  uris(log, 'log.', ['key', 'heads']);
  const { witnesses = 1 } = log;
  // More would never be shown together, and no head ever be a witnessed one.
  if (!(Number.isSafeInteger(witnesses) && Number(witnesses) >= 1 && Number(witnesses) <= MOST_COSIGNATURES)) {
    throw new ConfigError('log.witnesses', filled(MUST_BE.upTo, { most: MOST_COSIGNATURES }));
  }
  if (!String(log.heads).startsWith('file:')) throw new ConfigError('log.heads', MUST_BE.filePath);
  const policy = ['wasm', 'manifest', 'signature', 'key'];
  uris(members(config.policy, 'policy', policy), 'policy.', policy);
  const keys = ['signing_key', 'key_set', 'storage_keys'];
  uris(config, '', config.key_set_root === undefined ? keys : [...keys, 'key_set_root']);
  checkOfficers(config.officers, deployment.kind);
  const limits = members(config.limits === undefined ? {} : config.limits, 'limits', [], LIMIT_NAMES);
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isSafeInteger(limit) || (limit as number) < 1) {
      throw new ConfigError(`limits.${name}`, MUST_BE.positive);
    }
    if (THREADS.has(name) && (limit as number) > MOST_THREADS) {
      throw new ConfigError(`limits.${name}`, filled(MUST_BE.upTo, { most: MOST_THREADS }));
    }
  }
  if (config.accesses !== undefined) {
    const { index } = members(config.accesses, 'accesses', ['index']);
    if (typeof index !== 'boolean') throw new ConfigError('accesses.index', MUST_BE.trueOrFalse);
  }
  if (config.metrics !== undefined)
    checkMetrics(members(config.metrics, 'metrics', ['port'], ['host']), deployment.kind);
  if (config.traces !== undefined) checkTraces(members(config.traces, 'traces', ['endpoint', 'ratio']));
  return value as GatewayConfigFile;
}

function checkOfficers(officers: unknown, kind: 'development' | 'production'): void {
  if (officers === undefined) {
    if (kind === 'development') return;
    throw new ConfigError('officers', CONFIG_WORDS.officersMissing);
  }
  if (!Array.isArray(officers) || new Set(officers).size < 2) throw new ConfigError('officers', MUST_BE.thumbprints);
  for (const officer of officers) text(officer, 'officers', THUMBPRINT, MUST_BE.thumbprints);
}

function checkListen({ host, port }: Members, kind: 'development' | 'production'): void {
  if (host !== undefined) text(host, 'listen.host', HOST, MUST_BE.host);
  if (port !== undefined) checkPort(port, 'listen.port');
  if (kind === 'production' && host === undefined) {
    throw new ConfigError('listen.host', CONFIG_WORDS.hostMissing);
  }
  if (kind === 'development' && host !== undefined && !isLoopback(host as string)) {
    throw new ConfigError('listen.host', CONFIG_WORDS.notLoopback);
  }
}

function checkPort(port: unknown, member: string): void {
  if (!(Number.isInteger(port) && (port as number) >= 0 && (port as number) <= HIGHEST_PORT)) {
    throw new ConfigError(member, filled(MUST_BE.upTo, { most: HIGHEST_PORT }));
  }
}

function checkMetrics({ host, port }: Members, kind: 'development' | 'production'): void {
  checkPort(port, 'metrics.port');
  if (host === undefined) return;
  text(host, 'metrics.host', HOST, MUST_BE.host);
  if (kind === 'development' && !isLoopback(host as string)) {
    throw new ConfigError('metrics.host', CONFIG_WORDS.notLoopback);
  }
}

function checkTraces({ endpoint, ratio }: Members): void {
  const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ConfigError('traces.endpoint', MUST_BE.traces);
  }
  if (!(typeof ratio === 'number' && ratio > 0 && ratio <= 1)) {
    throw new ConfigError('traces.ratio', MUST_BE.ratio);
  }
}

/** An object with all of `required`, any of `optional`, and nothing else. */
function members(value: unknown, at: string, required: readonly string[], optional: readonly string[] = []): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(at, MUST_BE.object);
  }
  const prefix = at === 'config' ? '' : `${at}.`;
  for (const name of required) {
    if (!Object.hasOwn(value, name)) throw new ConfigError(`${prefix}${name}`, CONFIG_WORDS.missing);
  }
  for (const name of Object.keys(value)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw new ConfigError(`${prefix}${name}`, CONFIG_WORDS.unknownMember);
    }
  }
  return value as Members;
}

function uris(holder: Members, prefix: string, names: readonly string[]): void {
  for (const name of names) text(holder[name], `${prefix}${name}`, URI_FORM, MUST_BE.uri);
}

function text(value: unknown, member: string, pattern: RegExp, mustBe: Words): void {
  if (typeof value !== 'string' || !pattern.test(value)) throw new ConfigError(member, mustBe);
}
