/** Certificates of a profile, PEM. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { KitError } from './kit-error.ts';
import { PROFILE_PROBLEMS } from './profile-words.ts';

/** Of several in one file the first. Throws KitError PROFILE_FILE. */
export function readCertificate(member: string, pem: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new KitError('PROFILE_FILE', { member, problem: PROFILE_PROBLEMS.notCertificate });
  }
}

/** Throws KitError PROFILE_FILE where it is none or the key is not its own, CERTIFICATE_EXPIRED where it is not valid now. */
export function checkCertificate(pem: Uint8Array, key: Buffer, now: Date): void {
  const certificate = readCertificate('certificate', pem);
  let belongs = false;
  try {
    belongs = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new KitError('PROFILE_FILE', { member: 'key', problem: PROFILE_PROBLEMS.notPrivateKey });
  }
  if (!belongs) throw new KitError('PROFILE_FILE', { member: 'key', problem: PROFILE_PROBLEMS.otherCertificate });
  const outside = outsideValidity(certificate, now);
  if (outside !== undefined) throw new KitError('CERTIFICATE_EXPIRED', outside);
}

/** From when until when it is valid, where `now` is not between them. */
export function outsideValidity(certificate: X509Certificate, now: Date): { from: string; to: string } | undefined {
  const { validFromDate: from, validToDate: to } = certificate;
  return now < from || now > to ? { from: from.toISOString(), to: to.toISOString() } : undefined;
}
