/** What an act's certificate says. */
import { X509Certificate } from 'node:crypto';

export interface CertificateFacts {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** Unix seconds. */
  readonly notAfter: number;
  /** Undefined where it names none, or several. */
  readonly commonName: string | undefined;
}

/** Undefined where the text is no certificate. @param der base64 */
export function readCertificate(der: string): CertificateFacts | undefined {
  try {
    const certificate = new X509Certificate(Buffer.from(der, 'base64'));
    const names = certificate.subject.split('\n').filter((line) => line.startsWith('CN='));
    return {
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      notAfter: Math.floor(certificate.validToDate.getTime() / 1000),
      commonName: names.length === 1 ? names[0]?.slice('CN='.length) : undefined,
    };
  } catch {
    return undefined;
  }
}

/** Whether an authority that the gateway lets clients in by has issued it. @param ca PEM, one certificate or several */
export function isIssuedBy(der: string, ca: Uint8Array): boolean {
  const blocks = Buffer.from(ca)
    .toString('latin1')
    .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    const certificate = new X509Certificate(Buffer.from(der, 'base64'));
    return (blocks ?? []).some((pem) => {
      const issuer = new X509Certificate(pem);
      return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    });
  } catch {
    return false;
  }
}
