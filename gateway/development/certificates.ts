/** A certification authority made on the spot. Keys leave as PKCS #8 PEM to whoever asked for them, and are printed nowhere. */
import 'reflect-metadata';
import { hash, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { DEVELOPMENT_CA_MARK } from '../config/config-file.ts';

/** A certificate and its private key, PEM. */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly fingerprint: string;
  readonly notAfter: Date;
}

export interface Validity {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface CertificateAuthority {
  readonly certificate: string;
  /** For the gateway: localhost and 127.0.0.1. */
  issueServer(validity?: Validity): Promise<CertificateAndKey>;
  /** For an agency, whose code is the common name; what counts is the fingerprint that is enrolled. */
  issueClient(agency: string, validity?: Validity): Promise<CertificateAndKey>;
  /** For a request whose key was born elsewhere; PEM. Undefined where its signature does not verify. */
  certify(request: string): Promise<string | undefined>;
}

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const crypto = webcrypto;
const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
const LEAF_DAYS = 825;
/** Clocks differ, also on one machine between host and container. */
const BACKDATED_MS = 5 * 60_000;

/** A new authority of the deployment, with its mark in the name unless tests need one without it. */
export async function createCertificateAuthority(
  deployment: string,
  { name = `Liên Thông ${DEVELOPMENT_CA_MARK} ${deployment}`, ...validity }: Validity & { readonly name?: string } = {},
): Promise<CertificateAndKey> {
  const keys = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(),
      name: [{ CN: [name] }],
      ...period(validity, CA_DAYS),
      keys,
      signingAlgorithm: ES256,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return pair(root, keys.privateKey);
}

/** An authority whose certificate and key (PKCS #8, P-256) are at hand. */
export async function loadCertificateAuthority(pem: {
  readonly certificate: string;
  readonly key: string;
}): Promise<CertificateAuthority> {
  const root = new x509.X509Certificate(pem.certificate);
  const der = x509.PemConverter.decodeFirst(pem.key);
  const signingKey = await crypto.subtle.importKey('pkcs8', der, ES256, false, ['sign']);

  async function issue(
    commonName: string,
    validity: Validity,
    purposes: readonly x509.Extension[],
  ): Promise<CertificateAndKey> {
    const keys = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify']);
    return pair(await certificateFor(keys.publicKey, commonName, validity, purposes), keys.privateKey);
  }

  async function certificateFor(
    publicKey: webcrypto.CryptoKey,
    commonName: string,
    validity: Validity,
    purposes: readonly x509.Extension[],
  ): Promise<x509.X509Certificate> {
    return x509.X509CertificateGenerator.create(
      {
        serialNumber: newSerial(),
        subject: [{ CN: [commonName] }],
        issuer: root.subjectName,
        ...period(validity, LEAF_DAYS),
        signingKey,
        publicKey,
        signingAlgorithm: ES256,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          await x509.AuthorityKeyIdentifierExtension.create(root.publicKey, false, crypto),
          ...purposes,
        ],
      },
      crypto,
    );
  }

  return {
    certificate: pem.certificate,
    async certify(request) {
      const csr = new x509.Pkcs10CertificateRequest(request);
      const [name] = csr.subjectName.getField('CN');
      if (name === undefined || !(await csr.verify(crypto))) return undefined;
      const publicKey = await csr.publicKey.export(ES256, ['verify'], crypto);
      const client = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]);
      return `${(await certificateFor(publicKey, name, {}, [client])).toString('pem')}\n`;
    },
    issueServer: (validity = {}) =>
      issue('localhost', validity, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ]),
    issueClient: (agency, validity = {}) =>
      issue(agency, validity, [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]),
  };
}

function period({ notBefore, notAfter }: Validity, days: number): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: notBefore ?? new Date(Date.now() - BACKDATED_MS),
    notAfter: notAfter ?? new Date(Date.now() + days * DAY_MS),
  };
}

/** 16 bytes; the first is neither zero nor above 0x7f, so that the number is positive and as short as DER wants it. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | (bytes[0]! & 0x3f);
  return bytes.toString('hex');
}

async function pair(certificate: x509.X509Certificate, privateKey: webcrypto.CryptoKey): Promise<CertificateAndKey> {
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey));
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
    fingerprint: hash('sha256', new Uint8Array(certificate.rawData), 'hex'),
    notAfter: certificate.notAfter,
  };
}
