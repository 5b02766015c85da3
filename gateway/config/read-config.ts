/** Reads the config file and all that it names, and checks that the parts belong together, before anything is opened. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { filled } from '../errors/words.ts';
import { faultsArmed } from '../faults/point.ts';
import type { BundleFiles } from '../policy/signed-bundle.ts';
import { type KeyRing, loadKeyRing } from '../sealing/key-ring.ts';
import type { PublicJwk } from '../signing/public-key.ts';
import { checkConfig } from './check-shape.ts';
import { ConfigError } from './config-error.ts';
import {
  DEFAULT_PORT,
  DEVELOPMENT_CA_MARK,
  type DeploymentKind,
  type GatewayConfigFile,
  type LimitName,
} from './config-file.ts';
import { CONFIG_WORDS } from './config-words.ts';
import { readDatabaseUrl } from './database-url.ts';
import { jsonFault, placeOf } from './json-fault.ts';
import { createKeyReading, type KeyReading, type LogKeys, type OwnKeys, readPinnedKey } from './own-keys.ts';
import { loaded, parse } from './parse.ts';
import { type Environment, mustBeOurs, notRead, pathOfUri, readUri } from './uri.ts';

export interface GatewayConfig {
  readonly deployment: { readonly id: string; readonly kind: DeploymentKind };
  readonly listen: { readonly host: string; readonly port: number };
  /** Holds a password: never to be printed. */
  readonly databaseUrl: string;
  /** PEM. */
  readonly tls: { readonly ca: Buffer; readonly certificate: Buffer; readonly key: Buffer };
  readonly own: OwnKeys;
  /** Reads them and those of the log as they lie there now. @throws {ConfigError} */
  readonly readOwn: () => Promise<KeyReading>;
  readonly log: {
    readonly origin: string;
    readonly keys: LogKeys;
    /** Path of the file. */
    readonly heads: string;
    /** How many organisations make a head witnessed. */
    readonly witnesses: number;
  };
  readonly keys: KeyRing;
  readonly policy: {
    /** Whose signature makes rules count. */
    readonly key: PublicJwk;
    /** Reads the bundle as it lies there now; whether it counts is not judged here. @throws {ConfigError} */
    readonly read: () => Promise<BundleFiles>;
  };
  /** Thumbprints of the officers who count; undefined, in development only, lets every enrolled one count. */
  readonly officers: ReadonlySet<string> | undefined;
  readonly limits: Readonly<Partial<Record<LimitName, number>>>;
  readonly indexesAccesses: boolean;
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  readonly traces: GatewayConfigFile['traces'];
}

const LOOPBACK_HOST = '127.0.0.1';
/** One alone could be the operator's friend. */
const DEFAULT_WITNESSES = 2;

/**
 * @param path of `config.json`
 * @param env where `env:NAME` is read from
 * @throws {ConfigError} naming the member that is wrong
 */
export async function readGatewayConfig(path: string, env: Environment): Promise<GatewayConfig> {
  const file = await readConfigFile(path);
  // Before anything that it names is opened: what listens at a fault point may break the process at will.
  if (file.deployment.kind === 'production' && faultsArmed())
    throw new ConfigError('deployment.kind', CONFIG_WORDS.faultPoint);
  const folder = dirname(resolve(path));
  const bytes = (member: string, uri: string, secret: boolean): Promise<Buffer> =>
    readUri(uri, { folder, member, env, secret });

  const { deployment, tls, log, policy } = file;
  const read = {
    database: await bytes('database.url', file.database.url, true),
    ca: await bytes('tls.ca', tls.ca, false),
    certificate: await bytes('tls.certificate', tls.certificate, false),
    tlsKey: await bytes('tls.key', tls.key, true),
    keySetRoot: file.key_set_root === undefined ? undefined : await bytes('key_set_root', file.key_set_root, false),
    storageKeys: await bytes('storage_keys', file.storage_keys, true),
    policyKey: await bytes('policy.key', policy.key, false),
  };
  const readBundle = async (): Promise<BundleFiles> => {
    const part = (member: 'wasm' | 'manifest' | 'signature') => bytes(`policy.${member}`, policy[member], false);
    // The signature first: where all three are being replaced, an old one beside new rules is not taken for theirs.
    const [signature, wasm, manifest] = [await part('signature'), await part('wasm'), await part('manifest')];
    return {
      signature: signature.toString('utf8'),
      wasm: Uint8Array.from(wasm),
      manifest: manifest.toString('utf8'),
    };
  };
  // What is not there is named at the start and not at the first look.
  await readBundle();
  checkCa(read.ca, deployment.kind);
  checkServerCertificate(read.certificate, read.tlsKey);
  const trust = {
    deployment: deployment.id,
    root: read.keySetRoot && readPinnedKey('key_set_root', read.keySetRoot),
  };
  const keysOf = createKeyReading(trust);
  const readOwn = async () => {
    // The set first: it knows the next key before that key signs.
    const keySet = await bytes('key_set', file.key_set, false);
    const signingKey = await bytes('signing_key', file.signing_key, true);
    return keysOf({ keySet, signingKey, logKey: await bytes('log.key', log.key, true) });
  };
  const keys = await readOwn();
  return {
    deployment,
    listen: { host: file.listen.host ?? LOOPBACK_HOST, port: file.listen.port ?? DEFAULT_PORT },
    databaseUrl: readDatabaseUrl(read.database, deployment.kind),
    tls: { ca: read.ca, certificate: read.certificate, key: read.tlsKey },
    own: keys.own,
    readOwn,
    log: {
      ...{ origin: log.origin, keys: keys.log, witnesses: log.witnesses ?? DEFAULT_WITNESSES },
      heads: pathOfUri(folder, log.heads) ?? '',
    },
    keys: loaded('storage_keys', () => loadKeyRing(parse('storage_keys', read.storageKeys))),
    policy: { key: readPinnedKey('policy.key', read.policyKey), read: readBundle },
    officers: file.officers === undefined ? undefined : new Set(file.officers),
    limits: file.limits ?? {},
    indexesAccesses: file.accesses?.index ?? true,
    metrics: file.metrics && { host: LOOPBACK_HOST, ...file.metrics },
    traces: file.traces,
  };
}

/** The config file alone, checked; nothing that it names is opened. @throws {ConfigError} */
export async function readConfigFile(path: string): Promise<GatewayConfigFile> {
  const unreadable = (error: unknown) => {
    throw notRead('config', path, error);
  };
  const content = await readFile(path).catch(unreadable);
  mustBeOurs('config', path, await stat(path).catch(unreadable), false);
  // A string has no line of its own, so nothing that counts begins so. Lines stay where they are, for whoever is told of one.
  const text = content.toString('utf8').replaceAll(/^[^\S\r\n]*\/\/.*$/gm, '');
  try {
    return checkConfig(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // No cause: it quotes what it stumbled on.
    throw new ConfigError('config', filled(CONFIG_WORDS.notJsonAt, { path, ...placeOf(text, jsonFault(text)) }));
  }
}

function checkCa(pem: Buffer, kind: DeploymentKind): void {
  const ca = certificateOf('tls.ca', pem);
  if (!ca.ca) throw new ConfigError('tls.ca', CONFIG_WORDS.notAuthority);
  if (kind === 'production' && ca.subject.includes(DEVELOPMENT_CA_MARK)) {
    throw new ConfigError('tls.ca', CONFIG_WORDS.developmentCa);
  }
}

function checkServerCertificate(pem: Buffer, key: Buffer): void {
  const certificate = certificateOf('tls.certificate', pem);
  let belongs: boolean;
  try {
    belongs = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new ConfigError('tls.key', CONFIG_WORDS.notPrivateKey);
  }
  if (!belongs) throw new ConfigError('tls.key', CONFIG_WORDS.otherCertificate);
}

function certificateOf(member: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ConfigError(member, CONFIG_WORDS.notCertificate);
  }
}
