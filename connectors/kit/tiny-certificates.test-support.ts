import { webcrypto } from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A CA of the tests, a server of localhost and a client under it. All PEM. */
export async function makeCertificates(agency: string) {
  x509.cryptoProvider.set(webcrypto as never);
  const alg = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const make = () => webcrypto.subtle.generateKey(alg, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const [caKeys, serverKeys, clientKeys] = [await make(), await make(), await make()];
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: '01', name: 'CN=Test CA', ...validity, signingAlgorithm: alg },
    keys: caKeys as never,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  const leaf = (subject: string, keys: webcrypto.CryptoKeyPair, serialNumber: string) =>
    x509.X509CertificateGenerator.create({
      ...{ serialNumber, subject, issuer: ca.subject, ...validity, signingAlgorithm: alg },
      publicKey: keys.publicKey as never,
      signingKey: caKeys.privateKey as never,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
    });
  const pem = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
    x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  const [server, client] = [await leaf('CN=localhost', serverKeys, '02'), await leaf(`CN=${agency}`, clientKeys, '03')];
  return {
    ca: ca.toString('pem'),
    server: server.toString('pem'),
    serverKey: await pem(serverKeys),
    client: client.toString('pem'),
    clientKey: await pem(clientKeys),
  };
}
