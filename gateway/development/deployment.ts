/**
 * A development deployment on a data folder and a migrated database: made at the first start, found again at the next.
 *
 * `<dataDir>/gateway/` holds the gateway's config and secrets and the two officers' keys, `<dataDir>/agencies/<code>/` an
 * agency's profile. Folders are 0700, files 0600.
 */
import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GatewayConfigFile, isLoopback } from '../config/config-file.ts';
import { DeploymentMismatch, readStamp, stampDeployment } from '../config/deployment-stamp.ts';
import { filled, ToldError, type Words } from '../errors/words.ts';
import { readAgreementFiles } from '../policy/files.ts';
import type { Vocabulary } from '../policy/policy-data.ts';
import { witnessName } from '../proof/cosignature.ts';
import type { PublicJwk } from '../signing/public-key.ts';
import type { Pool } from '../storage/pool.ts';
import { admitIssuer } from './admit-issuer.ts';
import { DEVELOPMENT_AGENCIES, type DevelopmentAgency } from './agencies.ts';
import { createEnrolment } from './enrol.ts';
import { keepGenesis } from './first-officers.ts';
import { jsonText, openPrivateFolder, type PrivateFolder } from './folder.ts';
import { enrolOfficers, keepAgreements, keepOfficers } from './four-eyes.ts';
import { keepProfile, type ProfileIdentity } from './profile.ts';
import { keepRules, RULES_FILES } from './rules.ts';
import { type DevelopmentSecrets, keepSecrets } from './secrets.ts';

export interface DevelopmentOptions {
  readonly dataDir: string;
  /** A migrated database. */
  readonly pool: Pool;
  /** Where the gateway will listen. */
  readonly port: number;
  /** 127.0.0.1 unless told otherwise; nothing but loopback. */
  readonly host?: string;
  /** URL of the same database: kept in a file for the gateway. Without it the config names `env:DATABASE_URL`. */
  readonly databaseUrl?: string;
  /** Serialised `google.protobuf.FileDescriptorSet` of the contract. */
  readonly descriptors: Uint8Array;
  /** What agreements may name. */
  readonly vocabulary: Vocabulary;
  readonly agencies?: readonly DevelopmentAgency[];
  /** The `policies` folder: bundle and agreements. */
  readonly policies?: string;
}

export interface DevelopmentDeployment {
  readonly id: string;
  /** True where this call made it. */
  readonly created: boolean;
  readonly configPath: string;
  readonly logOrigin: string;
  /** Profile folders by agency code. */
  readonly profiles: Readonly<Record<string, string>>;
  /** Profile folders of the two officers, by code. */
  readonly officers: Readonly<Record<string, string>>;
  readonly secrets: DevelopmentSecrets;
  /** Agreements whose file says something else than the same version in the database: the file needs a higher version. */
  readonly outdated: readonly string[];
}

const POLICIES = fileURLToPath(new URL('../../policies', import.meta.url));
/** Without letters and digits that look alike. */
const ID_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * Makes what is missing and leaves the rest as it is, so that a start that was cut short is finished by the next. What was
 * barred stays barred. Address and paths are written anew each time.
 *
 * @throws {DeploymentMismatch} where the database is production's or belongs to another data folder
 */
export async function createDevelopmentDeployment(options: DevelopmentOptions): Promise<DevelopmentDeployment> {
  const { pool, port, vocabulary, descriptors, agencies = DEVELOPMENT_AGENCIES, policies = POLICIES } = options;
  if (!isLoopback(options.host ?? '127.0.0.1')) throw new Error('a development deployment listens on loopback only');
  const dataDir = resolve(options.dataDir);
  const stamp = await readStamp(pool);
  if (stamp?.kind === 'production') throw new DeploymentMismatch('DATABASE_IS_PRODUCTION', stamp);
  const folder = await openPrivateFolder(join(dataDir, 'gateway'));
  const known = await knownId(folder);
  const id = known ?? newId();
  const logOrigin = `lienthong.dev/${id}`;
  // Refuses a database that outlived its data folder: nobody has the keys that its agencies were enrolled with.
  await stampDeployment(pool, { id, kind: 'development' });
  if (options.databaseUrl !== undefined) await folder.write('database-url', `${options.databaseUrl}\n`);
  const officers = await keepOfficers(folder);
  const pinned = officers.map(({ kid }) => kid);
  // Before whatever bears the id: from here on the folder has one.
  await folder.write('config.json', jsonText(configOf({ ...options, policies }, { id, logOrigin, pinned })));

  const secrets = await keepSecrets(folder, id);
  await keepRules(folder, { deployment: id, bundle: resolve(policies, 'bundle') });
  const { agreements } = await readAgreementFiles(policies);
  const profiles: Record<string, string> = {};
  const kept: { readonly agency: string; readonly folder: PrivateFolder; readonly key: PublicJwk }[] = [];
  for (const agency of agencies) {
    const profile = await openPrivateFolder(join(dataDir, 'agencies', agency.code));
    const purposes = agreements.filter((agreement) => agreement.agency === agency.code).map(({ purpose }) => purpose);
    const identity = await keepProfile(profile, secrets.ca, {
      agency,
      deployment: id,
      port,
      purposes,
      logOrigin,
      logPublicKey: secrets.logPublicKey,
      keySetRoot: secrets.root.publicJwk,
      descriptors,
    });
    await enrolOnce(pool, agency, identity);
    profiles[agency.code] = profile.path;
    kept.push({ agency: agency.code, folder: profile, key: identity.signingKey.publicJwk });
  }
  await keepWitnesses(logOrigin, kept);
  await enrolOfficers(pool, officers);
  const officerProfiles = await keepGenesis({
    ...{ pool, folder, officers, pinned: new Set(pinned), ca: secrets.ca, dataDir },
    facts: {
      deployment: id,
      port,
      logOrigin,
      logPublicKey: secrets.logPublicKey,
      keySetRoot: secrets.root.publicJwk,
      descriptors,
    },
  });
  await admitIssuer(pool, { deployment: id, pinned: new Set(pinned) }, { officers, key: secrets.issuer });
  const mine = agreements.filter(({ agency }) => agencies.some(({ code }) => code === agency));
  const outdated = await keepAgreements({ pool, deployment: id, vocabulary, pinned: new Set(pinned) }, officers, mine);
  return {
    id,
    created: known === undefined,
    configPath: join(folder.path, 'config.json'),
    logOrigin,
    profiles,
    officers: officerProfiles,
    secrets,
    outdated,
  };
}

/** In every profile the agencies' keys, by which it believes cosignatures of the log: a development deployment trusts them all. */
async function keepWitnesses(
  logOrigin: string,
  agencies: readonly { readonly agency: string; readonly folder: PrivateFolder; readonly key: PublicJwk }[],
): Promise<void> {
  const witnesses = agencies.map(({ agency, key }) => ({ name: witnessName(logOrigin, agency), key }));
  for (const { folder } of agencies) await folder.write('witnesses.json', jsonText({ witnesses }));
}

const NOT_DEVELOPMENT: Words = {
  en: "{file} is no development deployment's",
  vi: '{file} không phải của hệ thống phát triển',
};

async function knownId(folder: PrivateFolder): Promise<string | undefined> {
  const text = await folder.read('config.json');
  if (text === undefined) return undefined;
  const { deployment } = JSON.parse(text) as Partial<GatewayConfigFile>;
  if (deployment?.kind !== 'development') {
    throw new ToldError(filled(NOT_DEVELOPMENT, { file: join(folder.path, 'config.json') }));
  }
  return deployment.id;
}

function newId(): string {
  return `dev-${Array.from({ length: 8 }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('')}`;
}

function configOf(
  { host = '127.0.0.1', port, databaseUrl, policies }: DevelopmentOptions & { readonly policies: string },
  { id, logOrigin, pinned }: { readonly id: string; readonly logOrigin: string; readonly pinned: readonly string[] },
): GatewayConfigFile {
  const bundle = resolve(policies, 'bundle');
  return {
    version: 1,
    deployment: { id, kind: 'development' },
    listen: { host, port },
    database: { url: databaseUrl === undefined ? 'env:DATABASE_URL' : 'file:database-url' },
    tls: { ca: 'file:ca.pem', certificate: 'file:server-cert.pem', key: 'file:server-key.pem' },
    signing_key: 'file:signing.jwk.json',
    key_set: 'file:key-set.json',
    key_set_root: 'file:key-set-root.public.jwk.json',
    log: { origin: logOrigin, key: 'file:log-key.pem', heads: 'file:heads' },
    storage_keys: 'file:storage-keys.json',
    policy: {
      wasm: `file:${join(bundle, 'policy.wasm')}`,
      manifest: `file:${join(bundle, '.manifest')}`,
      signature: `file:${RULES_FILES.signature}`,
      key: `file:${RULES_FILES.publicKey}`,
    },
    officers: pinned,
    limits: {},
  };
}

/** Enrols what is not enrolled yet; a row that stands there, barred or not, is left as it is. */
async function enrolOnce(pool: Pool, agency: DevelopmentAgency, identity: ProfileIdentity): Promise<void> {
  const { fingerprint, notAfter, signingKey, encryptionKey } = identity;
  const { rows } = await pool.query<Record<'agency' | 'certificate' | 'key' | 'encryption', boolean>>(
    `SELECT EXISTS (SELECT FROM agency WHERE code = $1) AS agency,
            EXISTS (SELECT FROM agency_certificate WHERE fingerprint = $2) AS certificate,
            EXISTS (SELECT FROM agency_key WHERE kid = $3) AS key,
            EXISTS (SELECT FROM agency_encryption_key WHERE kid = $4) AS encryption`,
    [agency.code, fingerprint, signingKey.kid, encryptionKey?.kid ?? ''],
  );
  const there = rows[0];
  const enrolment = createEnrolment({ pool });
  if (there?.agency !== true) await enrolment.addAgency(agency);
  if (there?.certificate !== true) {
    await enrolment.addCertificate({ agency: agency.code, fingerprint, notAfter });
  }
  if (there?.key !== true) await enrolment.addKey({ agency: agency.code, jwk: signingKey.publicJwk });
  if (encryptionKey !== undefined && there?.encryption !== true) {
    await enrolment.addEncryptionKey({ agency: agency.code, jwk: encryptionKey.publicJwk });
  }
}
