/** Further identities for one agency: second certificates and keys, and those that must be refused. */

import {
  type CertificateAndKey,
  createCertificateAuthority,
  loadCertificateAuthority,
  type Validity,
} from '../../gateway/development/certificates.ts';
import type { DevelopmentDeployment } from '../../gateway/development/deployment.ts';
import { createEnrolment } from '../../gateway/development/enrol.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../../gateway/signing/key-store.ts';
import type { Pool } from '../../gateway/storage/pool.ts';

const DAY_MS = 86_400_000;

/** `enrolled`: also written into the directory (which takes it up within a poll), so that only what is wrong is judged. */
export interface IdentityOptions {
  readonly enrolled?: boolean;
}

export interface Identities {
  certificate(agency: string, options?: IdentityOptions & { validity?: Validity }): Promise<CertificateAndKey>;
  /** Ran out a minute ago. */
  expiredCertificate(agency: string, options?: IdentityOptions): Promise<CertificateAndKey>;
  /** Of another authority with the name of the deployment's own. */
  foreignCertificate(agency: string, options?: IdentityOptions): Promise<CertificateAndKey>;
  signingKey(agency: string, options?: IdentityOptions): Promise<SigningKey>;
}

export function createIdentities({
  pool,
  deployment,
}: {
  pool: Pool;
  deployment: Pick<DevelopmentDeployment, 'id' | 'secrets'>;
}): Identities {
  const enrolment = createEnrolment({ pool });

  async function enrolled(
    made: CertificateAndKey,
    agency: string,
    options: IdentityOptions,
  ): Promise<CertificateAndKey> {
    const { fingerprint, notAfter } = made;
    if (options.enrolled ?? true) await enrolment.addCertificate({ agency, fingerprint, notAfter });
    return made;
  }

  const { ca } = deployment.secrets;
  return {
    async certificate(agency, options = {}) {
      return enrolled(await ca.issueClient(agency, options.validity), agency, options);
    },
    async expiredCertificate(agency, options = {}) {
      const [notBefore, notAfter] = [new Date(Date.now() - DAY_MS), new Date(Date.now() - 60_000)];
      return enrolled(await ca.issueClient(agency, { notBefore, notAfter }), agency, options);
    },
    async foreignCertificate(agency, options = {}) {
      const foreign = await loadCertificateAuthority(await createCertificateAuthority(deployment.id));
      return enrolled(await foreign.issueClient(agency), agency, options);
    },
    async signingKey(agency, options = {}) {
      const key = loadSigningKey(await generateSigningJwk());
      if (options.enrolled ?? true) await enrolment.addKey({ agency, jwk: key.publicJwk });
      return key;
    },
  };
}
