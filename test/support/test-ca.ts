import 'reflect-metadata';
import { hash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate and its key, PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly fingerprint: string;
}

export interface TestCa {
  /** The CA's certificate, PEM. */
  readonly ca: string;
  /** Issues a certificate good for both ends; for `localhost` and 127.0.0.1, from a minute ago for an hour unless told otherwise. */
  issue(name: string, validity?: { notBefore?: Date; notAfter?: Date }): Promise<TestCertificate>;
}

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const crypto = webcrypto;

/** A small certification authority for one test file; nothing of it is kept. */
export async function createTestCa(name = 'Test CA'): Promise<TestCa> {
  const keys = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      ...validity(),
      keys,
      signingAlgorithm: ES256,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    },
    crypto,
  );
  let serial = 1;
  return {
    ca: root.toString('pem'),
    async issue(subject, times = {}) {
      const own = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify']);
      serial += 1;
      const certificate = await x509.X509CertificateGenerator.create(
        {
          serialNumber: serial.toString(16).padStart(4, '0'),
          subject: `CN=${subject}`,
          issuer: root.subject,
          ...validity(times),
          signingKey: keys.privateKey,
          publicKey: own.publicKey,
          signingAlgorithm: ES256,
          extensions: [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
            new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
            new x509.SubjectAlternativeNameExtension([
              { type: 'dns', value: 'localhost' },
              { type: 'ip', value: '127.0.0.1' },
            ]),
          ],
        },
        crypto,
      );
      const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', own.privateKey));
      return {
        cert: certificate.toString('pem'),
        key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
        fingerprint: hash('sha256', new Uint8Array(certificate.rawData), 'hex'),
      };
    },
  };
}

function validity({ notBefore, notAfter }: { notBefore?: Date; notAfter?: Date } = {}) {
  return {
    notBefore: notBefore ?? new Date(Date.now() - 60_000),
    notAfter: notAfter ?? new Date(Date.now() + 3_600_000),
  };
}
