import { createPrivateKey, X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  checkProfileConfig,
  type Environment,
  PROFILE_FILES,
  type ProfileConfig,
  profilePath,
  readDecryptionKeys,
  readProfileConfig,
  readProfileFile,
  readRoot,
  readSigningKey,
} from '../../../connectors/kit/profile.ts';
import type { SigningKey } from '../../signing/key-store.ts';
import type { PublicJwk } from '../../signing/public-key.ts';
import { OFFICERS_AGENCY } from '../officers/agency.ts';
import { type Check, failed, ok, unread, warning } from './finding.ts';

/** What the checks of a profile folder have read by the time that a later one needs it. */
export interface ProfileParts {
  folder: string;
  config: ProfileConfig;
  bytes: Partial<Record<(typeof PROFILE_FILES)[number], Buffer>>;
  certificate: X509Certificate;
  signingKey: SigningKey;
  root: PublicJwk;
}

const DAY_MS = 86_400_000;
/** Days before the end at which something is said, nearest last. */
const NEAR = [
  [7, 'EXPIRY_7'],
  [30, 'EXPIRY_30'],
  [60, 'EXPIRY_60'],
] as const;
const OTHERS = 0o077;
const SECRET = ['key', 'signing_key'] as const;

/** What can be said of a profile folder by itself. `parts` is filled as the checks go. */
export function profileChecks(
  parts: Partial<ProfileParts>,
  { folder, env, now }: { folder: string; env: Environment; now: () => Date },
): Check[] {
  return [
    {
      name: 'config',
      needs: [],
      async run() {
        parts.folder = resolve(folder);
        try {
          const config = await readProfileConfig(parts.folder);
          checkProfileConfig(config);
          parts.config = config;
        } catch (error) {
          return failed('CONFIG_WRONG', {}, error);
        }
        const { agency, deployment, address } = parts.config;
        return ok('CONFIG_OK', {
          agency: String(agency),
          deployment: String(deployment),
          address: String(address),
        });
      },
    },
    { name: 'files', needs: ['config'], run: () => readFiles(parts, env) },
    { name: 'certificate', needs: ['config'], run: () => checkCertificate(parts) },
    { name: 'key', needs: ['config', 'certificate'], run: () => checkKey(parts) },
    { name: 'holder', needs: ['certificate'], run: () => checkHolder(parts) },
    { name: 'expiry', needs: ['certificate'], run: () => checkExpiry(parts, now()) },
    {
      name: 'signing-key',
      needs: ['config'],
      async run() {
        try {
          parts.signingKey = await readSigningKey(parts.folder ?? folder, parts.config ?? {}, env);
          return ok('SIGNING_OK', { kid: parts.signingKey.kid });
        } catch (error) {
          return failed('SIGNING_WRONG', {}, error);
        }
      },
    },
    {
      name: 'encryption-keys',
      needs: ['config'],
      async run() {
        try {
          const keys = await readDecryptionKeys(parts.folder ?? folder, parts.config ?? {}, env);
          const kids = keys.map(({ kid }) => kid).join(', ');
          return keys.length === 0 ? ok('ENCRYPTION_NONE') : ok('ENCRYPTION_OK', { kids });
        } catch (error) {
          return failed('ENCRYPTION_WRONG', {}, error);
        }
      },
    },
    {
      name: 'root',
      needs: ['config'],
      run: () => {
        const { key_set_root: bytes } = parts.bytes ?? {};
        if (bytes === undefined) return unread('key_set_root');
        try {
          parts.root = readRoot(bytes);
          return ok('ROOT_OK');
        } catch (error) {
          return failed('ROOT_WRONG', {}, error);
        }
      },
    },
  ];
}

/** Every file that config.json names; one that cannot be read does not keep the others from being looked at. */
async function readFiles(parts: Partial<ProfileParts>, env: Environment) {
  const { folder = '', config = {} } = parts;
  parts.bytes = {};
  const problems = [];
  const open: string[] = [];
  for (const member of PROFILE_FILES) {
    try {
      parts.bytes[member] = await readProfileFile(folder, config, member, env);
    } catch (error) {
      problems.push(failed('FILE_UNREADABLE', { member }, error));
    }
  }
  for (const member of SECRET) {
    const path = profilePath(folder, String(config[member]));
    if (path === undefined || process.platform === 'win32') continue;
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && (found.mode & OTHERS) !== 0) open.push(path);
  }
  if (open.length > 0) problems.push(failed('FILES_OPEN', { files: open.join(' ') }));
  return problems.length > 0 ? problems : ok('FILES_OK', { count: PROFILE_FILES.length });
}

function checkCertificate(parts: Partial<ProfileParts>) {
  const { certificate } = parts.bytes ?? {};
  if (certificate === undefined) return unread('certificate');
  try {
    parts.certificate = new X509Certificate(certificate);
    return ok('CERTIFICATE_OK', { issuer: commonNameIn(parts.certificate.issuer) });
  } catch {
    return failed('CERTIFICATE_UNREADABLE');
  }
}

function checkKey({ bytes, certificate }: Partial<ProfileParts>) {
  if (bytes?.key === undefined) return unread('key');
  try {
    return certificate?.checkPrivateKey(createPrivateKey(bytes.key)) === true ? ok('KEY_OK') : failed('KEY_OTHER');
  } catch {
    // What OpenSSL says of a key is not repeated.
    return failed('KEY_UNREADABLE');
  }
}

const commonNameIn = (name: string): string => /^CN=(.+)$/m.exec(name)?.[1] ?? name.replaceAll('\n', ', ');

/** A sign only: whose certificate it is, the gateway's directory says (check `identity`). */
function checkHolder({ certificate, config }: Partial<ProfileParts>) {
  const name = commonNameIn(certificate?.subject ?? '');
  const { officer_code: officer } = (config?.context ?? {}) as { officer_code?: unknown };
  // Officers call in the name of one agency, each with a certificate in their own.
  const facts = { name, agency: String(config?.agency === OFFICERS_AGENCY ? officer : config?.agency) };
  return name === facts.agency ? ok('HOLDER_OK', facts) : warning('HOLDER_OTHER', facts);
}

function checkExpiry({ certificate }: Partial<ProfileParts>, now: Date) {
  if (certificate === undefined) return unread('certificate');
  const { validFromDate, validToDate } = certificate;
  const facts = {
    from: validFromDate,
    to: validToDate,
    days: Math.floor((validToDate.getTime() - now.getTime()) / DAY_MS),
  };
  if (now > validToDate) return failed('EXPIRED', facts);
  if (now < validFromDate) return failed('NOT_YET_VALID', facts);
  const near = NEAR.find(([days]) => facts.days < days);
  return near === undefined ? ok('EXPIRY_OK', facts) : warning(near[1], facts);
}
