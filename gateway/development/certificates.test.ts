import { createPrivateKey, hash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificateAndKey,
  type CertificateAuthority,
  createCertificateAuthority,
  loadCertificateAuthority,
} from './certificates.ts';

const HOUR = 3_600_000;
let root: CertificateAndKey;
let ca: CertificateAuthority;
let server: Server;
let client: CertificateAndKey;

beforeAll(async () => {
  root = await createCertificateAuthority('dev-tests');
  ca = await loadCertificateAuthority(root);
  const own = await ca.issueServer();
  client = await ca.issueClient('viettel');
  const tls = { ca: root.certificate, cert: own.certificate, key: own.key };
  server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' }, (socket) => {
    socket.end(hash('sha256', socket.getPeerCertificate().raw, 'hex'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** What the server says: the fingerprint of the certificate that it saw; or how the connection failed. */
function dial(options: ConnectionOptions & { certificate?: CertificateAndKey | undefined }): Promise<string> {
  const { certificate, ...rest } = { certificate: client, ...options };
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      servername: 'localhost',
      ca: root.certificate,
      ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
      ...rest,
    });
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.on('close', () => resolve(said === '' ? 'closed' : said));
  });
}

describe('certificates of the deployment', () => {
  it('connect both ends, and the server sees the fingerprint that is enrolled', async () => {
    expect(await dial({})).toBe(client.fingerprint);
    expect(new X509Certificate(client.certificate).subject).toBe('CN=viettel');
  });

  it('are of their own serial numbers', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => ca.issueClient('viettel')));
    expect(new Set(made.map(({ certificate }) => new X509Certificate(certificate).serialNumber)).size).toBe(5);
    expect(new Set(made.map(({ fingerprint }) => fingerprint)).size).toBe(5);
  });

  it('keep keys in PKCS #8 that belong to them', () => {
    expect(client.key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(new X509Certificate(client.certificate).checkPrivateKey(createPrivateKey(client.key))).toBe(true);
  });

  it('name the deployment, in Vietnamese', () => {
    expect(new X509Certificate(root.certificate).subject).toBe('CN=Liên Thông development CA dev-tests');
  });
});

describe('refused are', () => {
  it.each([
    ['no certificate', async () => undefined],
    [
      'one that ran out',
      () =>
        ca.issueClient('viettel', { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() - 1000) }),
    ],
    ['one of a later day', () => ca.issueClient('viettel', { notBefore: new Date(Date.now() + HOUR) })],
    [
      'one of a foreign authority of the same name',
      async () =>
        (await loadCertificateAuthority(await createCertificateAuthority('dev-tests'))).issueClient('viettel'),
    ],
    ["the server's own, which is for servers", () => ca.issueServer()],
  ])('%s', async (_, make) => {
    const certificate = await make();
    expect(await dial({ certificate })).toMatch(/^ERR_SSL|^ECONNRESET|^closed/);
  });

  it('a server of a foreign authority, and one under another name', async () => {
    const foreign = await createCertificateAuthority('dev-tests');
    expect(await dial({ ca: foreign.certificate })).toMatch(/CERT|VERIFY|SIGNATURE/);
    expect(await dial({ servername: 'gateway.example' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it("an agency's certificate that signs another", async () => {
    const agency = await loadCertificateAuthority(client);
    const made = await agency.issueClient('moh');
    const chain = { ...made, certificate: made.certificate + client.certificate };
    expect(await dial({ certificate: chain })).toMatch(/^ERR_SSL|^ECONNRESET|^closed/);
  });
});
