/** An agency's profile folder: what its client needs to speak to this gateway, and the agency's side of enrolment. */
import { hash, X509Certificate } from 'node:crypto';
import type { DecryptionKey } from '../signing/encryption-key.ts';
import type { SigningKey } from '../signing/key-store.ts';
import type { PublicJwk } from '../signing/public-key.ts';
import type { DevelopmentAgency } from './agencies.ts';
import type { CertificateAuthority } from './certificates.ts';
import { jsonText, type PrivateFolder } from './folder.ts';
import { keepEncryptionKey, keepSigningKey } from './secrets.ts';

const ENCRYPTION_FILE = 'encryption.jwk.json';

export interface ProfileFacts {
  readonly agency: DevelopmentAgency;
  readonly deployment: string;
  readonly port: number;
  readonly purposes: readonly string[];
  readonly logOrigin: string;
  readonly logPublicKey: string;
  readonly keySetRoot: PublicJwk;
  /** Serialised `google.protobuf.FileDescriptorSet` of the contract. */
  readonly descriptors: Uint8Array;
  /** Whom the certificate names, where it is not the agency itself. */
  readonly commonName?: string;
}

/** What the agency hands over to be enrolled. */
export interface ProfileIdentity {
  readonly fingerprint: string;
  readonly notAfter: Date;
  readonly signingKey: SigningKey;
  /** Absent where the certificate names somebody else than the agency. */
  readonly encryptionKey: DecryptionKey | undefined;
}

/** Keeps the agency's keys, and writes anew whatever may have changed since. */
export async function keepProfile(
  folder: PrivateFolder,
  ca: CertificateAuthority,
  facts: ProfileFacts,
): Promise<ProfileIdentity> {
  const { agency, deployment, port, purposes, logOrigin } = facts;
  const certificate = await keepCertificate(folder, ca, facts.commonName ?? agency.code);
  const signingKey = await keepSigningKey(folder, 'signing.jwk.json');
  const encryptionKey = facts.commonName === undefined ? await keepEncryptionKey(folder, ENCRYPTION_FILE) : undefined;
  await folder.write('ca.pem', ca.certificate);
  await folder.write('key-set-root.jwk.json', jsonText(facts.keySetRoot));
  await folder.write('log-key.pub.pem', facts.logPublicKey);
  await folder.write('descriptors.binpb', facts.descriptors);
  await folder.write(
    'config.json',
    jsonText({
      version: 1,
      address: `localhost:${port}`,
      deployment,
      agency: agency.code,
      purposes,
      context: agency.context,
      ca: 'file:ca.pem',
      certificate: 'file:cert.pem',
      key: 'file:key.pem',
      signing_key: 'file:signing.jwk.json',
      ...(encryptionKey === undefined ? {} : { encryption_keys: [`file:${ENCRYPTION_FILE}`] }),
      key_set_root: 'file:key-set-root.jwk.json',
      log_origin: logOrigin,
      log_key: 'file:log-key.pub.pem',
      descriptors: 'file:descriptors.binpb',
    }),
  );
  return { ...certificate, signingKey, encryptionKey };
}

async function keepCertificate(
  folder: PrivateFolder,
  ca: CertificateAuthority,
  agency: string,
): Promise<{ fingerprint: string; notAfter: Date }> {
  const pem = await folder.read('cert.pem');
  if (pem !== undefined) {
    const { raw, validToDate: notAfter } = new X509Certificate(pem);
    return { fingerprint: hash('sha256', raw, 'hex'), notAfter };
  }
  const made = await ca.issueClient(agency);
  await folder.write('key.pem', made.key);
  await folder.write('cert.pem', made.certificate);
  return made;
}
