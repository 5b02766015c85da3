/** The first two officers of a development deployment: the ceremony without the people, and their profile folders. */
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { OPERATOR } from '../acts/book.ts';
import { personMark } from '../acts/person-mark.ts';
import { readBook } from '../acts/read-acts.ts';
import { ADMINISTRATION_PURPOSE } from '../admin/administration.ts';
import { type FirstOfficer, storeGenesis } from '../admin/genesis.ts';
import { loadKeyRing } from '../sealing/key-ring.ts';
import type { Pool } from '../storage/pool.ts';
import type { CertificateAuthority } from './certificates.ts';
import { openPrivateFolder, type PrivateFolder } from './folder.ts';
import type { DevelopmentOfficer } from './four-eyes.ts';
import { keepProfile, type ProfileFacts } from './profile.ts';

/** Numbers that are given to nobody. */
const PERSONS = ['900085000017', '900085000025'] as const;
const OPERATOR_NAMES = {
  legal_entity: 'LE-OPERATOR',
  name_vi: 'Đơn vị vận hành (thử nghiệm)',
  name_en: 'Operator (development)',
} as const;

/** Writes the officers' folders anew, and holds the ceremony where none was held. Returns the folders by code. */
export async function keepGenesis(options: {
  readonly pool: Pool;
  /** The gateway's folder, which has the officers' keys. */
  readonly folder: PrivateFolder;
  readonly dataDir: string;
  readonly officers: readonly DevelopmentOfficer[];
  readonly pinned: ReadonlySet<string>;
  readonly ca: CertificateAuthority;
  readonly facts: Omit<ProfileFacts, 'agency' | 'purposes' | 'commonName'>;
}): Promise<Record<string, string>> {
  const { pool, folder, dataDir, officers, pinned, ca, facts } = options;
  const { pseudonym } = loadKeyRing(JSON.parse((await folder.read('storage-keys.json')) ?? '{}'));
  const profiles: Record<string, string> = {};
  const first: FirstOfficer[] = [];
  for (const [at, { code, publicJwk, signer }] of officers.entries()) {
    const profile = await openPrivateFolder(join(dataDir, 'officers', code));
    const key = (await folder.read(`officers/${code}.jwk.json`)) ?? '';
    await profile.keep('signing.jwk.json', () => key);
    const { legal_entity: legalEntity, name_vi: nameVi, name_en: nameEn } = OPERATOR_NAMES;
    const context = { service_code: 'quan-tri', unit_code: 'VAN-HANH', officer_code: code };
    const agency = { code: OPERATOR, legalEntity, nameVi, nameEn, context };
    await keepProfile(profile, ca, { ...facts, agency, commonName: code, purposes: [ADMINISTRATION_PURPOSE] });
    profiles[code] = profile.path;
    const certificate = new X509Certificate((await profile.read('cert.pem')) ?? '').raw.toString('base64');
    first.push({ code, person: personMark(pseudonym, PERSONS[at] ?? ''), key: publicJwk, certificate, signer });
  }
  const { deployment } = facts;
  if ((await readBook(pool, { deployment, pinned })).operator === undefined) {
    await storeGenesis(pool, { deployment, operator: OPERATOR_NAMES, officers: first });
  }
  return profiles;
}
